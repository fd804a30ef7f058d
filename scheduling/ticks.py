"""THE table of ticks. A tick asks "what is due now?"; state lives in rows, so a missed tick loses nothing.

No tick waits for an hour of the day: what happens at a wall-clock hour (guides at 18:00, report on Monday at 08:00) is
a deadline row, computed in its own zone, which no clock change can move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from programme.ports import Ports
from programme.usecases import agenda, channel_life, delivery, invoicing, reconciliation, refunds, roles


@dataclass(frozen=True)
class Tick:
    """One recurring question; ``every`` is how late an answer may be."""

    name: str
    every: timedelta
    run: Callable[[Ports], object]
    why: str


def table(report: agenda.FailureReport) -> tuple[Tick, ...]:
    """Return the ticks, in the order of a catch-up; ``report`` receives what fails inside them."""
    return (
        Tick(
            "reconciliation",
            timedelta(minutes=2),
            reconciliation.reconcile,
            "payments count without a public address, and when a webhook was lost; first, so that nobody who paid is "
            "told that their link has expired",
        ),
        Tick(
            "deadlines",
            timedelta(seconds=20),
            lambda ports: agenda.run_due(ports, report),
            "guides, sheets, check-ins, reminders, reports: never more than 20 s late",
        ),
        Tick(
            "delivery",
            timedelta(seconds=10),
            delivery.deliver_all,
            "the safety net behind the wake-up of each commit: back-offs and lost leases",
        ),
        Tick(
            "refunds",
            timedelta(minutes=10),
            refunds.follow,
            "a refund is followed to its end, with or without a webhook",
        ),
        Tick(
            "invoices", timedelta(minutes=10), invoicing.issue_missing, "orders of an older version get what they lack"
        ),
        Tick(
            "roles",
            timedelta(hours=1),
            roles.refresh_roles,
            "the channels are the roles: repairs what was missed while the bot was away",
        ),
        Tick(
            "channels",
            timedelta(hours=1),
            channel_life.watch,
            "who left, came, renamed or archived while the bot was away: mended or told",
        ),
    )
