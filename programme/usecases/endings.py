"""The early end of a contract: what stops at once, the sums to the cent, and the admins' card (CGV 7 and 8).

Money leaves only by the acts of ``usecases/refunds.py``. A group's channel learns nothing but that a place is free.
"""

from __future__ import annotations

from datetime import datetime

from programme.effects import CloseCheckout, PublishHome
from programme.journal import Action
from programme.messages.endings import EndCard
from programme.model.agenda import DeadlineKind
from programme.model.ending import ContractEnd, EndKind, EndState, Refund
from programme.model.enrolment import EnrolmentStatus
from programme.model.group import SeatState
from programme.model.ids import new_id
from programme.model.order import Order, OrderStatus, Payment, PaymentStatus
from programme.model.session import SessionState
from programme.ports import Ports, UnitOfWork
from programme.rules.planning import SESSIONS
from programme.rules.refunds import DueRule, settle
from programme.rules.withdrawal import refund_alerts, refund_due_on
from programme.usecases import cards, instalments, invoicing, material, rescue
from programme.usecases.groups import redraw, tell_admins
from programme.usecases.participation import begun_group

RULES = {
    EndKind.OPERATOR_FAILURE: DueRule.SESSIONS,
    EndKind.FORCE_MAJEURE: DueRule.SESSIONS,
    EndKind.ABANDONMENT: DueRule.SESSIONS,
}
"""What is due, by the kind of end; a withdrawal depends on the early request. Abandonment: see ``preview``."""


def rule_for(kind: EndKind, order: Order) -> DueRule:
    """Return how the price due is computed: nothing for a withdrawal without a valid early request (L221-25)."""
    if kind is EndKind.WITHDRAWAL:
        return DueRule.SESSIONS if order.early_start else DueRule.NONE
    return RULES[kind]


def delivered_sessions(uow: UnitOfWork, order: Order, until: datetime) -> int:
    """Count the sessions delivered to the member: held, closed with an attendance record, before the declaration."""
    seat = uow.groups.started_seat(order.member_id)
    if seat is None:
        return 0
    since = seat.joined_at
    return sum(
        session.state is SessionState.HELD
        and session.closed_at is not None
        and session.closed_at <= until
        and (since is None or session.starts_at >= since)
        for session in uow.sessions.of_group(seat.group_id)
    )


def preview(
    uow: UnitOfWork, order: Order, kind: EndKind, *, declared_at: datetime, informed_at: datetime
) -> ContractEnd:
    """Return the end with its sums in cents; nothing is written."""
    rule = rule_for(kind, order)
    captured = _captured(uow, order)
    delivered = delivered_sessions(uow, order, declared_at)
    sums = settle(
        price=order.price,
        payments=[payment.amount for payment in captured],
        already_refunded=sum(payment.refunded for payment in captured),
        sessions_total=SESSIONS,
        sessions_delivered=delivered,
        rule=rule,
    )
    return ContractEnd(
        id=new_id("end"),
        order_id=order.id,
        kind=kind,
        rule=rule,
        declared_at=declared_at,
        informed_at=informed_at,
        delivered=delivered,
        paid=sum(payment.amount for payment in captured),
        due=sums.due,
        refund=sums.refund,
        still_owed=sums.still_owed,
        cancelled=sums.unpaid_cancelled,
        refund_due_on=refund_due_on(informed_at),
    )


def _captured(uow: UnitOfWork, order: Order) -> list[Payment]:
    return [payment for payment in uow.orders.payments(order.id) if payment.status is PaymentStatus.PAID]


def end_contract(
    ports: Ports,
    uow: UnitOfWork,
    order: Order,
    kind: EndKind,
    *,
    declared_at: datetime,
    actor: str,
    reason: str = "",
    informed_at: datetime | None = None,
) -> ContractEnd:
    """End the contract now: instalments, payment page, seat and access stop; the refund waits for an admin.

    A contract ends early once: a second call returns the first end.
    """
    existing = uow.endings.of_order(order.id)
    if existing is not None:
        return existing
    end = preview(uow, order, kind, declared_at=declared_at, informed_at=informed_at or ports.clock.now())
    end.reason = reason
    uow.endings.add(end)
    _split(uow, order, end)
    _stop(ports, uow, order, kind)
    invoicing.issue_due(ports, uow, order)
    cards.release(ports, uow, order)
    facts = {"order": order.id, "kind": kind.value, "delivered": end.delivered, "due": end.due, "refund": end.refund}
    uow.enrolments.record(
        enrolment_id=order.enrolment_id, kind="contract_ended", at=ports.clock.now(), facts=facts | {"end": end.id}
    )
    uow.journal.write(actor, Action.CONTRACT_ENDED, end.id, kind=kind.value, due=end.due, refund=end.refund)
    if end.refund:
        for number, instant in enumerate(refund_alerts(end.informed_at), 1):
            uow.agenda.put(DeadlineKind.REFUND_ALERT, f"{end.id}:{number}", instant)
    else:
        end.move_to(EndState.SETTLED)
        end.settled_at = ports.clock.now()
    tell_admins(uow, card_key(end.id), card(ports, uow, end))
    return end


def _split(uow: UnitOfWork, order: Order, end: ContractEnd) -> None:
    """Store which charge gives back what, newest first, before Stripe is ever called."""
    captured = _captured(uow, order)
    left = end.refund
    for payment in reversed(captured):
        amount = min(left, payment.amount - payment.refunded)
        if amount and payment.intent_id:
            refund = Refund(new_id("rfd"), end.id, order.id, payment.id, payment.intent_id, amount)
            uow.endings.add_refund(refund)
        left -= amount


def _stop(ports: Ports, uow: UnitOfWork, order: Order, kind: EndKind) -> None:
    """Instalments, the open payment page, the seat and the access end at once (L221-27)."""
    instalments.stop(uow, order)
    enrolment = uow.enrolments.get(order.enrolment_id)
    if begun_group(uow, enrolment) is not None:
        material.ended_early(uow, enrolment, uow.members.get(order.member_id), ports.clock.now())
    withdrawn = kind is EndKind.WITHDRAWAL
    enrolment.status = EnrolmentStatus.WITHDRAWN if withdrawn else EnrolmentStatus.TERMINATED
    enrolment.ended_at = ports.clock.now()
    if order.status is OrderStatus.PLACED:
        order.status = OrderStatus.CANCELLED
        uow.agenda.cancel(DeadlineKind.CHECKOUT_EXPIRY, f"{order.id}:{order.checkout_attempt}")
        if order.checkout_id:
            close_page(uow, order, order.checkout_id)
    seat = uow.groups.live_seat(order.member_id)
    if seat is not None and seat.state is not SeatState.LEFT:
        rescue.release_seat(ports, uow, uow.groups.get(seat.group_id), seat)
    user = uow.members.get(order.member_id).slack_user_id
    uow.outbox.put(f"home:ended:{order.id}", PublishHome(slack_user_id=user), lane=f"home:{user}")


def close_page(uow: UnitOfWork, order: Order, checkout_id: str) -> None:
    """Let a payment page of the order's first payment expire at Stripe."""
    effect = CloseCheckout(order_id=order.id, checkout_id=checkout_id)
    uow.outbox.put(f"close:{checkout_id}"[:120], effect, lane=f"order:{order.id}")


def card_key(end_id: str) -> str:
    """The outbox key of an end's card in the admin channel."""
    return f"end:{end_id}"


def card(ports: Ports, uow: UnitOfWork, end: ContractEnd) -> EndCard:
    """Return the card as it stands."""
    order = uow.orders.get(end.order_id)
    return EndCard(
        end_id=end.id,
        order_id=order.id,
        member_user=uow.members.get(order.member_id).slack_user_id,
        end_kind=end.kind,
        declared_at=end.declared_at,
        price=order.price,
        paid=end.paid,
        delivered=end.delivered,
        due=end.due,
        refund=end.refund,
        still_owed=end.still_owed,
        cancelled=end.cancelled,
        refund_due_on=end.refund_due_on,
        state=end.state,
        needs_second=end.refund > ports.config.second_admin_above,
        approved_by=end.approved_by,
        seconded_by=end.seconded_by,
        leaves_at=end.leaves_at,
    )


def redraw_card(ports: Ports, uow: UnitOfWork, end: ContractEnd) -> None:
    """Show the admins where the end stands."""
    redraw(uow, card_key(end.id), card(ports, uow, end), lane="admins")
