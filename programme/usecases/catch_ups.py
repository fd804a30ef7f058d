"""Fewer than three present, or soon to be: a catch-up in the same week is proposed to the group (programme §5)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Literal

from programme.messages.planning import CatchUpProposal
from programme.model.group import Group
from programme.model.session import AttendanceState, GroupSession
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.planning import PlanningError, appointment_utc
from programme.rules.rescheduling import Timetable, catch_up_days, move_one
from programme.usecases.day_posts import tell_by_day
from programme.usecases.groups import members_of, redraw
from programme.usecases.timetables import timetable_of

PEOPLE = 3
"""Below it a catch-up is proposed, whatever the size of the group."""


def propose(ports: Ports, uow: UnitOfWork, group: Group, session: GroupSession) -> None:
    """Propose dates for a session that was not held, as long as the next one has not begun."""
    table = _table(ports, uow, group)
    if session.number in table.movable:
        _post(ports, uow, group, session, table, missed=True)


def propose_ahead(ports: Ports, uow: UnitOfWork, group: Group, session: GroupSession) -> None:
    """Propose dates for a coming session once so many have declared an absence that fewer than three would come."""
    absent = sum(line.state is AttendanceState.ABSENT for line in uow.sessions.attendance(session.id))
    if session.starts_at <= ports.clock.now() or len(members_of(uow, group.id)) - absent >= PEOPLE:
        return
    table = _table(ports, uow, group)
    if session.number in table.movable:
        _post(ports, uow, group, session, table, missed=False)


def settle(
    uow: UnitOfWork, session: GroupSession, how: Literal["moved", "held"], *, at: datetime | None = None
) -> None:
    """Close the proposals made for this date of the session."""
    for missed in (True, False):
        key = _key(session, missed=missed)
        if uow.outbox.get(key) is None:
            continue
        told = CatchUpProposal(
            session_id=session.id,
            number=session.number,
            zone=session.zone,
            missed=missed,
            dates=(),
            settled=how,
            settled_at=at,
        )
        redraw(uow, key, told, lane=f"group:{session.group_id}")


def _table(ports: Ports, uow: UnitOfWork, group: Group) -> Timetable:
    return timetable_of(uow, group, uow.sessions.of_group(group.id), ports.clock.now())


def _post(
    ports: Ports, uow: UnitOfWork, group: Group, session: GroupSession, table: Timetable, *, missed: bool
) -> None:
    now = ports.clock.now()
    days = catch_up_days(table, session.number, day_in(now, group.zone))
    message = CatchUpProposal(
        session_id=session.id,
        number=session.number,
        zone=group.zone,
        missed=missed,
        dates=tuple(
            appointment_utc(day, session.wall_time, group.zone)
            for day in days
            if _can_be(table, session.number, day, session.wall_time, now)
        ),
    )
    before = None if missed else session.starts_at
    tell_by_day(uow, group, _key(session, missed=missed), message, now, before=before)


def _can_be(table: Timetable, number: int, day: date, wall: time, now: datetime) -> bool:
    try:
        move_one(table, number, day, wall, now)
    except PlanningError:
        return False
    return True


def _key(session: GroupSession, *, missed: bool) -> str:
    """One proposal for each date of a session: the date's SEQUENCE makes it unique."""
    return f"catch_up:{session.id}:{session.sequence}:{'after' if missed else 'ahead'}"
