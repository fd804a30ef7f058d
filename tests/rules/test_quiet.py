"""When a routine message may leave: never at night, one a day, after the pause, at the chosen hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.instants import day_in
from programme.rules.quiet import HOURS, next_slot, until_monday

ZONES = ("Europe/Paris", "Indian/Reunion", "America/Martinique", "Pacific/Noumea")
NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)  # a Wednesday, 12:00 in Paris
PARIS = "Europe/Paris"

BEGINNING = datetime(2026, 9, 1, tzinfo=UTC)
instants = st.timedeltas(timedelta(0), timedelta(days=240)).map(lambda passed: BEGINNING + passed)
zones = st.sampled_from(ZONES)
hours = st.none() | st.sampled_from(list(HOURS))


def local(instant: datetime, zone: str = PARIS) -> tuple[int, int]:
    there = instant.astimezone(ZoneInfo(zone))
    return there.day, there.hour


def test_by_day_at_once_and_at_night_in_the_morning() -> None:
    assert next_slot(NOON, PARIS) == NOON
    assert local(next_slot(NOON + timedelta(hours=9), PARIS)) == (26, 8)


def test_the_second_of_a_day_waits_for_the_next_morning_or_hour() -> None:
    assert local(next_slot(NOON, PARIS, last=NOON - timedelta(hours=3))) == (26, 8)
    assert local(next_slot(NOON, PARIS, last=NOON - timedelta(hours=3), hour=18)) == (26, 18)
    assert next_slot(NOON, PARIS, last=NOON - timedelta(hours=24)) == NOON


def test_the_chosen_hour() -> None:
    assert local(next_slot(NOON, PARIS, hour=18)) == (25, 18)
    assert local(next_slot(NOON, PARIS, hour=9)) == (26, 9)
    assert next_slot(NOON, PARIS, hour=12) == NOON


def test_a_pause_until_monday() -> None:
    monday = until_monday(NOON, PARIS)
    assert local(monday) == (30, 8)
    assert next_slot(NOON, PARIS, not_before=monday) == monday
    assert local(until_monday(monday, PARIS)) == (7, 8)


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (NOON, NOON + timedelta(hours=5), NOON),
        (NOON + timedelta(hours=9), NOON + timedelta(days=2), NOON + timedelta(hours=20)),
        (NOON + timedelta(hours=9), NOON + timedelta(hours=15), NOON + timedelta(hours=9)),
    ],
    ids=["by day", "in the morning", "the morning is too late"],
)
def test_what_would_come_too_late_passes_the_pause_and_the_one_a_day(now, before, expected) -> None:
    pause = NOON + timedelta(days=5)
    assert next_slot(now, PARIS, last=NOON - timedelta(hours=1), not_before=pause, before=before) == expected


@given(instants, zones, hours, st.none() | st.timedeltas(timedelta(0), timedelta(days=9)), st.integers(0, 72))
def test_never_at_night_never_twice_a_day_never_too_soon(now, zone, hour, pause, ago) -> None:
    last = now - timedelta(hours=ago)
    not_before = now + pause if pause is not None else None
    slot = next_slot(now, zone, last=last, not_before=not_before, hour=hour)
    assert slot >= (not_before or now)
    assert day_in(slot, zone) > day_in(last, zone)
    assert 8 <= slot.astimezone(ZoneInfo(zone)).hour < 20
    if hour is not None:
        assert local(slot, zone)[1] == hour
    assert slot - (not_before or now) <= timedelta(days=2)
    assert next_slot(slot, zone, last=last, not_before=not_before, hour=hour) == slot


@given(instants, zones)
def test_a_later_instant_of_the_same_wait_gives_the_same_slot(now, zone) -> None:
    slot = next_slot(now, zone, last=now)
    assert next_slot(now + (slot - now) / 2, zone, last=now) == slot
