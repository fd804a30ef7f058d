"""The tables. Names of columns are the names of the model's fields; amounts are integer cents, instants UTC."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
)
from sqlalchemy.ext.mutable import MutableDict

from programme.journal import Action
from programme.model.agenda import DeadlineKind
from programme.model.document import DocumentState, RemarkState
from programme.model.enrolment import Choice, EnrolmentStatus, ExemptionState
from programme.model.group import GroupState, SeatState
from programme.model.order import OrderStatus, PaymentPlan, PaymentStatus
from programme.model.outbox import OutboxStatus
from programme.model.people import Role
from programme.model.session import AttendanceState, SessionState
from store.types import DateTuple, EnumText, JsonTuple, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = String(24)
SLACK = String(24)
Facts = MutableDict.as_mutable(JSON())


def _version() -> Column[int]:
    return Column("version", Integer, nullable=False)


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
    _version(),
)

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
    Column("exemption_request", Text, nullable=False),
    Column("exemption_decided_by", SLACK, nullable=False),
    Column("exemption_reason", Text, nullable=False),
    Column("accepted_texts", Facts, nullable=False),
    Column("choice", EnumText(Choice)),
    Column("early_start_valid", Boolean, nullable=False),
    Column("chosen_at", UtcDateTime),
    Column("ordered_at", UtcDateTime),
    Column("paid_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    _version(),
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
    Column("texts", Facts, nullable=False),
    _version(),
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
    Column("intent_id", String(255), nullable=False),
    Column("paid_at", UtcDateTime),
    Column("refunded", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    _version(),
    UniqueConstraint("order_id", "number"),
)

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
    Column("offer_expires_at", UtcDateTime),
    Column("channel_id", SLACK, nullable=False, index=True),
    Column("channel_name", String(80), nullable=False),
    Column("vote_closes_at", UtcDateTime),
    Column("slot", String(20), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("wall_time", Time),
    Column("minutes", Integer, nullable=False),
    Column("first_day", Date),
    Column("days_off", DateTuple, nullable=False),
    Column("video_url", Text, nullable=False),
    Column("guides_version", String(64), nullable=False),
    Column("board_revision", Integer, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    _version(),
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
    _version(),
    UniqueConstraint("group_id", "member_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("group_id", ID, ForeignKey("groups.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("wall_time", Time, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("state", EnumText(SessionState), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("roles", Facts, nullable=False),
    Column("guide_posted_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("closed_by", SLACK, nullable=False),
    _version(),
    UniqueConstraint("group_id", "number"),
)

attendance = Table(
    "attendance",
    metadata,
    Column("id", ID, primary_key=True),
    Column("session_id", ID, ForeignKey("sessions.id"), nullable=False),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False),
    Column("state", EnumText(AttendanceState), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("attested_by", JsonTuple, nullable=False),
    Column("reason", Text, nullable=False),
    _version(),
    UniqueConstraint("session_id", "member_id"),
)

check_ins = Table(
    "check_ins",
    metadata,
    Column("id", ID, primary_key=True),
    Column("session_id", ID, ForeignKey("sessions.id"), nullable=False),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("progress", Integer),
    Column("work_done", String(20), nullable=False),
    Column("obstacle", String(40), nullable=False),
    Column("note", Text, nullable=False),
    Column("reminders", Integer, nullable=False),
    _version(),
    UniqueConstraint("session_id", "member_id"),
)

documents = Table(
    "documents",
    metadata,
    Column("id", ID, primary_key=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("group_id", ID, nullable=False, index=True),
    Column("worksheet", String(8), nullable=False),
    Column("title", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("state", EnumText(DocumentState), nullable=False, index=True),
    Column("tutor_id", SLACK, nullable=False),
    Column("taken_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("versions", Integer, nullable=False),
    Column("handed_in", Integer, nullable=False),
    Column("copy_number", Integer, nullable=False),
    Column("validated_at", UtcDateTime),
    _version(),
)

document_versions = Table(
    "document_versions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("document_id", ID, ForeignKey("documents.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("answers", Facts, nullable=False),
    Column("files", JsonTuple, nullable=False),
    Column("returned_at", UtcDateTime),
    UniqueConstraint("document_id", "number"),
)

remarks = Table(
    "remarks",
    metadata,
    Column("id", ID, primary_key=True),
    Column("document_id", ID, ForeignKey("documents.id"), nullable=False, index=True),
    Column("version_number", Integer, nullable=False),
    Column("author_id", SLACK, nullable=False),
    Column("source", String(64), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("state", EnumText(RemarkState), nullable=False),
    Column("files", JsonTuple, nullable=False),
    _version(),
)

files = Table(
    "files",
    metadata,
    Column("id", ID, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("name", String(255), nullable=False),
    Column("mimetype", String(120), nullable=False),
    Column("size", Integer, nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
    Column("slack_file_id", SLACK, nullable=False),
    Column("owner_id", ID, nullable=False),
)

deadlines = Table(
    "deadlines",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", EnumText(DeadlineKind), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text, nullable=False),
    UniqueConstraint("kind", "subject"),
    Index("ix_deadlines_open", "done_at", "due_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("lane", String(80), nullable=False),
    Column("effect", JSON, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sequence", Integer, nullable=False, unique=True),
    Column("status", EnumText(OutboxStatus), nullable=False),
    Column("lease_until", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("receipt", Facts, nullable=False),
    Column("receipt_channel", SLACK, nullable=False),
    Column("receipt_ts", String(32), nullable=False),
    Column("last_error", Text, nullable=False),
    Column("sent_at", UtcDateTime),
    Index("ix_outbox_due", "status", "due_at"),
    Index("ix_outbox_lane", "lane", "status", "sequence"),
    Index("ix_outbox_receipt", "receipt_channel", "receipt_ts"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("source", String(20), primary_key=True),
    Column("event_id", String(120), primary_key=True),
    Column("handled_at", UtcDateTime, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("id", ID, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("actor", SLACK, nullable=False),
    Column("action", EnumText(Action), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("data", JSON, nullable=False),
)
