"""Accounting documents: written once, read for ever; there is no way here to change one."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Exists, Row, exists, insert, or_, select, update

from programme.errors import NotFound
from programme.model.accounting import AccountingDocument, AccountingKind
from programme.model.ending import Refund, RefundStatus
from programme.model.order import PaymentStatus
from programme.rules.invoices import DocumentNumber, Series
from programme.rules.money import Amounts
from store.repository import Repository
from store.tables.accounting import accounting_documents as documents
from store.tables.accounting import accounting_numbers as numbers
from store.tables.endings import contract_ends, refunds
from store.tables.orders import orders, payments

_PLAIN = tuple(field.name for field in fields(AccountingDocument) if field.name != "amounts")


class AccountingStore(Repository):
    """Invoices, receipts and credit notes; plain rows, so that no loaded object can be flushed back changed."""

    def next_number(self, series: Series, year: int) -> DocumentNumber:
        """Take the next number of a series; a rollback gives it back, and others wait until this transaction ends."""
        row = (numbers.c.series == series, numbers.c.year == year)
        taken = update(numbers).where(*row).values(last=numbers.c.last + 1).returning(numbers.c.last)
        number = self._db.scalar(taken)
        if number is None:
            number = 1
            self._db.execute(insert(numbers).values(series=series, year=year, last=number))
        return DocumentNumber(series, year, int(number))

    def last_number(self, series: Series, year: int) -> int:
        """Return how many numbers of a series were given in a year."""
        query = select(numbers.c.last).where(numbers.c.series == series, numbers.c.year == year)
        return self._db.scalar(query) or 0

    def add(self, document: AccountingDocument) -> None:
        """Insert a document; it must be new by its number, and by its kind and subject."""
        values: dict[str, Any] = {name: getattr(document, name) for name in _PLAIN}
        sums = {"ttc": document.amounts.ttc, "ht": document.amounts.ht, "vat": document.amounts.vat}
        self._db.execute(insert(documents).values(values | sums))

    def get(self, number: str) -> AccountingDocument:
        """Return the document with this number; NotFound otherwise."""
        found = self._where(documents.c.number == number)
        if not found:
            raise NotFound
        return found[0]

    def about(self, kind: AccountingKind, subject: str) -> AccountingDocument | None:
        """Return the document of a kind about an order, a payment or an end."""
        return next(iter(self._where(documents.c.kind == kind, documents.c.subject == subject)), None)

    def of_order(self, order_id: str) -> list[AccountingDocument]:
        """Return the documents of an order, oldest first."""
        return self._where(documents.c.order_id == order_id)

    def of_member(self, member_id: str) -> list[AccountingDocument]:
        """Return the documents of a buyer, oldest first."""
        return self._where(documents.c.member_id == member_id)

    def issued(self, since: datetime, until: datetime) -> list[AccountingDocument]:
        """Return what was issued from ``since`` to before ``until``, oldest first."""
        return self._where(documents.c.issued_at >= since, documents.c.issued_at < until)

    def numbered(self, series: Series, year: int) -> list[str]:
        """Return every number of a series and year that a document carries, in order."""
        query = select(documents.c.number).where(documents.c.number.startswith(f"{series.value}{year}-"))
        return list(self._db.scalars(query.order_by(documents.c.number)))

    def refunds_confirmed(self, since: datetime, until: datetime) -> list[Refund]:
        """Return the refunds that reached the member from ``since`` to before ``until``, oldest first."""
        query = select(Refund).where(refunds.c.status == RefundStatus.SUCCEEDED, refunds.c.confirmed_at >= since)
        query = query.where(refunds.c.confirmed_at < until).order_by(refunds.c.confirmed_at, refunds.c.id)
        return list(self._db.scalars(query))

    def orders_lacking(self) -> list[str]:
        """Return the orders, oldest first, that lack an invoice, the receipt of a payment or a credit note."""
        unpaid = payments.c.status != PaymentStatus.PAID
        unreceipted = exists().where(
            payments.c.order_id == orders.c.id,
            ~unpaid,
            payments.c.amount > 0,
            ~_issued(AccountingKind.RECEIPT, payments.c.id),
        )
        invoice = documents.alias("invoice")
        reduced = exists().where(
            contract_ends.c.order_id == orders.c.id,
            invoice.c.kind == AccountingKind.INVOICE,
            invoice.c.subject == orders.c.id,
            invoice.c.ttc > contract_ends.c.due,
            ~_issued(AccountingKind.CREDIT_NOTE, contract_ends.c.id),
        )
        uninvoiced = orders.c.first_paid_at.is_not(None) & ~_issued(AccountingKind.INVOICE, orders.c.id)
        query = select(orders.c.id).where(or_(uninvoiced, unreceipted, reduced))
        return list(self._db.scalars(query.order_by(orders.c.concluded_at, orders.c.id)))

    def _where(self, *criteria: ColumnElement[bool]) -> list[AccountingDocument]:
        query = select(documents).where(*criteria).order_by(documents.c.issued_at, documents.c.number)
        return [_read(row) for row in self._db.execute(query)]


def _issued(kind: AccountingKind, subject: ColumnElement[str]) -> Exists:
    return exists().where(documents.c.kind == kind, documents.c.subject == subject)


def _read(row: Row[Any]) -> AccountingDocument:
    facts = row._mapping
    amounts = Amounts(ttc=facts["ttc"], ht=facts["ht"], vat=facts["vat"])
    return AccountingDocument(amounts=amounts, **{name: facts[name] for name in _PLAIN})
