"""Weekly availability: a slot is a weekday and a part of the day, written ``tue-evening``."""

from __future__ import annotations

from datetime import time

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = {"morning": time(9, 30), "lunch": time(12, 0), "afternoon": time(14, 30), "evening": time(19, 0)}
ALL_SLOTS = tuple(f"{day}-{part}" for day in WEEKDAYS for part in PARTS)


def weekday_of(slot: str) -> int:
    """Return the slot's weekday, Monday = 0. ValueError if the slot is unknown."""
    return WEEKDAYS.index(slot.partition("-")[0])


def wall_time_of(slot: str) -> time:
    """Return the local hour at which a session in this slot begins. KeyError if the slot is unknown."""
    return PARTS[slot.partition("-")[2]]
