"""The sixteen sessions of a group, their attendance and their check-ins (programme §5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum


class SessionState(StrEnum):
    """A session is planned, then held (closed with an attendance record) or missed."""

    PLANNED = "planned"
    HELD = "held"
    MISSED = "missed"


@dataclass
class GroupSession:
    """One appointment: local wall time and zone are the truth, ``starts_at`` is the computed UTC instant.

    ``sequence`` is the iCalendar SEQUENCE, raised by each change; ``roles`` maps a role to a member id. ``attempt``
    grows when a session that was not held gets another date. During the session the group may follow its agenda:
    ``live_step`` is the step it is at, from 0, since ``live_step_at``.
    """

    id: str
    group_id: str
    number: int
    day: date
    wall_time: time
    zone: str
    starts_at: datetime
    minutes: int = 120
    state: SessionState = SessionState.PLANNED
    sequence: int = 0
    roles: dict[str, str] = field(default_factory=dict)
    guide_posted_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    attempt: int = 1
    live_step: int | None = None
    live_step_at: datetime | None = None
    live_ended_at: datetime | None = None
    version: int = 0


class AttendanceState(StrEnum):
    """What the sheet says of one member: signed in time, signed late (24 h to 14 days), or absent."""

    SIGNED = "signed"
    LATE = "late"
    ABSENT = "absent"


PRESENT = frozenset({AttendanceState.SIGNED, AttendanceState.LATE})


@dataclass
class Attendance:
    """One member's line of one session's sheet; ``attested_by`` lists the members who confirm the signature.

    ``proofs`` are the ids of the files that support an absence.
    """

    id: str
    session_id: str
    member_id: str
    state: AttendanceState
    recorded_at: datetime
    attested_by: tuple[str, ...] = ()
    reason: str = ""
    proofs: tuple[str, ...] = ()
    version: int = 0


@dataclass
class CheckIn:
    """The private check-in two days after a session: three questions at most, changeable after sending."""

    id: str
    session_id: str
    member_id: str
    asked_at: datetime
    answered_at: datetime | None = None
    progress: int | None = None
    work_done: str = ""
    obstacle: str = ""
    note: str = ""
    reminders: int = 0
    version: int = 0
