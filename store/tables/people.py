"""Slack people, roles and members."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, String, Table

from programme.model.people import Role
from store.tables.base import ID, SLACK, metadata, version_column
from store.types import EnumText, JsonTuple, UtcDateTime

people = Table(
    "people",
    metadata,
    Column("slack_user_id", SLACK, primary_key=True),
    Column("display_name", String(200), nullable=False),
    Column("email", String(320), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("refreshed_at", UtcDateTime),
)

role_holders = Table(
    "role_holders",
    metadata,
    Column("role", EnumText(Role), primary_key=True),
    Column("slack_user_id", SLACK, primary_key=True),
)

members = Table(
    "members",
    metadata,
    Column("id", ID, primary_key=True),
    Column("slack_user_id", SLACK, nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("first_name", String(100), nullable=False),
    Column("last_name", String(100), nullable=False),
    Column("email", String(320), nullable=False),
    Column("email_verified_at", UtcDateTime),
    Column("address", String(500), nullable=False),
    Column("postcode", String(5), nullable=False),
    Column("commune", String(100), nullable=False),
    Column("insee", String(5), nullable=False),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("radius_km", Integer, nullable=False),
    Column("availability", JsonTuple, nullable=False),
    Column("avoided", JsonTuple, nullable=False),
    Column("employer", String(200), nullable=False),
    Column("profiled_at", UtcDateTime),
    Column("active", Boolean, nullable=False),
    version_column(),
)

email_proofs = Table(
    "email_proofs",
    metadata,
    Column("id", ID, primary_key=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, unique=True),
    Column("email", String(320), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("day_began_at", UtcDateTime, nullable=False),
    Column("sent_today", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("proved_at", UtcDateTime),
    version_column(),
)
