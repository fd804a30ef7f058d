"""The one road of every payment that counts, the first and the later ones, from webhook, reconciliation or delivery."""

from __future__ import annotations

from programme.journal import Action
from programme.messages.common import FailureCard
from programme.model.charge import Charge
from programme.model.order import Order, Payment, PaymentStatus
from programme.ports import Ports, UnitOfWork
from programme.usecases import cards, invoicing
from programme.usecases.groups import tell_admins


def payment_confirmed(ports: Ports, uow: UnitOfWork, order: Order, payment: Payment, charge: Charge) -> None:
    """Write that this instalment is paid; the caller has made sure that it was not, and that the sum is the right one.

    Whatever follows from any payment (evidence, receipts) follows here.
    """
    payment.status, payment.intent_id = PaymentStatus.PAID, charge.id
    payment.paid_at = charge.paid_at or ports.clock.now()
    if charge.card_id and order.payment_method_id != charge.card_id:
        cards.let_go(uow, order, order.payment_method_id)
    keep_card(order, charge)
    facts = {"order": order.id, "amount": payment.amount, "number": payment.number, "intent": charge.id}
    uow.enrolments.record(enrolment_id=order.enrolment_id, kind="payment_received", at=ports.clock.now(), facts=facts)
    uow.journal.write("bot", Action.PAYMENT_RECEIVED, order.id, amount=payment.amount, number=payment.number)
    invoicing.issue_due(ports, uow, order, mail=payment.number > 1)  # the first ones leave with the confirmation


def keep_card(order: Order, charge: Charge) -> None:
    """Remember which card paid: the later instalments are debited from it."""
    if charge.card_id:
        order.customer_id, order.payment_method_id = charge.customer_id or order.customer_id, charge.card_id
        order.card = charge.card


def differs(order: Order, payment: Payment, charge: Charge) -> bool:
    """Tell whether what was paid is not what the order says, to the cent and in its currency."""
    return charge.amount != payment.amount or charge.currency != order.currency


def alarm(uow: UnitOfWork, order: Order, payment: Payment, charge: Charge, *, what: str = "payment_mismatch") -> None:
    """Tell the admins of money that cannot be right: another sum, another currency, or a second payment."""
    detail = (
        f"échéance {payment.number}, paiement {charge.id} : montant attendu {payment.amount} centimes "
        f"{order.currency}, reçu {charge.amount} {charge.currency}"
    )
    tell_admins(uow, f"mismatch:{charge.id}", FailureCard(reference=order.id, what=what, detail=detail))
