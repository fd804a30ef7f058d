"""The sheet of a session: what it says now, when it closes, and what its closing leads to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from programme.journal import Action
from programme.messages.sessions import AttendanceSheet, SessionMissed
from programme.model.agenda import DeadlineKind
from programme.model.group import Group
from programme.model.member import Member
from programme.model.session import PRESENT, Attendance, AttendanceState, GroupSession, SessionState
from programme.ports import Ports, UnitOfWork
from programme.usecases import absences, catch_ups, live, register, sessions
from programme.usecases.board import refresh_board
from programme.usecases.groups import members_of, redraw, tell_group
from programme.usecases.margins import watch
from programme.usecases.participants import tell_tutors

ATTESTATIONS = 2
"""How many others attest a signature."""


def quorum(size: int) -> int:
    """How many must be present for a session to be held: three of four, two of three."""
    return 3 if size >= 4 else 2


@dataclass
class Sheet:
    """A session with its group, its members and what is recorded of them."""

    session: GroupSession
    group: Group
    members: list[Member]
    lines: dict[str, Attendance]

    @property
    def closed(self) -> bool:
        """Whether the session has been closed, by hand or by its deadline."""
        return self.session.closed_at is not None

    @property
    def present(self) -> int:
        """How many members signed, in time or late."""
        return sum(line.state in PRESENT for line in self.lines.values())

    @property
    def missing(self) -> int:
        """How many members neither signed nor declared an absence."""
        return sum(member.id not in self.lines for member in self.members)

    @property
    def has_quorum(self) -> bool:
        """Whether enough members were present."""
        return self.present >= quorum(len(self.members))


def read_sheet(uow: UnitOfWork, session_id: str) -> Sheet:
    """Return the sheet as it stands."""
    session = uow.sessions.get(session_id)
    lines = {line.member_id: line for line in uow.sessions.attendance(session_id)}
    return Sheet(session, uow.groups.get(session.group_id), members_of(uow, session.group_id), lines)


def post_sheet(uow: UnitOfWork, sheet: Sheet) -> None:
    """Post the sheet in the group's channel."""
    tell_group(uow, sheet.group.id, _key(sheet.session), describe(sheet))


def close(ports: Ports, uow: UnitOfWork, sheet: Sheet, *, by: str) -> None:
    """Close the session as held or missed; ``by`` is a Slack user id or ``bot``."""
    session = sheet.session
    session.state = SessionState.HELD if sheet.has_quorum else SessionState.MISSED
    session.closed_at, session.closed_by = ports.clock.now(), by
    session.sequence += session.state is SessionState.MISSED  # calendars see it cancelled
    live.stop(ports, uow, session)
    register.closed(uow, session, sheet.members, sheet.lines)
    uow.agenda.cancel(DeadlineKind.ATTENDANCE_CLOSE, session.id)
    uow.journal.write(by, Action.SESSION_CLOSED, session.id, state=session.state.value, present=sheet.present)
    redraw_sheet(uow, sheet)
    if session.state is SessionState.HELD:
        absences.alert(uow, session, sheet.group, sheet.members, ports.clock.now())
    else:
        tell_tutors(uow, _missed_key(session), _missed(sheet), ports.clock.now())
        catch_ups.propose(ports, uow, sheet.group, session)
        watch(ports, uow, sheet.group)
    if session.number == max(one.number for one in uow.sessions.of_group(sheet.group.id)):
        sessions.last_closed(ports, uow, sheet.group, session)
    else:
        refresh_board(ports, uow, sheet.group.id)


def recover(ports: Ports, uow: UnitOfWork, sheet: Sheet) -> None:
    """Late signatures have made up the number: the session was held after all."""
    sheet.session.state = SessionState.HELD
    redraw(uow, _missed_key(sheet.session), _missed(sheet), lane="tutors")
    catch_ups.settle(uow, sheet.session, "held")
    sheet.session.sequence += 1
    absences.alert(uow, sheet.session, sheet.group, sheet.members, ports.clock.now())
    sessions.last_recovered(ports, uow, sheet.group, sheet.session)
    sessions.correct_end(uow, sheet.group)
    refresh_board(ports, uow, sheet.group.id)


def _missed_key(session: GroupSession) -> str:
    return f"missed:{session.id}" if session.attempt == 1 else f"missed:{session.id}:{session.attempt}"


def _missed(sheet: Sheet) -> SessionMissed:
    return SessionMissed(
        group_label=sheet.group.label,
        tutor_user=sheet.group.tutor_id,
        number=sheet.session.number,
        starts_at=sheet.session.starts_at,
        zone=sheet.session.zone,
        present=sheet.present,
        size=len(sheet.members),
        recovered=sheet.session.state is SessionState.HELD,
    )


def redraw_sheet(uow: UnitOfWork, sheet: Sheet) -> None:
    """Edit the sheet in place, once it is posted: an absence may be declared before."""
    if uow.outbox.get(_key(sheet.session)) is not None:
        redraw(uow, _key(sheet.session), describe(sheet), lane=f"group:{sheet.group.id}")


def redraw_moved(uow: UnitOfWork, sheet: Sheet, to: datetime) -> None:
    """End the sheet of a date that has been replaced: nothing can be signed on it any more."""
    if uow.outbox.get(_key(sheet.session)) is not None:
        ended = describe(sheet).model_copy(update={"moved_to": to})
        redraw(uow, _key(sheet.session), ended, lane=f"group:{sheet.group.id}")


def _key(session: GroupSession) -> str:
    """One post for each attempt at a session."""
    return f"sheet:{session.id}" if session.attempt == 1 else f"sheet:{session.id}:{session.attempt}"


def describe(sheet: Sheet) -> AttendanceSheet:
    """Return what the sheet says now; reasons of absence are never part of it."""
    lines = [(member.slack_user_id, sheet.lines.get(member.id)) for member in sheet.members]

    def users(*states: AttendanceState) -> tuple[str, ...]:
        return tuple(user for user, line in lines if line is not None and line.state in states)

    return AttendanceSheet(
        session_id=sheet.session.id,
        number=sheet.session.number,
        starts_at=sheet.session.starts_at,
        zone=sheet.session.zone,
        signed_users=users(AttendanceState.SIGNED),
        late_users=users(AttendanceState.LATE),
        absent_users=users(AttendanceState.ABSENT),
        awaited_users=tuple(user for user, line in lines if line is None),
        attested_users=tuple(u for u, line in lines if line is not None and len(line.attested_by) >= ATTESTATIONS),
        closed=sheet.closed,
        held=sheet.session.state is SessionState.HELD,
    )
