"""Whether somebody's programme is over, and what they followed of it."""

from __future__ import annotations

from programme.model.enrolment import Enrolment, EnrolmentStatus
from programme.model.group import Group
from programme.model.session import PRESENT, SessionState
from programme.ports import UnitOfWork
from programme.rules.participation import Followed, counted

TO_THE_END = frozenset({EnrolmentStatus.ACTIVE, EnrolmentStatus.FINISHED})


def begun_group(uow: UnitOfWork, enrolment: Enrolment) -> Group | None:
    """Return the group in which this enrolment follows or followed its sessions; None before, and for who has left.

    The group may have begun before the enrolment, which then joined it; one that was over before is that of an earlier
    enrolment.
    """
    seat = uow.groups.started_seat(enrolment.member_id)
    group = uow.groups.get(seat.group_id) if seat else None
    if group is None or group.started_at is None:
        return None
    return group if group.finished_at is None or group.finished_at >= enrolment.opened_at else None


def finished_group(uow: UnitOfWork, enrolment: Enrolment) -> Group | None:
    """Return the group in which this enrolment reached the end of the sessions; None before, or without it."""
    group = begun_group(uow, enrolment)
    if group is None or group.finished_at is None:
        return None
    return group if enrolment.status in TO_THE_END else None


def followed_sessions(uow: UnitOfWork, enrolment: Enrolment) -> tuple[Followed, ...]:
    """Return the sessions of this enrolment that were held, closed and signed by its member, in whatever group."""
    found = []
    for line in uow.sessions.attendance_of_member(enrolment.member_id):
        session = uow.sessions.get(line.session_id)
        counts = session.state is SessionState.HELD and session.closed_at is not None
        if line.state in PRESENT and counts and session.starts_at >= enrolment.opened_at:
            found.append(Followed(session.id, session.number, session.starts_at, session.minutes))
    return counted(found)
