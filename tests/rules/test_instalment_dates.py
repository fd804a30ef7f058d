"""Due days stay inside the programme, are announced in time, and are tried again on a calendar that ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.instalment_dates import NOTICE_DAYS, due_days, retry_day

MONDAY = date(2027, 1, 4)
WEEKLY = [MONDAY + timedelta(weeks=week) for week in range(16)]


def test_of_sixteen_sessions_in_three_the_sixth_and_the_eleventh() -> None:
    assert due_days(WEEKLY, 3, MONDAY) == (WEEKLY[5], WEEKLY[10])


def test_whoever_joins_late_pays_over_what_is_left() -> None:
    assert due_days(WEEKLY[10:], 3, WEEKLY[9]) == (WEEKLY[12], WEEKLY[14])


def test_a_day_too_near_moves_but_never_past_the_last_session() -> None:
    assert due_days(WEEKLY[14:], 3, WEEKLY[14] - timedelta(days=1)) == (WEEKLY[14] + timedelta(days=6), WEEKLY[15])


@pytest.mark.parametrize(("days", "parts"), [([], 3), (WEEKLY, 0)])
def test_nonsense_is_refused(days: list[date], parts: int) -> None:
    with pytest.raises(ValueError, match="instalments"):
        due_days(days, parts, MONDAY)


@given(
    st.lists(st.dates(date(2026, 1, 1), date(2030, 1, 1)), min_size=1, max_size=16, unique=True).map(sorted),
    st.integers(1, 4),
    st.integers(0, 60),
)
def test_every_day_is_inside_the_programme_and_in_order(days: list[date], parts: int, before: int) -> None:
    today = days[0] - timedelta(days=before)
    due = due_days(days, parts, today)
    assert len(due) == parts - 1
    assert list(due) == sorted(due)
    assert all(days[0] <= day <= days[-1] for day in due)
    assert all(day >= today + timedelta(days=NOTICE_DAYS) or day == days[-1] for day in due)


def test_tries_come_after_three_and_seven_days_and_then_a_person() -> None:
    days = [retry_day(MONDAY, attempts, MONDAY) for attempts in (1, 2, 3)]
    assert days == [MONDAY + timedelta(days=3), MONDAY + timedelta(days=7), None]
    assert retry_day(MONDAY, 1, MONDAY + timedelta(days=10)) == MONDAY + timedelta(days=11)
