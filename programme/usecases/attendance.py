"""The attendance sheet of a session: signed by click, attested by the others, closed once (programme §5).

No trainer is in the room, so members sign for themselves and those present attest each other's signatures. A signature
counts within 24 hours of the start, later and up to 14 days it is marked late. A closed sheet changes only by late
signatures and their attestations. A session is held when enough members signed; else the tutors are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from programme.errors import InvalidForm, Refusal
from programme.journal import Action
from programme.messages import AttendanceSheet, SessionMissed
from programme.model.agenda import DeadlineKind
from programme.model.group import Group, GroupState
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.session import Attendance, AttendanceState, GroupSession, SessionState
from programme.ports import Ports, UnitOfWork
from programme.usecases import absences, sessions
from programme.usecases.board import refresh_board
from programme.usecases.groups import members_of, redraw, skip, tell_group
from programme.usecases.participants import require_participant, tell_tutors

SIGNING = timedelta(hours=24)
LATE_SIGNING = timedelta(days=14)
LEAST_TIME = timedelta(hours=12)
"""However late the sheet opens (the bot was away), this much time stays to sign before it closes by itself."""
ATTESTATIONS = 2
"""How many others attest a signature."""
SHORTEST_REASON = 3
PRESENT = frozenset({AttendanceState.SIGNED, AttendanceState.LATE})


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


def open_sheet(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Post the sheet at the hour of the session (DeadlineKind.ATTENDANCE_OPEN, ``subject`` is the session's id)."""
    sheet = read_sheet(uow, subject)
    session, now = sheet.session, ports.clock.now()
    live = sheet.group.state is GroupState.RUNNING and not sheet.closed
    if not live or now > session.starts_at + LATE_SIGNING:
        return skip(uow, DeadlineKind.ATTENDANCE_OPEN, session.id)
    tell_group(uow, sheet.group.id, _key(session.id), draw_facts(sheet))
    closes_at = max(session.starts_at + SIGNING, now + LEAST_TIME)
    uow.agenda.put(DeadlineKind.ATTENDANCE_CLOSE, session.id, closes_at)
    return uow.journal.write("bot", Action.SHEET_OPENED, session.id, number=session.number)


def close_sheet(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Close the sheet that nobody closed (DeadlineKind.ATTENDANCE_CLOSE, ``subject`` is the session's id)."""
    sheet = read_sheet(uow, subject)
    if not sheet.closed and sheet.group.state is GroupState.RUNNING:
        _close(ports, uow, sheet, by="bot")


def sign(ports: Ports, *, caller: Caller, session_id: str) -> AttendanceState:
    """Sign for oneself; LATE once 24 hours have passed. Refusal(already_signed | session_not_open | session_closed)."""
    with ports.uow() as uow:
        sheet, member = _enter(uow, caller, session_id)
        line = sheet.lines.get(member.id)
        if line is not None and line.state in PRESENT:
            raise Refusal("already_signed")
        state = _signature(sheet, ports.clock.now(), declared=line is not None)
        _record(ports, uow, sheet, member, state)
        uow.journal.write(caller.slack_user_id, Action.ATTENDANCE_SIGNED, session_id, state=state.value)
        if sheet.session.state is SessionState.MISSED and sheet.has_quorum:
            _recover(ports, uow, sheet)
        _redraw_sheet(uow, sheet)
        return state


def _signature(sheet: Sheet, now: datetime, *, declared: bool) -> AttendanceState:
    """What a signature given now is worth; ``declared`` says that the person had declared an absence."""
    starts_at = sheet.session.starts_at
    if now < starts_at:
        raise Refusal("session_not_open")
    in_time = now <= starts_at + SIGNING
    if now > starts_at + LATE_SIGNING or (sheet.closed and (declared or now < starts_at + SIGNING)):
        raise Refusal("session_closed")
    return AttendanceState.SIGNED if in_time and not sheet.closed else AttendanceState.LATE


def declare_absence(ports: Ports, *, caller: Caller, session_id: str, reason: str) -> None:
    """Declare one's own absence, before the session or while its sheet is open; it takes a wrong signature back.

    The reason is for the tutor; no medical detail is asked for. InvalidForm(reason), Refusal("session_closed").
    """
    with ports.uow() as uow:
        sheet, member = _enter(uow, caller, session_id)
        if sheet.closed:
            raise Refusal("session_closed")
        if len(reason.strip()) < SHORTEST_REASON:
            raise InvalidForm({"reason": "reason_missing"})
        _record(ports, uow, sheet, member, AttendanceState.ABSENT, reason.strip())
        uow.journal.write(caller.slack_user_id, Action.ABSENCE_DECLARED, session_id)
        _redraw_sheet(uow, sheet)


def attest(ports: Ports, *, caller: Caller, session_id: str) -> int:
    """Attest every signature of the others so far and return how many were new; only those present attest.

    Refusal(attest_unsigned | cannot_attest_self | nothing_to_attest | session_closed).
    """
    with ports.uow() as uow:
        sheet, member = _enter(uow, caller, session_id)
        own = sheet.lines.get(member.id)
        if own is None or own.state not in PRESENT:
            raise Refusal("attest_unsigned")
        if ports.clock.now() > sheet.session.starts_at + LATE_SIGNING:
            raise Refusal("session_closed")
        others = [line for line in sheet.lines.values() if line.state in PRESENT and line is not own]
        if not others:
            raise Refusal("cannot_attest_self")
        fresh = [line for line in others if member.id not in line.attested_by]
        if sheet.closed:
            fresh = [line for line in fresh if line.state is AttendanceState.LATE]
        if not fresh:
            raise Refusal("nothing_to_attest")
        for line in fresh:
            line.attested_by = (*line.attested_by, member.id)
        uow.journal.write(caller.slack_user_id, Action.ATTENDANCE_ATTESTED, session_id, count=len(fresh))
        _redraw_sheet(uow, sheet)
        return len(fresh)


def close_session(ports: Ports, *, caller: Caller, session_id: str) -> SessionState:
    """Close the sheet once everybody has signed or declared an absence; a second press finds it closed.

    Refusal(session_not_open | sheet_incomplete).
    """
    with ports.uow() as uow:
        sheet, _ = _enter(uow, caller, session_id)
        if sheet.closed:
            return sheet.session.state
        if ports.clock.now() < sheet.session.starts_at:
            raise Refusal("session_not_open")
        if sheet.missing:
            raise Refusal("sheet_incomplete", missing=sheet.missing)
        _close(ports, uow, sheet, by=caller.slack_user_id)
        return sheet.session.state


def _enter(uow: UnitOfWork, caller: Caller, session_id: str) -> tuple[Sheet, Member]:
    """The sheet and the caller's place on it; NotAllowed for who is not in the group, Refusal once it is dissolved."""
    sheet = read_sheet(uow, session_id)
    member = require_participant(uow, caller, sheet.group.id)
    if sheet.group.state not in {GroupState.RUNNING, GroupState.FINISHED}:
        raise Refusal("session_past")
    return sheet, member


def _record(
    ports: Ports, uow: UnitOfWork, sheet: Sheet, member: Member, state: AttendanceState, reason: str = ""
) -> None:
    """Write the member's one line of the sheet; attestations hold for what was written when they were given."""
    now = ports.clock.now()
    line = sheet.lines.get(member.id)
    if line is None:
        line = Attendance(new_id("att"), sheet.session.id, member.id, state, now, reason=reason)
        uow.sessions.add_attendance(line)
        sheet.lines[member.id] = line
    else:
        line.state, line.recorded_at, line.reason, line.attested_by = state, now, reason, ()


def _close(ports: Ports, uow: UnitOfWork, sheet: Sheet, *, by: str) -> None:
    session = sheet.session
    session.state = SessionState.HELD if sheet.has_quorum else SessionState.MISSED
    session.closed_at, session.closed_by = ports.clock.now(), by
    uow.agenda.cancel(DeadlineKind.ATTENDANCE_CLOSE, session.id)
    uow.journal.write(by, Action.SESSION_CLOSED, session.id, state=session.state.value, present=sheet.present)
    _redraw_sheet(uow, sheet)
    if session.state is SessionState.HELD:
        absences.alert(uow, session, sheet.group, sheet.members)
    else:
        tell_tutors(uow, f"missed:{session.id}", _missed(sheet))
    if session.number == max(one.number for one in uow.sessions.of_group(sheet.group.id)):
        sessions.finish_group(ports, uow, sheet.group)
    else:
        refresh_board(ports, uow, sheet.group.id)


def _recover(ports: Ports, uow: UnitOfWork, sheet: Sheet) -> None:
    """Late signatures have made up the number: the session was held after all."""
    sheet.session.state = SessionState.HELD
    redraw(uow, f"missed:{sheet.session.id}", _missed(sheet), lane="tutors")
    absences.alert(uow, sheet.session, sheet.group, sheet.members)
    sessions.correct_end(uow, sheet.group)
    refresh_board(ports, uow, sheet.group.id)


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


def _redraw_sheet(uow: UnitOfWork, sheet: Sheet) -> None:
    """Edit the sheet in place, once it is posted: an absence may be declared before."""
    if uow.outbox.get(_key(sheet.session.id)) is not None:
        redraw(uow, _key(sheet.session.id), draw_facts(sheet), lane=f"group:{sheet.group.id}")


def _key(session_id: str) -> str:
    return f"sheet:{session_id}"


def draw_facts(sheet: Sheet) -> AttendanceSheet:
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
