"""When what must recur last went well."""

from __future__ import annotations

from sqlalchemy import Column, Table

from programme.model.heartbeat import Beat
from store.tables.base import metadata
from store.types import EnumText, UtcDateTime

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", EnumText(Beat), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
