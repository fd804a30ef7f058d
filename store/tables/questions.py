"""Private questions to the e-tutors."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from programme.model.question import QuestionState
from store.tables.base import ID, SLACK, metadata, version_column
from store.tables.documents import remarks
from store.types import EnumText, UtcDateTime

questions = Table(
    "questions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("group_id", ID, ForeignKey("groups.id"), nullable=False, index=True),
    Column("source", String(120), nullable=False, unique=True),
    Column("title", String(200), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("link", String(500), nullable=False),
    Column("state", EnumText(QuestionState), nullable=False, index=True),
    Column("tutor_id", SLACK, nullable=False),
    Column("due_at", UtcDateTime),
    Column("turn", Integer, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    version_column(),
)
remarks.add_is_dependent_on(questions)
