"""Declarations, early ends and refunds."""

from __future__ import annotations

from sqlalchemy import select

from programme.model.ending import ContractEnd, Declaration, DeclarationState, Refund, RefundStatus
from store.repository import Repository
from store.tables.endings import contract_ends, declarations, refunds


class EndingStore(Repository):
    """How contracts end before their time."""

    def add_declaration(self, declaration: Declaration) -> None:
        """Insert a declaration: nothing ever deletes it."""
        self._insert(declaration)

    def declaration(self, declaration_id: str) -> Declaration:
        """Return the declaration; NotFound otherwise."""
        return self._get(Declaration, declaration_id)

    def by_token(self, token: str) -> Declaration | None:
        """Return the declaration that this page made, if it did."""
        return self._db.scalar(select(Declaration).where(declarations.c.token == token))

    def declared(self, order_id: str) -> Declaration | None:
        """Return the first declaration about an order that has not been rejected."""
        query = select(Declaration).where(
            declarations.c.order_id == order_id, declarations.c.state != DeclarationState.REJECTED
        )
        return self._db.scalar(query.order_by(declarations.c.recorded_at, declarations.c.id).limit(1))

    def add(self, end: ContractEnd) -> None:
        """Insert an early end: one a contract."""
        self._insert(end)

    def get(self, end_id: str) -> ContractEnd:
        """Return the end; NotFound otherwise."""
        return self._get(ContractEnd, end_id)

    def of_order(self, order_id: str) -> ContractEnd | None:
        """Return how this contract ended early, if it did."""
        return self._db.scalar(select(ContractEnd).where(contract_ends.c.order_id == order_id))

    def add_refund(self, refund: Refund) -> None:
        """Insert one charge's part of a refund."""
        self._insert(refund)

    def refund(self, refund_id: str) -> Refund:
        """Return the refund; NotFound otherwise."""
        return self._get(Refund, refund_id)

    def refunds(self, end_id: str) -> list[Refund]:
        """Return the parts of an end's refund."""
        return list(self._db.scalars(select(Refund).where(refunds.c.end_id == end_id).order_by(refunds.c.id)))

    def refunds_of(self, payment_id: str) -> list[Refund]:
        """Return what goes back on one charge."""
        return list(self._db.scalars(select(Refund).where(refunds.c.payment_id == payment_id).order_by(refunds.c.id)))

    def pending_refunds(self) -> list[Refund]:
        """Return the refunds that Stripe has not finished."""
        return list(self._db.scalars(select(Refund).where(refunds.c.status == RefundStatus.PENDING)))
