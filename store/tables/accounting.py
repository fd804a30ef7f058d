"""Accounting documents and the counters of their numbers."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, UniqueConstraint

from programme.model.accounting import AccountingKind
from programme.rules.invoices import Series
from store.tables.base import ID, metadata
from store.types import EnumText, UtcDateTime

accounting_documents = Table(
    "accounting_documents",
    metadata,
    Column("number", ID, primary_key=True),
    Column("kind", EnumText(AccountingKind), nullable=False),
    Column("subject", ID, nullable=False),
    Column("order_id", ID, ForeignKey("orders.id"), nullable=False, index=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("issued_at", UtcDateTime, nullable=False, index=True),
    Column("ttc", Integer, nullable=False),
    Column("ht", Integer, nullable=False),
    Column("vat", Integer, nullable=False),
    Column("regime", String(40), nullable=False),
    Column("vat_rate", Integer, nullable=False),
    Column("content", JSON, nullable=False),
    Column("paid_at", UtcDateTime),
    Column("payment_reference", String(255), nullable=False),
    Column("sha256", String(64), nullable=False),
    UniqueConstraint("kind", "subject"),
)

accounting_numbers = Table(
    "accounting_numbers",
    metadata,
    Column("series", EnumText(Series), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)
"""The last number given in each series and year; its row is locked until the transaction that takes one is over."""
