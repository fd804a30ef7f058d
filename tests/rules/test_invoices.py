"""Numbers of invoices and credit notes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.invoices import DocumentNumber, Series, credit_note_number, invoice_number, parse_number


def test_numbers_as_they_are_written() -> None:
    assert invoice_number(2026, 1) == "F2026-000001"
    assert credit_note_number(2026, 1) == "A2026-000001"
    assert invoice_number(2027, 123456) == "F2027-123456"


@given(st.sampled_from(Series), st.integers(2020, 2100), st.integers(1, 999_999))
def test_a_number_reads_back_and_sorts_in_order(series: Series, year: int, sequence: int) -> None:
    number = DocumentNumber(series, year, sequence)
    assert parse_number(str(number)) == number
    assert sequence == 999_999 or str(number) < str(DocumentNumber(series, year, sequence + 1))


@pytest.mark.parametrize("text", ["", "F2026-1", "B2026-000001", "F2026-000000", "F2026-0000001", "F2026-000001\n"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="document number"):
        parse_number(text)


@pytest.mark.parametrize("sequence", [0, -1, 1_000_000])
def test_impossible_sequences_are_refused(sequence: int) -> None:
    with pytest.raises(ValueError, match="document number"):
        invoice_number(2026, sequence)
