"""Surveys of satisfaction."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table, Text, UniqueConstraint

from programme.rules.surveys import Wave
from store.tables.base import ID, Facts, metadata, version_column
from store.types import EnumText, UtcDateTime

surveys = Table(
    "surveys",
    metadata,
    Column("id", ID, primary_key=True),
    Column("enrolment_id", ID, ForeignKey("enrolments.id"), nullable=False),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("wave", EnumText(Wave), nullable=False, index=True),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("open_until", UtcDateTime, nullable=False),
    Column("reminded_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("answers", Facts, nullable=False),
    Column("note", Text, nullable=False),
    version_column(),
    UniqueConstraint("enrolment_id", "wave"),
)
