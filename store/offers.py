"""Special offers and partnerships."""

from __future__ import annotations

from sqlalchemy import func, select

from programme.model.offer import Offer
from programme.model.order import OrderStatus
from store.repository import Repository
from store.tables.offers import offers
from store.tables.orders import orders


class OfferStore(Repository):
    """Offers, and how often each was ordered with."""

    def add(self, offer: Offer) -> None:
        """Insert a new offer."""
        self._insert(offer)

    def get(self, offer_id: str) -> Offer:
        """Return the offer; NotFound otherwise."""
        return self._get(Offer, offer_id)

    def by_code(self, code: str) -> Offer | None:
        """Return the offer with this code, as ``normal_code`` writes it."""
        return self._db.scalar(select(Offer).where(offers.c.code == code))

    def all(self) -> list[Offer]:
        """Return every offer, the newest first."""
        return list(self._db.scalars(select(Offer).order_by(offers.c.granted_at.desc(), offers.c.id.desc())))

    def uses(self, offer_id: str) -> int:
        """Count the orders placed with it, but for those cancelled before they were paid."""
        placed = (orders.c.offer_id == offer_id) & (orders.c.status != OrderStatus.CANCELLED)
        return self._db.scalar(select(func.count()).select_from(orders).where(placed)) or 0
