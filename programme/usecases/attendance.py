"""Attendance: signed by click, attested by the others, closed once (programme §5).

No trainer is in the room, so members sign for themselves and those present attest each other's signatures. A signature
counts within 24 hours of the start, later and up to 14 days it is marked late. A closed sheet changes only by late
signatures, attestations, and the reason of who did not sign. A session is held when enough members signed; else the
tutors are told. Each act is a link of the evidence chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from programme.errors import InvalidForm, Refusal
from programme.journal import Action
from programme.model.agenda import DeadlineKind
from programme.model.group import GroupState
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.session import PRESENT, Attendance, AttendanceState, GroupSession, SessionState
from programme.ports import Ports, UnitOfWork
from programme.usecases import absence_notes, attestations, catch_ups, register
from programme.usecases.files import SharedFile
from programme.usecases.groups import skip
from programme.usecases.participants import require_participant, started_group_of
from programme.usecases.sheets import Sheet, close, post_sheet, read_sheet, recover, redraw_sheet

SIGNING = timedelta(hours=24)
LATE_SIGNING = timedelta(days=14)
LEAST_TIME = timedelta(hours=12)
"""However late the sheet opens (the bot was away), this much time stays to sign before it closes by itself."""
SHORTEST_REASON = 3
SIGNABLE = frozenset({GroupState.RUNNING, GroupState.PAUSED, GroupState.FINISHED})


def open_sheet(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Post the sheet at the hour of the session (DeadlineKind.ATTENDANCE_OPEN, ``subject`` is the session's id)."""
    sheet = read_sheet(uow, subject)
    session, now = sheet.session, ports.clock.now()
    live = sheet.group.state is GroupState.RUNNING and not sheet.closed
    if not live or now > session.starts_at + LATE_SIGNING:
        return skip(uow, DeadlineKind.ATTENDANCE_OPEN, session.id)
    post_sheet(uow, sheet)
    closes_at = max(session.starts_at + SIGNING, now + LEAST_TIME)
    uow.agenda.reopen(DeadlineKind.ATTENDANCE_CLOSE, session.id, closes_at)
    return uow.journal.write("bot", Action.SHEET_OPENED, session.id, number=session.number)


def close_sheet(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Close the sheet that nobody closed (DeadlineKind.ATTENDANCE_CLOSE, ``subject`` is the session's id)."""
    sheet = read_sheet(uow, subject)
    if not sheet.closed and sheet.group.state in {GroupState.RUNNING, GroupState.PAUSED}:
        close(ports, uow, sheet, by="bot")


def sign(ports: Ports, *, caller: Caller, session_id: str) -> AttendanceState:
    """Sign for oneself; LATE once 24 hours have passed. Refusal(already_signed | session_not_open | session_closed)."""
    with ports.uow() as uow:
        sheet, member = _enter(uow, caller, session_id)
        line = sheet.lines.get(member.id)
        if line is not None and line.state in PRESENT:
            raise Refusal("already_signed")
        state = _signature(sheet, ports.clock.now(), declared=line is not None)
        _record(ports, uow, sheet, member, state)
        register.signed(uow, sheet.session, sheet.lines[member.id], by=caller)
        if line is not None:
            absence_notes.tell(uow, line, ports.clock.now())
        uow.journal.write(caller.slack_user_id, Action.ATTENDANCE_SIGNED, session_id, state=state.value)
        if sheet.session.state is SessionState.MISSED and sheet.has_quorum:
            recover(ports, uow, sheet)
        if sheet.closed:
            attestations.look_again(uow, sheet.lines, ports.clock.now())
        redraw_sheet(uow, sheet)
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


def declare_absence(
    ports: Ports, *, caller: Caller, session_id: str, reason: str, proofs: Sequence[SharedFile] = ()
) -> None:
    """Declare one's own absence, before the session or while its sheet is open; it takes a wrong signature back.

    Once the sheet is closed, and for fourteen days, who did not sign can still say why.
    The reason is for the tutor; no medical detail is asked for. InvalidForm(reason), Refusal("session_closed").
    """
    with ports.uow() as uow:
        sheet, member = _enter(uow, caller, session_id)
        if sheet.closed and not _may_explain(sheet, member, ports.clock.now()):
            raise Refusal("session_closed")
        if len(reason.strip()) < SHORTEST_REASON:
            raise InvalidForm({"reason": "reason_missing"})
        _record(ports, uow, sheet, member, AttendanceState.ABSENT, reason=reason.strip())
        register.absent(uow, sheet.session, sheet.lines[member.id], by=caller)
        uow.journal.write(caller.slack_user_id, Action.ABSENCE_DECLARED, session_id)
        absence_notes.tell(uow, sheet.lines[member.id], ports.clock.now())
        absence_notes.fetch_proofs(uow, sheet.lines[member.id], user=caller.slack_user_id, proofs=proofs)
        redraw_sheet(uow, sheet)
        catch_ups.propose_ahead(ports, uow, sheet.group, sheet.session)


def _may_explain(sheet: Sheet, member: Member, now: datetime) -> bool:
    line = sheet.lines.get(member.id)
    signed = line is not None and line.state in PRESENT
    return not signed and now <= sheet.session.starts_at + LATE_SIGNING


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
        if sheet.present == 1:
            raise Refusal("cannot_attest_self")
        fresh = _unattested(sheet, member)
        if not fresh:
            raise Refusal("nothing_to_attest")
        for line in fresh:
            line.attested_by = (*line.attested_by, member.id)
            register.attested(uow, sheet.session, line, by=caller, at=ports.clock.now())
        uow.journal.write(caller.slack_user_id, Action.ATTENDANCE_ATTESTED, session_id, count=len(fresh))
        redraw_sheet(uow, sheet)
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
        close(ports, uow, sheet, by=caller.slack_user_id)
        return sheet.session.state


def _enter(uow: UnitOfWork, caller: Caller, session_id: str) -> tuple[Sheet, Member]:
    """The sheet and the caller's place on it; NotAllowed for who is not in the group, Refusal once it is dissolved."""
    sheet = read_sheet(uow, session_id)
    member = require_participant(uow, caller, sheet.group.id)
    if sheet.group.state not in SIGNABLE:
        raise Refusal("session_past")
    return sheet, member


def _record(
    ports: Ports, uow: UnitOfWork, sheet: Sheet, member: Member, state: AttendanceState, *, reason: str = ""
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


@dataclass(frozen=True)
class OwnSheet:
    """What one member sees of one session's sheet, and what they can still do."""

    session_id: str
    number: int
    starts_at: datetime
    zone: str
    begun: bool
    closed: bool
    state: AttendanceState | None
    attestations: int
    to_attest: int
    missing: int


def own_sheets(ports: Ports, *, caller: Caller) -> tuple[OwnSheet, ...]:
    """Return the sheet on which something is left to do, and the next session, whose absence may be declared.

    Refusal("not_in_group" | "session_none").
    """
    now = ports.clock.now()
    with ports.reading() as uow:
        group = started_group_of(uow, caller)
        member = require_participant(uow, caller, group.id)
        sheets = [_own(read_sheet(uow, session.id), member, now) for session in _near(uow, group.id, now)]
    useful = tuple(sheet for sheet in sheets if not sheet.closed or sheet.state is None or sheet.to_attest)
    if not useful:
        raise Refusal("session_none")
    return useful


def _near(uow: UnitOfWork, group_id: str, now: datetime) -> list[GroupSession]:
    """The latest session that has begun, while it can still be signed, and the next one."""
    every = uow.sessions.of_group(group_id)
    begun = [session for session in every if session.starts_at <= now <= session.starts_at + LATE_SIGNING]
    coming = [session for session in every if session.starts_at > now]
    return begun[-1:] + coming[:1]


def _own(sheet: Sheet, member: Member, now: datetime) -> OwnSheet:
    line = sheet.lines.get(member.id)
    here = line is not None and line.state in PRESENT
    return OwnSheet(
        session_id=sheet.session.id,
        number=sheet.session.number,
        starts_at=sheet.session.starts_at,
        zone=sheet.session.zone,
        begun=sheet.session.starts_at <= now,
        closed=sheet.closed,
        state=line.state if line else None,
        attestations=len(line.attested_by) if line else 0,
        to_attest=len(_unattested(sheet, member)) if here else 0,
        missing=sheet.missing,
    )


def _unattested(sheet: Sheet, member: Member) -> list[Attendance]:
    """The others' signatures that the member has not attested."""
    return [
        line
        for line in sheet.lines.values()
        if line.state in PRESENT and line.member_id != member.id and member.id not in line.attested_by
    ]
