"""The accounts of a month for the accountant: the journal of the documents and refunds, and the e-reporting figures.

A document belongs to the French civil month in which it was issued, a refund to that in which Stripe confirmed it: a
month that is over never changes. Sales to individuals are outside e-invoicing and inside e-reporting, except those that
are exempt (CGI 261 to 261 E), which are marked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from programme.content.french import month_words
from programme.content.vat import VatRegime
from programme.errors import Refusal
from programme.journal import Action
from programme.model.accounting import SERIES, AccountingDocument, AccountingKind, seal
from programme.model.ending import Refund, RefundStatus
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules import spreadsheets
from programme.rules.instants import day_in, start_of_day
from programme.rules.invoices import DocumentNumber
from programme.rules.money import Amounts, vat_split
from programme.rules.retention import Purpose, first_kept
from programme.rules.spreadsheets import decimal
from programme.usecases import handing_out
from programme.usecases.groups import require_admin
from programme.usecases.handing_out import Made

JOURNAL = (
    "date",
    "numero",
    "piece",
    "commande",
    "client",
    "ht",
    "tva",
    "ttc",
    "taux_tva",
    "regime_tva",
    "date_paiement",
    "moyen",
    "reference_paiement",
    "frais",
    "facture",
    "empreinte",
    "conforme",
)
REPORTING = (
    "flux",
    "jour",
    "categorie",
    "regime_tva",
    "taux_tva",
    "nombre",
    "ht",
    "tva",
    "ttc",
    "devise",
    "a_declarer",
)
NAMES = {
    AccountingKind.INVOICE: "facture",
    AccountingKind.RECEIPT: "paiement",
    AccountingKind.CREDIT_NOTE: "avoir",
}
REFUND = "remboursement"
REGIMES = {
    VatRegime.EXEMPT_TRAINING: "exonération formation",
    VatRegime.FRANCHISE: "franchise en base",
    VatRegime.STANDARD: "TVA",
}
SALES, PAYMENTS = "ventes", "paiements"


@dataclass(frozen=True)
class Month:
    """One civil month in France."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}"

    @property
    def words(self) -> str:
        """novembre 2026."""
        return month_words(self.year, self.month)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """Its first instant, and the first one after it, in UTC."""
        following = date(self.year + self.month // 12, self.month % 12 + 1, 1)
        return start_of_day(date(self.year, self.month, 1)), start_of_day(following)


def read_month(text: str) -> Month:
    """Read « 2026-11 »; Refusal("accounts_month") for anything else."""
    found = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", text.strip())
    if found is None:
        raise Refusal("accounts_month")
    return Month(int(found[1]), int(found[2]))


@dataclass(frozen=True)
class Accounts:
    """The two files of a month; ``altered`` and ``missing`` name documents, and are empty when all is well."""

    month: Month
    journal: bytes
    reporting: bytes
    lines: int
    altered: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def files(self) -> tuple[Made, ...]:
        """The files by name."""
        return (
            Made(f"comptes-{self.month}.csv", "text/csv", self.journal),
            Made(f"e-reporting-{self.month}.csv", "text/csv", self.reporting),
        )


def export(ports: Ports, *, month: Month) -> Accounts:
    """Read the accounts of a month; Refusal("accounts_none") when nothing was issued or refunded in it."""
    since, until = month.bounds
    with ports.reading() as uow:
        entries = [*_documents(uow, uow.accounting.issued(since, until))]
        entries += _refunds(uow, uow.accounting.refunds_confirmed(since, until))
        kept = date(month.year, 12, 31) >= first_kept(Purpose.ACCOUNTING, day_in(ports.clock.now()))
        missing = tuple(_missing(uow, month.year)) if kept else ()
    if not entries:
        raise Refusal("accounts_none", month=month.words)
    entries.sort(key=lambda entry: (entry.at, entry.number))
    return Accounts(
        month=month,
        journal=spreadsheets.write(JOURNAL, (_row(entry) for entry in entries)),
        reporting=spreadsheets.write(REPORTING, _reported(entries)),
        lines=len(entries),
        altered=tuple(entry.number for entry in entries if not entry.intact),
        missing=missing,
    )


def send(ports: Ports, *, caller: Caller, month: Month, request: str) -> Accounts:
    """Put the accounts of a month into the admin's direct messages; money never goes to a group's channel."""
    require_admin(caller)
    made = export(ports, month=month)
    key = f"accounts:{caller.slack_user_id}:{request}"
    facts = {"lines": made.lines, "altered": len(made.altered), "missing": len(made.missing)}
    handing_out.hand_out(
        ports, caller=caller, files=made.files, key=key, action=Action.ACCOUNTS_EXPORTED, subject=str(month), **facts
    )
    return made


@dataclass(frozen=True)
class _Entry:
    """One line of the journal, with its sign."""

    at: datetime
    number: str
    piece: str
    flow: str
    order_id: str
    client: str
    amounts: Amounts
    rate: int
    regime: VatRegime
    paid_at: datetime | None = None
    means: str = ""
    reference: str = ""
    invoice: str = ""
    sha256: str = ""
    intact: bool = True


def _documents(uow: UnitOfWork, documents: Iterable[AccountingDocument]) -> Iterator[_Entry]:
    for document in documents:
        receipt = document.kind is AccountingKind.RECEIPT
        invoice = uow.accounting.about(AccountingKind.INVOICE, document.order_id)
        yield _Entry(
            at=document.issued_at,
            number=document.number,
            piece=NAMES[document.kind],
            flow=PAYMENTS if receipt else SALES,
            order_id=document.order_id,
            client=document.content["client"]["name"],
            amounts=_minus(document.amounts) if document.kind is AccountingKind.CREDIT_NOTE else document.amounts,
            rate=document.vat_rate,
            regime=VatRegime(document.regime),
            paid_at=document.paid_at,
            means=document.content["means"] if receipt else "",
            reference=document.payment_reference,
            invoice=invoice.number if invoice else "",
            sha256=document.sha256,
            intact=_intact(uow, document),
        )


def _intact(uow: UnitOfWork, document: AccountingDocument) -> bool:
    """Whether the document says what it said when it was sealed: who edits the table cannot edit the chain."""
    chain = uow.enrolments.evidence(uow.orders.get(document.order_id).enrolment_id)
    sealed = [link.facts["sha256"] for link in chain if link.facts.get("number") == document.number]
    return sealed == [seal(document)] and document.sha256 == seal(document)


def _refunds(uow: UnitOfWork, refunds: Iterable[Refund]) -> Iterator[_Entry]:
    for refund in refunds:
        issued = uow.accounting.of_order(refund.order_id)
        receipts = [one for one in issued if one.kind is AccountingKind.RECEIPT]
        receipt = next((one for one in receipts if one.subject == refund.payment_id), None)
        if receipt is None or refund.confirmed_at is None:
            continue
        invoice = uow.accounting.about(AccountingKind.INVOICE, refund.order_id)
        held = sum(one.amounts.ttc for one in receipts) - _refunded_before(uow, refund)
        yield _Entry(
            at=refund.confirmed_at,
            number=refund.id,
            piece=REFUND,
            flow=PAYMENTS,
            order_id=refund.order_id,
            client=receipt.content["client"]["name"],
            amounts=_difference(held - refund.amount, held, receipt.vat_rate),
            rate=receipt.vat_rate,
            regime=VatRegime(receipt.regime),
            paid_at=refund.confirmed_at,
            means=receipt.content["means"],
            reference=refund.stripe_id,
            invoice=invoice.number if invoice else "",
        )


def _refunded_before(uow: UnitOfWork, refund: Refund) -> int:
    done = [one for one in uow.endings.refunds(refund.end_id) if one.status is RefundStatus.SUCCEEDED]
    order = [(one.confirmed_at, one.id, one.amount) for one in done if one.confirmed_at]
    return sum(
        amount for at, id_, amount in order if refund.confirmed_at and (at, id_) < (refund.confirmed_at, refund.id)
    )


def _difference(after: int, before: int, rate: int) -> Amounts:
    one, other = vat_split(after, rate), vat_split(before, rate)
    return Amounts(one.ttc - other.ttc, one.ht - other.ht, one.vat - other.vat)


def _minus(amounts: Amounts) -> Amounts:
    return Amounts(-amounts.ttc, -amounts.ht, -amounts.vat)


def _missing(uow: UnitOfWork, year: int) -> Iterator[str]:
    """Numbers that were given and that no document carries any more."""
    for series in SERIES.values():
        there = set(uow.accounting.numbered(series, year))
        for sequence in range(1, uow.accounting.last_number(series, year) + 1):
            number = str(DocumentNumber(series, year, sequence))
            if number not in there:
                yield number


def _row(entry: _Entry) -> dict[str, str]:
    return {
        "date": day_in(entry.at).isoformat(),
        "numero": entry.number,
        "piece": entry.piece,
        "commande": entry.order_id,
        "client": entry.client,
        "ht": decimal(entry.amounts.ht),
        "tva": decimal(entry.amounts.vat),
        "ttc": decimal(entry.amounts.ttc),
        "taux_tva": str(entry.rate),
        "regime_tva": REGIMES[entry.regime],
        "date_paiement": day_in(entry.paid_at).isoformat() if entry.paid_at else "",
        "moyen": entry.means,
        "reference_paiement": entry.reference,
        "frais": "",  # Stripe's fees are on its own statement
        "facture": entry.invoice,
        "empreinte": entry.sha256,
        "conforme": "oui" if entry.intact else "non",
    }


def _reported(entries: Iterable[_Entry]) -> Iterator[dict[str, str]]:
    """One line a day, flow, regime and rate: sales are invoices less credit notes, payments less refunds."""
    days: dict[tuple[str, date, VatRegime, int], list[Amounts]] = defaultdict(list)
    for entry in entries:
        days[entry.flow, day_in(entry.at), entry.regime, entry.rate].append(entry.amounts)
    for (flow, day, regime, rate), sums in sorted(days.items(), key=lambda item: (item[0][0] != SALES, *item[0][1:])):
        yield {
            "flux": flow,
            "jour": day.isoformat(),
            "categorie": "prestations de services",
            "regime_tva": REGIMES[regime],
            "taux_tva": str(rate),
            "nombre": str(len(sums)),
            "ht": decimal(sum(one.ht for one in sums)),
            "tva": decimal(sum(one.vat for one in sums)),
            "ttc": decimal(sum(one.ttc for one in sums)),
            "devise": "EUR",
            "a_declarer": "non" if regime is VatRegime.EXEMPT_TRAINING else "oui",
        }
