"""Routine messages that wait for their day, and what each person wishes."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table

from programme.model.nudge import NudgeState, Topic
from store.tables.base import SLACK, metadata, version_column
from store.types import EnumText, JsonTuple, UtcDateTime

nudges = Table(
    "nudges",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("slack_user_id", SLACK, nullable=False),
    Column("topic", EnumText(Topic), nullable=False),
    Column("message", JSON, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("before", UtcDateTime),
    Column("state", EnumText(NudgeState), nullable=False),
    Column("sent_at", UtcDateTime),
    Column("post_key", String(120), nullable=False, index=True),
    version_column(),
    Index("ix_nudges_person", "slack_user_id", "state", "sent_at"),
)

quiet_wishes = Table(
    "quiet_wishes",
    metadata,
    Column("slack_user_id", SLACK, primary_key=True),
    Column("hour", Integer),
    Column("snoozed_until", UtcDateTime),
    Column("stopped", JsonTuple, nullable=False),
    version_column(),
)
