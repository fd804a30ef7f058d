"""Payments that are contested at the bank."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from programme.model.dispute import DisputeState
from store.tables.base import ID, metadata, version_column
from store.types import EnumText, UtcDateTime

disputes = Table(
    "disputes",
    metadata,
    Column("id", String(255), primary_key=True),
    Column("order_id", ID, ForeignKey("orders.id"), nullable=False, index=True),
    Column("payment_id", ID, ForeignKey("payments.id"), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("reason", String(80), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("evidence_due_at", UtcDateTime),
    Column("state", EnumText(DisputeState), nullable=False, index=True),
    Column("closed_at", UtcDateTime),
    version_column(),
)
