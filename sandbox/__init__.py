"""The outside world on one machine: a Slack workspace, a Stripe account, a mail server and a clock.

A program of its own that speaks only wire protocols on loopback, for trying and testing an app without
reaching anybody. ``python -m sandbox serve`` starts it.
"""
