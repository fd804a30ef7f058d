"""Groups and seats."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Float, ForeignKey, Integer, String, Table, Text, Time, UniqueConstraint

from programme.model.group import GroupState, RescueKind, RescueState, SeatState
from store.tables.base import ID, SLACK, metadata, version_column
from store.types import DateTuple, EnumText, JsonTuple, UtcDateTime

groups = Table(
    "groups",
    metadata,
    Column("id", ID, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("state", EnumText(GroupState), nullable=False, index=True),
    Column("place", String(100), nullable=False),
    Column("worst_km", Float, nullable=False),
    Column("total_km", Float, nullable=False),
    Column("common_slots", JsonTuple, nullable=False),
    Column("tutor_id", SLACK, nullable=False),
    Column("decided_by", SLACK, nullable=False),
    Column("decision_reason", Text, nullable=False),
    Column("changed_by", SLACK, nullable=False, server_default=""),
    Column("offer_expires_at", UtcDateTime),
    Column("channel_id", SLACK, nullable=False, index=True),
    Column("channel_name", String(80), nullable=False),
    Column("channel_trouble", String(20), nullable=False, server_default=""),
    Column("channel_turn", Integer, nullable=False, server_default="1"),
    Column("channel_known", JsonTuple, nullable=False, server_default="[]"),
    Column("vote_closes_at", UtcDateTime),
    Column("slot", String(20), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("wall_time", Time),
    Column("minutes", Integer, nullable=False),
    Column("first_day", Date),
    Column("days_off", DateTuple, nullable=False),
    Column("weeks_off", DateTuple, nullable=False),
    Column("guide_lead_days", Integer, nullable=False),
    Column("guide_hour", Integer, nullable=False),
    Column("video_url", Text, nullable=False),
    Column("guides_version", String(64), nullable=False),
    Column("worksheets_version", String(64), nullable=False, server_default=""),
    Column("board_revision", Integer, nullable=False),
    Column("paused_from", Date),
    Column("paused_until", Date),
    Column("paused_days", Integer, nullable=False, server_default="0"),
    Column("merged_into", ID, nullable=False, server_default=""),
    Column("rescue_card", String(80), nullable=False, server_default=""),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    version_column(),
)

seats = Table(
    "seats",
    metadata,
    Column("id", ID, primary_key=True),
    Column("group_id", ID, ForeignKey("groups.id"), nullable=False),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("state", EnumText(SeatState), nullable=False),
    Column("agrees_to_three", Boolean, nullable=False),
    Column("votes", JsonTuple, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("joined_at", UtcDateTime),
    Column("left_at", UtcDateTime),
    Column("charter_signed_at", UtcDateTime),
    Column("first_session", Integer, nullable=False, server_default="1"),
    version_column(),
    UniqueConstraint("group_id", "member_id"),
)

rescues = Table(
    "rescues",
    metadata,
    Column("id", ID, primary_key=True),
    Column("group_id", ID, ForeignKey("groups.id"), nullable=False, index=True),
    Column("kind", EnumText(RescueKind), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("opened_by", SLACK, nullable=False),
    Column("asked", JsonTuple, nullable=False),
    Column("subject", ID, nullable=False, index=True),
    Column("weeks", Integer, nullable=False),
    Column("state", EnumText(RescueState), nullable=False, index=True),
    Column("agreed", JsonTuple, nullable=False),
    Column("refused_by", ID, nullable=False),
    Column("closed_at", UtcDateTime),
    version_column(),
)
