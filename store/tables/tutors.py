"""What tutors chose, and when they are away."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, Table

from store.tables.base import ID, SLACK, metadata, version_column
from store.types import JsonTuple

tutor_settings = Table(
    "tutor_settings",
    metadata,
    Column("slack_user_id", SLACK, primary_key=True),
    Column("capacity", Integer, nullable=False),
    Column("digest_hour", Integer, nullable=False),
    Column("backup_id", SLACK, nullable=False),
    version_column(),
)

tutor_absences = Table(
    "tutor_absences",
    metadata,
    Column("id", ID, primary_key=True),
    Column("tutor_id", SLACK, nullable=False, index=True),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("backup_id", SLACK, nullable=False),
    version_column(),
)

readings = Table(
    "readings",
    metadata,
    Column("document_id", ID, ForeignKey("documents.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("checked", JsonTuple, nullable=False),
    Column("minutes", Integer, nullable=False),
    version_column(),
)
