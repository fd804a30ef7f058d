"""Orders and instalments."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from programme.model.order import Order, OrderStatus, Payment
from store.repository import Repository
from store.tables.orders import orders, payments


class OrderStore(Repository):
    """Orders with their instalments."""

    def add(self, order: Order, payments: Sequence[Payment]) -> None:
        """Insert an order and its instalments."""
        self._insert(order)
        self._insert(*payments)

    def get(self, order_id: str) -> Order:
        """Return the order; NotFound otherwise."""
        return self._get(Order, order_id)

    def of_enrolment(self, enrolment_id: str) -> Order | None:
        """Return the order of an enrolment, if placed."""
        return self._db.scalar(select(Order).where(orders.c.enrolment_id == enrolment_id))

    def by_checkout(self, checkout_id: str) -> Order | None:
        """Return the order whose current Checkout session this is."""
        return self._db.scalar(select(Order).where(orders.c.checkout_id == checkout_id))

    def payments(self, order_id: str) -> list[Payment]:
        """Return the instalments in order."""
        query = select(Payment).where(payments.c.order_id == order_id).order_by(payments.c.number)
        return list(self._db.scalars(query))

    def awaiting_payment(self) -> list[Order]:
        """Return placed orders that have a Checkout session to ask about."""
        query = (
            select(Order)
            .where(orders.c.status == OrderStatus.PLACED, orders.c.checkout_id != "")
            .order_by(orders.c.concluded_at, orders.c.id)
        )
        return list(self._db.scalars(query))
