"""Instants, civil days, and the wall times that the clock change skips or shows twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.instants import PARIS, at_local, day_in, start_of_day, to_utc


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        to_utc(datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_skipped_wall_time_moves_forward_by_the_gap() -> None:
    local = at_local(date(2026, 3, 29), time(2, 30), PARIS)
    assert local.isoformat() == "2026-03-29T03:30:00+02:00"


@pytest.mark.parametrize("fold", [0, 1])
def test_a_wall_time_shown_twice_is_the_first(fold: int) -> None:
    local = at_local(date(2026, 10, 25), time(2, 30, fold=fold), PARIS)
    assert local.isoformat() == "2026-10-25T02:30:00+02:00"


@given(
    st.dates(date(2020, 1, 1), date(2040, 12, 31)),
    st.times(),
    st.sampled_from([PARIS, "Indian/Reunion", "America/Miquelon", "Pacific/Marquesas"]),
)
def test_other_wall_times_are_kept(day: date, wall: time, zone: str) -> None:
    local = at_local(day, wall, zone)
    shown = local.replace(tzinfo=None)
    gap = shown - datetime.combine(day, wall)
    assert gap in (timedelta(), timedelta(hours=1))
    assert gap == timedelta() or 2 <= wall.hour < 3


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_day_starts_before_its_instants_and_ends_after(instant: datetime) -> None:
    day = day_in(instant)
    assert start_of_day(day) <= instant < start_of_day(day + timedelta(days=1))
