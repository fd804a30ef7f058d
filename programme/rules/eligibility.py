"""The level that the programme asks for (CGV art. 3) on the French scale in force since 2019.

The CGV still speaks of "niveau II" of the scale of 1969, which is level 6 today. Below it, a person asks for an
exemption, which a human decides; nothing here refuses anybody.
"""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """Level of education, lowest first; the values are stored."""

    NO_DIPLOMA = "none"
    LEVEL_3 = "3"
    LEVEL_4 = "4"
    LEVEL_5 = "5"
    LEVEL_6 = "6"
    LEVEL_7 = "7"
    LEVEL_8 = "8"


LEVEL_LABELS = {
    Level.NO_DIPLOMA: "Sans diplôme, ou brevet des collèges",
    Level.LEVEL_3: "Niveau 3 – CAP, BEP",
    Level.LEVEL_4: "Niveau 4 – baccalauréat, brevet professionnel",
    Level.LEVEL_5: "Niveau 5 – BTS, DUT, DEUG",
    Level.LEVEL_6: "Niveau 6 – licence, licence professionnelle, BUT, maîtrise ou M1",
    Level.LEVEL_7: "Niveau 7 – master, diplôme d’ingénieur",
    Level.LEVEL_8: "Niveau 8 – doctorat",
}

SUFFICIENT_LEVELS = frozenset({Level.LEVEL_6, Level.LEVEL_7, Level.LEVEL_8})

OLD_SCALE = {
    "I": (Level.LEVEL_7, Level.LEVEL_8),
    "II": (Level.LEVEL_6,),
    "III": (Level.LEVEL_5,),
    "IV": (Level.LEVEL_4,),
    "V": (Level.LEVEL_3,),
}
"""Levels of 1969 and what each has become; the highest was cut in two."""


def is_sufficient(level: Level) -> bool:
    """Whether the level declared opens the programme without an exemption."""
    return level in SUFFICIENT_LEVELS


def levels_of_old_scale(numeral: str) -> tuple[Level, ...]:
    """Levels of today for a Roman numeral of the old scale, lowest first; raise ValueError for another text."""
    levels = OLD_SCALE.get(numeral.strip().upper())
    if levels is None:
        raise ValueError(f"not a level of the old scale: {numeral!r}")
    return levels
