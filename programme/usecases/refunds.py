"""The money on its way back (L221-24): an admin's tap, a second admin above a threshold, an undo window, Stripe."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from programme.effects import SendMail, SendRefund
from programme.errors import DeliveryError, Refusal, Retryable
from programme.journal import Action
from programme.messages.endings import RefundAlert, RefundFailed, RefundSent
from programme.model.agenda import DeadlineKind
from programme.model.ending import ContractEnd, EndState, Refund, RefundStatus
from programme.model.order import Payment
from programme.model.people import Caller
from programme.payment_provider import RefundSeen
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import ONE_DAY
from programme.usecases import pings
from programme.usecases.endings import redraw_card
from programme.usecases.freezing import is_frozen, require_free
from programme.usecases.groups import require_admin, tell_admins

UNDO = timedelta(minutes=10)
"""How long a confirmed refund can still be called back."""
FROZEN_PAUSE = 3600.0
"""Seconds between two looks at a refund that a dispute holds back."""
ALERT_DAYS = (3, 7, 10, 13)


def approve(ports: Ports, *, caller: Caller, end_id: str) -> EndState:
    """Confirm a refund; above the threshold a second, different admin must confirm it too.

    A second press of the same admin changes nothing. Refusal("end_second_admin") when the first admin presses again,
    Refusal("order_disputed") while a payment is contested at the bank.
    """
    require_admin(caller)
    with ports.uow() as uow:
        end = uow.endings.get(end_id)
        if end.state in {EndState.LEAVING, EndState.SENT, EndState.SETTLED}:
            return end.state
        require_free(uow, end.order_id)
        if end.state is EndState.PROPOSED:
            end.approved_by = caller.slack_user_id
            needs_second = end.refund > ports.config.second_admin_above
            end.move_to(EndState.SECONDED if needs_second else EndState.LEAVING)
        elif end.approved_by == caller.slack_user_id:
            raise Refusal("end_second_admin")
        else:
            end.seconded_by = caller.slack_user_id
            end.move_to(EndState.LEAVING)
        _start_undo_window(ports, uow, end)
        uow.journal.write(caller.slack_user_id, Action.REFUND_APPROVED, end.id, state=end.state.value)
        redraw_card(ports, uow, end)
        return end.state


def _start_undo_window(ports: Ports, uow: UnitOfWork, end: ContractEnd) -> None:
    if end.state is EndState.LEAVING:
        end.leaves_at = ports.clock.now() + UNDO
        uow.agenda.reopen(DeadlineKind.REFUND_LEAVES, end.id, end.leaves_at)


def undo(ports: Ports, *, caller: Caller, end_id: str) -> None:
    """Call a confirmed refund back before it leaves; Refusal("refund_left") afterwards."""
    require_admin(caller)
    with ports.uow() as uow:
        end = uow.endings.get(end_id)
        if end.state is EndState.PROPOSED:
            return
        if end.state not in {EndState.LEAVING, EndState.SECONDED}:
            raise Refusal("refund_left")
        end.move_to(EndState.PROPOSED)
        end.approved_by, end.seconded_by, end.leaves_at = "", "", None
        uow.agenda.cancel(DeadlineKind.REFUND_LEAVES, end.id)
        uow.journal.write(caller.slack_user_id, Action.REFUND_UNDONE, end.id)
        redraw_card(ports, uow, end)


def leave(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """The undo window is over (DeadlineKind.REFUND_LEAVES): every charge's part goes to Stripe."""
    end = uow.endings.get(subject)
    if end.state is not EndState.LEAVING:
        return
    if is_frozen(uow, end.order_id):
        uow.agenda.reopen(DeadlineKind.REFUND_LEAVES, end.id, ports.clock.now() + ONE_DAY)
        return
    end.move_to(EndState.SENT)
    for refund in uow.endings.refunds(end.id):
        if refund.status is RefundStatus.DUE:
            send(uow, refund)
    uow.journal.write("bot", Action.REFUND_SENT, end.id, amount=end.refund)
    redraw_card(ports, uow, end)
    _settle_if_all_arrived(ports, uow, end)


def send(uow: UnitOfWork, refund: Refund) -> None:
    """Put one charge's part on its way; the key is the idempotency key at Stripe."""
    uow.outbox.put(f"refund:{refund.id}", SendRefund(refund_id=refund.id), lane=f"order:{refund.order_id}")


def carry_out(ports: Ports, refund_id: str, key: str) -> dict[str, Any]:
    """Ask Stripe for the refund (delivery, no transaction open)."""
    with ports.reading() as uow:
        refund = uow.endings.refund(refund_id)
        frozen = is_frozen(uow, refund.order_id)
    if frozen:
        raise Retryable("a payment of this order is contested", after=FROZEN_PAUSE)
    if refund.status is RefundStatus.SUCCEEDED:  # the bank was faster
        return {"id": refund.stripe_id, "status": refund.status.value}
    seen = ports.payments.refund(refund.intent_id, refund.amount, key=key)
    return {"id": seen.id, "status": seen.status.value}


def carried_out(ports: Ports, uow: UnitOfWork, refund_id: str, facts: Mapping[str, Any]) -> None:
    """Stripe has answered."""
    refund = uow.endings.refund(refund_id)
    refund.stripe_id = facts["id"]
    _apply(ports, uow, refund, RefundStatus(facts["status"]))


def follow(ports: Ports) -> int:
    """Ask Stripe about every refund that is not finished; webhooks only make this earlier. Returns how many moved."""
    with ports.reading() as uow:
        pending = [(refund.id, refund.stripe_id) for refund in uow.endings.pending_refunds()]
    moved = 0
    for refund_id, stripe_id in pending:
        try:
            seen = ports.payments.refund_status(stripe_id)
        except DeliveryError:
            return moved  # Stripe is away: the next tick asks again
        moved += _seen(ports, refund_id, seen)
    return moved


def _seen(ports: Ports, refund_id: str, seen: RefundSeen) -> bool:
    with ports.uow() as uow:
        return _apply(ports, uow, uow.endings.refund(refund_id), seen.status)


def _apply(ports: Ports, uow: UnitOfWork, refund: Refund, status: RefundStatus) -> bool:
    """Record what Stripe says, forwards only; tells whether it was news."""
    if refund.status in {RefundStatus.SUCCEEDED, status}:
        return False
    before, refund.status = refund.status, status
    payment = next(p for p in uow.orders.payments(refund.order_id) if p.id == refund.payment_id)
    _count(payment, refund, before)
    if status is RefundStatus.SUCCEEDED:
        refund.confirmed_at = ports.clock.now()
    end = uow.endings.get(refund.end_id)
    if status is RefundStatus.FAILED:
        _failed(ports, uow, end, refund)
    _settle_if_all_arrived(ports, uow, end)
    return True


def given_back_by_bank(ports: Ports, uow: UnitOfWork, payment: Payment, amount: int, dispute_id: str) -> None:
    """A lost dispute has given a payment back already: what was still to go back on it counts as arrived."""
    payment.refunded = min(payment.amount, payment.refunded + amount)
    for refund in uow.endings.refunds_of(payment.id):
        if refund.status is RefundStatus.DUE:
            refund.status, refund.stripe_id = RefundStatus.SUCCEEDED, dispute_id
            _settle_if_all_arrived(ports, uow, uow.endings.get(refund.end_id))


def _settle_if_all_arrived(ports: Ports, uow: UnitOfWork, end: ContractEnd) -> None:
    if all(one.status is RefundStatus.SUCCEEDED for one in uow.endings.refunds(end.id)):
        _settled(ports, uow, end)


def _count(payment: Payment, refund: Refund, before: RefundStatus) -> None:
    """A refund counts once Stripe has taken it, and no more once it has failed."""
    counted = before in {RefundStatus.PENDING, RefundStatus.SUCCEEDED}
    counts = refund.status in {RefundStatus.PENDING, RefundStatus.SUCCEEDED}
    payment.refunded += refund.amount * (counts - counted)


def _failed(ports: Ports, uow: UnitOfWork, end: ContractEnd, refund: Refund) -> None:
    if end.state is EndState.SENT:
        end.move_to(EndState.FAILED)
        redraw_card(ports, uow, end)
    user = _user(uow, refund.order_id)
    message = RefundFailed(order_id=refund.order_id, member_user=user, amount=refund.amount)
    tell_admins(uow, f"refund-failed:{refund.id}", message)


def _settled(ports: Ports, uow: UnitOfWork, end: ContractEnd) -> None:
    """All has gone back: the member is told, and the alerts stop."""
    if end.state not in {EndState.SENT, EndState.FAILED}:
        return
    end.move_to(EndState.SETTLED)
    end.settled_at = ports.clock.now()
    for number in range(1, len(ALERT_DAYS) + 1):
        uow.agenda.cancel(DeadlineKind.REFUND_ALERT, f"{end.id}:{number}")
    tell_sent(uow, f"refunded:{end.id}", end.order_id, end.refund)
    uow.journal.write("bot", Action.REFUND_SETTLED, end.id, amount=end.refund)
    redraw_card(ports, uow, end)


def tell_sent(uow: UnitOfWork, key: str, order_id: str, amount: int, *, late_payment: bool = False) -> None:
    """Tell the member, in Slack and by e-mail, that their money is on its way."""
    order = uow.orders.get(order_id)
    member = uow.members.get(order.member_id)
    message = RefundSent(order_id=order_id, amount=amount, late_payment=late_payment)
    pings.legal(uow, member.slack_user_id, key, message)
    data = {"order_id": order_id, "first_name": member.first_name, "amount": amount, "late_payment": late_payment}
    mail = SendMail(to=member.email, template="refund_sent", data=data)
    uow.outbox.put(f"mail:{key}", mail, lane=f"mail:{order_id}")


def alert(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """D+3, 7, 10, 13 after we were informed (DeadlineKind.REFUND_ALERT): the refund has not left."""
    end_id, _, number = subject.partition(":")
    end = uow.endings.get(end_id)
    if end.state is EndState.SETTLED:
        return
    message = RefundAlert(
        order_id=end.order_id,
        member_user=_user(uow, end.order_id),
        amount=end.refund,
        day=ALERT_DAYS[int(number) - 1],
        due_on=end.refund_due_on,
        end_id=end.id,
        state=end.state,
        approved_by=end.approved_by,
    )
    tell_admins(uow, f"refund-alert:{subject}", message)


def _user(uow: UnitOfWork, order_id: str) -> str:
    return uow.members.get(uow.orders.get(order_id).member_id).slack_user_id
