"""Words for Slack: hours, slots, lists and plurals, with their non-breaking spaces."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from programme.content.french import DAYS, NO_BREAK_SPACE, PARTS_OF_DAY, slot_words, week_day
from programme.model.slots import PARTS, wall_time_of, weekday_of

_DAYS_TOGETHER = {(0, 1, 2, 3, 4): "du lundi au vendredi", (5, 6): "le week-end", tuple(range(7)): "tous les jours"}
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
    return f"{slot_words(slot)} ({hour(wall_time_of(slot))})"


def slots_by_part(slots: Sequence[str]) -> str:
    """One line for each part of the day: « • soir (19 h 00) : mardi et jeudi »."""
    lines = []
    for part, wall in PARTS.items():
        days = sorted(weekday_of(slot) for slot in slots if wall_time_of(slot) == wall)
        if days:
            said = _DAYS_TOGETHER.get(tuple(days)) or listed([DAYS[day] for day in days])
            lines.append(f"• {PARTS_OF_DAY[part]} ({hour(wall)}){NO_BREAK_SPACE}: {said}")
    return "\n".join(lines)


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
