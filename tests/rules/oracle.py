"""Days off by other people's tables, as the oracle of our own rule."""

from __future__ import annotations

from datetime import date
from functools import cache

import holidays

from programme.rules.holidays import Territory

CODES = {
    Territory.METROPOLE: None,
    Territory.ALSACE_MOSELLE: "57",
    Territory.GUADELOUPE: "971",
    Territory.MARTINIQUE: "972",
    Territory.GUYANE: "973",
    Territory.REUNION: "974",
    Territory.MAYOTTE: "976",
    Territory.SAINT_BARTHELEMY: "BL",
    Territory.SAINT_MARTIN: "MF",
    Territory.SAINT_PIERRE_ET_MIQUELON: "PM",
    Territory.POLYNESIE: "PF",
    Territory.NOUVELLE_CALEDONIE: "NC",
    Territory.WALLIS: "WF",
}
TERRITORY_OF_CODE = {code or "": territory for territory, code in CODES.items()} | {"6AE": Territory.ALSACE_MOSELLE}
CUSTOMARY = {"Mi-Carême", "Fête de Victor Schoelcher"}


@cache
def legal_days(year: int, territory: Territory) -> dict[date, str]:
    """Public holidays without the customary days, which no text makes public."""
    table = holidays.country_holidays("FR", subdiv=CODES[territory], years=year, language="fr")
    return {day: name for day, name in table.items() if not _customary(name, territory)}


def _customary(name: str, territory: Territory) -> bool:
    return name in CUSTOMARY or (name == "Vendredi saint" and territory is Territory.GUADELOUPE)


def is_off(day: date, territory: Territory) -> bool:
    """Saturday, Sunday or public holiday."""
    return day.isoweekday() > 5 or day in legal_days(day.year, territory)
