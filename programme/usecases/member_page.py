"""One person as the team may see them: where they stand, what comes next, and help that decides nothing for them.

Documents appear as counts, never with their content. Who opens the page leaves a trace that the person sees. Texts,
choices and orders are the person's alone: there is no way here to accept, to choose or to order for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from programme.errors import Refusal
from programme.journal import Action
from programme.model.document import DocumentState
from programme.model.ending import EndState
from programme.model.enrolment import Enrolment, EnrolmentStatus, Step
from programme.model.group import Group, GroupState, SeatState
from programme.model.member import Member
from programme.model.order import Order, OrderStatus, Payment, PaymentPlan
from programme.model.people import Caller
from programme.model.session import AttendanceState, SessionState
from programme.ports import Ports, UnitOfWork
from programme.rules.folding import fold
from programme.usecases import contract, payments, team_traces
from programme.usecases.document_posts import shown_state
from programme.usecases.freezing import is_frozen
from programme.usecases.groups import require_admin
from programme.usecases.standing import step_of

MOST_FOUND = 15


@dataclass(frozen=True)
class Found:
    """Somebody whose name fits what was typed."""

    user: str
    name: str
    commune: str


@dataclass(frozen=True)
class OrderFacts:
    """The contract and its instalments; ``end`` is the state of its early end, ``frozen`` while a bank decides."""

    id: str
    price: int
    plan: PaymentPlan
    status: OrderStatus
    payments: tuple[Payment, ...]
    withdrawal_last_day: date | None
    withdrawal_open: bool
    early_start: bool
    confirmed: bool
    link_expires_at: datetime | None
    frozen: bool
    end: EndState | None


@dataclass(frozen=True)
class SeatFacts:
    """The person's place, and how far they and their group have come."""

    group_number: int
    label: str
    state: GroupState
    seat: SeatState
    held: int
    present: int
    planned: int
    next_number: int | None
    next_start: datetime | None
    zone: str
    check_ins_asked: int
    check_ins_answered: int


@dataclass(frozen=True)
class MemberPage:
    """Everything that the page says."""

    user: str
    name: str
    commune: str
    zone: str
    active: bool
    since: datetime
    step: Step | None
    status: EnrolmentStatus | None
    waiting_since: datetime | None
    order: OrderFacts | None
    seat: SeatFacts | None
    documents: Mapping[DocumentState, int]
    last_routine: datetime | None
    waiting_messages: int
    stopped: tuple[str, ...]


def find(ports: Ports, *, caller: Caller, name: str) -> list[Found]:
    """Return the members whose name holds these words, whatever their accents; Refusal("member_unknown") for none."""
    require_admin(caller)
    words = fold(name).split()
    with ports.reading() as uow:
        fitting = [one for one in uow.members.all() if words and set(words) <= set(fold(one.full_name).split())]
    if not fitting:
        raise Refusal("member_unknown")
    return [Found(one.slack_user_id, one.full_name, one.commune) for one in fitting[:MOST_FOUND]]


def look(ports: Ports, *, caller: Caller, user: str) -> MemberPage:
    """Open somebody's page, of which they see the trace; Refusal("member_unknown") for who never began."""
    require_admin(caller)
    with ports.uow() as uow:
        member = uow.members.by_slack(user)
        if member is None:
            raise Refusal("member_unknown")
        if caller.slack_user_id != user:
            team_traces.leave(uow, caller.slack_user_id, Action.MEMBER_LOOKED_AT, member.id, [member])
        return _page(ports, uow, member)


def send_link(ports: Ports, *, caller: Caller, user: str) -> bool:
    """Send a person whose payment link has expired a new one; False while the old one still opens."""
    require_admin(caller)
    with ports.uow() as uow:
        member, order = _order_of(uow, user)
        renewed = payments.reopen_link(ports, uow, order)
        if renewed:
            team_traces.leave(uow, caller.slack_user_id, Action.LINK_SENT_FOR, order.id, [member])
        return renewed


def send_contract(ports: Ports, *, caller: Caller, user: str, request: str) -> None:
    """Send somebody their contract again, to their own address, of which the team learns nothing here."""
    require_admin(caller)
    with ports.uow() as uow:
        member, order = _order_of(uow, user)
        if contract.send_copy(ports, uow, order, member, request):
            team_traces.leave(uow, caller.slack_user_id, Action.CONTRACT_SENT_FOR, order.id, [member])


def _order_of(uow: UnitOfWork, user: str) -> tuple[Member, Order]:
    member = uow.members.by_slack(user)
    enrolment = uow.enrolments.current(member.id) if member else None
    order = uow.orders.of_enrolment(enrolment.id) if enrolment else None
    if member is None or order is None:
        raise Refusal("member_no_order")
    return member, order


def _page(ports: Ports, uow: UnitOfWork, member: Member) -> MemberPage:
    enrolment = uow.enrolments.current(member.id)
    order = uow.orders.of_enrolment(enrolment.id) if enrolment else None
    seat = _seat(uow, member)
    wishes = uow.nudges.wishes(member.slack_user_id)
    return MemberPage(
        user=member.slack_user_id,
        name=member.full_name,
        commune=member.commune,
        zone=member.time_zone,
        active=member.active,
        since=member.created_at,
        step=step_of(ports, uow, member, enrolment) if enrolment else None,
        status=enrolment.status if enrolment else None,
        waiting_since=_waiting_since(enrolment, seat),
        order=_order(ports, uow, order) if order else None,
        seat=seat,
        documents=Counter(shown_state(one) for one in uow.documents.of_member(member.id) if one.handed_in),
        last_routine=uow.nudges.last_sent(member.slack_user_id),
        waiting_messages=len(uow.nudges.waiting(member.slack_user_id)),
        stopped=wishes.stopped if wishes else (),
    )


def _waiting_since(enrolment: Enrolment | None, seat: SeatFacts | None) -> datetime | None:
    waits = enrolment is not None and enrolment.status is EnrolmentStatus.ACTIVE and seat is None
    return enrolment.paid_at if enrolment is not None and waits else None


def _order(ports: Ports, uow: UnitOfWork, order: Order) -> OrderFacts:
    end = uow.endings.of_order(order.id)
    return OrderFacts(
        id=order.id,
        price=order.price,
        plan=order.plan,
        status=order.status,
        payments=tuple(uow.orders.payments(order.id)),
        withdrawal_last_day=order.withdrawal_last_day,
        withdrawal_open=order.withdrawal_end is not None and ports.clock.now() < order.withdrawal_end,
        early_start=order.early_start,
        confirmed=order.confirmation_sent_at is not None,
        link_expires_at=order.checkout_expires_at if order.status is OrderStatus.PLACED else None,
        frozen=is_frozen(uow, order.id),
        end=end.state if end else None,
    )


def _seat(uow: UnitOfWork, member: Member) -> SeatFacts | None:
    """The live place, or else that of the group whose sessions the person has begun."""
    seat = uow.groups.live_seat(member.id) or uow.groups.started_seat(member.id)
    if seat is None:
        return None
    group: Group = uow.groups.get(seat.group_id)
    sessions = uow.sessions.of_group(group.id)
    lines = [line for line in uow.sessions.attendance_of_group(group.id) if line.member_id == member.id]
    check_ins = [one for one in uow.sessions.check_ins_of_group(group.id) if one.member_id == member.id]
    counted = [one for one in sessions if one.state is SessionState.HELD and one.number >= seat.first_session]
    there = {line.session_id for line in lines if line.state is not AttendanceState.ABSENT}
    coming = next((one for one in sessions if one.state is SessionState.PLANNED), None)
    return SeatFacts(
        group_number=group.number,
        label=group.label,
        state=group.state,
        seat=seat.state,
        held=len(counted),
        present=sum(one.id in there for one in counted),
        planned=len(sessions),
        next_number=coming.number if coming else None,
        next_start=coming.starts_at if coming else None,
        zone=group.zone,
        check_ins_asked=len(check_ins),
        check_ins_answered=sum(one.answered_at is not None for one in check_ins),
    )
