"""A stand-in for Stripe, with switches: used by tests and by nothing else that runs in production."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from programme.errors import Permanent, ProgrammeError
from programme.fakes import FakeClock
from programme.model.charge import Charge, ChargeStatus
from programme.model.ending import RefundStatus
from programme.model.order import Order, Payment
from programme.payment_provider import Checkout, DisputeSeen, RefundSeen


@dataclass
class FakePayments:
    """A Stripe in memory: ``pay`` is the member's act on the hosted page."""

    clock: FakeClock
    sessions: dict[str, Checkout] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    refunded: list[tuple[str, int]] = field(default_factory=list)
    refund_keys: dict[str, RefundSeen] = field(default_factory=dict)
    refunds_end_as: RefundStatus = RefundStatus.SUCCEEDED
    charges: dict[str, Charge] = field(default_factory=dict)
    pays: dict[str, str] = field(default_factory=dict)
    """Which instalment each charge, or each page's charge, would pay."""
    contested: dict[str, DisputeSeen] = field(default_factory=dict)
    bank: ChargeStatus = ChargeStatus.SUCCEEDED
    """What the bank answers to a debit without the payer."""
    detached: list[str] = field(default_factory=list)
    lose_answer: list[Exception] = field(default_factory=list)
    fail_next: list[ProgrammeError] = field(default_factory=list)

    def open_checkout(self, order: Order, *, first_amount: int, email: str, expires_at: datetime, key: str) -> Checkout:
        """Open a session; the same key gives the same session."""
        if self.fail_next:
            raise self.fail_next.pop(0)
        if key in self.keys:
            return self.sessions[self.keys[key]]
        identifier = f"cs_test_{len(self.sessions) + 1}"
        self.keys[key] = identifier
        self.sessions[identifier] = Checkout(
            id=identifier,
            url=f"https://checkout.example/{identifier}",
            order_id=order.id,
            status="open",
            payment_status="unpaid",
            amount_total=first_amount,
            amount_discount=0,
            currency="eur",
            expires_at=expires_at,
        )
        return self.sessions[identifier]

    def open_instalment_page(self, order: Order, payment: Payment, *, expires_at: datetime, key: str) -> Checkout:
        """Open a session for a later instalment; the same key gives the same session."""
        opened = self.open_checkout(order, first_amount=payment.amount, email="", expires_at=expires_at, key=key)
        self.sessions[opened.id] = replace(opened, payment_id=payment.id)
        self.pays[f"pi_{opened.id}"] = payment.id
        return self.sessions[opened.id]

    def open_charge(self, order: Order, payment: Payment, *, key: str) -> Charge:
        """Prepare a charge; the same key gives the same charge."""
        if self.fail_next:
            raise self.fail_next.pop(0)
        if key not in self.keys:
            self.keys[key] = f"pi_{len(self.charges) + 1}"
            self.pays[self.keys[key]] = payment.id
            self.charges[self.keys[key]] = Charge(
                id=self.keys[key], status=ChargeStatus.OPEN, amount=payment.amount, currency=order.currency
            )
        return self.charges[self.keys[key]]

    def confirm_charge(self, charge_id: str, *, card_id: str, key: str) -> Charge:
        """Debit as ``bank`` says, and then ``lose_answer``; a charge that is over is refused, as Stripe does."""
        if self.fail_next:
            raise self.fail_next.pop(0)
        if key not in self.keys:
            found = self.charges[charge_id]
            if found.status in {ChargeStatus.SUCCEEDED, ChargeStatus.CANCELLED}:
                raise Permanent(f"stripe: a {found.status.value} charge cannot be confirmed")
            if card_id in self.detached:
                gone = {"status": ChargeStatus.DECLINED, "failure": f"gone:{card_id}", "card_gone": True}
                return found.model_copy(update=gone)
            refused = self.bank is not ChargeStatus.SUCCEEDED
            changes: dict[str, Any] = {"status": self.bank, "card_id": card_id, "paid_at": self.clock.now()}
            if refused:
                changes |= {"failure": f"ch_{len(self.keys)}", "paid_at": None}
            self.charges[charge_id] = found.model_copy(update=changes)
            self.keys[key] = charge_id
        if self.lose_answer:
            raise self.lose_answer.pop(0)
        return self.charges[charge_id]

    def charge(self, charge_id: str) -> Charge:
        """Return the charge as Stripe would now."""
        if self.fail_next:
            raise self.fail_next.pop(0)
        return self.charges[charge_id]

    def cancel_charge(self, charge_id: str) -> Charge:
        """Give a charge up; one that has succeeded stays as it is."""
        found = self.charge(charge_id)
        if found.status is not ChargeStatus.SUCCEEDED:
            self.charges[charge_id] = found.model_copy(update={"status": ChargeStatus.CANCELLED})
        return self.charges[charge_id]

    def collected(self) -> dict[str, int]:
        """Return what was really taken, in cents, by intent."""
        pages = {one.intent_id: one.amount_total for one in self.sessions.values() if one.paid}
        return pages | {one.id: one.amount for one in self.charges.values() if one.status is ChargeStatus.SUCCEEDED}

    def checkout(self, checkout_id: str) -> Checkout:
        """Return the session as Stripe would now."""
        if self.fail_next:
            raise self.fail_next.pop(0)
        return self.sessions[checkout_id]

    def close_checkout(self, checkout_id: str) -> Checkout:
        """Expire an open session; one that is over stays as it is."""
        found = self.checkout(checkout_id)
        if found.status == "open":
            self.sessions[checkout_id] = replace(found, status="expired")
        return self.sessions[checkout_id]

    def detach_card(self, card_id: str, *, key: str) -> None:
        """Keep which cards were let go."""
        if self.fail_next:
            raise self.fail_next.pop(0)
        self.detached.append(card_id)

    def refund(self, intent_id: str, amount: int, *, key: str) -> RefundSeen:
        """Refund with the status of ``refunds_end_as``; more than was paid is refused, as Stripe does."""
        if self.fail_next:
            raise self.fail_next.pop(0)
        if key not in self.refund_keys:
            paid = self.collected().get(intent_id, 0)
            sent = sum(sum_ for intent, sum_ in self.refunded if intent == intent_id)
            if amount > paid - sent:
                raise Permanent("stripe: refund amount is greater than unrefunded amount")
            self.refunded.append((intent_id, amount))
            self.refund_keys[key] = RefundSeen(f"re_{len(self.refund_keys) + 1}", self.refunds_end_as)
        return self.refund_keys[key]

    def dispute(self, dispute_id: str) -> DisputeSeen:
        """Return the dispute as Stripe would now."""
        return self.contested[dispute_id]

    def disputes(self, since: datetime) -> list[DisputeSeen]:
        """Return every dispute."""
        if self.fail_next:
            raise self.fail_next.pop(0)
        return list(self.contested.values())

    def refund_status(self, refund_id: str) -> RefundSeen:
        """Return the refund as Stripe would now."""
        if self.fail_next:
            raise self.fail_next.pop(0)
        return RefundSeen(refund_id, self.refunds_end_as)

    def pay(self, checkout_id: str, **changes: Any) -> None:
        """Pay the session; ``changes`` may falsify a field."""
        facts: dict[str, Any] = {
            "status": "complete",
            "payment_status": "paid",
            "paid_at": self.clock.now(),
            "intent_id": f"pi_{checkout_id}",
            "customer_id": f"cus_{checkout_id}",
            "payment_method_id": f"pm_{checkout_id}",
            "card": "Visa 4242",
        }
        self.sessions[checkout_id] = replace(self.sessions[checkout_id], **(facts | changes))
