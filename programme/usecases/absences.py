"""Presence at the held sessions of a group, and the alert after two absences in a row (programme §5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from programme.messages.sessions import AbsenceAlert
from programme.model.group import Group
from programme.model.member import Member
from programme.model.session import Attendance, AttendanceState, GroupSession, SessionState
from programme.ports import UnitOfWork
from programme.rules.risks import ABSENCES_IN_A_ROW
from programme.usecases.participants import tell_tutors


def presence(
    held: Sequence[GroupSession],
    lines: Iterable[Attendance],
    member_ids: Iterable[str],
    first: Mapping[str, int] | None = None,
) -> Mapping[str, tuple[bool, ...]]:
    """Return for each member whether they were present at each held session; no signature means absent.

    ``first`` says from which session on a member is expected, where that is not the first.
    """
    since = first or {}
    there = {(line.session_id, line.member_id) for line in lines if line.state is not AttendanceState.ABSENT}
    return {
        member_id: tuple(
            (session.id, member_id) in there for session in held if session.number >= since.get(member_id, 1)
        )
        for member_id in member_ids
    }


def alert(uow: UnitOfWork, session: GroupSession, group: Group, members: Sequence[Member], now: datetime) -> None:
    """Name to the tutors the members for whom ``session`` is the second absence in a row; a third is not news."""
    held = [
        one
        for one in uow.sessions.of_group(group.id)
        if one.state is SessionState.HELD and one.number <= session.number
    ]
    first = {seat.member_id: seat.first_session for seat in uow.groups.seats(group.id)}
    there = presence(held, uow.sessions.attendance_of_group(group.id), [member.id for member in members], first)
    for member in members:
        row = there[member.id]
        if len(row) < ABSENCES_IN_A_ROW or any(row[-ABSENCES_IN_A_ROW:]):
            continue
        if any(row[:-ABSENCES_IN_A_ROW][-1:]) or len(row) == ABSENCES_IN_A_ROW:
            told = AbsenceAlert(
                group_label=group.label,
                tutor_user=group.tutor_id,
                member_user=member.slack_user_id,
                numbers=tuple(one.number for one in held[-ABSENCES_IN_A_ROW:]),
            )
            tell_tutors(uow, f"absences:{session.id}:{member.id}", told, now)
