"""Asking Stripe what became of all that is not finished: it leads to the same state as the webhooks, and needs none."""

from __future__ import annotations

from programme.ports import Ports
from programme.usecases import collecting, disputes, payments


def reconcile(ports: Ports) -> int:
    """Settle first payments, later ones, then disputes; returns how many have moved."""
    return payments.reconcile(ports) + collecting.reconcile(ports) + disputes.follow(ports)
