"""Instants and clocks: what every rule about time shares.

An instant is an aware datetime, kept in UTC. A civil day is read on the clock of an IANA zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = "Europe/Paris"
ONE_DAY = timedelta(days=1)


def to_utc(instant: datetime) -> datetime:
    """Return the instant in UTC; raise ValueError when it has no zone, as its day could not be known."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)


def day_in(instant: datetime, zone: str = PARIS) -> date:
    """Civil day of the instant on the clock of `zone`."""
    return to_utc(instant).astimezone(ZoneInfo(zone)).date()


def add_months(day: date, months: int) -> date:
    """Same day of the month so many months later, or the last day of that month when it is shorter."""
    years, month0 = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month0 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return min(first_of_next - ONE_DAY, date(year, month, 1) + timedelta(days=day.day - 1))


def at_local(day: date, wall: time, zone: str) -> datetime:
    """Local datetime at which the clocks of `zone` show `wall` on `day`.

    A wall time that the spring change skips moves forward by the length of the gap (02:30 becomes 03:30).
    A wall time that the autumn change shows twice is the first of the two.
    """
    local_zone = ZoneInfo(zone)
    first = datetime.combine(day, wall.replace(tzinfo=None, fold=0), tzinfo=local_zone)
    # Through UTC and back: a skipped wall time comes back as one that exists.
    return first.astimezone(UTC).astimezone(local_zone)


def start_of_day(day: date, zone: str = PARIS) -> datetime:
    """UTC instant of the first moment of `day` in `zone`."""
    return at_local(day, time(), zone).astimezone(UTC)


def end_of_day(day: date, zone: str = PARIS) -> datetime:
    """Last microsecond of a local day, in UTC: what is sent « that day » was sent then at the latest."""
    return start_of_day(day + timedelta(days=1), zone) - timedelta(microseconds=1)
