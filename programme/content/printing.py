"""What each PDF document says: one model a template of ``documents/``, validated before it is printed.

Models hold facts: integer cents, dates, aware UTC instants, Markdown. Dumped as JSON they become what a reader sees:
euros, French dates, Typst markup. ``model_dump()`` gives the facts back, ready for an outbox row.
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from programme.content import french
from programme.content.typst_markup import to_typst
from programme.rules.instants import PARIS
from programme.rules.money import euros

Cents = Annotated[int, PlainSerializer(euros, when_used="json")]
Day = Annotated[date, PlainSerializer(french.long_day, when_used="json")]
Moment = Annotated[AwareDatetime, PlainSerializer(french.moment, when_used="json")]
Minutes = Annotated[int, Field(ge=0), PlainSerializer(french.length, when_used="json")]
WallTime = Annotated[time, PlainSerializer(french.clock, when_used="json")]
Markdown = Annotated[str, PlainSerializer(to_typst, when_used="json")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Printed(BaseModel):
    """Base of all printed facts."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(Printed):
    """A customer as documents name them; the address has one line a field of the envelope."""

    name: Annotated[str, Field(min_length=1)]
    address: tuple[str, ...] = ()
    email: str = ""


class FullText(Printed):
    """One legal text as it was shown; ``writing_room`` spaces the lines of a form that is filled in by hand."""

    title: str
    version: str
    sha256: Sha256
    body: Markdown
    writing_room: bool = False


class Instalment(Printed):
    """One payment of the schedule; ``paid_on`` is None as long as it is not paid."""

    number: int
    amount: Cents
    due_on: Day | None = None
    paid_on: Day | None = None


class Acceptance(Printed):
    """One text accepted: which bytes, when."""

    title: str
    version: str
    sha256: Sha256
    accepted_at: Moment


class Request(Printed):
    """One box ticked for an early start: the words, their SHA-256, when."""

    statement: str
    sha256: Sha256
    accepted_at: Moment


class Contract(Printed):
    """``contrat``: the confirmation on a durable medium (L221-13), with every text in full.

    ``concluded_at`` is the press of the order button whose words were ``button``; ``start_by`` is the last day for
    the first session (L111-1 3°); without ``requests`` the member waits for the end of the withdrawal period.
    """

    order_id: str
    member: Person
    concluded_at: Moment
    button: str = "Commander avec obligation de paiement"
    list_price: Cents
    discount: Cents = 0
    offer: str = ""
    price: Cents
    instalments: tuple[Instalment, ...]
    withdrawal_last_day: Day
    start_by: Day
    acceptances: tuple[Acceptance, ...]
    requests: tuple[Request, ...] = ()
    texts: tuple[FullText, ...]


class WithdrawalReceipt(Printed):
    """``accuse_retractation``: acknowledgement of a declaration, with its content, date and time (L221-21, D221-5).

    ``refund_by`` is None when the declaration came after the period: it is then examined by a human, not refused.
    ``to_examine`` is a declaration whose contract has yet to be found: it says nothing about any.
    """

    reference: str
    member: Person
    order_id: str
    concluded_at: Moment | None
    sent_at: Moment
    channel: str
    content: str
    refund_by: Day | None = None
    to_examine: bool = False


class ExemptionLetter(Printed):
    """``lettre_derogation``: the reasoned answer to somebody below level 6 who asked to join (CGV 3)."""

    member: Person
    asked_on: Day
    decided_on: Day
    granted: bool
    reason: str


class AttendedSession(Printed):
    """One session that the member of an attestation followed."""

    number: int
    title: str
    held_on: Day
    minutes: Minutes


class Signatory(Printed):
    """The operator that issues an attestation and who signs for it, frozen with it."""

    name: str
    legal_form: str
    address: str
    trade_register: str
    siren: str
    phone: str
    email: str
    city: str
    representative: str
    representative_role: str


class Attestation(Printed):
    """``attestation``: participation with the hours really followed; ``groups`` is every group that they sat in.

    ``replaces`` is the reference of the attestation before, which a late signature or a correction has overtaken.
    """

    letterhead: Signatory | None = None
    reference: str
    member: Person
    groups: tuple[str, ...]
    first_day: Day
    last_day: Day
    sessions_planned: int = 16
    sessions_attended: int
    minutes_attended: Minutes
    sessions: tuple[AttendedSession, ...]
    issued_on: Day
    replaces: str = ""


class Letterhead(Printed):
    """Who issued an accounting document, frozen with it: a later move of the operator does not change it."""

    name: str
    legal_form: str
    address: str
    trade_register: str
    siren: str
    vat_number: str
    phone: str
    email: str


class Accounting(Printed):
    """Base of invoices, receipts and credit notes; without ``letterhead``, today's operator is printed."""

    letterhead: Letterhead | None = None


class InvoiceLine(Printed):
    """One line; unit price and total without tax."""

    description: str
    quantity: int
    unit_ht: Cents
    total_ht: Cents


class Totals(Printed):
    """Without tax, tax, with tax; ``ttc = ht + vat``."""

    ht: Cents
    vat: Cents
    ttc: Cents


class Invoice(Accounting):
    """``facture``: CGI ann. II art. 242 nonies A. ``vat_rate`` is in percent; ``vat_mention`` explains a rate of 0.

    ``lines`` already take the discount into account, which ``discount`` (with tax) recalls.
    """

    number: str
    issued_on: Day
    client: Person
    order_id: str
    ordered_on: Day
    service_from: Day | None = None
    service_until: Day | None = None
    lines: tuple[InvoiceLine, ...]
    discount: Cents = 0
    offer: str = ""
    totals: Totals
    vat_rate: int = 0
    vat_mention: str = ""
    instalments: tuple[Instalment, ...] = ()


class CreditNote(Accounting):
    """``avoir``: reduces an invoice; VAT by difference with what is kept, so that each column adds up.

    ``refunded`` goes back to the member, ``cancelled`` will never be asked for, ``still_owed`` remains to be paid.
    """

    number: str
    issued_on: Day
    client: Person
    order_id: str
    invoice_number: str
    invoice_issued_on: Day
    reason: str
    sessions_delivered: int
    invoiced: Totals
    kept: Totals
    credited: Totals
    refunded: Cents
    cancelled: Cents = 0
    still_owed: Cents = 0
    vat_rate: int = 0
    vat_mention: str = ""


class PaymentReceipt(Accounting):
    """``recu``: one payment received; ``remaining`` is what the schedule still holds.

    ``returned`` is a payment that came after the end of the contract and goes back whole.
    """

    reference: str
    paid_at: Moment
    client: Person
    order_id: str
    concluded_on: Day
    number: int
    of: int
    amount: Cents
    means: str = "carte bancaire"
    paid_in_all: Cents
    remaining: Cents
    returned: bool = False


class AttendanceLine(Printed):
    """One member's line: « présence signée », « signée en retard » or « absence »; never the reason of an absence."""

    name: str
    state: str
    recorded_at: Moment | None = None
    attested_by: tuple[str, ...] = ()


class AttendanceSheet(Printed):
    """``emargement``: the sheet of one session; ``hash`` is the last link of the evidence chain when there is one."""

    group: str
    number: int
    title: str
    day: Day
    wall_time: WallTime
    zone: str = PARIS
    minutes: Minutes
    place: str = ""
    lines: tuple[AttendanceLine, ...]
    closed_at: Moment | None = None
    closed_by: str = ""
    hash: str = ""


class AttendanceBook(Printed):
    """``emargements``: the sheets of one group, one page a session."""

    group: str
    sheets: Annotated[tuple[AttendanceSheet, ...], Field(min_length=1)]


class PrintedQuestion(Printed):
    """One question of a worksheet with its answer: lines of text, options ticked or not, or rows of cells.

    ``room`` is how many lines a blank template leaves to write on.
    """

    label: str
    help: str = ""
    optional: bool = False
    answered: bool = False
    lines: tuple[str, ...] = ()
    options: tuple[tuple[str, bool], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    room: int = 0


class PrintedWorksheet(Printed):
    """``fiche``: one version of a worksheet with the SHA-256 of its content; the blank template has version 0."""

    key: str
    title: str
    session: int
    questions: tuple[PrintedQuestion, ...]
    intro: str = ""
    minutes: int = 0
    author: str = ""
    group: str = ""
    version: int = 0
    submitted_at: Moment | None = None
    sha256: str = ""


TEMPLATES: dict[str, type[Printed]] = {
    "contrat": Contract,
    "accuse_retractation": WithdrawalReceipt,
    "lettre_derogation": ExemptionLetter,
    "attestation": Attestation,
    "facture": Invoice,
    "avoir": CreditNote,
    "recu": PaymentReceipt,
    "emargement": AttendanceSheet,
    "emargements": AttendanceBook,
    "texte": FullText,
    "fiche": PrintedWorksheet,
}
"""Template name, as in ``documents/<name>.typ``, and the model of its data."""


def readable(template: str, data: dict[str, Any]) -> dict[str, Any]:
    """The data as the template prints them; KeyError for an unknown template, ValidationError for wrong facts."""
    return TEMPLATES[template].model_validate(data).model_dump(mode="json")
