"""Accounting documents: invoice, receipt and credit note, frozen for ever when they are issued."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from programme.rules.invoices import Series, parse_number
from programme.rules.money import Amounts


class AccountingKind(StrEnum):
    """One invoice an order, one receipt a payment, one credit note a sale that was reduced."""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit_note"


SERIES = {
    AccountingKind.INVOICE: Series.INVOICE,
    AccountingKind.RECEIPT: Series.RECEIPT,
    AccountingKind.CREDIT_NOTE: Series.CREDIT_NOTE,
}


@dataclass(frozen=True)
class AccountingDocument:
    """One document as it was issued; nothing changes it afterwards, and ``sha256`` shows if something did.

    ``subject`` is the order, the payment or the contract's end that it is about: one document of a kind each.
    ``content`` holds the facts that are printed; ``paid_at`` and ``payment_reference`` (Stripe's id) are a receipt's.
    """

    number: str
    kind: AccountingKind
    subject: str
    order_id: str
    member_id: str
    issued_at: datetime
    amounts: Amounts
    regime: str
    vat_rate: int
    content: dict[str, Any]
    paid_at: datetime | None = None
    payment_reference: str = ""
    sha256: str = ""

    @property
    def sequence(self) -> int:
        """Its place in its series of the year, from 1."""
        return parse_number(self.number).sequence


def seal(document: AccountingDocument) -> str:
    """Return the SHA-256 of everything that the document says."""
    facts = asdict(document) | {
        "sha256": "",
        "issued_at": _text(document.issued_at),
        "paid_at": _text(document.paid_at),
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _text(instant: datetime | None) -> str:
    return instant.astimezone(UTC).isoformat() if instant else ""
