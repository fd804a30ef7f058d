"""What every table shares: the metadata with its naming convention, and the common columns."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, MetaData, String
from sqlalchemy.ext.mutable import MutableDict

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


def version_column() -> Column[int]:
    """Return the counter that refuses lost updates."""
    return Column("version", Integer, nullable=False)
