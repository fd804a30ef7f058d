"""When something that recurs on the wall clock happens next."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from programme.rules.instants import PARIS, at_local, day_in


def next_daily(now: datetime, wall: time, zone: str = PARIS) -> datetime:
    """Return the first instant after ``now`` at which the clocks of ``zone`` show ``wall`` (UTC)."""
    day = day_in(now, zone)
    today = at_local(day, wall, zone).astimezone(UTC)
    return today if today > now else at_local(day + timedelta(days=1), wall, zone).astimezone(UTC)


def next_weekly(now: datetime, weekday: int, wall: time, zone: str = PARIS) -> datetime:
    """Return the first such instant that falls on ``weekday`` (Monday = 0)."""
    day = day_in(now, zone)
    ahead = (weekday - day.weekday()) % 7
    instant = at_local(day + timedelta(days=ahead), wall, zone).astimezone(UTC)
    return instant if instant > now else at_local(day + timedelta(days=ahead + 7), wall, zone).astimezone(UTC)
