"""What the programme needs from Stripe, as a Protocol; ``programme.ports`` gathers it with the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from programme.model.charge import Charge, ChargeStatus
from programme.model.dispute import DisputeState
from programme.model.ending import RefundStatus
from programme.model.order import Order, Payment


@dataclass(frozen=True)
class Checkout:
    """A Checkout session as Stripe tells it; ``amount_total`` in cents, instants in UTC.

    ``payment_id`` names the later instalment that is paid on it, and is empty for the first payment of an order.
    """

    id: str
    url: str
    order_id: str
    status: str
    payment_status: str
    amount_total: int
    amount_discount: int
    currency: str
    expires_at: datetime
    intent_id: str = ""
    customer_id: str = ""
    payment_method_id: str = ""
    card: str = ""
    paid_at: datetime | None = None
    payment_id: str = ""

    @property
    def paid(self) -> bool:
        """Whether the money has come, or none was to come."""
        return self.status == "complete" and self.payment_status in {"paid", "no_payment_required"}

    @property
    def charge(self) -> Charge:
        """What was paid on the page."""
        return Charge(
            id=self.intent_id,
            status=ChargeStatus.SUCCEEDED if self.paid else ChargeStatus.OPEN,
            amount=self.amount_total,
            currency=self.currency,
            paid_at=self.paid_at,
            customer_id=self.customer_id,
            card_id=self.payment_method_id,
            card=self.card,
        )


@dataclass(frozen=True)
class RefundSeen:
    """A refund as Stripe tells it."""

    id: str
    status: RefundStatus


@dataclass(frozen=True)
class DisputeSeen:
    """A dispute as Stripe tells it: on which payment, for how many cents, and until when evidence counts."""

    id: str
    intent_id: str
    amount: int
    reason: str
    state: DisputeState
    evidence_due_at: datetime | None = None


class PaymentProvider(Protocol):
    """Stripe. Every method raises Retryable or Permanent."""

    def open_checkout(
        self, order: Order, *, first_amount: int, email: str, expires_at: datetime, key: str
    ) -> Checkout: ...
    def open_instalment_page(self, order: Order, payment: Payment, *, expires_at: datetime, key: str) -> Checkout:
        """Open the hosted page on which a later instalment is paid; the card that pays it is kept for the next."""
        ...

    def checkout(self, checkout_id: str) -> Checkout: ...
    def close_checkout(self, checkout_id: str) -> Checkout:
        """Let an open session expire; one that was paid in the meantime is returned as it is."""
        ...

    def open_charge(self, order: Order, payment: Payment, *, key: str) -> Charge:
        """Prepare the off-session charge of an instalment; nothing is debited before it is confirmed."""
        ...

    def confirm_charge(self, charge_id: str, *, card_id: str, key: str) -> Charge:
        """Debit the member's card, without them; a refusal of the bank is an answer, and no error."""
        ...

    def charge(self, charge_id: str) -> Charge: ...
    def cancel_charge(self, charge_id: str) -> Charge:
        """Give a charge up for ever; one that has succeeded in the meantime is returned as it is."""
        ...

    def detach_card(self, card_id: str, *, key: str) -> None:
        """Take a card from its customer, for ever; one that was detached before is no error."""
        ...

    def refund(self, intent_id: str, amount: int, *, key: str) -> RefundSeen:
        """Send back ``amount`` cents of a payment; the same key gives the same refund."""
        ...

    def refund_status(self, refund_id: str) -> RefundSeen: ...
    def dispute(self, dispute_id: str) -> DisputeSeen: ...
    def disputes(self, since: datetime) -> list[DisputeSeen]:
        """Return the disputes that were opened since then."""
        ...
