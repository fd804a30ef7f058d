"""What every act on a later instalment needs: whether it may be asked for, its page, its end, its card for help."""

from __future__ import annotations

from typing import Any

from programme.effects import OpenInstalmentPage, SendMail, StopInstalment
from programme.errors import NotFound
from programme.messages.instalments import InstalmentCard
from programme.model.agenda import DeadlineKind
from programme.model.enrolment import EnrolmentStatus
from programme.model.group import Group
from programme.model.member import Member
from programme.model.order import Order, OrderStatus, Payment, PaymentStatus
from programme.model.people import Caller
from programme.ports import UnitOfWork
from programme.usecases.freezing import has_lost
from programme.usecases.groups import redraw, tell_admins

_ENDED_EARLY = frozenset({EnrolmentStatus.WITHDRAWN, EnrolmentStatus.TERMINATED})


def mail(uow: UnitOfWork, order: Order, member: Member, key: str, template: str, data: dict[str, Any]) -> None:
    """Send one of the mails about instalments."""
    uow.outbox.put(f"mail:{key}", SendMail(to=member.email, template=template, data=data), lane=f"mail:{order.id}")


def begun_group(uow: UnitOfWork, order: Order) -> Group | None:
    """Return the member's group whose sessions have begun, if they sit in one."""
    seat = uow.groups.started_seat(order.member_id)
    return uow.groups.get(seat.group_id) if seat else None


def in_force(uow: UnitOfWork, order: Order, payment: Payment) -> bool:
    """Tell whether an instalment may still be asked for: unpaid, and its contract neither ended nor ending."""
    enrolment = uow.enrolments.get(order.enrolment_id)
    return (
        payment.open
        and payment.number > 1
        and order.status is OrderStatus.PAID
        and enrolment.status not in _ENDED_EARLY
        and uow.endings.of_order(order.id) is None
    )


def user_of(uow: UnitOfWork, order: Order) -> str:
    """Return the Slack id of the order's member."""
    return uow.members.get(order.member_id).slack_user_id


def own_payment(uow: UnitOfWork, caller: Caller, payment_id: str) -> tuple[Order, Payment]:
    """Return the caller's own instalment; NotFound for anybody else's."""
    payment = uow.orders.payment(payment_id)
    order = uow.orders.get(payment.order_id)
    if user_of(uow, order) != caller.slack_user_id:
        raise NotFound
    return order, payment


def ask_for_page(uow: UnitOfWork, order: Order, payment: Payment) -> None:
    """Put a new page on its way; the one before is closed when it opens."""
    payment.checkout_attempt += 1
    payment.checkout_expires_at = None
    effect = OpenInstalmentPage(payment_id=payment.id, attempt=payment.checkout_attempt)
    uow.outbox.put(page_key(payment), effect, lane=f"order:{order.id}")


def page_key(payment: Payment) -> str:
    """The outbox key of the last page that was asked for."""
    return f"inst-page:{payment.id}:{payment.checkout_attempt}"


def stop(uow: UnitOfWork, order: Order) -> None:
    """Nothing more is debited: cancel what is unpaid here, and at Stripe what could still be paid there."""
    for payment in uow.orders.payments(order.id):
        if payment.open:
            payment.status = PaymentStatus.CANCELLED
            forget_deadlines(uow, payment)
            if payment.number > 1 and (payment.intent_id or payment.checkout_id or payment.attempts):
                effect = StopInstalment(payment_id=payment.id)
                uow.outbox.put(f"inst-stop:{payment.id}", effect, lane=f"order:{order.id}")
            redraw_help(uow, order, payment, state="stopped")


def forget_deadlines(uow: UnitOfWork, payment: Payment) -> None:
    """Nothing is to be told, tried or asked for any more."""
    for kind in (DeadlineKind.INSTALMENT_NOTICE, DeadlineKind.INSTALMENT_DUE):
        uow.agenda.cancel(kind, payment.id)
    if payment.checkout_attempt:
        uow.agenda.cancel(DeadlineKind.INSTALMENT_LINK_EXPIRY, f"{payment.id}:{payment.checkout_attempt}")


def help_key(payment: Payment) -> str:
    """The outbox key of an instalment's card in the admin channel."""
    return f"inst-help:{payment.id}"


def help_card(
    uow: UnitOfWork, order: Order, payment: Payment, *, state: str = "waiting", by: str = ""
) -> InstalmentCard:
    """Return that card as it stands."""
    facts = {"number": payment.number, "count": len(uow.orders.payments(order.id)), "amount": payment.amount}
    return InstalmentCard.model_validate(
        {
            "order_id": order.id,
            "payment_id": payment.id,
            "member_user": user_of(uow, order),
            "due_on": payment.due_on,
            "why": _why(uow, order, payment),
            "state": state,
            "by": by,
            **facts,
        }
    )


def ask_for_help(uow: UnitOfWork, order: Order, payment: Payment) -> None:
    """A person decides from now on, by the card in the admin channel."""
    if uow.outbox.get(help_key(payment)) is None:
        tell_admins(uow, help_key(payment), help_card(uow, order, payment))
    else:
        redraw_help(uow, order, payment, state="waiting")


def _why(uow: UnitOfWork, order: Order, payment: Payment) -> str:
    """Say in one word why a person has to decide."""
    if has_lost(uow, order.id):
        return "disputed"
    if payment.to_authenticate:
        return "authentication"
    if not payment.failure:
        return "ending"
    return "refused" if order.payment_method_id else "card_gone"


def redraw_help(uow: UnitOfWork, order: Order, payment: Payment, *, state: str, by: str = "") -> None:
    """Show the admins where the instalment stands, if it was ever theirs."""
    if uow.outbox.get(help_key(payment)) is not None:
        redraw(uow, help_key(payment), help_card(uow, order, payment, state=state, by=by), lane="admins")
