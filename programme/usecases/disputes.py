"""A payment is contested at the bank: the order is frozen until it is decided, and the admins have a day to answer by.

Nothing is said to the group, and nothing is decided about the contract: that is a person's act.
"""

from __future__ import annotations

from datetime import timedelta

from programme.effects import StopInstalment
from programme.errors import DeliveryError
from programme.journal import Action
from programme.messages.disputes import DisputeCard, DisputeReminder
from programme.model.agenda import DeadlineKind
from programme.model.dispute import Dispute, DisputeState
from programme.model.order import Order
from programme.payment_provider import DisputeSeen
from programme.ports import Ports, UnitOfWork
from programme.usecases import cards, refunds
from programme.usecases.groups import redraw, tell_admins
from programme.usecases.instalments import user_of

LOOK_BACK = timedelta(days=200)
"""Payments can be contested for months, and the bank takes weeks to decide."""
REMIND_BEFORE = timedelta(days=2)


def look(ports: Ports, dispute_id: str) -> bool:
    """Ask Stripe about one dispute and record it (webhook); tells whether it was news."""
    seen = ports.payments.dispute(dispute_id)
    with ports.uow() as uow:
        return _record(ports, uow, seen)


def follow(ports: Ports) -> int | None:
    """Ask Stripe about all recent disputes: the same state without any webhook.

    Returns how many were news, or None when Stripe did not answer.
    """
    try:
        recent = ports.payments.disputes(ports.clock.now() - LOOK_BACK)
    except DeliveryError:
        return None  # Stripe is away: the next tick asks again
    moved = 0
    for seen in recent:
        with ports.uow() as uow:
            moved += _record(ports, uow, seen)
    return moved


def _record(ports: Ports, uow: UnitOfWork, seen: DisputeSeen) -> bool:
    """Record what Stripe says, forwards only; a payment that is not ours changes nothing."""
    known = uow.disputes.find(seen.id)
    dispute = known or _open(ports, uow, seen)
    if dispute is None or dispute.state is not DisputeState.OPEN or seen.state is DisputeState.OPEN:
        return known is None and dispute is not None
    _close(ports, uow, dispute, seen.state)
    return True


def _open(ports: Ports, uow: UnitOfWork, seen: DisputeSeen) -> Dispute | None:
    payment = uow.orders.by_intent(seen.intent_id) if seen.intent_id else None
    if payment is None:
        return None
    now = ports.clock.now()
    dispute = Dispute(seen.id, payment.order_id, payment.id, seen.amount, seen.reason, now, seen.evidence_due_at)
    uow.disputes.add(dispute)
    order = uow.orders.get(payment.order_id)
    _freeze(uow, order, dispute)
    tell_admins(uow, card_key(dispute), _card(uow, dispute))
    if dispute.evidence_due_at is not None:
        uow.agenda.put(DeadlineKind.DISPUTE_EVIDENCE, dispute.id, dispute.evidence_due_at - REMIND_BEFORE)
    facts = {"order": order.id, "amount": dispute.amount, "dispute": dispute.id}
    uow.enrolments.record(enrolment_id=order.enrolment_id, kind="payment_disputed", at=now, facts=facts)
    uow.journal.write("bot", Action.DISPUTE_OPENED, order.id, amount=dispute.amount, dispute=dispute.id)
    return dispute


def _freeze(uow: UnitOfWork, order: Order, dispute: Dispute) -> None:
    """Close at Stripe whatever could still be collected; what is to come looks at the dispute by itself."""
    for payment in uow.orders.payments(order.id):
        if payment.open and payment.number > 1 and (payment.intent_id or payment.checkout_id):
            effect = StopInstalment(payment_id=payment.id)
            uow.outbox.put(f"inst-freeze:{payment.id}:{dispute.id}"[:120], effect, lane=f"order:{order.id}")


def _close(ports: Ports, uow: UnitOfWork, dispute: Dispute, state: DisputeState) -> None:
    """Won: the order goes on. Lost: the bank has given the money back, so that we do not give it back again."""
    dispute.state, dispute.closed_at = state, ports.clock.now()
    uow.agenda.cancel(DeadlineKind.DISPUTE_EVIDENCE, dispute.id)
    if state is DisputeState.LOST:
        refunds.given_back_by_bank(ports, uow, uow.orders.payment(dispute.payment_id), dispute.amount, dispute.id)
    cards.release(ports, uow, uow.orders.get(dispute.order_id))
    uow.journal.write("bot", Action.DISPUTE_CLOSED, dispute.order_id, dispute=dispute.id, state=state.value)
    redraw(uow, card_key(dispute), _card(uow, dispute), lane="admins")


def remind(ports: Ports, uow: UnitOfWork, dispute_id: str) -> None:
    """Two days before the last day for evidence (DeadlineKind.DISPUTE_EVIDENCE)."""
    dispute = uow.disputes.find(dispute_id)
    if dispute is None or dispute.state is not DisputeState.OPEN or dispute.evidence_due_at is None:
        return
    order = uow.orders.get(dispute.order_id)
    message = DisputeReminder(
        dispute_id=dispute.id,
        order_id=order.id,
        member_user=user_of(uow, order),
        amount=dispute.amount,
        evidence_due_at=dispute.evidence_due_at,
    )
    tell_admins(uow, f"dispute-reminder:{dispute.id}", message)


def card_key(dispute: Dispute) -> str:
    """The outbox key of a dispute's card in the admin channel."""
    return f"dispute:{dispute.id}"


def _card(uow: UnitOfWork, dispute: Dispute) -> DisputeCard:
    order = uow.orders.get(dispute.order_id)
    return DisputeCard(
        dispute_id=dispute.id,
        order_id=order.id,
        member_user=user_of(uow, order),
        number=uow.orders.payment(dispute.payment_id).number,
        amount=dispute.amount,
        reason=dispute.reason,
        evidence_due_at=dispute.evidence_due_at,
        state=dispute.state.value,
    )
