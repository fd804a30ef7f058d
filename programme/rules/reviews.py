"""The promise that a document comes back within three working days, and the clocks that watch it.

Working days are those of the tutors' territory, by default metropolitan France; hours are Paris hours. The day of
receipt does not count; the promise ends at 18:00 of the last day. Working time, used only for the warning, runs from
9:00 to 18:00 on working days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from programme.rules.holidays import Territory, is_working_day
from programme.rules.instants import ONE_DAY, PARIS, at_local, day_in, to_utc

REVIEW_WORKING_DAYS = 3
OPENS = time(9)
CLOSES = time(18)
NAG_SHARE = 1 / 3
UNCLAIMED_SHARE = 2 / 3
WARNING_SHARE = 0.75


def review_due(
    received_at: datetime,
    *,
    working_days: int = REVIEW_WORKING_DAYS,
    territory: Territory = Territory.METROPOLE,
    absent: Collection[date] = (),
) -> datetime:
    """UTC instant at which the remarks are promised: 18:00 in Paris of the last working day.

    The days in `absent` (the tutor's absence without a backup) count as days off. Raise ValueError when no
    working day is asked for.
    """
    if working_days < 1:
        raise ValueError("a review takes at least one working day")
    days = _working_days_after(day_in(received_at), territory, absent)
    for _ in range(working_days - 1):
        next(days)
    return at_local(next(days), CLOSES, PARIS).astimezone(UTC)


def warn_at(
    received_at: datetime,
    due: datetime,
    *,
    share: float = WARNING_SHARE,
    territory: Territory = Territory.METROPOLE,
    absent: Collection[date] = (),
) -> datetime:
    """UTC instant at which this share of the working time between receipt and promise has passed."""
    stretches = list(_working_stretches(to_utc(received_at), to_utc(due), territory, absent))
    left = sum((end - start for start, end in stretches), timedelta()) * share
    for start, end in stretches:
        if left <= end - start:
            return start + left
        left -= end - start
    return to_utc(due)


def shift_for_absence(
    due: datetime,
    absent: Collection[date],
    *,
    from_day: date,
    known: Collection[date] = (),
    territory: Territory = Territory.METROPOLE,
) -> datetime:
    """Move a promise by the working days that an absence takes out of it.

    `from_day` is the last day before the clock that is left: today, or the day of receipt when that is later. Every
    working day left after it is given back once the tutor is there; without a day lost the promise stays as it is.
    The days in `known` are off already, and the promise has counted without them.
    """
    due_day = day_in(due)
    ahead = (from_day + timedelta(days=after) for after in range(1, (due_day - from_day).days + 1))
    left = sum(is_working_day(day, territory) and day not in known for day in ahead)
    if left == 0:
        return to_utc(due)
    days = _working_days_after(from_day, territory, {*absent, *known})
    for _ in range(left - 1):
        next(days)
    wall = to_utc(due).astimezone(ZoneInfo(PARIS)).time()
    return at_local(next(days), wall, PARIS).astimezone(UTC)


def _working_days_after(day: date, territory: Territory, absent: Collection[date]) -> Iterator[date]:
    while True:
        day += ONE_DAY
        if is_working_day(day, territory) and day not in absent:
            yield day


def _working_stretches(
    start: datetime, end: datetime, territory: Territory, absent: Collection[date]
) -> Iterator[tuple[datetime, datetime]]:
    """The opening hours between two instants, cut at both ends."""
    day = day_in(start)
    while day <= day_in(end):
        if is_working_day(day, territory) and day not in absent:
            opens = max(start, at_local(day, OPENS, PARIS).astimezone(UTC))
            closes = min(end, at_local(day, CLOSES, PARIS).astimezone(UTC))
            if opens < closes:
                yield opens, closes
        day += ONE_DAY
