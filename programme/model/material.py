"""What became of the method's material: a member gives it back or destroys it at the end (CGV 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class MaterialEnd(StrEnum):
    """How it ended; the values are stored."""

    RETURNED = "returned"
    DESTROYED = "destroyed"


class MaterialItem(StrEnum):
    """What a member may have of the method; the values are stored."""

    PAPER = "paper"
    COPIES = "copies"
    FILES = "files"


@dataclass
class MaterialDeclaration:
    """One member's word about the material, asked for at the end; empty until it is declared.

    ``day`` is the day on which it was done, as declared. What was declared before stays in the evidence chain.
    """

    id: str
    enrolment_id: str
    member_id: str
    asked_at: datetime
    how: MaterialEnd | None = None
    day: date | None = None
    items: tuple[str, ...] = ()
    declared_at: datetime | None = None
    reminded_at: datetime | None = None
    version: int = 0
