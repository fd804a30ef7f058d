"""CSV that no spreadsheet runs, and that reads back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.spreadsheets import decimal, safe, write


@pytest.mark.parametrize("value", ["=1+1", "+33 1", "-1+cmd", "@SUM(A1)", "'x", "\tx", "\r=1", "-", "-1,5;=2"])
def test_what_could_be_run_is_quoted(value: str) -> None:
    assert safe(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "Léa", "-12,50", "12", "a=1", "N° -1"])
def test_the_rest_stays_as_it_is(value: str) -> None:
    assert safe(value) == value


@given(st.integers(-10_000_000, 10_000_000))
def test_sums_are_numbers(cents: int) -> None:
    written = decimal(cents)
    assert round(float(written.replace(",", ".")) * 100) == cents
    assert safe(written) == written


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), min_size=2, max_size=2))
def test_rows_read_back_whatever_was_typed(values: list[str]) -> None:
    text = write(("a", "b"), [dict(zip(("a", "b"), values, strict=True))]).decode("utf-8-sig")
    _, row = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert row == [safe(value) for value in values]
