"""Inbound: a Slack payload or an HTTP request becomes one use-case call."""
