"""Invoice, receipts and credit note: issued once with the fact, gapless, frozen, and consistent to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from bot.gateways.pdf import TypstDocuments
from programme.content.vat import VatPeriod, VatRegime
from programme.model.accounting import AccountingDocument, AccountingKind, seal
from programme.model.ending import EndKind
from programme.model.evidence import first_broken
from programme.model.order import Order, PaymentPlan, PaymentStatus
from programme.model.people import Caller, Role
from programme.rules.money import credit_note, vat_split
from programme.usecases import delivery, endings, invoicing, payments, withdrawal
from tests.builders import ordered, paid
from tests.conftest import World
from tests.usecases.running import LEA as RUNNING_LEA
from tests.usecases.running import MAX, NOE, ZOE, hold, running

LEA = Caller("ULEA")
ADMIN = Caller("UADMIN1", frozenset({Role.ADMIN}))
STANDARD = VatPeriod(since=date(2026, 1, 1), regime=VatRegime.STANDARD, rate=20)
FRANCHISE_2027 = VatPeriod(since=date(2027, 1, 1), regime=VatRegime.FRANCHISE, mention="TVA non applicable")


def with_vat(world: World, *periods: VatPeriod) -> None:
    """The operator's configuration says these regimes."""
    trader = world.ports.content.trader.model_copy(update={"vat": periods, "vat_number": "FR00123456789"})
    world.ports = replace(world.ports, content=replace(world.ports.content, trader=trader))


def issued(world: World, order: Order, kind: AccountingKind | None = None) -> list[AccountingDocument]:
    with world.store.reading() as uow:
        return [one for one in uow.accounting.of_order(order.id) if kind in {None, one.kind}]


def numbers(world: World, order: Order) -> list[str]:
    return [document.number for document in issued(world, order)]


def pay_instalment(world: World, order: Order, number: int) -> None:
    """Record a later payment as its own use case does: the fact, then the documents that are due."""
    with world.ports.uow() as uow:
        payment = uow.orders.payments(order.id)[number - 1]
        payment.status, payment.paid_at, payment.intent_id = PaymentStatus.PAID, world.clock.now(), f"pi_{number}"
        invoicing.issue_due(world.ports, uow, uow.orders.get(order.id))
    delivery.deliver_all(world.ports)


def withdraw(world: World, order: Order) -> None:
    withdrawal.declare(world.ports, caller=LEA, order_id=order.id, email="lea@exemple.fr")
    delivery.deliver_all(world.ports)


def test_nothing_is_issued_before_the_order_is_paid(world: World) -> None:
    order = ordered(world, "ULEA")
    withdraw(world, order)
    assert numbers(world, order) == []


def test_invoice_and_receipt_leave_with_the_confirmation(world: World) -> None:
    order = paid(world, "ULEA")
    assert numbers(world, order) == ["F2026-000001", "R2026-000001"]
    [mail] = world.mailer.sent
    assert [name for name, _ in mail["attachments"]] == [
        f"contrat-{order.id}.pdf",
        "facture-F2026-000001.pdf",
        "recu-R2026-000001.pdf",
    ]
    facts = dict(world.printer.printed)
    assert facts["facture"]["client"]["address"] == ["12 rue des Lilas", "69003 Lyon 3e Arrondissement"]
    assert facts["facture"]["vat_mention"] == "TVA non applicable, art. 293 B du CGI"
    assert facts["facture"]["letterhead"]["siren"] == world.ports.content.trader.shown()["siren"]
    assert facts["recu"]["amount"] == facts["facture"]["totals"]["ttc"] == 45_000


def test_replayed_webhooks_issue_nothing_more(world: World) -> None:
    order = paid(world, "ULEA")
    for _ in range(3):
        payments.settle_checkout(world.ports, order.checkout_id)
        payments.reconcile(world.ports)
    assert invoicing.issue_missing(world.ports) == 0
    assert len(issued(world, order)) == 2


def test_a_transaction_that_fails_leaves_neither_gap_nor_document(world: World) -> None:
    order = ordered(world, "ULEA")

    def fail() -> None:
        with world.ports.uow() as uow:
            found = uow.orders.get(order.id)
            found.first_paid_at = world.clock.now()
            assert len(invoicing.issue_due(world.ports, uow, found)) == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert numbers(world, order) == []
    assert numbers(world, paid(world, "UMAX", email="max@exemple.fr")) == ["F2026-000001", "R2026-000001"]


def test_every_instalment_has_its_receipt_and_its_own_mail(world: World) -> None:
    with_vat(world, STANDARD)
    order = paid(world, "ULEA", plan=PaymentPlan.THREE)
    for number in (2, 3):
        world.clock.move(days=30)
        pay_instalment(world, order, number)
    receipts = issued(world, order, AccountingKind.RECEIPT)
    assert [one.content["remaining"] for one in receipts] == [30_000, 15_000, 0]
    assert [one.content["number"] for one in receipts] == [1, 2, 3]
    assert [one.payment_reference for one in receipts][1:] == ["pi_2", "pi_3"]
    [invoice] = issued(world, order, AccountingKind.INVOICE)
    assert sum(one.amounts.vat for one in receipts) == invoice.amounts.vat == 7_500
    assert [mail["template"] for mail in world.mailer.sent[1:]] == ["accounting_document"] * 2


def test_a_withdrawal_credits_the_whole_invoice(world: World) -> None:
    order = paid(world, "ULEA", plan=PaymentPlan.THREE)
    withdraw(world, order)
    withdraw(world, order)
    [note] = issued(world, order, AccountingKind.CREDIT_NOTE)
    assert (note.number, note.amounts.ttc, note.content["invoice_number"]) == ("A2026-000001", 45_000, "F2026-000001")
    assert (note.content["refunded"], note.content["cancelled"]) == (15_000, 30_000)
    assert note.content["reason"] == "Rétractation"
    [mail] = [mail for mail in world.mailer.sent if mail["template"] == "accounting_document"]
    assert mail["data"]["kind"] == "credit_note"
    assert [name for name, _ in mail["attachments"]] == ["avoir-A2026-000001.pdf"]


def test_vat_of_the_credit_note_is_by_difference_in_the_regime_of_the_invoice(world: World) -> None:
    with_vat(world, STANDARD, FRANCHISE_2027)
    order = paid(world, "ULEA")
    world.clock.instant = datetime(2027, 2, 1, tzinfo=UTC)
    with world.ports.uow() as uow:
        found = uow.orders.get(order.id)
        now = world.clock.now()
        end = endings.end_contract(
            world.ports, uow, found, EndKind.ABANDONMENT, declared_at=now, actor="UADMIN1", reason=""
        )
        assert end.due == 0
    [note] = issued(world, order, AccountingKind.CREDIT_NOTE)
    assert note.number == "A2027-000001"
    assert (note.regime, note.vat_rate, note.amounts.vat) == ("standard", 20, 7_500)
    assert note.content["vat_mention"] == ""


def test_six_sessions_are_kept_and_the_columns_agree(world: World) -> None:
    with_vat(world, STANDARD)
    running(world.ports)
    callers = (RUNNING_LEA, MAX, NOE, ZOE)
    with world.store.reading() as uow:
        member = uow.members.by_slack("UM1")
        assert member is not None
        enrolment = uow.enrolments.current(member.id)
        assert enrolment is not None
        order = uow.orders.of_enrolment(enrolment.id)
        assert order is not None
    invoicing.issue_missing(world.ports)
    hold(world, 1, *callers)
    hold(world, 2, *callers)
    with world.ports.uow() as uow:
        now = world.clock.now()
        end = endings.end_contract(
            world.ports, uow, uow.orders.get(order.id), EndKind.FORCE_MAJEURE, declared_at=now, actor="UADMIN1"
        )
        assert end.due == order.price * 2 // 16
    [note] = issued(world, order, AccountingKind.CREDIT_NOTE)
    assert note.amounts == credit_note(vat_split(order.price, 20), end.due, 20)
    assert note.content["sessions_delivered"] == 2
    kept = note.content["kept"]
    assert kept["ht"] + kept["vat"] == kept["ttc"] == end.due


def test_a_payment_after_the_end_has_its_receipt_and_goes_back(world: World) -> None:
    order = ordered(world, "ULEA")
    withdrawal.declare(world.ports, caller=LEA, order_id=order.id, email="lea@exemple.fr")
    world.payments.pay(order.checkout_id)
    for _ in range(2):
        payments.settle_checkout(world.ports, order.checkout_id)
    delivery.deliver_all(world.ports)
    [receipt] = issued(world, order)
    assert (receipt.number, receipt.content["returned"], receipt.content["remaining"]) == ("R2026-000001", True, 0)


def test_a_free_order_has_an_invoice_of_zero_and_no_receipt(world: World) -> None:
    order = ordered(world, "ULEA")
    with world.ports.uow() as uow:
        found, [first] = uow.orders.get(order.id), uow.orders.payments(order.id)
        found.price, found.discount, found.offer, first.amount = 0, 45_000, "PARTENAIRE", 0
    world.payments.pay(order.checkout_id, amount_total=0, payment_status="no_payment_required", intent_id="")
    assert payments.settle_checkout(world.ports, order.checkout_id)
    delivery.deliver_all(world.ports)
    [invoice] = issued(world, order)
    assert (invoice.kind, invoice.amounts.ttc) == (AccountingKind.INVOICE, 0)
    assert (invoice.content["discount"], invoice.content["instalments"]) == (45_000, [])
    withdraw(world, order)
    assert len(issued(world, order)) == 1


def test_the_year_is_that_of_the_french_civil_day(world: World) -> None:
    world.clock.instant = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    assert numbers(world, paid(world, "ULEA"))[0] == "F2026-000001"
    world.clock.instant = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    assert numbers(world, paid(world, "UMAX", email="max@exemple.fr"))[0] == "F2027-000001"


def test_what_is_issued_stays_whatever_changes_afterwards(world: World) -> None:
    order = paid(world, "ULEA", plan=PaymentPlan.THREE)
    before = issued(world, order)
    with world.ports.uow() as uow:
        member = uow.members.get(order.member_id)
        member.last_name, member.address = "Autre", "1 place d’Ailleurs"
    trader = world.ports.content.trader.model_copy(update={"name": "Autre société"})
    world.ports = replace(world.ports, content=replace(world.ports.content, trader=trader))
    pay_instalment(world, order, 2)
    assert issued(world, order)[:2] == before
    receipt = issued(world, order, AccountingKind.RECEIPT)[-1]
    assert receipt.content["client"] == before[0].content["client"]
    assert receipt.content["letterhead"]["name"] == "Autre société"


def test_the_real_printer_draws_what_was_frozen_under_its_own_letterhead(world: World) -> None:
    with_vat(world, STANDARD)
    order = paid(world, "ULEA", plan=PaymentPlan.THREE)
    withdraw(world, order)
    moved = world.ports.content.trader.model_copy(update={"street": "1 place d’Ailleurs"})
    printer = TypstDocuments(moved)
    for document in issued(world, order):
        part = invoicing.attachment(document)
        pages = PdfReader(BytesIO(printer.render(part.template, part.data))).pages
        printed = "".join("".join(page.extract_text() for page in pages).split())
        assert document.number in printed
        assert "12quaidesExemples" in printed
        assert "1placed’Ailleurs" not in printed


def test_the_evidence_chain_keeps_the_seal_of_each_document(world: World) -> None:
    order = paid(world, "ULEA")
    with world.store.reading() as uow:
        chain = uow.enrolments.evidence()
        sealed = {one.facts["number"]: one.facts["sha256"] for one in chain if one.kind == "accounting_issued"}
    assert first_broken(chain) is None
    assert sealed == {one.number: seal(one) for one in issued(world, order)}


def test_an_order_of_an_older_version_gets_what_it_lacks_once(world: World) -> None:
    running(world.ports)
    assert invoicing.issue_missing(world.ports) == 4
    assert invoicing.issue_missing(world.ports) == 0
    delivery.deliver_all(world.ports)
    assert len([mail for mail in world.mailer.sent if mail["template"] == "accounting_document"]) == 4


@given(price=st.integers(0, 200_000), rate=st.sampled_from((0, 10, 20)), data=st.data())
def test_invoice_minus_credit_note_is_what_is_kept_in_each_column(price: int, rate: int, data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, price))
    invoiced = vat_split(price, rate)
    credit = credit_note(invoiced, kept, rate)
    left = (invoiced.ttc - credit.ttc, invoiced.ht - credit.ht, invoiced.vat - credit.vat)
    whole = vat_split(kept, rate)
    assert left == (whole.ttc, whole.ht, whole.vat)
    assert credit.ht + credit.vat == credit.ttc
    assert min(credit.ttc, credit.ht, credit.vat) >= 0
