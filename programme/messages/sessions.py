"""Sessions: guide, attendance sheet, alerts."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from programme.messages.base import BaseMessage


class SessionGuide(BaseMessage):
    """In the group's channel: the guide of a session, two days before."""

    kind: Literal["session_guide"] = "session_guide"
    group_id: str
    number: int
    starts_at: datetime
    zone: str
    minutes: int
    roles: dict[str, str]
    video_url: str = ""
    edition: str = ""
    part: int = 1
    parts: int = 1


class AttendanceSheet(BaseMessage):
    """In the group's channel, at the hour of the session: sign, declare an absence, close the session.

    ``moved_to`` ends the sheet of a session that was not held and has another date.
    """

    kind: Literal["attendance_sheet"] = "attendance_sheet"
    session_id: str
    number: int
    starts_at: datetime
    zone: str
    signed_users: tuple[str, ...] = ()
    attested_users: tuple[str, ...] = ()
    late_users: tuple[str, ...] = ()
    absent_users: tuple[str, ...] = ()
    awaited_users: tuple[str, ...] = ()
    closed: bool = False
    held: bool = False
    moved_to: datetime | None = None


class LiveSession(BaseMessage):
    """In the group's channel, during a session: the step of the agenda the group is at, and the minutes left."""

    kind: Literal["live_session"] = "live_session"
    session_id: str
    number: int
    zone: str
    step: int
    steps: int
    title: str
    detail: str
    minutes: int
    ends_at: datetime
    left: int
    following: str = ""
    ended: bool = False


class SessionMissed(BaseMessage):
    """To the tutors: a sheet closed with too few signatures, so the session does not count as held.

    ``recovered`` tells that late signatures have made it count after all.
    """

    kind: Literal["session_missed"] = "session_missed"
    group_label: str
    tutor_user: str
    number: int
    starts_at: datetime
    zone: str
    present: int
    size: int
    recovered: bool = False


class AbsenceAlert(BaseMessage):
    """To the tutors: a member was absent from two held sessions in a row."""

    kind: Literal["absence_alert"] = "absence_alert"
    group_label: str
    tutor_user: str
    member_user: str
    numbers: tuple[int, ...]


class AbsenceNote(BaseMessage):
    """To the group's tutor, in private: why a member is absent. ``lifted`` when they came after all."""

    kind: Literal["absence_note"] = "absence_note"
    group_label: str
    member_user: str
    number: int
    starts_at: datetime
    zone: str
    reason: str
    proofs: int = 0
    lifted: bool = False


SessionMessage = SessionGuide | AttendanceSheet | LiveSession | AbsenceNote | SessionMissed | AbsenceAlert
