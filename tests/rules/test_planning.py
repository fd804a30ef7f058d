"""The calendar: window, placing, moving, and the hours around a session."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.planning import (
    Plan,
    PlanningError,
    PlanningReason,
    appointment_utc,
    checkin_instant,
    guide_instant,
    move_following,
    move_session,
    plan,
    programme_window,
    quiet_until,
    slack_weeks,
)
from tests.rules.vectors import rows

WEEK = timedelta(weeks=1)
TUESDAY = date(2026, 11, 24)
FIRST_DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))
ZONES = st.sampled_from(["Europe/Paris", "America/Martinique", "America/Miquelon", "Pacific/Noumea"])


@pytest.mark.parametrize("row", rows("programme"))
def test_window(row: dict[str, str]) -> None:
    first = date.fromisoformat(row["first_session"])
    window = programme_window(first)
    assert window.end_of_20_weeks.isoformat() == row["end_of_20_weeks"]
    assert window.touches_summer is (row["touches_july_august"] == "oui")
    assert window.max_weeks == int(row["max_weeks"])
    assert window.last_allowed_day.isoformat() == row["last_allowed_day"]
    weekly = plan(first)
    assert weekly.days[-1].isoformat() == row["session16_if_weekly"]
    assert weekly.slack_weeks == window.max_weeks - 16


@given(FIRST_DAYS)
def test_window_agrees_with_a_count_of_days(first: date) -> None:
    window = programme_window(first)
    twenty_weeks = [first + timedelta(days=n) for n in range(140)]
    assert window.touches_summer is any(day.month in (7, 8) for day in twenty_weeks)
    weeks = 24 if window.touches_summer else 20
    assert (window.last_allowed_day - first).days + 1 == weeks * 7


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    first = draw(FIRST_DAYS)
    off = draw(st.sets(st.integers(1, 19), max_size=4))
    return plan(first, days_off={first + week * WEEK for week in off})


@given(plans())
def test_a_plan_has_sixteen_weekly_days_inside_the_window_and_none_off(made: Plan) -> None:
    assert len(made.days) == 16
    assert all(later > earlier and (later - earlier) % WEEK == timedelta() for earlier, later in pairwise(made.days))
    assert made.days[-1] <= made.window.last_allowed_day
    assert not made.days_off & set(made.days)
    skipped = {made.days[0] + n * WEEK for n in range((made.days[-1] - made.days[0]).days // 7)} - set(made.days)
    assert skipped <= made.days_off
    assert made.slack_weeks == made.window.max_weeks - 16 - len(skipped)


def refused(reason: PlanningReason) -> pytest.RaisesExc[PlanningError]:
    return pytest.RaisesExc(PlanningError, check=lambda error: error.reason is reason)


def test_a_plan_that_cannot_fit_is_refused() -> None:
    with refused(PlanningReason.FIRST_DAY_OFF):
        plan(TUESDAY, days_off=[TUESDAY])
    four_off = [TUESDAY + n * WEEK for n in (1, 2, 3, 4)]
    assert plan(TUESDAY, days_off=four_off).slack_weeks == 0
    with refused(PlanningReason.PAST_LIMIT):
        plan(TUESDAY, days_off=[*four_off, TUESDAY + 5 * WEEK])
    with pytest.raises(ValueError, match="at least one"):
        plan(TUESDAY, count=0)


@given(plans(), st.integers(1, 16), st.integers(-20, 20), st.booleans())
def test_moving_one_session_keeps_the_rules_or_is_refused(made: Plan, number: int, days: int, catch_up: bool) -> None:
    to = made.days[number - 1] + timedelta(days=days)
    try:
        moved = move_session(made, number, to, catch_up=catch_up)
    except PlanningError:
        return
    assert moved.days[number - 1] == to
    assert moved.days[: number - 1] + moved.days[number:] == made.days[: number - 1] + made.days[number:]
    assert all(earlier < later for earlier, later in pairwise(moved.days))
    assert moved.days[-1] <= moved.window.last_allowed_day
    if not catch_up:
        assert len({day.isocalendar()[:2] for day in moved.days}) == 16


def test_reasons_of_refused_moves() -> None:
    weekly = plan(TUESDAY)
    with refused(PlanningReason.UNKNOWN_SESSION):
        move_session(weekly, 17, TUESDAY)
    with refused(PlanningReason.UNKNOWN_SESSION):
        move_following(weekly, 0, 1)
    with refused(PlanningReason.NOT_INCREASING):
        move_session(weekly, 3, weekly.days[3])
    with refused(PlanningReason.TWO_IN_A_WEEK):
        move_session(weekly, 3, weekly.days[3] - timedelta(days=1))
    with refused(PlanningReason.PAST_LIMIT):
        move_session(weekly, 16, weekly.window.last_allowed_day + timedelta(days=1))
    with refused(PlanningReason.TWO_IN_A_WEEK):
        move_session(weekly, 2, weekly.days[0] + timedelta(days=1))


def test_a_catch_up_may_share_the_week() -> None:
    weekly = plan(TUESDAY)
    thursday_before = weekly.days[3] - timedelta(days=5)
    assert move_session(weekly, 4, thursday_before, catch_up=True).days[3] == thursday_before
    assert move_session(weekly, 16, weekly.window.last_allowed_day).days[15] == weekly.window.last_allowed_day


@given(plans(), st.integers(1, 16), st.integers(-3, 5))
def test_moving_all_that_follow_keeps_the_rules_or_is_refused(made: Plan, number: int, weeks: int) -> None:
    try:
        moved = move_following(made, number, weeks)
    except PlanningError:
        assert weeks != 0, "staying where it is is always possible"
        return
    assert moved.days[: number - 1] == made.days[: number - 1]
    assert all(earlier < later for earlier, later in pairwise(moved.days))
    assert len({day.isocalendar()[:2] for day in moved.days}) == 16
    assert moved.days[-1] <= moved.window.last_allowed_day
    assert not moved.days_off & set(moved.days)
    assert moved.days[number - 1] >= made.days[number - 1] + weeks * WEEK
    if weeks == 0:
        assert moved == made


def test_a_gap_stays_at_the_holiday_when_the_sessions_move() -> None:
    holiday = TUESDAY + 5 * WEEK
    made = plan(TUESDAY, days_off=[holiday])
    moved = move_following(made, 3, 1)
    assert moved.days == (
        *made.days[:2],
        *(TUESDAY + n * WEEK for n in (3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17)),
    )
    assert (made.slack_weeks, moved.slack_weeks) == (3, 2)


def test_a_moved_session_keeps_its_weekday_when_all_follow() -> None:
    made = move_session(plan(TUESDAY), 5, TUESDAY + 4 * WEEK + timedelta(days=2))
    moved = move_following(made, 4, 1)
    assert moved.days[4] == made.days[4] + WEEK
    assert moved.days[5] == made.days[5] + WEEK


def test_a_session_held_on_a_day_off_by_choice_still_follows_the_one_before() -> None:
    holiday = TUESDAY + 5 * WEEK
    made = move_session(plan(TUESDAY, days_off=[holiday]), 6, holiday)
    moved = move_following(made, 3, 1)
    assert moved.days[2:7] == tuple(TUESDAY + n * WEEK for n in (3, 4, 6, 7, 9))


def test_moving_back_into_the_week_of_the_session_before_is_refused() -> None:
    thursday = TUESDAY + WEEK + timedelta(days=2)
    made = move_session(plan(TUESDAY), 2, thursday)
    with refused(PlanningReason.TWO_IN_A_WEEK):
        move_following(made, 2, -1)


def test_moving_past_the_slack_is_refused() -> None:
    weekly = plan(TUESDAY)
    assert move_following(weekly, 2, 4).slack_weeks == 0
    with refused(PlanningReason.PAST_LIMIT):
        move_following(weekly, 2, 5)


def test_moving_the_first_session_opens_another_window() -> None:
    late_winter = plan(date(2027, 2, 11))
    assert late_winter.window.max_weeks == 20
    assert move_following(late_winter, 1, 1).window.max_weeks == 24


def test_slack_goes_down_when_a_week_passes_without_a_session() -> None:
    window = programme_window(TUESDAY)
    assert slack_weeks(16, TUESDAY, window) == 4
    assert slack_weeks(15, TUESDAY + WEEK, window) == 4
    assert slack_weeks(15, TUESDAY + 2 * WEEK, window) == 3
    assert slack_weeks(1, window.last_allowed_day, window) == -1
    assert slack_weeks(1, window.last_allowed_day - timedelta(days=6), window) == 0


def test_appointments_keep_their_wall_time_over_the_clock_change() -> None:
    before, after = (appointment_utc(date(2026, 3, day), time(18, 30), "Europe/Paris") for day in (24, 31))
    assert (before.hour, after.hour) == (17, 16)
    assert appointment_utc(date(2026, 3, 29), time(2, 30), "Europe/Paris") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert appointment_utc(date(2026, 10, 25), time(2, 30), "Europe/Paris") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_guide_and_check_in_are_two_days_away_at_local_hours() -> None:
    assert guide_instant(TUESDAY, "Europe/Paris") == datetime(2026, 11, 22, 17, tzinfo=UTC)
    assert guide_instant(TUESDAY, "Indian/Reunion", lead_days=1, hour=9) == datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert checkin_instant(TUESDAY, "Europe/Paris") == datetime(2026, 11, 26, 17, tzinfo=UTC)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), ZONES)  # noqa: DTZ001
def test_nobody_is_written_to_in_quiet_hours(instant: datetime, zone: str) -> None:
    allowed = quiet_until(instant, zone)
    local = allowed.astimezone(ZoneInfo(zone))
    assert time(8) <= local.time() < time(20)
    assert instant <= allowed <= instant + timedelta(hours=13)
    was_quiet = not time(8) <= instant.astimezone(ZoneInfo(zone)).time() < time(20)
    assert (local.time() == time(8)) if was_quiet else (allowed == instant)
