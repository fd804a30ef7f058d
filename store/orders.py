"""Orders and instalments."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from programme.model.order import Order, OrderStatus, Payment, PaymentStatus
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

    def payment(self, payment_id: str) -> Payment:
        """Return the instalment; NotFound otherwise."""
        return self._get(Payment, payment_id)

    def by_intent(self, intent_id: str) -> Payment | None:
        """Return the instalment whose current or last charge this is."""
        return self._db.scalar(select(Payment).where(payments.c.intent_id == intent_id))

    def in_flight(self) -> list[Payment]:
        """Return the unpaid later instalments that have a charge or a page at Stripe."""
        query = (
            select(Payment)
            .where(payments.c.status.in_((PaymentStatus.DUE, PaymentStatus.FAILED)), payments.c.number > 1)
            .where(or_(payments.c.intent_id != "", payments.c.checkout_id != ""))
            .order_by(payments.c.id)
        )
        return list(self._db.scalars(query))

    def awaiting_payment(self) -> list[Order]:
        """Return placed orders that have a Checkout session to ask about."""
        query = (
            select(Order)
            .where(orders.c.status == OrderStatus.PLACED, orders.c.checkout_id != "")
            .order_by(orders.c.concluded_at, orders.c.id)
        )
        return list(self._db.scalars(query))
