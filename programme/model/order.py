"""The order, its instalments and what was paid; amounts are integer cents, frozen when the order is placed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from programme.errors import Refusal


class OrderStatus(StrEnum):
    """An order is placed, then paid (first payment), or cancelled before anything was paid."""

    PLACED = "placed"
    PAID = "paid"
    CANCELLED = "cancelled"


class PaymentPlan(StrEnum):
    """In full, or three instalments without fees inside the programme."""

    FULL = "full"
    THREE = "three"


class PaymentStatus(StrEnum):
    """One instalment."""

    DUE = "due"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass
class Order:
    """What a member bought, at which price, and the dates from which every period is counted.

    ``concluded_at`` is the press of the order button; ``withdrawal_end`` is exclusive, in UTC (L221-19);
    ``confirmation_sent_at`` is the durable-medium e-mail without which no session may start (L221-13). ``offer`` is
    what the contract prints of the offer that gave the price, ``offer_id`` the offer itself.
    ``card`` says which card the later instalments are debited from, as its owner knows it: "Visa 4242".
    """

    id: str
    enrolment_id: str
    member_id: str
    list_price: int
    price: int
    plan: PaymentPlan
    concluded_at: datetime
    status: OrderStatus = OrderStatus.PLACED
    currency: str = "eur"
    discount: int = 0
    offer: str = ""
    offer_id: str = ""
    information_given_at: datetime | None = None
    first_paid_at: datetime | None = None
    withdrawal_last_day: date | None = None
    withdrawal_end: datetime | None = None
    early_start: bool = False
    confirmation_sent_at: datetime | None = None
    checkout_attempt: int = 1
    checkout_id: str = ""
    checkout_url: str = ""
    checkout_expires_at: datetime | None = None
    customer_id: str = ""
    payment_method_id: str = ""
    card: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    version: int = 0

    def require_payable(self) -> None:
        """Raise Refusal unless the order waits for its first payment."""
        if self.status is not OrderStatus.PLACED:
            raise Refusal("order_not_payable")


@dataclass
class Payment:
    """One instalment of an order; ``number`` counts from 1 and ``amount`` is in cents.

    A later instalment has no ``due_on`` before the member's group starts. ``attempts`` counts what was tried to collect
    it; ``failure`` is Stripe's id of the last refusal, and ``to_authenticate`` says that the bank asks for its owner.
    At any time at most one of the two can be paid: the charge ``intent_id``, or the page ``checkout_id``.
    """

    id: str
    order_id: str
    number: int
    amount: int
    due_on: date | None = None
    status: PaymentStatus = PaymentStatus.DUE
    intent_id: str = ""
    paid_at: datetime | None = None
    refunded: int = 0
    attempts: int = 0
    failure: str = ""
    to_authenticate: bool = False
    checkout_attempt: int = 0
    checkout_id: str = ""
    checkout_expires_at: datetime | None = None
    version: int = 0

    @property
    def open(self) -> bool:
        """Whether it is still to be paid."""
        return self.status in {PaymentStatus.DUE, PaymentStatus.FAILED}
