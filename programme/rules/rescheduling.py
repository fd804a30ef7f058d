"""Moving the sessions of a group that has dates: one, all that follow, or around the weeks in which it does not meet.

A timetable is a value: each move returns another one, to be shown before it is applied, or raises PlanningError. What
has begun stays where it is; what moves lands in the future, in order, one session a week, inside the window of CGV
art. 4 that the first session opened.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from programme.rules.instants import ONE_DAY
from programme.rules.planning import (
    WEEK,
    Plan,
    PlanningError,
    PlanningReason,
    appointment_utc,
    move_following,
    programme_window,
)

CATCH_UPS = 3
"""How many days are proposed for a catch-up."""


@dataclass(frozen=True)
class Timetable:
    """The appointments of a group in order, as days and wall times of its zone.

    ``movable`` and ``missed`` hold session numbers: those that may still move, and those to be caught up, which alone
    may share a week with another session. ``opened_on`` is the day that opened the window, or None as long as the
    first session may move and the window with it; ``paused_days`` is what pauses have added to it.
    """

    days: tuple[date, ...]
    walls: tuple[time, ...]
    zone: str
    movable: frozenset[int]
    missed: frozenset[int] = frozenset()
    days_off: frozenset[date] = frozenset()
    opened_on: date | None = None
    paused_days: int = 0

    @property
    def last_allowed_day(self) -> date:
        """The last day on which a session may be held (CGV art. 4)."""
        return programme_window(self.opened_on or self.days[0]).last_allowed_day + self.paused_days * ONE_DAY

    @property
    def slack_weeks(self) -> int:
        """Whole weeks between the last session and the last allowed day; negative when it is past."""
        return (self.last_allowed_day - self.days[-1]).days // 7

    def starts_at(self, number: int) -> datetime:
        """UTC instant of a session."""
        return appointment_utc(self.days[number - 1], self.walls[number - 1], self.zone)

    def changed_from(self, before: Timetable) -> tuple[int, ...]:
        """Numbers of the sessions that are not where they were."""
        numbers = range(1, len(self.days) + 1)
        return tuple(number for number in numbers if self.starts_at(number) != before.starts_at(number))


def move_one(table: Timetable, number: int, day: date, wall: time, now: datetime) -> Timetable:
    """Move one session and leave the others; the group's own choice wins over its days off."""
    _require_movable(table, number)
    return _checked(table, _placed(table, number, [day], wall), now)


def move_rest(table: Timetable, number: int, day: date, wall: time, now: datetime) -> Timetable:
    """Move a session to ``day`` and let all that follow keep their distance to it, at the new hour.

    By whole weeks, gaps due to holidays stay at the holidays; on another weekday, the sessions follow one another
    week by week from ``day`` on, without the days off.
    """
    _require_movable(table, number)
    weeks, odd_days = divmod((day - table.days[number - 1]).days, 7)
    if odd_days:
        days = [day]
        while len(days) < len(table.days) - number + 1:
            days.append(_first_usable(days[-1] + WEEK, table.days_off))
        return _checked(table, _placed(table, number, days, wall), now)
    moved = move_following(Plan(table.days, table.days_off), number, weeks).days if weeks else table.days
    # The day that the group chose is kept, even where it is a day off.
    return _checked(table, _placed(table, number, [day, *moved[number:]], wall), now)


def keep_off(table: Timetable, days_off: Collection[date], now: datetime) -> Timetable:
    """Move out of these days the sessions that may still move, each as little as order and one a week allow."""
    off = frozenset(days_off)
    days = list(table.days)
    for number in sorted(table.movable - table.missed):
        day = days[number - 1]
        while day in off or (number > 1 and monday_of(day) <= monday_of(days[number - 2])):
            day += WEEK
        days[number - 1] = day
    return _checked(table, replace(table, days=tuple(days), days_off=off), now)


def catch_up_days(table: Timetable, number: int, today: date) -> tuple[date, ...]:
    """Days on which a session can be caught up before the next one: in the same calendar week, else the next days."""
    following = table.days[number] if number < len(table.days) else table.last_allowed_day + ONE_DAY
    first = max(today + ONE_DAY, table.days[number - 1] + ONE_DAY)
    ahead = [first + n * ONE_DAY for n in range(max(0, (following - first).days))]
    free = [day for day in ahead if day not in table.days_off and day <= table.last_allowed_day]
    same_week = [day for day in free if monday_of(day) == monday_of(table.days[number - 1])]
    return tuple((same_week or free)[:CATCH_UPS])


def _require_movable(table: Timetable, number: int) -> None:
    if not 1 <= number <= len(table.days):
        raise PlanningError(PlanningReason.UNKNOWN_SESSION)
    if number not in table.movable:
        raise PlanningError(PlanningReason.BEGUN)


def _placed(table: Timetable, number: int, days: list[date], wall: time) -> Timetable:
    """The timetable with these days from ``number`` on, at this hour."""
    start, end = number - 1, number - 1 + len(days)
    return replace(
        table,
        days=(*table.days[:start], *days, *table.days[end:]),
        walls=(*table.walls[:start], *(wall for _ in days), *table.walls[end:]),
    )


def _checked(before: Timetable, after: Timetable, now: datetime) -> Timetable:
    changed = after.changed_from(before)
    if any(number not in before.movable for number in changed):
        raise PlanningError(PlanningReason.BEGUN)
    if any(after.starts_at(number) <= now for number in changed):
        raise PlanningError(PlanningReason.IN_THE_PAST)
    if any(later <= earlier for earlier, later in pairwise(after.days)):
        raise PlanningError(PlanningReason.NOT_INCREASING)
    if changed and after.days[-1] > after.last_allowed_day:
        raise PlanningError(PlanningReason.PAST_LIMIT)
    for number in range(2, len(after.days) + 1):
        concerned = {number - 1, number} & set(changed)
        caught_up = {number - 1, number} & after.missed
        same_week = monday_of(after.days[number - 2]) == monday_of(after.days[number - 1])
        if concerned and same_week and not caught_up:
            raise PlanningError(PlanningReason.TWO_IN_A_WEEK)
    return after


def _first_usable(day: date, off: frozenset[date]) -> date:
    while day in off:
        day += WEEK
    return day


def week_days(monday: date) -> frozenset[date]:
    """The seven days of the calendar week that begins with ``monday``."""
    return frozenset(monday + n * ONE_DAY for n in range(7))


def monday_of(day: date) -> date:
    """The first day of the calendar week of ``day``."""
    return day - timedelta(days=day.weekday())
