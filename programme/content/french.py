"""Dates, hours and lengths as French readers expect them, with the non-breaking spaces they need."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from programme.model.slots import weekday_of
from programme.rules.instants import PARIS, to_utc

NO_BREAK_SPACE = "\u00a0"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

PARTS_OF_DAY = {"morning": "matin", "lunch": "midi", "afternoon": "après-midi", "evening": "soir"}


def slot_words(slot: str) -> str:
    """mardi soir."""
    return f"{DAYS[weekday_of(slot)]} {PARTS_OF_DAY[slot.partition('-')[2]]}"


def long_day(day: date) -> str:
    """8 décembre 2026; the first of a month is 1er."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NO_BREAK_SPACE}{MONTHS[day.month - 1]}{NO_BREAK_SPACE}{day.year}"


def month_words(year: int, month: int) -> str:
    """novembre 2026."""
    return f"{MONTHS[month - 1]}{NO_BREAK_SPACE}{year}"


def week_day(day: date) -> str:
    """mardi 8 décembre 2026."""
    return f"{DAYS[day.weekday()]} {long_day(day)}"


def moment(instant: datetime, zone: str = PARIS) -> str:
    """8 décembre 2026 à 14 h 03 min 05 s (Europe/Paris); raise ValueError for an instant without a zone."""
    local = to_utc(instant).astimezone(ZoneInfo(zone))
    shown = f"{local.hour} h {local.minute:02d} min {local.second:02d} s".replace(" ", NO_BREAK_SPACE)
    place = "heure de Paris" if zone == PARIS else zone
    return f"{long_day(local.date())} à {shown} ({place})"


def clock(wall: time) -> str:
    """19 h 05."""
    return f"{wall.hour} h {wall.minute:02d}".replace(" ", NO_BREAK_SPACE)


def length(minutes: int) -> str:
    """1 h 30; 45 min when under an hour; raise ValueError for a negative length."""
    if minutes < 0:
        raise ValueError("a length cannot be negative")
    hours, rest = divmod(minutes, 60)
    text = f"{hours} h {rest:02d}" if hours and rest else f"{hours} h" if hours else f"{rest} min"
    return text.replace(" ", NO_BREAK_SPACE)
