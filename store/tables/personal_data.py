"""Requests about personal data."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, Text

from programme.model.personal_data import ErasureState
from store.tables.base import ID, SLACK, metadata, version_column
from store.types import EnumText, UtcDateTime

data_exports = Table(
    "data_exports",
    metadata,
    Column("id", ID, primary_key=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("secret_digest", String(64), nullable=False, unique=True),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("expires_at", UtcDateTime),
    version_column(),
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", ID, primary_key=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", SLACK, nullable=False),
    Column("field", String(40), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
)

erasures = Table(
    "erasures",
    metadata,
    Column("id", ID, primary_key=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", EnumText(ErasureState), nullable=False),
    Column("done_at", UtcDateTime),
    version_column(),
)
