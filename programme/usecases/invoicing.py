"""Invoice, receipts and credit note of an order: issued in the transaction of the fact that calls for them.

The invoice is issued with the first payment, a receipt with each, a credit note with the end that reduces the sale.
``issue_due`` looks at the facts and issues what is missing: whoever records a payment or an end calls it, any number
of times. Nothing issued is ever changed; the evidence chain keeps the seal of each document.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from programme.content.printing import Accounting, Letterhead, Person
from programme.content.vat import VatPeriod
from programme.effects import Attachment, SendMail
from programme.journal import Action
from programme.model.accounting import SERIES, AccountingDocument, AccountingKind, seal
from programme.model.ending import ContractEnd
from programme.model.order import Order, Payment, PaymentStatus
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.money import Amounts, credit_note, vat_split
from programme.usecases import accounting_facts
from programme.usecases.contract import envelope

TEMPLATES = {
    AccountingKind.INVOICE: "facture",
    AccountingKind.RECEIPT: "recu",
    AccountingKind.CREDIT_NOTE: "avoir",
}
_JSON: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


def issue_due(ports: Ports, uow: UnitOfWork, order: Order, *, mail: bool = True) -> list[AccountingDocument]:
    """Issue what the order's facts call for and has not been issued yet; nothing when called again.

    Each new document leaves by a mail of its own, unless the caller attaches it to another (``mail`` false).
    """
    made = [*_invoice(ports, uow, order), *_receipts(ports, uow, order), *_credit_note(ports, uow, order)]
    for document in made if mail else ():
        send(uow, document, f"accounting:{document.number}")
    return made


def issue_missing(ports: Ports) -> int:
    """Issue what an older version of the program, or a payment recorded elsewhere, left without its document."""
    with ports.reading() as uow:
        lacking = uow.accounting.orders_lacking()
    made = 0
    for order_id in lacking:
        with ports.uow() as uow:
            made += len(issue_due(ports, uow, uow.orders.get(order_id)))
    return made


def attachments(uow: UnitOfWork, order: Order) -> tuple[Attachment, ...]:
    """Return every document of the order, to attach to a mail."""
    return tuple(attachment(document) for document in uow.accounting.of_order(order.id))


def attachment(document: AccountingDocument) -> Attachment:
    """Return the PDF to attach: drawn when the mail leaves, from what was frozen when it was issued."""
    template = TEMPLATES[document.kind]
    return Attachment(filename=f"{template}-{document.number}.pdf", template=template, data=document.content)


def send(uow: UnitOfWork, document: AccountingDocument, key: str) -> tuple[str, bool]:
    """Send a document to its buyer; returns the address, and whether the key was new: one mail a key."""
    member = uow.members.get(document.member_id)
    data = {
        "kind": document.kind.value,
        "number": document.number,
        "order_id": document.order_id,
        "first_name": member.first_name,
        "amount": document.amounts.ttc,
    }
    mail = SendMail(to=member.email, template="accounting_document", data=data, attachments=(attachment(document),))
    return member.email, uow.outbox.put(key[:120], mail, lane=f"mail:{document.order_id}")


def _invoice(ports: Ports, uow: UnitOfWork, order: Order) -> list[AccountingDocument]:
    """One invoice, of the contract's price, once the first payment (or a free order) has confirmed the contract."""
    if order.first_paid_at is None or uow.accounting.about(AccountingKind.INVOICE, order.id):
        return []
    now = ports.clock.now()
    vat = ports.content.trader.vat_on(day_in(now))
    facts = accounting_facts.invoice(
        order,
        uow.orders.payments(order.id),
        vat,
        client=_client(uow, order),
        description=ports.content.sentence("invoice_line"),
        issued_on=day_in(now),
    )
    amounts = vat_split(order.price, vat.rate)
    return [_issue(ports, uow, AccountingKind.INVOICE, order, order.id, facts, amounts, vat, now)]


def _receipts(ports: Ports, uow: UnitOfWork, order: Order) -> list[AccountingDocument]:
    """One receipt for each payment that was received; nothing was received for a free order."""
    paid = [one for one in uow.orders.payments(order.id) if one.status is PaymentStatus.PAID and one.amount]
    return [
        _receipt(ports, uow, order, one) for one in paid if not uow.accounting.about(AccountingKind.RECEIPT, one.id)
    ]


def _receipt(ports: Ports, uow: UnitOfWork, order: Order, payment: Payment) -> AccountingDocument:
    """VAT by difference with the receipts before, so that those of a price paid in full add up to its invoice."""
    now, vat = ports.clock.now(), _vat_of(ports, uow, order)
    issued = uow.accounting.of_order(order.id)
    before = sum(one.amounts.ttc for one in issued if one.kind is AccountingKind.RECEIPT)
    facts = accounting_facts.receipt(
        order,
        payment,
        client=_client(uow, order),
        of=len(uow.orders.payments(order.id)),
        paid_in_all=before + payment.amount,
        returned=_came_too_late(uow, order, before + payment.amount),
    )
    sum_, earlier = vat_split(before + payment.amount, vat.rate), vat_split(before, vat.rate)
    amounts = Amounts(sum_.ttc - earlier.ttc, sum_.ht - earlier.ht, sum_.vat - earlier.vat)
    return _issue(ports, uow, AccountingKind.RECEIPT, order, payment.id, facts, amounts, vat, now, payment)


def _came_too_late(uow: UnitOfWork, order: Order, paid_in_all: int) -> bool:
    """Whether the contract had ended before this payment was known: its end froze what had been paid."""
    end = uow.endings.of_order(order.id)
    return end is not None and paid_in_all > end.paid


def _credit_note(ports: Ports, uow: UnitOfWork, order: Order) -> list[AccountingDocument]:
    """One credit note for a sale that an early end reduced; also for the part that was not paid yet."""
    invoice = uow.accounting.about(AccountingKind.INVOICE, order.id)
    end = uow.endings.of_order(order.id)
    if invoice is None or end is None or uow.accounting.about(AccountingKind.CREDIT_NOTE, end.id):
        return []
    if invoice.amounts.ttc <= end.due:
        return []
    return [_credit(ports, uow, order, invoice, end)]


def _credit(
    ports: Ports, uow: UnitOfWork, order: Order, invoice: AccountingDocument, end: ContractEnd
) -> AccountingDocument:
    now, vat = ports.clock.now(), _vat_of(ports, uow, order)
    amounts = credit_note(invoice.amounts, end.due, vat.rate)
    facts = accounting_facts.credit_note(
        order,
        invoice,
        end,
        vat,
        credited=amounts,
        client=_client(uow, order),
        reason=ports.content.sentence(accounting_facts.REASONS[end.kind]),
        issued_on=day_in(now),
    )
    return _issue(ports, uow, AccountingKind.CREDIT_NOTE, order, end.id, facts, amounts, vat, now)


def _client(uow: UnitOfWork, order: Order) -> Person:
    """The buyer as ordered: what the invoice says stays, whatever the person changes later."""
    invoice = uow.accounting.about(AccountingKind.INVOICE, order.id)
    if invoice is not None:
        return Person.model_validate(invoice.content["client"])
    member = uow.members.get(order.member_id)
    return Person(name=member.full_name, address=envelope(member), email=member.email)


def _vat_of(ports: Ports, uow: UnitOfWork, order: Order) -> VatPeriod:
    """The regime of the sale: the invoice's, also when another has begun since."""
    invoice = uow.accounting.about(AccountingKind.INVOICE, order.id)
    if invoice is None:
        return ports.content.trader.vat_on(day_in(ports.clock.now()))
    return VatPeriod.model_validate(
        {
            "since": day_in(invoice.issued_at),
            "regime": invoice.regime,
            "rate": invoice.vat_rate,
            "mention": invoice.content["vat_mention"],
        }
    )


def _issue(
    ports: Ports,
    uow: UnitOfWork,
    kind: AccountingKind,
    order: Order,
    subject: str,
    facts: Accounting,
    amounts: Amounts,
    vat: VatPeriod,
    now: datetime,
    payment: Payment | None = None,
) -> AccountingDocument:
    """Give the number, freeze the document with today's letterhead, and seal it into the evidence chain."""
    number = str(uow.accounting.next_number(SERIES[kind], day_in(now).year))
    letterhead = Letterhead(**{name: ports.content.trader.shown()[name] for name in Letterhead.model_fields})
    printed = facts.model_copy(update={accounting_facts.NUMBER_FIELD[kind]: number, "letterhead": letterhead})
    unsealed = AccountingDocument(
        number=number,
        kind=kind,
        subject=subject,
        order_id=order.id,
        member_id=order.member_id,
        issued_at=now,
        amounts=amounts,
        regime=vat.regime.value,
        vat_rate=vat.rate,
        content=_JSON.dump_python(printed.model_dump(), mode="json"),
        paid_at=payment.paid_at if payment else None,
        payment_reference=payment.intent_id if payment else "",
    )
    document = replace(unsealed, sha256=seal(unsealed))
    uow.accounting.add(document)
    said = {"number": number, "document": kind.value, "ttc": amounts.ttc, "sha256": document.sha256}
    uow.enrolments.record(enrolment_id=order.enrolment_id, kind="accounting_issued", at=now, facts=said)
    uow.journal.write("bot", Action.ACCOUNTING_ISSUED, number, order=order.id, ttc=amounts.ttc)
    return document
