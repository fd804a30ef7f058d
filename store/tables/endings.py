"""Declarations of withdrawal, early ends of contracts and refunds."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Table, Text

from programme.model.ending import DeclarationSource, DeclarationState, EndKind, EndState, RefundStatus
from programme.rules.refunds import DueRule
from store.tables.base import ID, SLACK, metadata, version_column
from store.types import EnumText, UtcDateTime

declarations = Table(
    "declarations",
    metadata,
    Column("id", ID, primary_key=True),
    Column("source", EnumText(DeclarationSource), nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("name", String(200), nullable=False),
    Column("email", String(320), nullable=False),
    Column("contract", String(200), nullable=False),
    Column("state", EnumText(DeclarationState), nullable=False, index=True),
    Column("member_id", ID, nullable=False),
    Column("order_id", ID, nullable=False, index=True),
    Column("in_time", Boolean, nullable=False),
    Column("decided_by", SLACK, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("reason", Text, nullable=False),
    Column("token", String(64), unique=True),
    version_column(),
)

contract_ends = Table(
    "contract_ends",
    metadata,
    Column("id", ID, primary_key=True),
    Column("order_id", ID, ForeignKey("orders.id"), nullable=False, unique=True),
    Column("kind", EnumText(EndKind), nullable=False),
    Column("rule", EnumText(DueRule), nullable=False),
    Column("declared_at", UtcDateTime, nullable=False),
    Column("informed_at", UtcDateTime, nullable=False),
    Column("delivered", Integer, nullable=False),
    Column("paid", Integer, nullable=False),
    Column("due", Integer, nullable=False),
    Column("refund", Integer, nullable=False),
    Column("still_owed", Integer, nullable=False),
    Column("cancelled", Integer, nullable=False),
    Column("refund_due_on", Date, nullable=False),
    Column("state", EnumText(EndState), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("approved_by", SLACK, nullable=False),
    Column("seconded_by", SLACK, nullable=False),
    Column("leaves_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    version_column(),
)

refunds = Table(
    "refunds",
    metadata,
    Column("id", ID, primary_key=True),
    Column("end_id", ID, ForeignKey("contract_ends.id"), nullable=False, index=True),
    Column("order_id", ID, ForeignKey("orders.id"), nullable=False),
    Column("payment_id", ID, ForeignKey("payments.id"), nullable=False),
    Column("intent_id", String(255), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("status", EnumText(RefundStatus), nullable=False, index=True),
    Column("stripe_id", String(255), nullable=False, index=True),
    Column("confirmed_at", UtcDateTime),
    version_column(),
)
