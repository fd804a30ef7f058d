"""Who may take a place, which groups may merge, and the pause: the clock stops and starts again (docs/cgv.md)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.compatibility import Candidate
from programme.rules.planning import Plan, plan, programme_window
from programme.rules.rescue import WEEK, may_merge, newcomers, paused, resumed, weeks_of_pause_left

DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def person(name: str, km_east: float = 0.0, **changes: object) -> Candidate:
    plain = Candidate(name, 0.0, km_east / 111.195, 20, frozenset({"mon-evening", "tue-evening"}))
    return replace(plain, **changes)  # type: ignore[arg-type]


def crew(count: int) -> list[Candidate]:
    return [person(f"mem_{k}", float(k)) for k in range(count)]


def a_plan(first: date) -> Plan:
    return plan(first)


def test_the_nearest_comes_first_after_the_heads_of_queue() -> None:
    waiting = [person("far", 15.0), person("near", 4.0), person("back", 9.0, head_of_queue=True), person("out", 60.0)]

    assert [one.member_id for one in newcomers(crew(3), waiting)] == ["back", "near", "far"]
    assert newcomers(crew(4), waiting) == []


def test_the_appointment_must_suit_the_newcomer() -> None:
    waiting = [person("mon", slots=frozenset({"mon-evening"})), person("tue", slots=frozenset({"tue-evening"}))]

    assert [one.member_id for one in newcomers(crew(3), waiting, "tue-evening")] == ["tue"]
    assert [one.member_id for one in newcomers(crew(3), [person("x", refuses=frozenset({"mem_2"}))])] == []


@pytest.mark.parametrize(
    ("staying", "joining", "possible"), [(2, 2, True), (3, 1, True), (3, 2, False), (0, 2, False), (2, 0, False)]
)
def test_never_five_and_never_nobody(staying: int, joining: int, possible: bool) -> None:
    others = [person(f"oth_{k}", float(k)) for k in range(joining)]

    assert may_merge(crew(staying), others, "mon-evening") is possible


@given(DAYS, st.integers(1, 16), st.integers(1, 8))
def test_a_pause_moves_later_sessions_and_the_limit_by_the_same_weeks(first: date, number: int, weeks: int) -> None:
    before = a_plan(first)
    after = paused(before, number, weeks)

    assert after.days[: number - 1] == before.days[: number - 1]
    assert [b - a for a, b in zip(before.days[number - 1 :], after.days[number - 1 :], strict=True)] == [
        weeks * WEEK
    ] * (17 - number)
    if number > 1:  # else the first session, and the window with it, has moved
        assert after.window.last_allowed_day == before.window.last_allowed_day + weeks * WEEK
        assert after.slack_weeks == before.slack_weeks
        assert after.window.max_weeks == before.window.max_weeks


@given(DAYS, st.integers(2, 16), st.integers(1, 8), st.data())
def test_a_pause_ended_early_never_loses_a_day_of_the_clock(first: date, number: int, weeks: int, data) -> None:
    before = paused(a_plan(first), number, weeks)
    start = before.days[number - 1] - weeks * WEEK - timedelta(days=3)
    spent = data.draw(st.integers(0, 7 * weeks))
    unused, today = 7 * weeks - spent, start + timedelta(days=spent)
    after = resumed(before, number, unused, today)

    assert after.paused_days == spent
    assert after.window.last_allowed_day == programme_window(first).last_allowed_day + timedelta(days=spent)
    assert after.days[-1] <= after.window.last_allowed_day
    assert after.days[number - 1] >= today + timedelta(days=2)
    assert all(
        later - earlier == WEEK for earlier, later in zip(after.days[number - 1 :], after.days[number:], strict=False)
    )


@given(st.integers(0, 70))
def test_eight_weeks_of_pause_in_all(days: int) -> None:
    left = weeks_of_pause_left(days)

    assert 0 <= left <= 8
    assert left == 0 or days + 7 * left <= 56
