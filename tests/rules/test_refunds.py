"""Sums of an early end: the reference table, and conservation against exact fractions."""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.refunds import DueRule, Settlement, settle
from tests.rules.vectors import cents, rows


def days_of(row: dict[str, str]) -> tuple[int | None, int | None]:
    """Days elapsed and total, which the table says in words."""
    found = re.search(r"(\d+) j\w* sur (\d+)", f"{row['case']} {row['note']}")
    return (int(found[1]), int(found[2])) if found else (None, None)


@pytest.mark.parametrize("row", rows("money"))
def test_money(row: dict[str, str]) -> None:
    payments = cents(row["captured"])
    assert sum(payments) == int(row["paid"])
    elapsed, total = days_of(row)
    settlement = settle(
        price=int(row["contract_price"]),
        payments=payments,
        already_refunded=int(row["already_refunded"]),
        sessions_total=int(row["sessions_total"]),
        sessions_delivered=int(row["sessions_delivered"]),
        rule=DueRule(row["rule"]),
        days_elapsed=elapsed,
        days_total=total,
    )
    assert settlement == Settlement(
        due=int(row["due"]),
        refund=int(row["refund"]),
        still_owed=int(row["still_owed"]),
        unpaid_cancelled=int(row["unpaid_cancelled"]),
        split=cents(row["refund_split_newest_first"]),
    )


@st.composite
def cases(draw: st.DrawFn) -> dict[str, object]:
    payments = draw(st.lists(st.integers(0, 60_000), max_size=4))
    total = draw(st.integers(1, 20))
    days = draw(st.integers(1, 170))
    return {
        "price": sum(payments) + draw(st.integers(0, 60_000)),
        "payments": payments,
        "already_refunded": draw(st.integers(0, sum(payments))),
        "sessions_total": total,
        "sessions_delivered": draw(st.integers(0, total)),
        "rule": draw(st.sampled_from(DueRule)),
        "days_elapsed": draw(st.integers(0, 200)),
        "days_total": days,
    }


def exact_due(case: dict[str, object]) -> Fraction:
    price = Fraction(case["price"])
    by_sessions = price * Fraction(case["sessions_delivered"], case["sessions_total"])
    by_time = price * min(Fraction(case["days_elapsed"], case["days_total"]), Fraction(1))
    return {
        DueRule.NONE: Fraction(0),
        DueRule.SESSIONS: by_sessions,
        DueRule.TIME: by_time,
        DueRule.MIN: min(by_sessions, by_time),
        DueRule.FULL: price,
    }[case["rule"]]


@given(cases())
def test_sums_are_conserved_and_the_odd_cent_is_the_members(case: dict[str, object]) -> None:
    got = settle(**case)
    price, paid, before = case["price"], sum(case["payments"]), case["already_refunded"]
    assert got.due == floor(exact_due(case))
    assert paid - before - got.refund + got.still_owed == got.due
    assert got.refund == 0 or got.still_owed == 0
    assert got.refund == max(0, ceil(paid - before - exact_due(case)))
    assert got.unpaid_cancelled == max(0, price - paid - got.still_owed)
    assert got.due + ceil(price - exact_due(case)) == price


@given(cases())
def test_the_split_never_exceeds_what_a_charge_holds_and_empties_the_newest_first(case: dict[str, object]) -> None:
    got = settle(**case)
    payments = case["payments"]
    held, refunded_before = [], case["already_refunded"]
    for charge in reversed(payments):
        held.insert(0, charge - min(charge, refunded_before))
        refunded_before -= min(charge, refunded_before)
    assert len(got.split) == len(payments)
    assert sum(got.split) == got.refund
    assert all(0 <= part <= charge for part, charge in zip(got.split, held, strict=True))
    for index, part in enumerate(got.split):
        assert part == 0 or got.split[index + 1 :] == tuple(held[index + 1 :])


def test_an_earlier_refund_reduces_what_the_newest_charge_holds() -> None:
    got = settle(
        price=45000,
        payments=(15000, 15000, 15000),
        already_refunded=5000,
        sessions_total=16,
        sessions_delivered=3,
        rule=DueRule.SESSIONS,
    )
    assert (got.refund, got.split) == (31563, (6563, 15000, 10000))


IMPOSSIBLE = [
    {"price": -1},
    {"payments": (-1,)},
    {"already_refunded": -1},
    {"already_refunded": 45001},
    {"sessions_delivered": 17},
    {"sessions_delivered": -1},
    {"sessions_total": 0, "sessions_delivered": 0},
    {"rule": DueRule.TIME},
    {"rule": DueRule.MIN, "days_elapsed": 3},
    {"rule": DueRule.TIME, "days_elapsed": -1, "days_total": 140},
    {"rule": DueRule.TIME, "days_elapsed": 1, "days_total": 0},
]


@pytest.mark.parametrize("change", IMPOSSIBLE, ids=str)
def test_impossible_sums_are_refused(change: dict[str, object]) -> None:
    good = {
        "price": 45000,
        "payments": (45000,),
        "sessions_total": 16,
        "sessions_delivered": 3,
        "rule": DueRule.SESSIONS,
    }
    with pytest.raises(ValueError, match=r"negative|captured|sessions|days"):
        settle(**(good | change))
