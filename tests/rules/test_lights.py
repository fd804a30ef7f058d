"""When a light of the console changes its colour."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.lights import Colour, by_age, by_last_day, of_beat, of_promise, of_wait, worst

NOW = datetime(2026, 11, 25, 11, tzinfo=UTC)
TODAY = date(2026, 11, 25)
RED, ORANGE, GREEN = Colour
ORDER = list(Colour)


@pytest.mark.parametrize(("days", "colour"), [(-1, RED), (0, RED), (3, RED), (4, ORANGE)])
def test_a_last_day_three_days_away_is_red(days: int, colour: Colour) -> None:
    assert by_last_day(TODAY + timedelta(days=days), TODAY) is colour
    assert by_last_day(None, TODAY) is ORANGE


@pytest.mark.parametrize(("weeks", "colour"), [(0, GREEN), (3.9, GREEN), (4, ORANGE), (8.9, ORANGE), (9, RED)])
def test_a_wait_is_red_three_weeks_before_the_promised_start(weeks: float, colour: Colour) -> None:
    assert of_wait(NOW - timedelta(weeks=weeks), NOW, start_within_weeks=12) is colour


@pytest.mark.parametrize(
    ("hours", "taken", "colour"),
    [(0, True, RED), (-5, True, RED), (24, False, ORANGE), (24, True, GREEN), (25, False, GREEN)],
)
def test_a_promise_is_red_once_broken_and_orange_on_its_last_day(hours: int, taken: bool, colour: Colour) -> None:
    assert of_promise(NOW + timedelta(hours=hours), NOW, taken=taken) is colour


def test_what_never_happened_is_red() -> None:
    assert of_beat(None, NOW, orange_after=timedelta(hours=1), red_after=timedelta(hours=2)) is RED


@given(st.lists(st.sampled_from(Colour)))
def test_the_worst_is_one_of_them_and_nothing_is_worse(colours: list[Colour]) -> None:
    found = worst(colours)
    assert found in colours or (not colours and found is GREEN)
    assert all(ORDER.index(found) <= ORDER.index(one) for one in colours)


@given(st.timedeltas(timedelta(0), timedelta(days=40)), st.timedeltas(timedelta(0), timedelta(days=40)))
def test_time_never_makes_a_light_calmer(passed: timedelta, more: timedelta) -> None:
    limits = {"orange_after": timedelta(days=2), "red_after": timedelta(days=9)}
    for colour in (
        lambda age: of_beat(NOW - age, NOW, **limits),
        lambda age: by_age(NOW - age, NOW, red_after=timedelta(days=3)),
        lambda age: of_wait(NOW - age, NOW, start_within_weeks=5),
        lambda age: of_promise(NOW + timedelta(days=20) - age, NOW, taken=False),
    ):
        assert ORDER.index(colour(passed + more)) <= ORDER.index(colour(passed))
