"""A payer who contests a payment at their bank; Stripe asks us for evidence before a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DisputeState(StrEnum):
    """OPEN freezes the order; WON gives the money back to us, LOST leaves it to the payer."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass
class Dispute:
    """One dispute, by Stripe's own id; ``amount`` in cents, ``reason`` is Stripe's word."""

    id: str
    order_id: str
    payment_id: str
    amount: int
    reason: str
    opened_at: datetime
    evidence_due_at: datetime | None = None
    state: DisputeState = DisputeState.OPEN
    closed_at: datetime | None = None
    version: int = 0
