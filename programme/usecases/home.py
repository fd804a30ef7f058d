"""Where I stand: the one next action of a person, its deadline and what follows (``/bilan`` and App Home)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from programme.messages.last_steps import LastSteps
from programme.messages.tutoring import TutorDay
from programme.model.document import DocumentState
from programme.model.enrolment import Enrolment, EnrolmentStatus, Step
from programme.model.group import Group, GroupState, SeatState
from programme.model.people import Caller
from programme.model.session import SessionState
from programme.ports import Ports, UnitOfWork
from programme.rules.lights import Colour
from programme.usecases import last_steps, team_traces
from programme.usecases.dashboard import counted
from programme.usecases.document_posts import shown_state
from programme.usecases.patience import Waiting, corner
from programme.usecases.standing import step_of
from programme.usecases.team_traces import Trace
from programme.usecases.tutor_day import compose_day


@dataclass(frozen=True)
class GroupCorner:
    """What the Home shows of the member's group."""

    label: str
    channel_id: str
    state: GroupState
    seat: SeatState
    group_id: str
    next_number: int | None
    next_start: datetime | None
    zone: str
    held: int
    planned: int


@dataclass(frozen=True)
class OrderCorner:
    """What the Home shows of the member's contract."""

    order_id: str
    price: int
    paid: bool
    checkout_url: str
    withdrawal_last_day: date | None
    withdrawal_open: bool
    in_force: bool
    early_start: bool = False


@dataclass(frozen=True)
class DocumentLine:
    """One document of the member and its state."""

    title: str
    version: int
    state: DocumentState


@dataclass(frozen=True)
class Home:
    """What the Home is drawn from: ``step`` is None for who never began, ``over`` once the sessions have ended."""

    caller: Caller
    first_name: str = ""
    step: Step | None = None
    status: EnrolmentStatus | None = None
    order: OrderCorner | None = None
    group: GroupCorner | None = None
    documents: tuple[DocumentLine, ...] = ()
    over: bool = False
    last_steps: LastSteps | None = None
    waiting_since: datetime | None = None
    waiting: Waiting | None = None
    tutoring: TutorDay | None = None
    groups_running: int = 0
    people_waiting: int = 0
    lights: Mapping[Colour, int] = field(default_factory=dict)
    traces: tuple[Trace, ...] = ()


def compose(ports: Ports, slack_user_id: str) -> Home:
    """Return what this person's Home says now."""
    with ports.reading() as uow:
        caller = Caller(slack_user_id, uow.people.roles(slack_user_id))
        staff = _staff(ports, uow, caller)
        member = uow.members.by_slack(slack_user_id)
        enrolment = uow.enrolments.current(member.id) if member else None
        if member is None or enrolment is None:
            return replace(Home(caller), **staff)
        group = _group(uow, member.id)
        over = group is None and _has_finished(uow, member.id)
        waits = group is None and not over and enrolment.paid_at is not None
        documents = uow.documents.of_member(member.id)
        own = Home(
            caller=caller,
            first_name=member.first_name,
            step=step_of(ports, uow, member, enrolment),
            status=enrolment.status,
            order=_order(ports, uow, enrolment),
            group=group,
            documents=tuple(DocumentLine(d.title, d.versions, shown_state(d)) for d in documents),
            over=over,
            last_steps=last_steps.compose(ports, uow, enrolment),
            waiting_since=enrolment.paid_at if waits else None,
            waiting=corner(uow, member) if waits else None,
            traces=team_traces.latest(uow, member),
        )
        return replace(own, **staff)


def _staff(ports: Ports, uow: UnitOfWork, caller: Caller) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    now = ports.clock.now()
    if caller.is_tutor:
        facts["tutoring"] = compose_day(uow, caller.slack_user_id, now)
    if caller.is_admin:
        facts["groups_running"] = len(uow.groups.in_states(GroupState.RUNNING))
        facts["people_waiting"] = len(uow.enrolments.waiting())
        facts["lights"] = counted(ports, uow, now)
    return facts


def _order(ports: Ports, uow: UnitOfWork, enrolment: Enrolment) -> OrderCorner | None:
    order = uow.orders.of_enrolment(enrolment.id)
    if order is None:
        return None
    return OrderCorner(
        order_id=order.id,
        price=order.price,
        paid=order.first_paid_at is not None,
        checkout_url=order.checkout_url,
        withdrawal_last_day=order.withdrawal_last_day,
        in_force=enrolment.status is EnrolmentStatus.ACTIVE,
        early_start=order.early_start,
        withdrawal_open=order.withdrawal_end is not None and ports.clock.now() < order.withdrawal_end,
    )


def _has_finished(uow: UnitOfWork, member_id: str) -> bool:
    """Whether the sessions are over while the channel is still open."""
    seat = uow.groups.started_seat(member_id)
    return seat is not None and uow.groups.get(seat.group_id).state is GroupState.FINISHED


def _group(uow: UnitOfWork, member_id: str) -> GroupCorner | None:
    seat = uow.groups.live_seat(member_id)
    if seat is None or seat.state is SeatState.PROPOSED:
        return None
    group: Group = uow.groups.get(seat.group_id)
    sessions = uow.sessions.of_group(group.id)
    coming = next((session for session in sessions if session.state is SessionState.PLANNED), None)
    return GroupCorner(
        label=group.label,
        channel_id=group.channel_id,
        state=group.state,
        seat=seat.state,
        group_id=group.id,
        next_number=coming.number if coming else None,
        next_start=coming.starts_at if coming else None,
        zone=group.zone,
        held=sum(session.state is SessionState.HELD for session in sessions),
        planned=len(sessions),
    )
