"""Write the next Alembic migration from the difference between the tables and a freshly migrated database.

Usage: python tools/new_migration.py "add invoices"
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from store.engine import make_engine
from store.migrate import migrate, migration_config


def main(message: str) -> None:
    """Create a numbered revision file under store/migrations/versions."""
    versions = sorted(path.name for path in Path("store/migrations/versions").glob("0*.py"))
    number = int(versions[-1][:4]) + 1 if versions else 1
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/empty.sqlite3")
        if versions:
            migrate(engine)
        config = migration_config(engine)
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
        engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
