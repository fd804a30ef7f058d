"""Sessions, attendance, check-ins, calendar links, kept guides and paper kits."""

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
    Column("attempt", Integer, nullable=False),
    Column("live_step", Integer),
    Column("live_step_at", UtcDateTime),
    Column("live_ended_at", UtcDateTime),
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
    Column("proofs", JsonTuple, nullable=False),
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

calendar_links = Table(
    "calendar_links",
    metadata,
    Column("id", ID, primary_key=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("secret", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)

guide_editions = Table(
    "guide_editions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("kept_at", UtcDateTime, nullable=False),
    Column("guides", JsonTuple, nullable=False),
)

kits = Table(
    "kits",
    metadata,
    Column("id", ID, primary_key=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False),
    Column("group_id", ID, ForeignKey("groups.id"), nullable=False),
    Column("address", Text, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("sent_by", SLACK, nullable=False),
    Column("received_at", UtcDateTime),
    version_column(),
    UniqueConstraint("member_id", "group_id"),
)
