"""Worksheets that are being filled in."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Table, UniqueConstraint

from store.tables.base import ID, metadata, version_column
from store.types import UtcDateTime

worksheet_drafts = Table(
    "worksheet_drafts",
    metadata,
    Column("id", ID, primary_key=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False),
    Column("worksheet", String(8), nullable=False),
    Column("copy_number", Integer, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("marks", JSON, nullable=False),
    Column("page", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("pending", Boolean, nullable=False),
    version_column(),
    UniqueConstraint("member_id", "worksheet", "copy_number"),
)
