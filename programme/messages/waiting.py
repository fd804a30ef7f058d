"""The waiting room: what somebody who waits is told, once a week."""

from __future__ import annotations

from datetime import date
from typing import Literal

from programme.messages.base import BaseMessage, Part


class Advice(Part):
    """One change that would make a group possible with ``people`` others: another slot, or a longer way."""

    slot: str = ""
    radius_km: int = 0
    people: int


class WaitingWord(BaseMessage):
    """To somebody who waits: since when, how many wait nearby (never a count under three), and what would help."""

    kind: Literal["waiting_word"] = "waiting_word"
    since: date
    weeks: int
    near: int | None
    sharing: int | None
    by_slot: tuple[tuple[str, int], ...] = ()
    advice: tuple[Advice, ...] = ()


WaitingMessage = WaitingWord
