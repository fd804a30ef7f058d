"""Public holidays and working days of the French territories.

The rule is ours because a legal deadline must not move with a dependency. Eight fixed days and three that follow
Easter (C. trav. L3133-1); Good Friday and 26 December in Alsace and Moselle (L3134-13); the day of the abolition of
slavery overseas (decree 83-1003); the days fixed by local law in the Pacific. Customary days off do not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from programme.rules.instants import ONE_DAY, PARIS

SATURDAY, SUNDAY = 5, 6
ABOLITION = "Abolition de l’esclavage"
GOOD_FRIDAY = "Vendredi saint"


class Territory(StrEnum):
    """Part of France with its own public holidays; the values are stored, so they never change."""

    METROPOLE = "metropole"
    ALSACE_MOSELLE = "alsace_moselle"
    GUADELOUPE = "guadeloupe"
    MARTINIQUE = "martinique"
    GUYANE = "guyane"
    REUNION = "reunion"
    MAYOTTE = "mayotte"
    SAINT_BARTHELEMY = "saint_barthelemy"
    SAINT_MARTIN = "saint_martin"
    SAINT_PIERRE_ET_MIQUELON = "saint_pierre_et_miquelon"
    POLYNESIE = "polynesie"
    NOUVELLE_CALEDONIE = "nouvelle_caledonie"
    WALLIS = "wallis"


FIXED_DAYS = {
    (1, 1): "Jour de l’an",
    (5, 1): "Fête du Travail",
    (5, 8): "Fête de la Victoire",
    (7, 14): "Fête nationale",
    (8, 15): "Assomption",
    (11, 1): "Toussaint",
    (11, 11): "Armistice",
    (12, 25): "Noël",
}
EASTER_DAYS = {1: "Lundi de Pâques", 39: "Ascension", 50: "Lundi de Pentecôte"}
LOCAL_DAYS: dict[Territory, dict[tuple[int, int], str]] = {
    Territory.ALSACE_MOSELLE: {(12, 26): "Saint-Étienne"},
    Territory.GUADELOUPE: {(5, 27): ABOLITION},
    Territory.MARTINIQUE: {(5, 22): ABOLITION},
    Territory.GUYANE: {(6, 10): ABOLITION},
    Territory.REUNION: {(12, 20): ABOLITION},
    Territory.MAYOTTE: {(4, 27): ABOLITION},
    Territory.SAINT_BARTHELEMY: {(10, 9): ABOLITION},
    Territory.SAINT_MARTIN: {(5, 28): ABOLITION},
    Territory.POLYNESIE: {(3, 5): "Arrivée de l’Évangile", (11, 20): "Matāri’i"},
    Territory.NOUVELLE_CALEDONIE: {(9, 24): "Fête de la citoyenneté"},
    Territory.WALLIS: {
        (4, 28): "Saint Pierre Chanel",
        (6, 29): "Saints Pierre et Paul",
        (7, 29): "Fête du territoire",
    },
}
GOOD_FRIDAY_TERRITORIES = frozenset({Territory.ALSACE_MOSELLE, Territory.POLYNESIE})

ZONES = {
    Territory.METROPOLE: PARIS,
    Territory.ALSACE_MOSELLE: PARIS,
    Territory.GUADELOUPE: "America/Guadeloupe",
    Territory.MARTINIQUE: "America/Martinique",
    Territory.GUYANE: "America/Cayenne",
    Territory.REUNION: "Indian/Reunion",
    Territory.MAYOTTE: "Indian/Mayotte",
    Territory.SAINT_BARTHELEMY: "America/St_Barthelemy",
    Territory.SAINT_MARTIN: "America/Marigot",
    Territory.SAINT_PIERRE_ET_MIQUELON: "America/Miquelon",
    Territory.POLYNESIE: "Pacific/Tahiti",
    Territory.NOUVELLE_CALEDONIE: "Pacific/Noumea",
    Territory.WALLIS: "Pacific/Wallis",
}
POSTCODE_PREFIXES = {
    # The longest prefix that matches decides: the two northern islands left Guadeloupe but kept its codes.
    "97133": Territory.SAINT_BARTHELEMY,
    "97150": Territory.SAINT_MARTIN,
    "57": Territory.ALSACE_MOSELLE,
    "67": Territory.ALSACE_MOSELLE,
    "68": Territory.ALSACE_MOSELLE,
    "971": Territory.GUADELOUPE,
    "972": Territory.MARTINIQUE,
    "973": Territory.GUYANE,
    "974": Territory.REUNION,
    "975": Territory.SAINT_PIERRE_ET_MIQUELON,
    "976": Territory.MAYOTTE,
    "977": Territory.SAINT_BARTHELEMY,
    "978": Territory.SAINT_MARTIN,
    "986": Territory.WALLIS,
    "987": Territory.POLYNESIE,
    "988": Territory.NOUVELLE_CALEDONIE,
}


def territory_of_postcode(postcode: str) -> Territory:
    """Territory of a five-digit postcode; raise ValueError for anything else."""
    if not (len(postcode) == 5 and postcode.isascii() and postcode.isdigit()):
        raise ValueError(f"not a French postcode: {postcode!r}")
    for length in (5, 3, 2):
        territory = POSTCODE_PREFIXES.get(postcode[:length])
        if territory is not None:
            return territory
    return Territory.METROPOLE


def zone_of(territory: Territory) -> str:
    """IANA zone of the territory; Tahiti's for French Polynesia, whose other archipelagos differ."""
    return ZONES[territory]


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the algorithm of Oudin (1940)."""
    cycle, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * cycle + 15) % 30
    moon = epact - (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - cycle) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    return date(year, 3, 28) + timedelta(days=moon - weekday)


def public_holidays(year: int, territory: Territory = Territory.METROPOLE) -> dict[date, str]:
    """Public holidays of the year with their French names: the metropolitan days and the territory's own.

    Good Friday in Alsace and Moselle is a holiday only where there is a Protestant church; it counts
    everywhere there, which favours the member.
    """
    easter_sunday = easter(year)
    days = {easter_sunday + timedelta(days=offset): name for offset, name in EASTER_DAYS.items()}
    if territory in GOOD_FRIDAY_TERRITORIES:
        days[easter_sunday - timedelta(days=2)] = GOOD_FRIDAY
    for (month, day), name in (FIXED_DAYS | LOCAL_DAYS.get(territory, {})).items():
        days.setdefault(date(year, month, day), name)
    return dict(sorted(days.items()))


def is_working_day(day: date, territory: Territory = Territory.METROPOLE) -> bool:
    """True from Monday to Friday outside public holidays (Reg. 1182/71 art. 2(2): Saturday does not count)."""
    return not_working_because(day, territory) is None


def not_working_because(day: date, territory: Territory = Territory.METROPOLE) -> str | None:
    """Why nobody works that day, in French: the weekend first, then the holiday's name; None on a working day."""
    if day.weekday() == SATURDAY:
        return "samedi"
    if day.weekday() == SUNDAY:
        return "dimanche"
    return public_holidays(day.year, territory).get(day)


@dataclass(frozen=True)
class Roll:
    """A last day after its extension, with the reason of each day that was passed over."""

    day: date
    reasons: tuple[str, ...]


def roll(day: date, territory: Territory = Territory.METROPOLE) -> Roll:
    """Extend a deadline that ends on a day off to the next working day (C. conso. L221-19 3°)."""
    reasons: list[str] = []
    while (reason := not_working_because(day, territory)) is not None:
        reasons.append(reason)
        day += ONE_DAY
    return Roll(day, tuple(reasons))


def next_working_day(day: date, territory: Territory = Territory.METROPOLE) -> date:
    """The first working day from `day` on: `day` itself when it is one."""
    return roll(day, territory).day


def add_working_days(day: date, n: int, territory: Territory = Territory.METROPOLE) -> date:
    """The n-th working day after `day`, which itself never counts; raise ValueError when n is negative."""
    if n < 0:
        raise ValueError("working days are counted forward")
    for _ in range(n):
        day = next_working_day(day + ONE_DAY, territory)
    return day
