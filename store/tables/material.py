"""What became of the method's material."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Table

from programme.model.material import MaterialEnd
from store.tables.base import ID, metadata, version_column
from store.types import EnumText, JsonTuple, UtcDateTime

material_declarations = Table(
    "material_declarations",
    metadata,
    Column("id", ID, primary_key=True),
    Column("enrolment_id", ID, ForeignKey("enrolments.id"), nullable=False, unique=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("how", EnumText(MaterialEnd)),
    Column("day", Date),
    Column("items", JsonTuple, nullable=False),
    Column("declared_at", UtcDateTime),
    Column("reminded_at", UtcDateTime),
    version_column(),
)
