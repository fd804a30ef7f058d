"""Dates that follow the last session."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from programme.rules.instants import day_in
from programme.rules.retention import Purpose, last_day

CLOSING_NOTICE = timedelta(days=14)
"""From the last session, or the end of a group, to the closing of its channel (programme §4)."""


def closes_at(finished_at: datetime) -> datetime:
    """Return when the channel of a group closes, and with it the enrolments of its members."""
    return finished_at + CLOSING_NOTICE


def works_until(finished_at: datetime, zone: str) -> date:
    """Return the last day on which the members' works are still with us."""
    return last_day(Purpose.WORK, day_in(closes_at(finished_at), zone))
