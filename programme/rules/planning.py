"""The calendar of a group: sixteen weekly sessions inside the window of CGV art. 4, moves, and the hours around them.

Days are civil days of the group. A plan is a value: moving a session returns another plan, to be shown before it is
applied, or raises PlanningError. Hours are wall times of an IANA zone; what leaves this module is a UTC instant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from programme.rules.instants import ONE_DAY, at_local, to_utc

__all__ = [
    "Plan",
    "PlanningError",
    "PlanningReason",
    "Window",
    "appointment_utc",
    "at_local",
    "checkin_instant",
    "guide_instant",
    "move_following",
    "move_session",
    "plan",
    "programme_window",
    "quiet_until",
    "slack_weeks",
]

SESSIONS = 16
WEEK = timedelta(weeks=1)
USUAL_WEEKS = 20
SUMMER_WEEKS = 24
QUIET_FROM = time(20)
QUIET_UNTIL = time(8)


class PlanningReason(StrEnum):
    """Why a calendar cannot be; the values are the reason codes that sentences are keyed by."""

    FIRST_DAY_OFF = "first_day_off"
    PAST_LIMIT = "past_limit"
    NOT_INCREASING = "not_increasing"
    TWO_IN_A_WEEK = "two_in_a_week"
    UNKNOWN_SESSION = "unknown_session"
    BEGUN = "begun"
    IN_THE_PAST = "in_the_past"


class PlanningError(ValueError):
    """The calendar asked for breaks a rule of the programme; `reason` says which."""

    def __init__(self, reason: PlanningReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Window:
    """The days in which a programme must be held (CGV art. 4)."""

    end_of_20_weeks: date
    touches_summer: bool
    max_weeks: int
    last_allowed_day: date


def programme_window(first_session: date, paused_days: int = 0) -> Window:
    """Window opened by the first session: 20 weeks, 24 when those 20 touch 1 July to 31 August.

    The days of the group's pauses are added to its last day; they do not turn 20 weeks into 24 (docs/cgv.md).
    """
    end_of_20_weeks = first_session + USUAL_WEEKS * WEEK - ONE_DAY
    touches_summer = any(
        first_session <= date(year, 8, 31) and end_of_20_weeks >= date(year, 7, 1)
        for year in range(first_session.year, end_of_20_weeks.year + 1)
    )
    weeks = SUMMER_WEEKS if touches_summer else USUAL_WEEKS
    last_allowed_day = first_session + weeks * WEEK - ONE_DAY + timedelta(days=paused_days)
    return Window(end_of_20_weeks, touches_summer, weeks, last_allowed_day)


@dataclass(frozen=True)
class Plan:
    """The days of the sessions in order, and the days on which the group does not meet.

    The first day opens the window: a plan whose first session moves has another window.
    """

    days: tuple[date, ...]
    days_off: frozenset[date] = frozenset()
    paused_days: int = 0

    @property
    def window(self) -> Window:
        """Window opened by the first session, longer by the pauses."""
        return programme_window(self.days[0], self.paused_days)

    @property
    def slack_weeks(self) -> int:
        """Whole weeks between the last session and the last allowed day: how often the group can still shift."""
        return (self.window.last_allowed_day - self.days[-1]).days // 7


def plan(first: date, *, days_off: Collection[date] = (), count: int = SESSIONS) -> Plan:
    """Place `count` weekly sessions from `first` on, skipping the weeks whose session day is off.

    Raise PlanningError when the first day is off or the last session would pass the limit.
    """
    if count < 1:
        raise ValueError("a programme has at least one session")
    off = frozenset(days_off)
    if first in off:
        raise PlanningError(PlanningReason.FIRST_DAY_OFF)
    limit = programme_window(first).last_allowed_day
    days = tuple(islice(_usable_days(first, off, limit), count))
    if len(days) < count:
        raise PlanningError(PlanningReason.PAST_LIMIT)
    return Plan(days, off)


def _usable_days(first: date, off: frozenset[date], limit: date) -> Iterator[date]:
    """Same weekday, week after week up to the limit, without the days off."""
    day = first
    while day <= limit:
        if day not in off:
            yield day
        day += WEEK


def move_session(current: Plan, number: int, to: date, *, catch_up: bool = False) -> Plan:
    """Move one session (1 is the first) to another day and leave the rest.

    The group's explicit choice wins over its days off. `catch_up` allows a second session in the same calendar
    week (Monday to Sunday). Raise PlanningError when the order, the week or the limit forbids it.
    """
    index = _index(current, number)
    days = (*current.days[:index], to, *current.days[index + 1 :])
    return _checked(replace(current, days=days), around=None if catch_up else index)


def move_following(current: Plan, number: int, weeks: int) -> Plan:
    """Move a session and all that follow by whole weeks, later (positive) or earlier (negative).

    Each keeps its weekday and its distance to the one before, counted in weeks that are not off: a gap due to a
    holiday stays at the holiday instead of travelling with the sessions. Raise PlanningError as move_session does.
    """
    index = _index(current, number)
    moved = [_first_usable(current.days[index] + weeks * WEEK, current.days_off)]
    for before, day in pairwise(current.days[index:]):
        moved.append(_after(moved[-1], _usable_distance(before, day, current.days_off), day, current.days_off))
    return _checked(replace(current, days=(*current.days[:index], *moved)), around=index)


def _index(current: Plan, number: int) -> int:
    if not 1 <= number <= len(current.days):
        raise PlanningError(PlanningReason.UNKNOWN_SESSION)
    return number - 1


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _first_usable(day: date, off: frozenset[date]) -> date:
    while day in off:
        day += WEEK
    return day


def _usable_distance(before: date, day: date, off: frozenset[date]) -> int:
    """Weeks from `before` to `day` in which the weekday of `day` is not off; at least one between two weeks."""
    weeks = (_monday(day) - _monday(before)).days // 7
    return max(min(weeks, 1), sum(day - step * WEEK not in off for step in range(weeks)))


def _after(previous: date, distance: int, like: date, off: frozenset[date]) -> date:
    """Day with the weekday of `like`, `distance` usable weeks after the week of `previous`."""
    day = _monday(previous) + timedelta(days=like.weekday())
    for _ in range(distance):
        day = _first_usable(day + WEEK, off)
    return day


def _checked(candidate: Plan, *, around: int | None) -> Plan:
    """Return the plan when it keeps the rules; `around` is the index whose neighbours must be in other weeks."""
    if any(later <= earlier for earlier, later in pairwise(candidate.days)):
        raise PlanningError(PlanningReason.NOT_INCREASING)
    if candidate.days[-1] > candidate.window.last_allowed_day:
        raise PlanningError(PlanningReason.PAST_LIMIT)
    if around is not None:
        near = candidate.days[max(around - 1, 0) : around + 2]
        if any(_monday(earlier) == _monday(later) for earlier, later in pairwise(near)):
            raise PlanningError(PlanningReason.TWO_IN_A_WEEK)
    return candidate


def slack_weeks(sessions_left: int, today: date, window: Window) -> int:
    """Weeks left minus sessions left; negative when the programme can no longer fit.

    `today` counts as a day on which a session can still be held: give tomorrow once today's session is over.
    """
    weeks_left = ((window.last_allowed_day - today).days + 1) // 7
    return weeks_left - sessions_left


def appointment_utc(day: date, wall: time, zone: str) -> datetime:
    """UTC instant of an appointment given in wall time, with the gap and the fold of `at_local`."""
    return at_local(day, wall, zone).astimezone(UTC)


def guide_instant(session_day: date, zone: str, lead_days: int = 2, hour: int = 18) -> datetime:
    """UTC instant at which the guide of a session goes to the group."""
    return appointment_utc(session_day - timedelta(days=lead_days), time(hour), zone)


def checkin_instant(session_day: date, zone: str, lag_days: int = 2, hour: int = 18) -> datetime:
    """UTC instant at which the check-in after a session is asked for."""
    return appointment_utc(session_day + timedelta(days=lag_days), time(hour), zone)


def quiet_until(instant: datetime, zone: str) -> datetime:
    """First instant (UTC) from `instant` on outside the person's quiet hours, 20:00 to 08:00 local."""
    now = to_utc(instant)
    local = now.astimezone(ZoneInfo(zone))
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return now
    morning = local.date() + ONE_DAY if local.time() >= QUIET_FROM else local.date()
    return appointment_utc(morning, QUIET_UNTIL, zone)
