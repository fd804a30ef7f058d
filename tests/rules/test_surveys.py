"""When surveys come, and what may be shown of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.surveys import SHOWN_FROM, Wave, asked_at, open_until, tally

ZONES = st.sampled_from(("Europe/Paris", "Indian/Reunion", "America/Cayenne", "Pacific/Noumea"))
BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 6 * 365 * 24 * 60).map(lambda minutes: BEGINS + timedelta(minutes=minutes))
ANSWERS = st.lists(
    st.tuples(st.fixed_dictionaries({}, optional={"a": st.sampled_from("xy"), "b": st.sampled_from("xy")}), st.text()),
    max_size=8,
)


@pytest.mark.parametrize(
    ("finished", "wave", "day"),
    [
        ("2027-03-31T20:00:00+00:00", Wave.MONTH_3, "2027-06-30"),
        ("2027-03-31T20:00:00+00:00", Wave.MONTH_6, "2027-09-30"),
        ("2027-08-31T22:30:00+00:00", Wave.MONTH_6, "2028-03-01"),
    ],
)
def test_three_and_six_months_later_at_noon(finished: str, wave: Wave, day: str) -> None:
    local = asked_at(wave, datetime.fromisoformat(finished), "Europe/Paris").astimezone(ZoneInfo("Europe/Paris"))
    assert (local.date().isoformat(), local.hour) == (day, 12)


@given(st.sampled_from(Wave), INSTANTS, ZONES)
def test_the_last_day_is_whole(wave: Wave, asked: datetime, zone: str) -> None:
    until = open_until(wave, asked, zone)
    after = (until + timedelta(microseconds=1)).astimezone(ZoneInfo(zone))
    assert (after.hour, after.minute) == (0, 0)
    assert timedelta(days=14) <= until - asked + timedelta(microseconds=1) <= timedelta(days=31, hours=1)


@given(ANSWERS, st.integers(0, 20))
def test_nothing_shows_what_fewer_than_three_said(answers: list[tuple[dict[str, str], str]], silent: int) -> None:
    said = tally(len(answers) + silent, answers, ["a", "b"])
    assert (said.asked, said.answered) == (len(answers) + silent, len(answers))
    assert all(sum(counts.values()) >= SHOWN_FROM for counts in said.counts.values())
    assert list(said.notes) == sorted(said.notes)
    if len(answers) < SHOWN_FROM:
        assert (said.counts, said.notes) == ({}, ())
    else:
        assert set(said.notes) == {note for _, note in answers if note}
    assert tally(len(answers) + silent, list(reversed(answers)), ["a", "b"]) == said
