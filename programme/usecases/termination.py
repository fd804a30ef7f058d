"""Ending the contract for another reason than the withdrawal (CGV 7): asked for by the member, decided by a person.

Inside the withdrawal period the screen offers the withdrawal first. Abandonment never debits anything by itself: an
admin previews the sums of each case to the cent, and decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from programme.effects import SendMail
from programme.errors import InvalidForm, Refusal
from programme.journal import Action
from programme.messages.endings import EndRequestCard, EndRequestReceived
from programme.model.ending import ContractEnd, EndKind
from programme.model.enrolment import EnrolmentStatus
from programme.model.member import Member
from programme.model.order import Order
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.retention import Purpose, last_day
from programme.usecases import end_requests, pings
from programme.usecases.end_requests import LONGEST_REASON
from programme.usecases.endings import end_contract, preview
from programme.usecases.groups import require_admin, tell_admins

CASES = (EndKind.OPERATOR_FAILURE, EndKind.FORCE_MAJEURE, EndKind.ABANDONMENT)


@dataclass(frozen=True)
class Case:
    """What one way of ending would cost and give back, in cents."""

    kind: EndKind
    delivered: int
    due: int
    refund: int
    still_owed: int


def ask_to_end(ports: Ports, *, caller: Caller, force_majeure: bool, reason: str) -> str:
    """« Notification de la résiliation » : noted, confirmed by e-mail at once, and put before an admin.

    Returns the address of the confirmation. A second notification changes nothing while the first one waits.
    Refusal("withdrawal_no_contract" | "enrolment_ended"); InvalidForm(reason) when it is too long.
    """
    if len(reason) > LONGEST_REASON:
        raise InvalidForm({"reason": "field_long"})
    with ports.uow() as uow:
        member, order = _running(uow, caller.slack_user_id)
        user = member.slack_user_id
        card = EndRequestCard(order_id=order.id, member_user=user, force_majeure=force_majeure, reason=reason.strip())
        if end_requests.is_waiting(uow, order):
            return member.email
        number = end_requests.notified(uow, order) + 1
        facts = {"order": order.id, "force_majeure": force_majeure, "reason": reason.strip()}
        uow.enrolments.record(
            enrolment_id=order.enrolment_id, kind=end_requests.NOTIFIED, at=ports.clock.now(), facts=facts
        )
        uow.journal.write(user, Action.TERMINATION_NOTIFIED, order.id, force_majeure=force_majeure)
        tell_admins(uow, end_requests.key("end-request", order, number), card)
        data = {
            "order_id": order.id,
            "first_name": member.first_name,
            "notified_at": ports.clock.now().isoformat(),
            "force_majeure": force_majeure,
            "reason": reason.strip(),
        }
        mail = SendMail(to=member.email, template="termination_received", data=data)
        uow.outbox.put(end_requests.key("termination", order, number), mail, lane=f"mail:{order.id}")
        message = EndRequestReceived(order_id=order.id, email=member.email)
        pings.legal(uow, user, end_requests.key("termination-copy", order, number), message)
        return member.email


def cases_of(ports: Ports, *, caller: Caller, member_user: str) -> tuple[str, tuple[Case, ...]]:
    """Return the order and what each way of ending it would mean today, to the cent; for admins."""
    require_admin(caller)
    now = ports.clock.now()
    with ports.reading() as uow:
        _, order = _running(uow, member_user)
        ends = [preview(uow, order, kind, declared_at=now, informed_at=now) for kind in CASES]
    return order.id, tuple(Case(end.kind, end.delivered, end.due, end.refund, end.still_owed) for end in ends)


def end_as(ports: Ports, *, caller: Caller, order_id: str, kind: EndKind, reason: str) -> ContractEnd:
    """An admin ends a contract in one of the three cases of CGV 7, with the reason that goes to the file.

    Nothing is debited, whatever is still owed. InvalidForm(reason); a second call returns the first end.
    """
    require_admin(caller)
    if kind not in CASES:
        raise Refusal("end_state")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidForm({"reason": "end_reason_missing"})
    with ports.uow() as uow:
        order = uow.orders.get(order_id)
        existing = uow.endings.of_order(order.id)
        if existing is not None:
            return existing
        now = ports.clock.now()
        end = end_contract(ports, uow, order, kind, declared_at=now, actor=caller.slack_user_id, reason=reason.strip())
        end_requests.close_card(uow, order, caller, decision=kind)
        _tell_ended(ports, uow, order, end)
        return end


def _running(uow: UnitOfWork, user: str) -> tuple[Member, Order]:
    member = uow.members.by_slack(user)
    enrolment = uow.enrolments.current(member.id) if member else None
    order = uow.orders.of_enrolment(enrolment.id) if enrolment else None
    if member is None or enrolment is None or order is None:
        raise Refusal("withdrawal_no_contract")
    if enrolment.status is not EnrolmentStatus.ACTIVE:
        raise Refusal("enrolment_ended")
    return member, order


def _tell_ended(ports: Ports, uow: UnitOfWork, order: Order, end: ContractEnd) -> None:
    """Tell the member, by e-mail, that the contract has ended, its sums, and until when their work can be had."""
    member = uow.members.get(order.member_id)
    data = {
        "order_id": order.id,
        "first_name": member.first_name,
        "ended_at": end.declared_at.isoformat(),
        "kind": end.kind.value,
        "delivered": end.delivered,
        "due": end.due,
        "refund": end.refund,
        "still_owed": end.still_owed,
        "refund_due_on": end.refund_due_on.isoformat(),
        "work_until": last_day(Purpose.WORK, day_in(ports.clock.now())).isoformat(),
    }
    mail = SendMail(to=member.email, template="contract_ended", data=data)
    uow.outbox.put(f"ended:{order.id}", mail, lane=f"mail:{order.id}")
