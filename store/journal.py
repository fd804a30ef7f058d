"""The journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.journal import Action, JournalEntry
from programme.model.ids import new_id
from store.repository import Repository
from store.tables.delivery import journal


class JournalStore(Repository):
    """One line for each act."""

    def __init__(self, db: Session, now: Callable[[], datetime]) -> None:
        super().__init__(db)
        self._now = now

    def write(self, actor: str, action: Action, subject: str, **data: object) -> None:
        """Add a line; ``actor`` is a Slack user id or ``bot``."""
        self._insert(JournalEntry(new_id("jrn"), self._now(), actor, action, subject, dict(data)))

    def of(self, subject: str) -> list[JournalEntry]:
        """Return the lines about one of our ids, oldest first."""
        query = select(JournalEntry).where(journal.c.subject == subject).order_by(journal.c.at, journal.c.id)
        return list(self._db.scalars(query))

    def about(self, subjects: Sequence[str]) -> list[JournalEntry]:
        """Return the lines about any of these ids, newest first."""
        query = select(JournalEntry).where(journal.c.subject.in_(subjects))
        return list(self._db.scalars(query.order_by(journal.c.at.desc(), journal.c.id)))
