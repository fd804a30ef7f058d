"""Sessions, attendance and check-ins."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, Text, Time, UniqueConstraint

from programme.model.session import AttendanceState, SessionState
from store.tables.base import ID, SLACK, Facts, metadata, version_column
from store.types import EnumText, JsonTuple, UtcDateTime

sessions = Table(
    "sessions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("group_id", ID, ForeignKey("groups.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("wall_time", Time, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("state", EnumText(SessionState), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("roles", Facts, nullable=False),
    Column("guide_posted_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("closed_by", SLACK, nullable=False),
    version_column(),
    UniqueConstraint("group_id", "number"),
)

attendance = Table(
    "attendance",
    metadata,
    Column("id", ID, primary_key=True),
    Column("session_id", ID, ForeignKey("sessions.id"), nullable=False),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False),
    Column("state", EnumText(AttendanceState), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("attested_by", JsonTuple, nullable=False),
    Column("reason", Text, nullable=False),
    version_column(),
    UniqueConstraint("session_id", "member_id"),
)

check_ins = Table(
    "check_ins",
    metadata,
    Column("id", ID, primary_key=True),
    Column("session_id", ID, ForeignKey("sessions.id"), nullable=False),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("progress", Integer),
    Column("work_done", String(20), nullable=False),
    Column("obstacle", String(40), nullable=False),
    Column("note", Text, nullable=False),
    Column("reminders", Integer, nullable=False),
    version_column(),
    UniqueConstraint("session_id", "member_id"),
)
