"""The register of complaints."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, String, Table, Text

from programme.model.complaint import ComplaintState
from store.tables.base import ID, SLACK, metadata, version_column
from store.types import EnumText, UtcDateTime

complaints = Table(
    "complaints",
    metadata,
    Column("id", ID, primary_key=True),
    Column("number", String(16), nullable=False, unique=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("source", String(64), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("answer_by", Date, nullable=False),
    Column("order_id", String(24), nullable=False),
    Column("state", EnumText(ComplaintState), nullable=False, index=True),
    Column("answer", Text, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("answered_by", SLACK, nullable=False),
    Column("closed_at", UtcDateTime, index=True),
    Column("closed_by", SLACK, nullable=False),
    version_column(),
)
