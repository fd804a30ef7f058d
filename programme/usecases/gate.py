"""The gate: no guide, worksheet or session before the law's instant, the confirmations and the signed charters.

When it opens, the sixteen sessions are written, once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from programme.errors import Refusal
from programme.journal import Action
from programme.messages.groups import CharterRequest
from programme.model.agenda import DeadlineKind
from programme.model.group import OPEN_GROUPS, Group, GroupState
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.session import GroupSession
from programme.model.slots import weekday_of
from programme.ports import Ports, UnitOfWork
from programme.rules import planning
from programme.rules.instants import day_in
from programme.rules.planning import Plan, PlanningError, PlanningReason
from programme.rules.roles import roles_for
from programme.usecases import guide_editions, instalment_dates, newcomers, pings
from programme.usecases.board import refresh_board
from programme.usecases.channel_links import PLAN_LINK, bookmark
from programme.usecases.conditions import conditions
from programme.usecases.day_posts import tell_by_day
from programme.usecases.groups import contract_in_force, members_of, own_seat
from programme.usecases.timetables import days_off_of, guide_due, plan_message

CHARTER = "group_charter"
SIGNABLE = OPEN_GROUPS
FIRST_WEEKS = 8
"""How many first weeks are tried: a first day may be a holiday, and so may too many of the weeks that follow it."""


def sign_charter(ports: Ports, *, caller: Caller, group_id: str) -> None:
    """Sign the charter of the group, once; its exact text goes to the evidence chain."""
    with ports.uow() as uow:
        group = uow.groups.get(group_id)
        member, seat = own_seat(uow, caller, group_id)
        if seat.charter_signed_at is not None:
            return
        enrolment = contract_in_force(uow, member)
        if group.state not in SIGNABLE or enrolment is None:
            raise Refusal("group_state", state=group.state.value)
        now = ports.clock.now()
        seat.charter_signed_at = now
        facts = {"group": group_id, "sha256": charter_digest(ports), "slack_user": caller.slack_user_id}
        uow.enrolments.record(enrolment_id=enrolment.id, kind="charter_signed", at=now, facts=facts)
        uow.journal.write(caller.slack_user_id, Action.CHARTER_SIGNED, group_id)
        signed = CharterRequest(group_id=group_id, signed=True)
        pings.update(uow, caller.slack_user_id, f"charter:{group_id}:{member.id}", signed)
        if group.state in newcomers.BEGUN:
            newcomers.welcome(uow, group, member, seat, now)
        if group.state is GroupState.GATED:
            check_gate(ports, uow, group_id)
        else:
            refresh_board(ports, uow, group_id)


def charter_digest(ports: Ports) -> str:
    """Return the SHA-256 of the charter's exact text."""
    return hashlib.sha256(ports.content.sentence(CHARTER).encode()).hexdigest()


def schedule(ports: Ports, uow: UnitOfWork, group: Group) -> None:
    """Set the instant at which the gate is looked at: the law's, or now."""
    now = ports.clock.now()
    earliest = conditions(uow, group, now).earliest
    uow.agenda.reopen(DeadlineKind.GATE, group.id, max(now, earliest or now))


def gate_may_open(ports: Ports, uow: UnitOfWork, member_id: str) -> None:
    """Look at the gate of the member's group, after a fact of theirs has changed (their confirmation was sent)."""
    seat = uow.groups.live_seat(member_id)
    if seat is not None:
        check_gate(ports, uow, seat.group_id)


def check_gate(ports: Ports, uow: UnitOfWork, group_id: str) -> None:
    """Start the group if nothing holds it back, else say on the board what is awaited; a group starts once."""
    group = uow.groups.get(group_id)
    if group.state is not GroupState.GATED:
        return
    now = ports.clock.now()
    found = conditions(uow, group, now)
    if found.earliest is not None and found.earliest > now:
        uow.agenda.reopen(DeadlineKind.GATE, group_id, found.earliest)
    if not found.awaited:
        _start(ports, uow, group, now)
    refresh_board(ports, uow, group_id)


def _start(ports: Ports, uow: UnitOfWork, group: Group, now: datetime) -> None:
    """The law's instant is midnight: the group starts then; the dates, which ping it, wait for the morning."""
    members = members_of(uow, group.id)
    plan = draft_plan(group, members, now)
    group.move_to(GroupState.RUNNING)
    group.started_at = now
    group.guides_version = guide_editions.keep(ports, uow)
    group.worksheets_version = guide_editions.keep_worksheets(ports, uow)
    group.first_day = plan.days[0]
    last_day = plan.window.last_allowed_day
    group.days_off = tuple(sorted(day for day in plan.days_off if plan.days[0] <= day <= last_day))
    sessions = [_session(group, number, day, members) for number, day in enumerate(plan.days, 1)]
    for session in sessions:
        uow.sessions.add(session)
        uow.agenda.put(DeadlineKind.GUIDE, session.id, guide_due(group, session))
        uow.agenda.put(DeadlineKind.ATTENDANCE_OPEN, session.id, session.starts_at)
        uow.agenda.put(DeadlineKind.CHECK_IN, session.id, planning.checkin_instant(session.day, session.zone))
    for member in members:
        instalment_dates.fix_dates(uow, member, plan.days, now)
    uow.journal.write("bot", Action.GROUP_STARTED, group.id, first_day=plan.days[0].isoformat())
    tell_by_day(uow, group, f"plan:{group.id}", plan_message(group, sessions), now)
    bookmark(uow, group, PLAN_LINK, post_key=f"plan:{group.id}", emoji=":calendar:")


def draft_plan(group: Group, members: Sequence[Member], now: datetime) -> Plan:
    """Return the sixteen days: the first one is the first slot day whose guide can still go out two days before.

    The public holidays of the members' territories and the group's weeks off are off. PlanningError when no first
    week leads to the end.
    """
    first = day_in(now, group.zone)
    lead, hour = group.guide_lead_days, group.guide_hour
    while first.weekday() != weekday_of(group.slot) or planning.guide_instant(first, group.zone, lead, hour) < now:
        first += timedelta(days=1)
    off = frozenset(day for day in days_off_of(group, members, first) if day.weekday() == first.weekday())
    for week in range(FIRST_WEEKS):
        try:
            return planning.plan(first + week * planning.WEEK, days_off=off)
        except PlanningError:
            continue
    raise PlanningError(PlanningReason.PAST_LIMIT)


def _session(group: Group, number: int, day: date, members: Sequence[Member]) -> GroupSession:
    assert group.wall_time is not None
    roles = roles_for(number, sorted(member.id for member in members))
    return GroupSession(
        id=new_id("ses"),
        group_id=group.id,
        number=number,
        day=day,
        wall_time=group.wall_time,
        zone=group.zone,
        starts_at=planning.appointment_utc(day, group.wall_time, group.zone),
        minutes=group.minutes,
        roles={role.value: member_id for role, member_id in roles.items()},
    )
