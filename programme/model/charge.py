"""One attempt at a payment, as Stripe tells it; it travels as JSON in the receipts of the outbox."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class ChargeStatus(StrEnum):
    """OPEN waits for a card, PROCESSING for the bank, AUTHENTICATION for the payer; DECLINED may be tried again."""

    OPEN = "open"
    PROCESSING = "processing"
    AUTHENTICATION = "authentication"
    DECLINED = "declined"
    SUCCEEDED = "succeeded"
    CANCELLED = "cancelled"


class Charge(BaseModel):
    """A payment at Stripe, by its intent's ``id``; ``amount`` in cents, ``paid_at`` in UTC.

    ``failure`` tells one refusal from the next; ``card_gone`` says that the card itself is no longer there: no try will
    succeed. ``customer_id``, ``card_id`` and ``card`` ("Visa 4242") say what paid.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    status: ChargeStatus
    amount: int
    currency: str
    paid_at: datetime | None = None
    failure: str = ""
    card_gone: bool = False
    customer_id: str = ""
    card_id: str = ""
    card: str = ""
