"""Alembic migrations, run at start and by ``bilan migrate``."""
