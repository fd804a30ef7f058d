"""Documents, versions, remarks and files."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from programme.model.document import DocumentState, RemarkState
from store.tables.base import ID, SLACK, Facts, metadata, version_column
from store.types import EnumText, JsonTuple, UtcDateTime

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
    version_column(),
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
    Column("sha256", String(64), nullable=False, server_default=""),
    UniqueConstraint("document_id", "number"),
)

remarks = Table(
    "remarks",
    metadata,
    Column("id", ID, primary_key=True),
    Column("subject_id", ID, nullable=False, index=True),
    Column("turn", Integer, nullable=False),
    Column("author_id", SLACK, nullable=False),
    Column("source", String(64), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("state", EnumText(RemarkState), nullable=False),
    Column("files", JsonTuple, nullable=False),
    Column("edited", String(32), nullable=False),
    version_column(),
)
remarks.add_is_dependent_on(documents)

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
