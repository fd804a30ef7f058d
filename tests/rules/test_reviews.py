"""The promise of three working days, its warning and its shift for an absence."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.holidays import Territory
from programme.rules.reviews import review_due, shift_for_absence, warn_at
from tests.rules import oracle

PARIS = ZoneInfo("Europe/Paris")
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-23T10:00", "2026-11-26T18:00"),  # Monday → Thursday
        ("2026-11-23T23:59", "2026-11-26T18:00"),
        ("2026-11-26T10:00", "2026-12-01T18:00"),  # over a weekend
        ("2026-11-28T10:00", "2026-12-02T18:00"),  # received on Saturday
        ("2026-12-23T10:00", "2026-12-29T18:00"),  # over Christmas
        ("2026-05-07T10:00", "2026-05-13T18:00"),  # 8 May, weekend
        ("2026-03-26T10:00", "2026-03-31T18:00"),  # over the clock change
    ],
)
def test_promise(received: str, due: str) -> None:
    assert review_due(paris(received)) == paris(due)


@given(INSTANTS, st.integers(1, 10))
def test_promise_agrees_with_a_count_of_working_days(received: datetime, working_days: int) -> None:
    due = review_due(received, working_days=working_days).astimezone(PARIS)
    day, counted = received.astimezone(PARIS).date(), 0
    while counted < working_days:
        day += timedelta(days=1)
        counted += not oracle.is_off(day, Territory.METROPOLE)
    assert (due.date(), due.time()) == (day, time(18))


def test_promise_follows_the_tutors_territory_and_absence() -> None:
    eve = paris("2027-12-17T10:00")
    assert review_due(eve, working_days=1, territory=Territory.REUNION) == paris("2027-12-21T18:00")
    assert review_due(eve, working_days=1, absent=[date(2027, 12, 20)]) == paris("2027-12-21T18:00")


def test_warning_is_at_three_quarters_of_the_working_time() -> None:
    monday = paris("2026-11-23T10:00")  # 8 h left that day, then three days of 9 h: 35 h
    assert warn_at(monday, review_due(monday)) == paris("2026-11-26T09:15")
    saturday = paris("2026-11-28T10:00")  # three days of 9 h: 27 h
    assert warn_at(saturday, review_due(saturday)) == paris("2026-12-02T11:15")
    absent = [date(2026, 11, 24)]
    assert warn_at(monday, review_due(monday, absent=absent), absent=absent) == paris("2026-11-27T09:15")


@given(INSTANTS)
def test_warning_leaves_a_quarter_of_the_working_time(received: datetime) -> None:
    due = review_due(received)
    warning = warn_at(received, due)
    assert received < warning < due
    left, day = timedelta(), warning.astimezone(PARIS).date()
    while day <= due.astimezone(PARIS).date():
        if not oracle.is_off(day, Territory.METROPOLE):
            opens, closes = (datetime.combine(day, time(hour), tzinfo=PARIS).astimezone(UTC) for hour in (9, 18))
            left += max(timedelta(), min(due, closes) - max(warning, opens))
        day += timedelta(days=1)
    assert timedelta(hours=27 / 4) <= left <= timedelta(hours=36 / 4)


def test_no_working_time_left_warns_at_the_promise() -> None:
    due = paris("2026-11-28T18:00")
    assert warn_at(paris("2026-11-28T10:00"), due) == due


def test_an_absence_gives_back_the_days_it_takes() -> None:
    due = review_due(paris("2026-11-23T10:00"))
    wednesday_thursday = [date(2026, 11, 25), date(2026, 11, 26)]
    assert shift_for_absence(due, wednesday_thursday, from_day=date(2026, 11, 23)) == paris("2026-11-30T18:00")
    next_week = [date(2026, 11, 30)]
    assert shift_for_absence(due, next_week, from_day=date(2026, 11, 23)) == due
    assert shift_for_absence(due, wednesday_thursday, from_day=date(2026, 11, 26)) == due


@given(INSTANTS, st.sets(st.integers(1, 15), max_size=15))
def test_shift_agrees_with_a_promise_made_knowing_of_the_absence(received: datetime, after: set[int]) -> None:
    day = received.astimezone(PARIS).date()
    absent = [day + timedelta(days=n) for n in after]
    shifted = shift_for_absence(review_due(received), absent, from_day=day)
    assert shifted == review_due(received, absent=absent)


def test_a_promise_of_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        review_due(paris("2026-11-23T10:00"), working_days=0)
