"""Enrolments and the evidence chain."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Table, Text

from programme.model.enrolment import Choice, EnrolmentStatus, ExemptionState
from store.tables.base import ID, SLACK, Facts, metadata, version_column
from store.types import EnumText, UtcDateTime

enrolments = Table(
    "enrolments",
    metadata,
    Column("id", ID, primary_key=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("status", EnumText(EnrolmentStatus), nullable=False),
    Column("tutorial_seen_at", UtcDateTime),
    Column("level", String(20), nullable=False),
    Column("level_declared_at", UtcDateTime),
    Column("exemption", EnumText(ExemptionState)),
    Column("exemption_round", Integer, nullable=False, server_default="0"),
    Column("exemption_request", Text, nullable=False),
    Column("exemption_experience", Text, nullable=False, server_default=""),
    Column("exemption_asked_at", UtcDateTime),
    Column("exemption_decided_at", UtcDateTime),
    Column("exemption_decided_by", SLACK, nullable=False),
    Column("exemption_reason", Text, nullable=False),
    Column("accepted_texts", Facts, nullable=False),
    Column("choice", EnumText(Choice)),
    Column("early_start_valid", Boolean, nullable=False),
    Column("offer_id", ID, nullable=False, server_default=""),
    Column("code_tries", Integer, nullable=False, server_default="0"),
    Column("code_tries_since", UtcDateTime),
    Column("chosen_at", UtcDateTime),
    Column("ordered_at", UtcDateTime),
    Column("paid_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    version_column(),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", ID, primary_key=True),
    Column("sequence", Integer, nullable=False, unique=True),
    Column("enrolment_id", ID, ForeignKey("enrolments.id"), nullable=False, index=True),
    Column("kind", String(40), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
