"""Writing a new timetable: sessions, their deadlines, their posts, and the word to the group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from programme.messages.planning import MovedSession, SessionsMoved
from programme.model.agenda import DeadlineKind
from programme.model.group import Group
from programme.model.session import GroupSession, SessionState
from programme.ports import Ports, UnitOfWork
from programme.rules.planning import appointment_utc, checkin_instant
from programme.rules.rescheduling import Timetable
from programme.usecases import catch_ups, register, sheets
from programme.usecases.board import refresh_board
from programme.usecases.day_posts import tell_by_day
from programme.usecases.margins import slack_left, watch
from programme.usecases.sessions import redraw_guide
from programme.usecases.timetables import guide_due, redraw_plan


def write(
    ports: Ports, uow: UnitOfWork, group: Group, *, before: Timetable, after: Timetable, by: str
) -> tuple[int, ...]:
    """Write the sessions that have other dates and what follows from it; return their numbers."""
    sessions = uow.sessions.of_group(group.id)
    numbers = after.changed_from(before)
    heard, lifted = False, False
    for number in numbers:
        session = sessions[number - 1]
        heard = heard or session.guide_posted_at is not None or session.state is not SessionState.PLANNED
        lifted = _lift(ports, uow, session, after.starts_at(number), by) or lifted
        _put(uow, group, session, after.days[number - 1], after.walls[number - 1])
        redraw_guide(ports, uow, session)
    if before.opened_on is None:
        group.first_day = after.days[0]
    if numbers and (heard or lifted):
        _tell(ports, uow, group, before, sessions, numbers, by=by, lifted=lifted)
    redraw_plan(uow, group)
    refresh_board(ports, uow, group.id)
    watch(ports, uow, group)
    return numbers


def _lift(ports: Ports, uow: UnitOfWork, session: GroupSession, to: datetime, by: str) -> bool:
    """Empty the sheet of the old date, whose lines stay in the register; True when an absence was lifted with it."""
    lines = uow.sessions.attendance(session.id)
    for line in lines:
        register.lifted(uow, session, line, by=by, at=ports.clock.now())
    if session.state is SessionState.MISSED:
        sheets.redraw_moved(uow, sheets.read_sheet(uow, session.id), to)
        catch_ups.settle(uow, session, "moved", at=to)
        session.attempt += 1
    elif lines:
        catch_ups.settle(uow, session, "moved", at=to)
    uow.sessions.clear_attendance(session.id)
    return bool(lines) and session.state is SessionState.PLANNED


def _put(uow: UnitOfWork, group: Group, session: GroupSession, day: date, wall: time) -> None:
    """Give the session its new date; what its first date had done is undone, what it had told is told anew."""
    session.day, session.wall_time = day, wall
    session.starts_at = appointment_utc(day, wall, session.zone)
    session.state, session.closed_at, session.closed_by = SessionState.PLANNED, None, ""
    session.live_step = session.live_step_at = session.live_ended_at = None
    session.sequence += 1
    if session.guide_posted_at is None:
        uow.agenda.reopen(DeadlineKind.GUIDE, session.id, guide_due(group, session))
    uow.agenda.reopen(DeadlineKind.ATTENDANCE_OPEN, session.id, session.starts_at)
    uow.agenda.put(DeadlineKind.CHECK_IN, session.id, checkin_instant(session.day, session.zone))


def _tell(
    ports: Ports,
    uow: UnitOfWork,
    group: Group,
    before: Timetable,
    sessions: Sequence[GroupSession],
    numbers: Sequence[int],
    *,
    by: str,
    lifted: bool,
) -> None:
    moved = tuple(MovedSession(number=n, before=before.starts_at(n), after=sessions[n - 1].starts_at) for n in numbers)
    message = SessionsMoved(
        by_user=by,
        zone=group.zone,
        moved=moved,
        slack_weeks=slack_left(group, sessions, ports.clock.now()),
        absences_lifted=lifted,
    )
    first = sessions[numbers[0] - 1]
    key, soonest = f"moved:{first.id}:{first.sequence}", min(m.after for m in moved)
    tell_by_day(uow, group, key, message, ports.clock.now(), before=soonest)
