"""Public holidays and working days against an independent table and another Easter."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.holidays import (
    Territory,
    add_working_days,
    easter,
    is_working_day,
    next_working_day,
    public_holidays,
    roll,
    territory_of_postcode,
    zone_of,
)
from tests.rules import oracle

DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))
TERRITORIES = st.sampled_from(Territory)


def meeus_easter(year: int) -> date:
    """Easter by Meeus, Jones and Butcher."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day0 = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day0 + 1)


def test_easter_agrees_with_another_algorithm() -> None:
    for year in range(1600, 4000):
        assert easter(year) == meeus_easter(year)


@pytest.mark.parametrize("territory", Territory)
def test_days_agree_with_an_independent_table(territory: Territory) -> None:
    for year in range(2025, 2041):
        assert set(public_holidays(year, territory)) == set(oracle.legal_days(year, territory))


def test_metropolitan_names_of_a_year() -> None:
    assert public_holidays(2026) == {
        date(2026, 1, 1): "Jour de l’an",
        date(2026, 4, 6): "Lundi de Pâques",
        date(2026, 5, 1): "Fête du Travail",
        date(2026, 5, 8): "Fête de la Victoire",
        date(2026, 5, 14): "Ascension",
        date(2026, 5, 25): "Lundi de Pentecôte",
        date(2026, 7, 14): "Fête nationale",
        date(2026, 8, 15): "Assomption",
        date(2026, 11, 1): "Toussaint",
        date(2026, 11, 11): "Armistice",
        date(2026, 12, 25): "Noël",
    }


@given(DAYS, TERRITORIES)
def test_working_day_agrees_with_the_table(day: date, territory: Territory) -> None:
    # Before 2025 Polynesia had another day in November's place.
    if not (territory is Territory.POLYNESIE and day.year == 2024):
        assert is_working_day(day, territory) is not oracle.is_off(day, territory)


@given(DAYS, TERRITORIES)
def test_roll_goes_to_the_first_working_day_and_names_each_day_passed(day: date, territory: Territory) -> None:
    rolled = roll(day, territory)
    passed = [day + timedelta(days=n) for n in range((rolled.day - day).days)]
    assert is_working_day(rolled.day, territory)
    assert not any(is_working_day(off, territory) for off in passed)
    assert len(rolled.reasons) == len(passed)
    assert next_working_day(day, territory) == rolled.day


@given(DAYS, st.integers(0, 40), TERRITORIES)
def test_nth_working_day_has_n_working_days_up_to_it(day: date, n: int, territory: Territory) -> None:
    end = add_working_days(day, n, territory)
    between = [day + timedelta(days=k) for k in range(1, (end - day).days + 1)]
    assert sum(is_working_day(each, territory) for each in between) == n
    assert end == day if n == 0 else is_working_day(end, territory)


def test_working_days_are_not_counted_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 1, 1), -1)


@pytest.mark.parametrize(
    ("postcode", "territory"),
    [
        ("69001", Territory.METROPOLE),
        ("05700", Territory.METROPOLE),
        ("20000", Territory.METROPOLE),
        ("57000", Territory.ALSACE_MOSELLE),
        ("67100", Territory.ALSACE_MOSELLE),
        ("68200", Territory.ALSACE_MOSELLE),
        ("97110", Territory.GUADELOUPE),
        ("97133", Territory.SAINT_BARTHELEMY),
        ("97150", Territory.SAINT_MARTIN),
        ("97200", Territory.MARTINIQUE),
        ("97300", Territory.GUYANE),
        ("97400", Territory.REUNION),
        ("97500", Territory.SAINT_PIERRE_ET_MIQUELON),
        ("97600", Territory.MAYOTTE),
        ("98600", Territory.WALLIS),
        ("98714", Territory.POLYNESIE),
        ("98800", Territory.NOUVELLE_CALEDONIE),
    ],
)
def test_territory_of_postcode(postcode: str, territory: Territory) -> None:
    assert territory_of_postcode(postcode) is territory


@pytest.mark.parametrize("text", ["", "6900", "690011", "2A004", "６９００１"])
def test_what_is_not_a_postcode_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="postcode"):
        territory_of_postcode(text)


@pytest.mark.parametrize("territory", Territory)
def test_every_territory_has_a_zone_that_exists(territory: Territory) -> None:
    assert ZoneInfo(zone_of(territory)).key == zone_of(territory)


def test_zones_of_the_farthest() -> None:
    assert zone_of(Territory.SAINT_PIERRE_ET_MIQUELON) == "America/Miquelon"
    assert zone_of(Territory.NOUVELLE_CALEDONIE) == "Pacific/Noumea"
    assert zone_of(Territory.ALSACE_MOSELLE) == "Europe/Paris"
