"""Worksheets: as they were kept, as they are being filled in, and documents that the group may read."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Table, UniqueConstraint

from store.tables.base import ID, metadata, version_column
from store.types import JsonTuple, UtcDateTime

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

document_shares = Table(
    "document_shares",
    metadata,
    Column("id", ID, primary_key=True),
    Column("document_id", ID, ForeignKey("documents.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("group_id", ID, nullable=False),
    Column("shared_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    version_column(),
)

worksheet_editions = Table(
    "worksheet_editions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("kept_at", UtcDateTime, nullable=False),
    Column("worksheets", JsonTuple, nullable=False),
)
