"""The accounts of a month: complete, consistent to the cent, tamper-evident, and for admins alone."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import create_engine, text

from programme.content.vat import VatRegime
from programme.errors import NotAllowed, Refusal
from programme.model.ending import RefundStatus
from programme.model.order import PaymentPlan
from programme.model.people import Caller, Role
from programme.usecases import accounts, agenda, delivery, refunds
from programme.usecases.accounts import Month
from tests.builders import paid
from tests.conftest import World
from tests.usecases.test_invoicing import FRANCHISE_2027, STANDARD, pay_instalment, with_vat, withdraw

FIRST, SECOND = (Caller(user, frozenset({Role.ADMIN})) for user in ("UADMIN1", "UADMIN2"))
NOVEMBER, DECEMBER, JANUARY = Month(2026, 11), Month(2026, 12), Month(2027, 1)


def fail(what: str, error: Exception) -> None:
    raise AssertionError(what) from error


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def total(rows: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column].replace(",", ".")) for row in rows), Decimal())


def refund(world: World) -> None:
    """Both admins confirm the refund, and it leaves."""
    with world.store.reading() as uow:
        [end] = [uow.endings.of_order(order) for order in {d.order_id for d in uow.accounting.of_member(lea(world))}]
    assert end is not None
    for admin in (FIRST, SECOND):
        refunds.approve(world.ports, caller=admin, end_id=end.id)
        world.clock.move(minutes=11)
        agenda.run_due(world.ports, fail)
    delivery.deliver_all(world.ports)


def lea(world: World) -> str:
    with world.store.reading() as uow:
        member = uow.members.by_slack("ULEA")
    assert member is not None
    return member.id


def test_a_withdrawal_shows_both_sides_and_balances(world: World) -> None:
    with_vat(world, STANDARD)
    order = paid(world, "ULEA")
    world.clock.move(minutes=1)
    withdraw(world, order)
    refund(world)
    made = accounts.export(world.ports, month=NOVEMBER)
    rows = read(made.journal)
    assert [row["piece"] for row in rows] == ["facture", "paiement", "avoir", "remboursement"]
    assert [row["ttc"] for row in rows] == ["450,00", "450,00", "-450,00", "-450,00"]
    assert [row["tva"] for row in rows] == ["75,00", "75,00", "-75,00", "-75,00"]
    assert {row["commande"] for row in rows} == {order.id}
    assert {row["facture"] for row in rows} == {"F2026-000001"}
    assert rows[1]["reference_paiement"] == f"pi_{order.checkout_id}"
    assert rows[3]["reference_paiement"] == "re_1"
    assert (made.altered, made.missing, made.lines) == ((), (), 4)
    reported = read(made.reporting)
    assert [(row["flux"], row["nombre"], row["ttc"], row["a_declarer"]) for row in reported] == [
        ("ventes", "2", "0,00", "oui"),
        ("paiements", "2", "0,00", "oui"),
    ]


def test_partial_payments_and_a_refund_in_parts_keep_the_vat_consistent(world: World) -> None:
    with_vat(world, STANDARD, FRANCHISE_2027)
    order = paid(world, "ULEA", plan=PaymentPlan.THREE)
    pay_instalment(world, order, 2)
    with world.store.reading() as uow:
        second = uow.orders.payments(order.id)[1]
    session = world.payments.sessions[order.checkout_id]
    world.payments.sessions["other"] = type(session)(
        **{**session.__dict__, "id": "other", "intent_id": second.intent_id}
    )
    withdraw(world, order)
    refund(world)
    rows = read(accounts.export(world.ports, month=NOVEMBER).journal)
    cash = [row for row in rows if row["piece"] in {"paiement", "remboursement"}]
    assert [row["piece"] for row in cash] == ["paiement", "paiement", "remboursement", "remboursement"]
    assert total(cash, "ttc") == total(cash, "tva") == total(cash, "ht") == 0
    for row in rows:
        assert total([row], "ht") + total([row], "tva") == total([row], "ttc")


def test_a_refund_counts_when_stripe_has_confirmed_it(world: World) -> None:
    order = paid(world, "ULEA")
    world.clock.move(minutes=1)
    world.payments.refunds_end_as = RefundStatus.PENDING
    withdraw(world, order)
    refund(world)
    world.clock.instant = datetime(2026, 12, 1, 8, tzinfo=UTC)
    world.payments.refunds_end_as = RefundStatus.SUCCEEDED
    assert refunds.follow(world.ports) == 1
    assert [row["piece"] for row in read(accounts.export(world.ports, month=NOVEMBER).journal)][-1] == "avoir"
    [row] = read(accounts.export(world.ports, month=DECEMBER).journal)
    assert (row["piece"], row["date"]) == ("remboursement", "2026-12-01")


def test_a_month_is_that_of_the_french_clock(world: World) -> None:
    since, until = JANUARY.bounds
    world.clock.instant = since - timedelta(seconds=1)
    paid(world, "ULEA")
    world.clock.instant = since
    paid(world, "UMAX", email="max@exemple.fr")
    assert until == datetime(2027, 1, 31, 23, tzinfo=UTC)
    december, january = (read(accounts.export(world.ports, month=month).journal) for month in (DECEMBER, JANUARY))
    assert [row["numero"] for row in december] == ["F2026-000001", "R2026-000001"]
    assert [row["numero"] for row in january] == ["F2027-000001", "R2027-000001"]


def test_exempt_sales_are_marked_as_not_to_report(world: World) -> None:
    exempt = FRANCHISE_2027.model_copy(update={"since": STANDARD.since, "regime": VatRegime.EXEMPT_TRAINING})
    with_vat(world, exempt)
    paid(world, "ULEA")
    rows = read(accounts.export(world.ports, month=NOVEMBER).reporting)
    assert {row["a_declarer"] for row in rows} == {"non"}


def test_a_name_is_no_formula(world: World) -> None:
    paid(world, "ULEA", first_name="=HYPERLINK(1)", last_name="@x")
    assert read(accounts.export(world.ports, month=NOVEMBER).journal)[0]["client"] == "'=HYPERLINK(1) @x"


def test_what_was_changed_or_taken_away_is_named(world: World, tmp_path) -> None:
    paid(world, "ULEA")
    paid(world, "UMAX", email="max@exemple.fr")
    engine = create_engine(f"sqlite:///{tmp_path / 'bilan.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER accounting_documents_frozen"))
        connection.execute(text("UPDATE accounting_documents SET ttc = 1 WHERE number = 'F2026-000001'"))
        connection.execute(text("DELETE FROM accounting_documents WHERE number = 'R2026-000002'"))
    engine.dispose()
    made = accounts.export(world.ports, month=NOVEMBER)
    assert made.altered == ("F2026-000001",)
    assert made.missing == ("R2026-000002",)


def test_the_files_go_to_the_admin_alone_once_a_request(world: World) -> None:
    paid(world, "ULEA")
    for _ in range(2):
        accounts.send(world.ports, caller=FIRST, month=NOVEMBER, request="t1")
    delivery.deliver_all(world.ports)
    names = [(channel, name) for channel, name, _, _ in world.workspace.shared]
    assert names == [("DADMIN1", "comptes-2026-11.csv"), ("DADMIN1", "e-reporting-2026-11.csv")]
    for caller in (Caller("ULEA"), Caller("UTUTOR1", frozenset({Role.TUTOR}))):
        with pytest.raises(NotAllowed):
            accounts.send(world.ports, caller=caller, month=NOVEMBER, request="t2")


def test_an_empty_month_is_told(world: World) -> None:
    with pytest.raises(Refusal, match="accounts_none"):
        accounts.export(world.ports, month=NOVEMBER)


@pytest.mark.parametrize("typed", ["", "2026", "2026-13", "2026-00", "novembre", "2026-1", "2026-11-01", "1926-11"])
def test_another_text_is_no_month(typed: str) -> None:
    with pytest.raises(Refusal, match="accounts_month"):
        accounts.read_month(typed)


def test_a_month_is_read_with_spaces_around(world: World) -> None:
    assert accounts.read_month(" 2026-12 ") == DECEMBER
