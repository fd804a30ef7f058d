"""Asking Stripe what became of all that is not finished: it leads to the same state as the webhooks, and needs none."""

from __future__ import annotations

from programme.model.heartbeat import Beat
from programme.ports import Ports
from programme.usecases import collecting, disputes, payments


def reconcile(ports: Ports) -> int:
    """Settle first payments, later ones, then disputes; returns how many have moved.

    The console tells from the two beats whether the ticks turn, and whether Stripe still answers.
    """
    moved = payments.reconcile(ports) + collecting.reconcile(ports)
    news = disputes.follow(ports)
    with ports.uow() as uow:
        now = ports.clock.now()
        uow.overview.beat(Beat.TICKS, now)
        if news is not None:
            uow.overview.beat(Beat.RECONCILIATION, now)
    return moved + (news or 0)
