"""Orders and payments."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Table, Text, UniqueConstraint, false

from programme.model.order import OrderStatus, PaymentPlan, PaymentStatus
from store.tables.base import ID, Facts, metadata, version_column
from store.types import EnumText, UtcDateTime

orders = Table(
    "orders",
    metadata,
    Column("id", ID, primary_key=True),
    Column("enrolment_id", ID, ForeignKey("enrolments.id"), nullable=False, unique=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("list_price", Integer, nullable=False),
    Column("price", Integer, nullable=False),
    Column("plan", EnumText(PaymentPlan), nullable=False),
    Column("concluded_at", UtcDateTime, nullable=False),
    Column("status", EnumText(OrderStatus), nullable=False, index=True),
    Column("currency", String(3), nullable=False),
    Column("discount", Integer, nullable=False),
    Column("offer", String(80), nullable=False),
    Column("offer_id", ID, nullable=False, server_default="", index=True),
    Column("information_given_at", UtcDateTime),
    Column("first_paid_at", UtcDateTime),
    Column("withdrawal_last_day", Date),
    Column("withdrawal_end", UtcDateTime),
    Column("early_start", Boolean, nullable=False),
    Column("confirmation_sent_at", UtcDateTime),
    Column("checkout_attempt", Integer, nullable=False),
    Column("checkout_id", String(255), nullable=False, index=True),
    Column("checkout_url", Text, nullable=False),
    Column("checkout_expires_at", UtcDateTime),
    Column("customer_id", String(255), nullable=False),
    Column("payment_method_id", String(255), nullable=False),
    Column("card", String(40), nullable=False, server_default=""),
    Column("texts", Facts, nullable=False),
    version_column(),
)

payments = Table(
    "payments",
    metadata,
    Column("id", ID, primary_key=True),
    Column("order_id", ID, ForeignKey("orders.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("due_on", Date),
    Column("status", EnumText(PaymentStatus), nullable=False),
    Column("intent_id", String(255), nullable=False, index=True),
    Column("paid_at", UtcDateTime),
    Column("refunded", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("failure", String(255), nullable=False, server_default=""),
    Column("to_authenticate", Boolean, nullable=False, server_default=false()),
    Column("checkout_attempt", Integer, nullable=False, server_default="0"),
    Column("checkout_id", String(255), nullable=False, server_default=""),
    Column("checkout_expires_at", UtcDateTime),
    version_column(),
    UniqueConstraint("order_id", "number"),
)
