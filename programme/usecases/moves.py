"""Moving sessions: one or all that follow, by any member, seen before it is applied (programme §5).

What a preview showed is what is applied: its fingerprint names the dates on which it stood. Two members at once, or a
second press, end in the same dates. Guide, sheet, check-in and calendar follow; the others are told only where they
had already been told the old date.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from programme.errors import NotFound, Refusal
from programme.journal import Action
from programme.model.group import Group, GroupState
from programme.model.people import Caller
from programme.model.session import GroupSession, SessionState
from programme.ports import Ports, UnitOfWork
from programme.rules.planning import PlanningError
from programme.rules.rescheduling import Timetable, move_one, move_rest
from programme.usecases.groups import members_of
from programme.usecases.participants import require_participant, started_group_of
from programme.usecases.rescheduling import write
from programme.usecases.timetables import holidays_of, refusal_of, timetable_of


@dataclass(frozen=True)
class Move:
    """What is asked: this session on that day at that local hour, alone or with all that follow."""

    session_id: str
    day: date
    wall: time
    following: bool = False


@dataclass(frozen=True)
class Change:
    """One session that would get another date; ``holiday`` names the public holiday that it would fall on."""

    number: int
    before: datetime
    after: datetime
    holiday: str = ""


@dataclass(frozen=True)
class Preview:
    """What a change would do; ``told`` says whether the group will get a message about it."""

    zone: str
    changes: tuple[Change, ...]
    slack_weeks: int
    last_allowed_day: date
    told: bool
    fingerprint: str


@dataclass(frozen=True)
class Movable:
    """A session that may be moved; ``missed`` when it is to be caught up."""

    session_id: str
    number: int
    starts_at: datetime
    missed: bool


@dataclass(frozen=True)
class Movables:
    """The sessions that may be moved, in the group's zone."""

    zone: str
    sessions: tuple[Movable, ...]


@dataclass(frozen=True)
class Reading:
    """A running group read for a change, in one transaction."""

    group: Group
    sessions: list[GroupSession]
    table: Timetable


def read_running(uow: UnitOfWork, caller: Caller, now: datetime) -> Reading:
    """The caller's running group; Refusal(not_in_group | plan_paused | programme_over), NotAllowed for who left."""
    group = started_group_of(uow, caller)
    require_participant(uow, caller, group.id)
    if group.state is GroupState.PAUSED:
        raise Refusal("plan_paused")
    if group.state is not GroupState.RUNNING:
        raise Refusal("programme_over")
    sessions = uow.sessions.of_group(group.id)
    return Reading(group, sessions, timetable_of(uow, group, sessions, now))


def movables(ports: Ports, *, caller: Caller) -> Movables:
    """The sessions that the caller may move; Refusal("plan_none_movable") when all have begun."""
    with ports.reading() as uow:
        read = read_running(uow, caller, ports.clock.now())
        found = [one for one in read.sessions if one.number in read.table.movable]
        if not found:
            raise Refusal("plan_none_movable")
        missed = SessionState.MISSED
        return Movables(
            read.group.zone, tuple(Movable(one.id, one.number, one.starts_at, one.state is missed) for one in found)
        )


def preview(ports: Ports, *, caller: Caller, move: Move) -> Preview:
    """Show what the move would do; Refusal with the reason when it cannot be."""
    now = ports.clock.now()
    with ports.reading() as uow:
        read = read_running(uow, caller, now)
        return describe(uow, read, _moved(read, move, now))


def apply(ports: Ports, *, caller: Caller, move: Move, fingerprint: str) -> Preview:
    """Apply the move that was shown; a second press finds it done. Refusal("plan_changed") where dates have changed."""
    now = ports.clock.now()
    with ports.uow() as uow:
        read = read_running(uow, caller, now)
        if fingerprint != fingerprint_of(read.sessions):
            if _is_done(read, move):
                return describe(uow, read, read.table)
            raise Refusal("plan_changed")
        after = _moved(read, move, now)
        seen = describe(uow, read, after)
        numbers = write(ports, uow, read.group, before=read.table, after=after, by=caller.slack_user_id)
        uow.journal.write(caller.slack_user_id, Action.SESSIONS_MOVED, read.group.id, numbers=numbers)
        return seen


def _number(read: Reading, session_id: str) -> int:
    """The session's number in the caller's own group; NotFound for any other group's."""
    for one in read.sessions:
        if one.id == session_id:
            return one.number
    raise NotFound


def _moved(read: Reading, move: Move, now: datetime) -> Timetable:
    moving = move_rest if move.following else move_one
    try:
        after = moving(read.table, _number(read, move.session_id), move.day, move.wall, now)
    except PlanningError as error:
        raise refusal_of(error) from error
    if not after.changed_from(read.table):
        raise Refusal("plan_unchanged")
    return after


def _is_done(read: Reading, move: Move) -> bool:
    """Whether the session stands where it was asked for: the same press again, or somebody else's same wish."""
    session = read.sessions[_number(read, move.session_id) - 1]
    return (session.day, session.wall_time) == (move.day, move.wall)


def describe(uow: UnitOfWork, read: Reading, after: Timetable) -> Preview:
    """What the change from the group's timetable to ``after`` means to the group."""
    holidays = holidays_of(members_of(uow, read.group.id), after.days[0])
    changed = after.changed_from(read.table)
    return Preview(
        zone=after.zone,
        changes=tuple(
            Change(
                number,
                read.table.starts_at(number),
                after.starts_at(number),
                holidays.get(after.days[number - 1], ""),
            )
            for number in changed
        ),
        slack_weeks=after.slack_weeks,
        last_allowed_day=after.last_allowed_day,
        told=any(was_told(uow, read.sessions[number - 1]) for number in changed),
        fingerprint=fingerprint_of(read.sessions),
    )


def was_told(uow: UnitOfWork, session: GroupSession) -> bool:
    """Whether the group has already heard of the old date: by the guide, the sheet, or an absence declared for it."""
    heard = session.guide_posted_at is not None or session.state is not SessionState.PLANNED
    return heard or bool(uow.sessions.attendance(session.id))


def fingerprint_of(sessions: Sequence[GroupSession]) -> str:
    """What the dates are now, in a few characters: it changes with any of them."""
    told = "|".join(f"{one.number}:{one.starts_at.isoformat()}:{one.sequence}:{one.state.value}" for one in sessions)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
