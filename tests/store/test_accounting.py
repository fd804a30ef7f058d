"""Numbers without gap or twin, whatever is rolled back or runs at once; and documents that nothing changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from programme.errors import NotFound
from programme.model.accounting import AccountingDocument, AccountingKind, seal
from programme.rules.invoices import DocumentNumber, Series
from programme.rules.money import Amounts
from tests.builders import ordered
from tests.conftest import World


def take(world: World, series: Series = Series.INVOICE, year: int = 2026, *, fail: bool = False) -> int:
    """Take one number in a transaction of its own, which may fail after having taken it."""
    with world.store.uow() as uow:
        number = uow.accounting.next_number(series, year)
        if fail:
            raise RuntimeError
    return number.sequence


def test_each_series_and_each_year_begins_with_one(world: World) -> None:
    assert [take(world) for _ in range(3)] == [1, 2, 3]
    assert take(world, Series.CREDIT_NOTE) == take(world, year=2027) == take(world, Series.RECEIPT) == 1
    with world.store.reading() as uow:
        assert uow.accounting.last_number(Series.INVOICE, 2026) == 3
        assert uow.accounting.last_number(Series.INVOICE, 2030) == 0


def test_a_rollback_gives_its_number_back(world: World) -> None:
    with pytest.raises(RuntimeError):
        take(world, fail=True)
    assert take(world) == 1
    with pytest.raises(RuntimeError):
        take(world, fail=True)
    assert take(world) == 2


def test_transactions_at_once_neither_share_nor_skip_a_number(world: World) -> None:
    def turn(index: int) -> int | None:
        try:
            return take(world, fail=index % 3 == 0)
        except RuntimeError:
            return None

    with ThreadPoolExecutor(8) as pool:
        taken = [number for number in pool.map(turn, range(120)) if number is not None]
    assert sorted(taken) == list(range(1, 81))


def a_document(world: World) -> AccountingDocument:
    order = ordered(world, "ULEA")
    plain = AccountingDocument(
        number=str(DocumentNumber(Series.INVOICE, 2026, 1)),
        kind=AccountingKind.INVOICE,
        subject=order.id,
        order_id=order.id,
        member_id=order.member_id,
        issued_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        amounts=Amounts(45_000, 37_500, 7_500),
        regime="standard",
        vat_rate=20,
        content={"b": ["é", 1], "a": None},
    )
    document = replace(plain, sha256=seal(plain))
    with world.store.uow() as uow:
        uow.accounting.add(document)
    return document


def test_a_document_is_read_as_it_was_written(world: World) -> None:
    document = a_document(world)
    with world.store.reading() as uow:
        found = uow.accounting.get(document.number)
        assert found == uow.accounting.about(AccountingKind.INVOICE, document.subject) == document
        assert seal(found) == found.sha256
        assert uow.accounting.numbered(Series.INVOICE, 2026) == ["F2026-000001"]
        with pytest.raises(NotFound):
            uow.accounting.get("F2026-000002")


def test_one_document_of_a_kind_about_one_thing(world: World) -> None:
    document = a_document(world)
    with pytest.raises(IntegrityError), world.store.uow() as uow:
        uow.accounting.add(replace(document, number="F2026-000002"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounting_documents SET ttc = 1",
        "UPDATE evidence SET kind = 'text_seen' WHERE sequence = 3",
        "UPDATE evidence SET facts = '{}' WHERE sequence = 3",
        """UPDATE evidence SET hash = '', facts = '{"erased": "2037-01-01"}' WHERE sequence = 3""",
        "DELETE FROM evidence WHERE sequence = 3",
    ],
)
def test_the_database_itself_refuses_a_change(world: World, tmp_path, statement: str) -> None:
    a_document(world)
    engine = create_engine(f"sqlite:///{tmp_path / 'bilan.sqlite3'}")
    with engine.connect() as connection, pytest.raises(IntegrityError, match="never"):
        connection.execute(text(statement))
    engine.dispose()
