"""Instalments, VAT, late refunds and the writing of sums: reference tables and exact fractions."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.money import (
    Amounts,
    credit_note,
    euros,
    instalments,
    late_refund_surcharge,
    session_value_floor,
    vat_split,
)
from tests.rules.vectors import cents, rows

SUMS = st.integers(0, 10_000_000)


def plain(text: str) -> str:
    """Text as the tables write it: no accents, ordinary spaces."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@pytest.mark.parametrize("row", rows("instalments"))
def test_instalments(row: dict[str, str]) -> None:
    parts = cents(row["parts"])
    limit = int(row["first_pct_max"]) if row["first_pct_max"] else None
    assert instalments(int(row["contract_price"]), len(parts), limit) == parts
    assert sum(parts) == int(row["total"])


@given(SUMS, st.integers(2, 12), st.none() | st.integers(0, 100))
def test_instalments_add_up_and_the_first_respects_its_limit(price: int, parts: int, limit: int | None) -> None:
    paid = instalments(price, parts, limit)
    alike = paid if limit is None else paid[1:]
    assert sum(paid) == price
    assert len(paid) == parts
    assert max(alike) - min(alike) <= 1
    assert list(alike) == sorted(alike, reverse=True)
    if limit is not None:
        assert 0 <= Fraction(price * limit, 100) - paid[0] < 1


@pytest.mark.parametrize("row", rows("vat"))
def test_vat(row: dict[str, str]) -> None:
    def amounts(column: str) -> Amounts:
        return Amounts(*(int(row[f"{column}_{part}"]) for part in ("ttc", "ht", "vat")))

    invoice = vat_split(int(row["invoice_ttc"]), 20)
    assert invoice == amounts("invoice")
    assert vat_split(int(row["kept_ttc"]), 20) == amounts("kept")
    assert credit_note(invoice, int(row["kept_ttc"]), 20) == amounts("credit")


@given(SUMS, st.integers(0, 30), st.data())
def test_vat_is_the_nearest_cent_and_the_credit_note_closes_each_column(
    ttc: int, rate: int, data: st.DataObject
) -> None:
    invoice = vat_split(ttc, rate)
    kept_ttc = data.draw(st.integers(0, ttc))
    kept, credit = vat_split(kept_ttc, rate), credit_note(invoice, kept_ttc, rate)
    assert -Fraction(1, 2) < invoice.vat - Fraction(ttc * rate, 100 + rate) <= Fraction(1, 2)
    assert invoice.ttc == invoice.ht + invoice.vat
    assert credit.ttc == credit.ht + credit.vat
    assert (credit.ttc + kept.ttc, credit.ht + kept.ht, credit.vat + kept.vat) == (
        invoice.ttc,
        invoice.ht,
        invoice.vat,
    )


@pytest.mark.parametrize("row", rows("late_refund"))
def test_late_refund(row: dict[str, str]) -> None:
    late = late_refund_surcharge(int(row["sum_due"]), int(row["days_late"]))
    assert late.surcharge == int(row["surcharge"])
    assert late.total == int(row["total"])
    assert plain(late.band) == row["band"]
    pro_rata = row["surcharge_if_rate_pro_rata_temporis"]
    assert late.pro_rata == (int(pro_rata) if pro_rata else None)


@given(SUMS, st.integers(11, 2000))
def test_surcharge_is_a_percentage_rounded_up_and_stops_at_the_price(sum_due: int, days: int) -> None:
    late = late_refund_surcharge(sum_due, days)
    percent = int(late.band.split("\u00a0")[0])
    assert late.surcharge == ceil(Fraction(sum_due * percent, 100))
    assert late.surcharge <= sum_due
    assert late.total == sum_due + late.surcharge
    months = max(0, days - 90 + 29) // 30
    if days > 90:
        assert percent == min(100, 50 + 5 * months)


def test_the_legal_rate_is_a_parameter() -> None:
    late = late_refund_surcharge(100_000, 10, legal_rate_bp=365)
    assert (late.surcharge, late.pro_rata) == (3650, 100)


@pytest.mark.parametrize(
    ("sum_", "text"),
    [
        (2812, "28,12\u00a0€"),
        (0, "0,00\u00a0€"),
        (5, "0,05\u00a0€"),
        (45000, "450,00\u00a0€"),
        (123456789, "1\u202f234\u202f567,89\u00a0€"),
        (-1250, "\u221212,50\u00a0€"),
    ],
)
def test_euros(sum_: int, text: str) -> None:
    assert euros(sum_) == text


def test_session_value_is_rounded_down() -> None:
    assert session_value_floor(45000) == 2812
    assert session_value_floor(45000, 12) == 3750


def test_impossible_amounts_are_refused() -> None:
    impossible = [
        lambda: instalments(-1, 3),
        lambda: instalments(45000, 0),
        lambda: instalments(45000, 1, 30),
        lambda: instalments(45000, 3, 101),
        lambda: vat_split(-1, 20),
        lambda: vat_split(100, -20),
        lambda: credit_note(vat_split(100, 20), 101, 20),
        lambda: late_refund_surcharge(-1, 3),
        lambda: late_refund_surcharge(100, -1),
        lambda: session_value_floor(-1),
    ]
    for call in impossible:
        with pytest.raises(ValueError, match=r"negative|part|payment|credit note"):
            call()
