"""A payment that arrives after the contract has ended goes back at once, whole, and both sides are told."""

from __future__ import annotations

from datetime import datetime

from programme.journal import Action
from programme.messages.common import FailureCard
from programme.model.ending import Refund
from programme.model.ids import new_id
from programme.model.order import Order, PaymentStatus
from programme.ports import Ports, UnitOfWork
from programme.usecases.groups import tell_admins
from programme.usecases.refunds import send, tell_sent


def send_back(
    ports: Ports, uow: UnitOfWork, order: Order, *, intent_id: str, amount: int, paid_at: datetime | None
) -> None:
    """Record the payment of an order that had been cancelled, and send it back; a repeat changes nothing."""
    end = uow.endings.of_order(order.id)
    first = uow.orders.payments(order.id)[0]
    if end is None or not intent_id or first.intent_id == intent_id:
        return
    first.status, first.paid_at, first.intent_id = PaymentStatus.PAID, paid_at or ports.clock.now(), intent_id
    refund = Refund(new_id("rfd"), end.id, order.id, first.id, intent_id, amount)
    uow.endings.add_refund(refund)
    send(uow, refund)
    tell_sent(uow, f"late:{refund.id}", order.id, refund.amount, late_payment=True)
    detail = "paiement arrivé après la fin du contrat : remboursé en entier, sans attendre"
    tell_admins(uow, f"late-payment:{refund.id}", FailureCard(reference=order.id, what="late_payment", detail=detail))
    facts = {"order": order.id, "amount": refund.amount, "intent": intent_id}
    uow.enrolments.record(
        enrolment_id=order.enrolment_id, kind="late_payment_returned", at=ports.clock.now(), facts=facts
    )
    uow.journal.write("bot", Action.LATE_PAYMENT, order.id, amount=refund.amount)
