"""Deadlines, outbox, inbox and journal."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text, UniqueConstraint

from programme.journal import Action
from programme.model.agenda import DeadlineKind
from programme.model.outbox import OutboxStatus
from store.tables.base import ID, SLACK, Facts, metadata
from store.types import EnumText, UtcDateTime

deadlines = Table(
    "deadlines",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", EnumText(DeadlineKind), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text, nullable=False),
    UniqueConstraint("kind", "subject"),
    Index("ix_deadlines_open", "done_at", "due_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("lane", String(80), nullable=False),
    Column("effect", JSON, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sequence", Integer, nullable=False, unique=True),
    Column("status", EnumText(OutboxStatus), nullable=False),
    Column("lease_until", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("receipt", Facts, nullable=False),
    Column("receipt_channel", SLACK, nullable=False),
    Column("receipt_ts", String(32), nullable=False),
    Column("last_error", Text, nullable=False),
    Column("sent_at", UtcDateTime),
    Index("ix_outbox_due", "status", "due_at"),
    Index("ix_outbox_lane", "lane", "status", "sequence"),
    Index("ix_outbox_receipt", "receipt_channel", "receipt_ts"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("source", String(20), primary_key=True),
    Column("event_id", String(120), primary_key=True),
    Column("handled_at", UtcDateTime, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("id", ID, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("actor", SLACK, nullable=False),
    Column("action", EnumText(Action), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("data", JSON, nullable=False),
)
