"""Special offers and partnerships."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, String, Table

from store.tables.base import ID, SLACK, metadata, version_column
from store.types import UtcDateTime

offers = Table(
    "offers",
    metadata,
    Column("id", ID, primary_key=True),
    Column("code", String(20), nullable=False, unique=True),
    Column("label", String(80), nullable=False),
    Column("price", Integer, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("granted_by", SLACK, nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    Column("max_uses", Integer),
    Column("for_user", SLACK, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("closed_by", SLACK, nullable=False),
    version_column(),
)
