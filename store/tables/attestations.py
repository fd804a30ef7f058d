"""Attestations of participation."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, UniqueConstraint

from store.tables.base import ID, metadata
from store.types import UtcDateTime

attestations = Table(
    "attestations",
    metadata,
    Column("reference", ID, primary_key=True),
    Column("enrolment_id", ID, ForeignKey("enrolments.id"), nullable=False),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("sessions", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("content", JSON, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("replaces", ID, nullable=False),
    UniqueConstraint("enrolment_id", "number"),
)
