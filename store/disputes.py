"""Payments that are contested at the bank."""

from __future__ import annotations

from sqlalchemy import select

from programme.model.dispute import Dispute
from store.repository import Repository
from store.tables.disputes import disputes


class DisputeStore(Repository):
    """Disputes, by Stripe's ids."""

    def add(self, dispute: Dispute) -> None:
        """Insert a dispute that has just been seen."""
        self._insert(dispute)

    def find(self, dispute_id: str) -> Dispute | None:
        """Return the dispute, if it was ever seen."""
        return self._db.get(Dispute, dispute_id)

    def of_order(self, order_id: str) -> list[Dispute]:
        """Return the order's disputes, oldest first."""
        query = select(Dispute).where(disputes.c.order_id == order_id).order_by(disputes.c.opened_at, disputes.c.id)
        return list(self._db.scalars(query))
