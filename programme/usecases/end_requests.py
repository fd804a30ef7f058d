"""Requests to end a contract as records: which one waits, and how an admin sets it aside with a reason (CGV 7).

The evidence chain is what tells: a request waits from its notification until the contract has ended or the request was
set aside. While it waits, a person decides about each instalment; once it is set aside, those that waited get a new
day, announced like any other, and the person may ask again.
"""

from __future__ import annotations

from datetime import timedelta

from programme.effects import SendMail
from programme.errors import InvalidForm
from programme.journal import Action
from programme.messages.endings import EndRequestCard, EndRequestSetAside
from programme.model.ending import EndKind
from programme.model.member import Member
from programme.model.order import Order, Payment
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.instalment_dates import NOTICE_DAYS
from programme.rules.instants import day_in
from programme.usecases import pings
from programme.usecases.groups import redraw, require_admin
from programme.usecases.instalment_dates import set_date
from programme.usecases.instalments import begun_group, help_key, redraw_help

NOTIFIED, SET_ASIDE = "termination_notified", "termination_set_aside"
LONGEST_REASON = 2000


def notified(uow: UnitOfWork, order: Order) -> int:
    """Return how many times the end of this contract was asked for."""
    return _kinds(uow, order).count(NOTIFIED)


def is_waiting(uow: UnitOfWork, order: Order) -> bool:
    """Whether the last request waits for a decision."""
    return _kinds(uow, order)[-1:] == [NOTIFIED] and uow.endings.of_order(order.id) is None


def _kinds(uow: UnitOfWork, order: Order) -> list[str]:
    return [one.kind for one in uow.enrolments.evidence(order.enrolment_id) if one.kind in {NOTIFIED, SET_ASIDE}]


def key(prefix: str, order: Order, number: int) -> str:
    """Return an outbox key about the request of this number; the first one bears none."""
    return f"{prefix}:{order.id}" if number <= 1 else f"{prefix}:{order.id}:{number}"


def card_key(uow: UnitOfWork, order: Order) -> str:
    """The outbox key of the admins' card about the last request."""
    return key("end-request", order, notified(uow, order))


def set_aside(ports: Ports, *, caller: Caller, order_id: str, reason: str) -> bool:
    """« Écarter » : the contract goes on, and the member reads why; False when the request no longer waits.

    InvalidForm(reason): it goes to the member as it is.
    """
    require_admin(caller)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidForm({"reason": "set_aside_reason_missing"})
    with ports.uow() as uow:
        order = uow.orders.get(order_id)
        if not is_waiting(uow, order):
            return False
        facts = {"order": order.id, "by": caller.slack_user_id, "reason": reason.strip()}
        uow.enrolments.record(enrolment_id=order.enrolment_id, kind=SET_ASIDE, at=ports.clock.now(), facts=facts)
        uow.journal.write(caller.slack_user_id, Action.TERMINATION_SET_ASIDE, order.id)
        close_card(uow, order, caller, set_aside=reason.strip())
        member = uow.members.get(order.member_id)
        resumed = _resume(ports, uow, order, member)
        _tell(uow, order, member, reason.strip(), resumes=resumed)
        return True


def close_card(
    uow: UnitOfWork, order: Order, caller: Caller, *, decision: EndKind | None = None, set_aside: str = ""
) -> None:
    """Show on the card, if there is one, what was decided and by whom."""
    row = uow.outbox.get(card_key(uow, order))
    if row is not None and "message" in row.effect:
        asked = EndRequestCard.model_validate(row.effect["message"])
        decided = {"decision": decision, "set_aside": set_aside, "decided_by": caller.slack_user_id}
        redraw(uow, row.key, asked.model_copy(update=decided), lane="admins")


def _resume(ports: Ports, uow: UnitOfWork, order: Order, member: Member) -> bool:
    """Date anew the instalments that were put before a person because of the request; tells whether any is to come.

    None passes the last session: what no longer fits stays with the person.
    """
    to_come = [one for one in uow.orders.payments(order.id) if one.open and one.number > 1]
    group = begun_group(uow, order)
    days = [session.day for session in uow.sessions.of_group(group.id)] if group else []
    soonest = day_in(ports.clock.now(), member.time_zone) + timedelta(days=NOTICE_DAYS)
    for payment in to_come:
        if _waits_for_it(uow, payment) and (not days or soonest <= max(days)):
            set_date(uow, member, payment, soonest)
            redraw_help(uow, order, payment, state="dated")
    return bool(to_come)


def _waits_for_it(uow: UnitOfWork, payment: Payment) -> bool:
    return not payment.failure and payment.due_on is not None and uow.outbox.get(help_key(payment)) is not None


def _tell(uow: UnitOfWork, order: Order, member: Member, reason: str, *, resumes: bool) -> None:
    number = notified(uow, order)
    message = EndRequestSetAside(order_id=order.id, reason=reason, resumes=resumes, email=member.email)
    pings.legal(uow, member.slack_user_id, key("termination-aside", order, number), message)
    data = {"order_id": order.id, "first_name": member.first_name, "reason": reason, "resumes": resumes}
    mail = SendMail(to=member.email, template="termination_set_aside", data=data)
    uow.outbox.put(key("mail:termination-aside", order, number), mail, lane=f"mail:{order.id}")
