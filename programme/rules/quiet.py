"""Whether a routine message may leave now, and when otherwise (programme §5, end): quiet hours, one a day, wishes.

What the law or the hour demands does not come here: it leaves at once, or in the morning.
"""

from __future__ import annotations

from datetime import UTC, datetime, time

from programme.rules.instants import ONE_DAY, at_local, day_in
from programme.rules.planning import QUIET_UNTIL, quiet_until
from programme.rules.recurrence import next_weekly

HOURS = range(QUIET_UNTIL.hour, 20)
"""The hours of the day, on the person's clock, at which their one message may be wanted."""
MONDAY = 0


def next_slot(
    now: datetime,
    zone: str,
    *,
    last: datetime | None = None,
    not_before: datetime | None = None,
    hour: int | None = None,
    before: datetime | None = None,
) -> datetime:
    """Return the first instant (UTC) from ``now`` on at which the person's one routine message of a day may leave.

    ``last`` is when the latest one left, ``not_before`` the end of a snooze, ``hour`` the local hour that the person
    chose. Where that would come at ``before`` or later, when the message has lost its use, only the night counts; and
    not even the night where the morning would be too late.
    """
    slot = _at_hour(quiet_until(max(now, not_before or now), zone), zone, hour)
    if last is not None and day_in(slot, zone) <= day_in(last, zone):
        slot = at_local(day_in(last, zone) + ONE_DAY, _wall(hour), zone).astimezone(UTC)
    if before is None or slot < before:
        return slot
    morning = quiet_until(now, zone)
    return morning if morning < before else now


def _at_hour(instant: datetime, zone: str, hour: int | None) -> datetime:
    """The first instant from this one on at which the chosen hour begins."""
    if hour is None:
        return instant
    day = day_in(instant, zone)
    chosen = at_local(day, _wall(hour), zone).astimezone(UTC)
    return chosen if chosen >= instant else at_local(day + ONE_DAY, _wall(hour), zone).astimezone(UTC)


def _wall(hour: int | None) -> time:
    return QUIET_UNTIL if hour is None else time(hour)


def until_monday(now: datetime, zone: str) -> datetime:
    """Return the next Monday morning on the person's clock."""
    return next_weekly(now, MONDAY, QUIET_UNTIL, zone)
