"""The attendance register: each act on a sheet as a link of the evidence chain of the member it concerns.

The sheet's rows say how things stand and may be edited; the links say what was done, by whom and when, and cannot be
changed without breaking the chain. The reason of an absence is never part of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from programme.model.member import Member
from programme.model.people import Caller
from programme.model.session import Attendance, GroupSession
from programme.ports import UnitOfWork

SIGNED, ABSENT, ATTESTED, CLOSED = "attendance_signed", "absence_declared", "attendance_attested", "session_closed"
LIFTED = "attendance_lifted"
KINDS = frozenset({SIGNED, ABSENT, ATTESTED, CLOSED, LIFTED})


def signed(uow: UnitOfWork, session: GroupSession, line: Attendance, *, by: Caller) -> None:
    """A member has signed for themselves, in time or late."""
    _link(uow, session, line.member_id, SIGNED, line.recorded_at, by=by.slack_user_id, state=line.state.value)


def absent(uow: UnitOfWork, session: GroupSession, line: Attendance, *, by: Caller) -> None:
    """A member has declared their own absence."""
    _link(uow, session, line.member_id, ABSENT, line.recorded_at, by=by.slack_user_id)


def attested(uow: UnitOfWork, session: GroupSession, line: Attendance, *, by: Caller, at: datetime) -> None:
    """Another member has attested this line's signature."""
    _link(uow, session, line.member_id, ATTESTED, at, by=by.slack_user_id, signature=line.id)


def lifted(uow: UnitOfWork, session: GroupSession, line: Attendance, *, by: str, at: datetime) -> None:
    """The session gets another date: what was signed or declared for this one does not count for the next."""
    _link(uow, session, line.member_id, LIFTED, at, by=by)


def closed(uow: UnitOfWork, session: GroupSession, members: Iterable[Member], lines: dict[str, Attendance]) -> None:
    """The session is closed: one link for each member, with what the sheet said of them then."""
    assert session.closed_at is not None
    for member in members:
        line = lines.get(member.id)
        presence = line.state.value if line else "unsigned"
        facts = {"state": session.state.value, "presence": presence}
        _link(uow, session, member.id, CLOSED, session.closed_at, by=session.closed_by, **facts)


def _link(uow: UnitOfWork, session: GroupSession, member_id: str, kind: str, at: datetime, **facts: str) -> None:
    enrolment = uow.enrolments.current(member_id)
    if enrolment is None:
        return
    known = {"session": session.id, "number": session.number, "starts_at": session.starts_at.isoformat()}
    uow.enrolments.record(enrolment_id=enrolment.id, kind=kind, at=at, facts={**known, **facts})
