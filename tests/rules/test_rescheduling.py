"""Whatever a group moves: sixteen sessions, in order, in the future, inside the limit, at the hour it chose."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.holidays import Territory, public_holidays
from programme.rules.planning import PlanningError, PlanningReason, appointment_utc, plan, programme_window
from programme.rules.rescheduling import (
    Timetable,
    catch_up_days,
    keep_off,
    monday_of,
    move_one,
    move_rest,
    week_days,
)

WEEK = timedelta(weeks=1)
ZONES = ("Europe/Paris", "Indian/Reunion", "America/Guadeloupe", "America/Miquelon")
TUESDAY = date(2026, 12, 1)
WALLS = st.sampled_from([time(9, 30), time(12), time(19), time(2, 30), time(23, 45)])


def tabled(first: date, begun: int = 0, zone: str = "Europe/Paris", wall: time = time(19), off=()) -> Timetable:
    days = plan(first, days_off=off).days
    return Timetable(
        days=days,
        walls=(wall,) * 16,
        zone=zone,
        movable=frozenset(range(begun + 1, 17)),
        days_off=frozenset(off),
        opened_on=first if begun else None,
    )


def just_before(table: Timetable, begun: int) -> datetime:
    """An instant at which exactly the first sessions have begun."""
    return table.starts_at(begun) + timedelta(hours=3) if begun else table.starts_at(1) - timedelta(days=5)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Timetable, datetime]:
    first = draw(st.dates(date(2025, 1, 1), date(2032, 12, 31)))
    weeks = draw(st.sets(st.integers(1, 18), max_size=3))
    begun = draw(st.integers(0, 15))
    wall = draw(WALLS)
    table = tabled(first, begun, draw(st.sampled_from(ZONES)), wall, {first + week * WEEK for week in weeks})
    return table, just_before(table, begun)


def assert_holds(before: Timetable, after: Timetable, now: datetime) -> None:
    assert len(after.days) == len(after.walls) == 16
    starts = [after.starts_at(number) for number in range(1, 17)]
    assert all(earlier < later for earlier, later in pairwise(starts))
    assert all(earlier < later for earlier, later in pairwise(after.days))
    assert after.days[-1] <= programme_window(before.opened_on or after.days[0]).last_allowed_day
    for number in after.changed_from(before):
        assert number in before.movable
        assert starts[number - 1] > now
    for number, start in enumerate(starts, 1):
        local = start.astimezone(ZoneInfo(after.zone))
        skipped = appointment_utc(after.days[number - 1], after.walls[number - 1], after.zone) != start
        assert not skipped
        if time(4) < after.walls[number - 1] < time(23):
            assert (local.date(), local.time()) == (after.days[number - 1], after.walls[number - 1])


@given(tables(), st.integers(0, 17), st.integers(-30, 60), WALLS, st.booleans())
def test_a_move_keeps_every_promise_or_is_refused(drawn, number: int, days: int, wall: time, rest: bool) -> None:
    table, now = drawn
    day = table.days[min(max(number, 1), 16) - 1] + timedelta(days=days)
    try:
        after = (move_rest if rest else move_one)(table, number, day, wall, now)
    except PlanningError:
        return
    assert_holds(table, after, now)
    assert (after.days[number - 1], after.walls[number - 1]) == (day, wall)
    assert after.days[: number - 1] == table.days[: number - 1]
    if rest:
        assert set(after.walls[number - 1 :]) == {wall}
        assert not set(after.days[number:]) & table.days_off
    else:
        assert after.days[number:] == table.days[number:]
    assert len({monday_of(d) for d in after.days}) == 16


@given(tables(), st.sets(st.integers(0, 25), max_size=4))
def test_weeks_off_are_kept_or_refused(drawn, weeks: set[int]) -> None:
    table, now = drawn
    off = table.days_off.union(*(week_days(monday_of(table.days[0]) + week * WEEK) for week in weeks))
    try:
        after = keep_off(table, off, now)
    except PlanningError:
        return
    assert_holds(table, after, now)
    assert not {after.days[number - 1] for number in table.movable} & off
    assert all(new >= old for new, old in zip(after.days, table.days, strict=True))


def test_a_week_off_moves_what_it_must_and_no_more() -> None:
    table = tabled(TUESDAY, begun=1)
    gap = move_rest(table, 6, table.days[5] + WEEK, time(19), just_before(table, 1))
    off = week_days(monday_of(gap.days[2]))
    after = keep_off(gap, off, just_before(table, 1))
    assert after.days[2:5] == tuple(day + WEEK for day in gap.days[2:5])
    assert after.days[5:] == gap.days[5:]


def refused(reason: PlanningReason) -> pytest.RaisesExc[PlanningError]:
    return pytest.RaisesExc(PlanningError, check=lambda error: error.reason is reason)


def test_reasons_of_refused_moves() -> None:
    table = tabled(TUESDAY, begun=2)
    now = just_before(table, 2)
    with refused(PlanningReason.BEGUN):
        move_one(table, 2, table.days[1] + timedelta(days=1), time(19), now)
    with refused(PlanningReason.UNKNOWN_SESSION):
        move_rest(table, 17, table.days[15], time(19), now)
    with refused(PlanningReason.IN_THE_PAST):
        move_one(table, 3, table.days[1] + timedelta(days=0), time(1), now)
    with refused(PlanningReason.NOT_INCREASING):
        move_one(table, 3, table.days[4] + timedelta(days=1), time(19), now)
    with refused(PlanningReason.TWO_IN_A_WEEK):
        move_one(table, 3, table.days[3] - timedelta(days=1), time(19), now)
    with refused(PlanningReason.PAST_LIMIT):
        move_rest(table, 3, table.days[2] + 5 * WEEK, time(19), now)


def test_the_limit_is_that_of_the_first_session_even_when_it_is_caught_up_later() -> None:
    """A first session that nobody held does not buy the group more weeks."""
    table = replace(tabled(TUESDAY, begun=1), movable=frozenset(range(1, 17)), missed=frozenset({1}))
    after = move_rest(table, 1, TUESDAY + 4 * WEEK, time(19), just_before(table, 1))
    assert (after.slack_weeks, after.last_allowed_day) == (0, table.last_allowed_day)
    with refused(PlanningReason.PAST_LIMIT):
        move_rest(table, 1, TUESDAY + 5 * WEEK, time(19), just_before(table, 1))


def test_another_weekday_follows_week_by_week_without_the_holidays() -> None:
    table = tabled(date(2027, 3, 2), begun=1, off=public_holidays(2027))
    monday = date(2027, 3, 15)
    after = move_rest(table, 3, monday, time(18, 30), just_before(table, 1))
    holidays = {date(2027, 3, 29), date(2027, 5, 17)}
    assert holidays <= set(public_holidays(2027))
    assert {day.weekday() for day in after.days[2:]} == {0}
    assert not set(after.days) & holidays


def test_overseas_holidays_are_the_territorys_own() -> None:
    table = tabled(date(2027, 5, 5), off=public_holidays(2027, Territory.GUADELOUPE), zone="America/Guadeloupe")
    abolition = date(2027, 5, 27)
    after = move_rest(table, 1, date(2027, 5, 6), time(19), datetime(2027, 5, 1, tzinfo=UTC))
    assert abolition not in after.days


def test_a_catch_up_is_proposed_in_the_same_week_before_the_next_session() -> None:
    table = replace(tabled(TUESDAY, begun=3), missed=frozenset({3}), movable=frozenset(range(3, 17)))
    third = table.days[2]
    assert catch_up_days(table, 3, third + timedelta(days=1)) == tuple(third + timedelta(days=n) for n in (2, 3, 4))
    late = catch_up_days(table, 3, third + timedelta(days=5))
    assert late == (third + timedelta(days=6),)
    assert catch_up_days(table, 3, third + 2 * WEEK) == ()


@given(tables(), st.integers(1, 16), st.integers(0, 12))
def test_every_proposed_catch_up_can_be_taken(drawn, number: int, later: int) -> None:
    table, _ = drawn
    now = table.starts_at(number) + timedelta(days=later, hours=1)
    begun = frozenset(n for n in range(1, 17) if table.starts_at(n) <= now)
    table = replace(
        table, movable=(table.movable - begun) | {number}, missed=frozenset({number}), opened_on=table.days[0]
    )
    today = now.astimezone(ZoneInfo(table.zone)).date()
    for day in catch_up_days(table, number, today):
        after = move_one(table, number, day, table.walls[number - 1], now)
        assert_holds(table, after, now)
