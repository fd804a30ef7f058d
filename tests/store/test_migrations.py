"""The migrations lead to the tables that the program uses, along one road."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from store import tables  # noqa: F401 - every table registers itself
from store.engine import make_engine
from store.migrate import migrate, migration_config
from store.tables.base import metadata


def test_the_migrations_lead_to_the_tables(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/new.sqlite3")
    migrate(engine)
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_the_migrations_follow_one_another(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/none.sqlite3")
    assert len(ScriptDirectory.from_config(migration_config(engine)).get_heads()) == 1
    engine.dispose()
