"""Deadlines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from programme.model.agenda import Deadline, DeadlineKind
from programme.model.ids import new_id
from store.repository import Repository
from store.tables.delivery import deadlines


class AgendaStore(Repository):
    """Every instant at which something must be done; the index on what is open answers "what is due?"."""

    def put(self, kind: DeadlineKind, subject: str, due_at: datetime) -> None:
        """Set or move the deadline; one already done stays done."""
        existing = self._find(kind, subject)
        if existing is None:
            self._insert(Deadline(id=new_id("ddl"), kind=kind, subject=subject, due_at=due_at))
        elif existing.done_at is None:
            existing.due_at = due_at

    def reopen(self, kind: DeadlineKind, subject: str, due_at: datetime) -> None:
        """Set, move or bring back the deadline: what was done may have to be looked at again."""
        self.put(kind, subject, due_at)
        existing = self._find(kind, subject)
        if existing is not None and existing.done_at is not None:
            existing.due_at, existing.done_at, existing.attempts = due_at, None, 0

    def cancel(self, kind: DeadlineKind, subject: str) -> None:
        """Forget the deadline unless it was done."""
        existing = self._find(kind, subject)
        if existing is not None and existing.done_at is None:
            self._db.delete(existing)

    def due(self, now: datetime, limit: int = 50) -> list[Deadline]:
        """Return open deadlines whose instant has come, earliest first."""
        query = (
            select(Deadline)
            .where(deadlines.c.done_at.is_(None), deadlines.c.due_at <= now)
            .order_by(deadlines.c.due_at, deadlines.c.id)
            .limit(limit)
        )
        return list(self._db.scalars(query))

    def get(self, deadline_id: str) -> Deadline:
        """Return the deadline; NotFound otherwise."""
        return self._get(Deadline, deadline_id)

    def open_at(self, kind: DeadlineKind, subject: str) -> datetime | None:
        """Return when this will happen; None when nothing is set, or when it was done."""
        found = self._find(kind, subject)
        return found.due_at if found is not None and found.done_at is None else None

    def next_due(self) -> datetime | None:
        """Return the earliest open instant."""
        earliest: datetime | None = self._db.scalar(
            select(func.min(deadlines.c.due_at)).where(deadlines.c.done_at.is_(None))
        )
        return earliest

    def _find(self, kind: DeadlineKind, subject: str) -> Deadline | None:
        query = select(Deadline).where(deadlines.c.kind == kind, deadlines.c.subject == subject)
        return self._db.scalar(query)
