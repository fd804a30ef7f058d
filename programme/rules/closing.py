"""Dates that follow the last session."""

from __future__ import annotations

from datetime import datetime, timedelta

CLOSING_NOTICE = timedelta(days=14)
"""From the last session, or the end of a group, to the closing of its channel (programme §4)."""


def closes_at(finished_at: datetime) -> datetime:
    """Return when the channel of a group closes, and with it the enrolments of its members."""
    return finished_at + CLOSING_NOTICE
