"""A payment that arrives after the contract has ended goes back at once, whole, and both sides are told."""

from __future__ import annotations

from programme.journal import Action
from programme.messages.common import FailureCard
from programme.model.charge import Charge
from programme.model.ending import Refund
from programme.model.ids import new_id
from programme.model.order import Order, Payment, PaymentStatus
from programme.ports import Ports, UnitOfWork
from programme.usecases import cards, invoicing
from programme.usecases.groups import tell_admins
from programme.usecases.refunds import send, tell_sent


def send_back(ports: Ports, uow: UnitOfWork, order: Order, payment: Payment, charge: Charge) -> None:
    """Record the payment of an order that has ended, and send it back; a repeat changes nothing."""
    end = uow.endings.of_order(order.id)
    if end is None or not charge.id or payment.status is PaymentStatus.PAID:
        return
    expected, payment.amount = payment.amount, charge.amount  # what was received, to the cent: the receipt says it
    payment.status, payment.intent_id = PaymentStatus.PAID, charge.id
    payment.paid_at = charge.paid_at or ports.clock.now()
    refund = Refund(new_id("rfd"), end.id, order.id, payment.id, charge.id, charge.amount)
    uow.endings.add_refund(refund)
    invoicing.issue_due(ports, uow, order)
    send(uow, refund)
    tell_sent(uow, f"late:{refund.id}", order.id, refund.amount, late_payment=True)
    detail = "paiement arrivé après la fin du contrat : remboursé en entier, sans attendre"
    tell_admins(uow, f"late-payment:{refund.id}", FailureCard(reference=order.id, what="late_payment", detail=detail))
    if charge.card_id != order.payment_method_id:
        cards.let_go(uow, order, charge.card_id)
    facts = {"order": order.id, "amount": refund.amount, "expected": expected, "intent": charge.id}
    uow.enrolments.record(
        enrolment_id=order.enrolment_id, kind="late_payment_returned", at=ports.clock.now(), facts=facts
    )
    uow.journal.write("bot", Action.LATE_PAYMENT, order.id, amount=refund.amount)
