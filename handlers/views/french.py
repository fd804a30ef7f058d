"""Words for Slack: hours, slots, lists and plurals, with their non-breaking spaces."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from programme.content.french import DAYS, NO_BREAK_SPACE, week_day
from programme.model.slots import wall_time_of, weekday_of

_PART_NAMES = {"morning": "matin", "lunch": "midi", "afternoon": "après-midi", "evening": "soir"}
_ZONE_CITIES = {
    "Europe/Paris": "Paris",
    "Indian/Reunion": "La Réunion",
    "Indian/Mayotte": "Mayotte",
    "America/Guadeloupe": "Guadeloupe",
    "America/Martinique": "Martinique",
    "America/Cayenne": "Guyane",
    "America/Miquelon": "Saint-Pierre-et-Miquelon",
}


def hour(wall: time) -> str:
    """19 h 00."""
    return f"{wall.hour}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{wall.minute:02d}"


def zone_name(zone: str) -> str:
    """The place whose clock is meant: « heure de Paris »."""
    city = _ZONE_CITIES.get(zone, zone.rpartition("/")[2].replace("_", " "))
    return f"heure de {city}"


def appointment(starts_at: datetime, zone: str) -> str:
    """mardi 8 décembre 2026 à 19 h 00 (heure de Paris)."""
    local = starts_at.astimezone(ZoneInfo(zone))
    return f"{week_day(local.date())} à {hour(local.time())} ({zone_name(zone)})"


def day_and_hour(starts_at: datetime, zone: str) -> str:
    """mardi 8 décembre 2026 à 19 h 00."""
    local = starts_at.astimezone(ZoneInfo(zone))
    return f"{week_day(local.date())} à {hour(local.time())}"


def slot_name(slot: str) -> str:
    """mardi soir (19 h 00)."""
    part = _PART_NAMES[slot.partition("-")[2]]
    return f"{DAYS[weekday_of(slot)]} {part} ({hour(wall_time_of(slot))})"


def listed(words: Sequence[str]) -> str:
    """un, deux et trois."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} et {words[-1]}"


def plural(count: int, singular: str, many: str = "") -> str:
    """1 document, 2 documents; 0 is singular in French."""
    word = singular if abs(count) < 2 else many or singular + "s"
    return f"{count}{NO_BREAK_SPACE}{word}"


def number(value: int) -> str:
    """1 500."""
    return f"{value:,}".replace(",", NO_BREAK_SPACE)


def guide_rhythm(lead_days: int, at_hour: int) -> str:
    """deux jours avant, à 18 h 00."""
    days = {0: "le jour même", 1: "la veille", 2: "deux jours avant", 3: "trois jours avant", 4: "quatre jours avant"}
    return f"{days[lead_days]}, à {hour(time(at_hour))}"
