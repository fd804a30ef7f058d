"""Numbers of invoices, credit notes and receipts: a continuous series a year (CGI ann. II art. 242 nonies A).

A number is allocated in the database transaction that issues the document, is never reused and leaves no gap; here it
is only written and read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Series(StrEnum):
    """Series of documents; the value is the letter of the number."""

    INVOICE = "F"
    CREDIT_NOTE = "A"
    RECEIPT = "R"


@dataclass(frozen=True)
class DocumentNumber:
    """Number of an invoice, a credit note or a receipt; written F2026-000001."""

    series: Series
    year: int
    sequence: int

    def __post_init__(self) -> None:
        """Raise ValueError for a year without four digits or a sequence below 1 or above six digits."""
        if not (1000 <= self.year <= 9999 and 1 <= self.sequence <= 999_999):
            raise ValueError(f"not a document number: {self.year}, {self.sequence}")

    def __str__(self) -> str:
        return f"{self.series.value}{self.year}-{self.sequence:06d}"


def invoice_number(year: int, sequence: int) -> str:
    """Number of the n-th invoice of a year: F2026-000001."""
    return str(DocumentNumber(Series.INVOICE, year, sequence))


def credit_note_number(year: int, sequence: int) -> str:
    """Number of the n-th credit note of a year: A2026-000001."""
    return str(DocumentNumber(Series.CREDIT_NOTE, year, sequence))


def parse_number(text: str) -> DocumentNumber:
    """Read a number back; raise ValueError for any other text."""
    match = re.fullmatch(r"([FAR])([0-9]{4})-([0-9]{6})", text)
    if match is None:
        raise ValueError(f"not a document number: {text!r}")
    return DocumentNumber(Series(match[1]), int(match[2]), int(match[3]))
