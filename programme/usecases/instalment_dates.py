"""The dates of the later instalments: fixed when the member's group starts, told, and told again before the debit.

What is then collected, and how, is in ``usecases/collecting.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from programme.journal import Action
from programme.messages.instalments import DatedInstalment, InstalmentNotice, InstalmentsDated, InstalmentSuspended
from programme.model.agenda import DeadlineKind
from programme.model.group import GroupState
from programme.model.member import Member
from programme.model.order import Order, Payment
from programme.ports import Ports, UnitOfWork
from programme.rules.instalment_dates import debit_instant, due_days, notice_instant
from programme.rules.instants import day_in
from programme.rules.planning import WEEK
from programme.usecases import pings
from programme.usecases.groups import skip
from programme.usecases.instalments import begun_group, in_force, mail, user_of


def fix_dates(uow: UnitOfWork, member: Member, session_days: Sequence[date], now: datetime) -> None:
    """Date what the member has still to pay inside the programme that begins for them; a date once told stays."""
    enrolment = uow.enrolments.current(member.id)
    order = uow.orders.of_enrolment(enrolment.id) if enrolment else None
    if order is None or not session_days:
        return
    payments = uow.orders.payments(order.id)
    days = due_days(session_days, len(payments), day_in(now, member.time_zone))
    undated = [one for one in payments if one.open and one.number > 1 and one.due_on is None]
    for payment in undated:
        set_date(uow, member, payment, days[payment.number - 2])
    if undated:
        _tell_dates(uow, member, order, undated, now)
        dates = {str(one.number): str(one.due_on) for one in undated}
        uow.journal.write("bot", Action.INSTALMENTS_DATED, order.id, **dates)


def set_date(uow: UnitOfWork, member: Member, payment: Payment, due_on: date) -> None:
    """Give an instalment its day, with what happens before it and on it."""
    payment.due_on = due_on
    uow.agenda.reopen(DeadlineKind.INSTALMENT_NOTICE, payment.id, notice_instant(due_on, member.time_zone))
    uow.agenda.reopen(DeadlineKind.INSTALMENT_DUE, payment.id, debit_instant(due_on, member.time_zone))


def _tell_dates(uow: UnitOfWork, member: Member, order: Order, payments: Sequence[Payment], now: datetime) -> None:
    told = tuple(
        DatedInstalment(number=one.number, amount=one.amount, due_on=one.due_on) for one in payments if one.due_on
    )
    key = f"inst-dates:{order.id}:{told[0].due_on}"
    dated = InstalmentsDated(order_id=order.id, instalments=told, card=order.card)
    pings.timely(uow, member.slack_user_id, key, dated, now)
    lines = [one.model_dump(mode="json") for one in told]
    data = {"order_id": order.id, "first_name": member.first_name, "instalments": lines, "card": order.card}
    mail(uow, order, member, key, "instalments_dated", data)


def give_notice(ports: Ports, uow: UnitOfWork, payment_id: str) -> None:
    """Some days before the debit (DeadlineKind.INSTALMENT_NOTICE): its date, its amount and its card.

    While the group is on pause the day moves on by a week; a member who is between two groups owes nothing yet.
    """
    payment = uow.orders.payment(payment_id)
    order = uow.orders.get(payment.order_id)
    if not in_force(uow, order, payment) or payment.due_on is None:
        skip(uow, DeadlineKind.INSTALMENT_NOTICE, payment_id)
        return
    member = uow.members.get(order.member_id)
    group = begun_group(uow, order)
    if group is None:
        suspend(uow, order, payment)
    elif group.state is GroupState.PAUSED:
        set_date(uow, member, payment, payment.due_on + WEEK)
    else:
        _tell_notice(uow, order, member, payment, payment.due_on)


def _tell_notice(uow: UnitOfWork, order: Order, member: Member, payment: Payment, due_on: date) -> None:
    notice = InstalmentNotice(
        order_id=order.id,
        payment_id=payment.id,
        number=payment.number,
        count=len(uow.orders.payments(order.id)),
        amount=payment.amount,
        due_on=due_on,
        card=order.card,
    )
    key = f"inst-notice:{payment.id}:{due_on}"
    pings.legal(uow, member.slack_user_id, key, notice)
    names = {"order_id", "number", "count", "amount", "due_on", "card"}
    data = {"first_name": member.first_name, **notice.model_dump(mode="json", include=names)}
    mail(uow, order, member, key, "instalment_notice", data)
    uow.journal.write("bot", Action.INSTALMENT_ANNOUNCED, order.id, number=payment.number, due_on=str(due_on))


def suspend(uow: UnitOfWork, order: Order, payment: Payment) -> None:
    """Take the day of an instalment away: it gets another one with the member's next group."""
    payment.due_on = None
    uow.agenda.cancel(DeadlineKind.INSTALMENT_DUE, payment.id)
    message = InstalmentSuspended(order_id=order.id, number=payment.number, amount=payment.amount)
    pings.legal(uow, user_of(uow, order), f"inst-suspended:{payment.id}:{payment.version}", message)
    uow.journal.write("bot", Action.INSTALMENT_SUSPENDED, order.id, number=payment.number)
