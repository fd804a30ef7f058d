"""What admins write to many at once."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from programme.model.announcement import AnnouncementState, Audience
from store.tables.base import ID, SLACK, metadata, version_column
from store.types import EnumText, UtcDateTime

announcements = Table(
    "announcements",
    metadata,
    Column("id", ID, primary_key=True),
    Column("source", String(64), nullable=False, unique=True),
    Column("author", SLACK, nullable=False),
    Column("audience", EnumText(Audience), nullable=False),
    Column("group_id", String(24), nullable=False),
    Column("text", Text, nullable=False),
    Column("confirmed_at", UtcDateTime, nullable=False),
    Column("leaves_at", UtcDateTime, nullable=False),
    Column("people", Integer, nullable=False),
    Column("state", EnumText(AnnouncementState), nullable=False),
    Column("called_back_by", SLACK, nullable=False),
    Column("called_back_at", UtcDateTime),
    Column("reached", Integer, nullable=False),
    version_column(),
)
