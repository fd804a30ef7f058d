"""The outbox and the inbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Exists, exists, func, or_, select
from sqlalchemy.orm import Session

from programme.effects import Effect, dump
from programme.errors import AlreadyHandled
from programme.model.outbox import InboxRow, OutboxRow, OutboxStatus
from store.repository import Repository
from store.tables.delivery import outbox

_OPEN = (OutboxStatus.DUE, OutboxStatus.SENDING)


def _blocked() -> Exists:
    """Something earlier in the row's lane is still open."""
    earlier = outbox.alias("earlier")
    return exists().where(
        earlier.c.lane == outbox.c.lane,
        earlier.c.status.in_(_OPEN),
        earlier.c.sequence < outbox.c.sequence,
    )


class OutboxStore(Repository):
    """Effects on their way out, written in the transaction that decided them."""

    def __init__(self, db: Session, now: Callable[[], datetime]) -> None:
        super().__init__(db)
        self._now = now
        self.written = False

    def put(self, key: str, effect: Effect, *, lane: str, due_at: datetime | None = None) -> bool:
        """Write the effect unless its key was written before; tells whether it was new."""
        if self._db.get(OutboxRow, key) is not None:
            return False
        now = self._now()
        last = self._db.scalar(select(func.max(outbox.c.sequence))) or 0
        row = OutboxRow(
            key=key, lane=lane, effect=dump(effect), due_at=due_at or now, created_at=now, sequence=last + 1
        )
        self._insert(row)
        self.written = True
        return True

    def get(self, key: str) -> OutboxRow | None:
        """Return the row of this key."""
        return self._db.get(OutboxRow, key)

    def posted_at(self, channel: str, ts: str) -> OutboxRow | None:
        """Return the row whose receipt is this Slack message."""
        query = select(OutboxRow).where(outbox.c.receipt_channel == channel, outbox.c.receipt_ts == ts)
        return self._db.scalar(query.order_by(outbox.c.sequence).limit(1))

    def claim(self, now: datetime, lease_until: datetime) -> OutboxRow | None:
        """Take the next row that may go: due (or its lease ran out), and nothing earlier in its lane is open."""
        free = or_(
            (outbox.c.status == OutboxStatus.DUE) & (outbox.c.due_at <= now),
            (outbox.c.status == OutboxStatus.SENDING) & (outbox.c.lease_until <= now),
        )
        row = self._db.scalar(select(OutboxRow).where(free, ~_blocked()).order_by(outbox.c.sequence).limit(1))
        if row is not None:
            row.status = OutboxStatus.SENDING
            row.lease_until = lease_until
            row.attempts += 1
        return row

    def next_due(self) -> datetime | None:
        """Return when the next row may be claimed; rows behind an open one of their lane do not count."""
        waiting = select(func.min(outbox.c.due_at)).where(outbox.c.status == OutboxStatus.DUE, ~_blocked())
        leased = select(func.min(outbox.c.lease_until)).where(outbox.c.status == OutboxStatus.SENDING)
        found = (self._db.scalar(waiting), self._db.scalar(leased))
        return min((instant for instant in found if instant), default=None)


class InboxStore(Repository):
    """Events that were handled, so that a repeat does nothing."""

    def __init__(self, db: Session, now: Callable[[], datetime]) -> None:
        super().__init__(db)
        self._now = now

    def claim(self, source: str, event_id: str) -> None:
        """Record the event in this transaction; AlreadyHandled if it was recorded before."""
        if self._db.get(InboxRow, (source, event_id)) is not None:
            raise AlreadyHandled(event_id)
        self._insert(InboxRow(source, event_id, self._now()))
