"""Routine messages and the wishes of those who get them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from programme.model.nudge import Nudge, NudgeState, QuietWishes
from store.repository import Repository
from store.tables.nudges import nudges


class NudgeStore(Repository):
    """One row a routine message, one row of wishes a person who has some."""

    def add(self, nudge: Nudge) -> None:
        """Insert a routine message."""
        self._insert(nudge)

    def get(self, key: str) -> Nudge | None:
        """Return the routine message of this key, if there is one."""
        return self._db.get(Nudge, key)

    def waiting(self, slack_user_id: str) -> list[Nudge]:
        """Return what waits for this person, what may leave first first."""
        query = select(Nudge).where(nudges.c.slack_user_id == slack_user_id, nudges.c.state == NudgeState.WAITING)
        return list(self._db.scalars(query.order_by(nudges.c.due_at, nudges.c.key)))

    def starting(self, key: str) -> list[Nudge]:
        """Return the messages whose keys begin like this."""
        query = select(Nudge).where(nudges.c.key.startswith(key, autoescape=True))
        return list(self._db.scalars(query.order_by(nudges.c.key)))

    def of_post(self, post_key: str) -> list[Nudge]:
        """Return the messages that one post carries, in its order."""
        query = select(Nudge).where(nudges.c.post_key == post_key)
        return list(self._db.scalars(query.order_by(nudges.c.due_at, nudges.c.key)))

    def last_sent(self, slack_user_id: str) -> datetime | None:
        """Return when this person last got a routine post."""
        latest: datetime | None = self._db.scalar(
            select(func.max(nudges.c.sent_at)).where(nudges.c.slack_user_id == slack_user_id)
        )
        return latest

    def wishes(self, slack_user_id: str) -> QuietWishes | None:
        """Return what this person chose, if they ever chose."""
        return self._db.get(QuietWishes, slack_user_id)

    def add_wishes(self, wishes: QuietWishes) -> None:
        """Insert a person's first wishes."""
        self._insert(wishes)
