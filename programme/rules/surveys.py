"""When surveys are asked, how long they stay open, and what may be shown of the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from programme.rules.instants import add_months, at_local, day_in, end_of_day


class Wave(StrEnum):
    """When a survey is asked; the values are stored."""

    END = "end"
    MONTH_3 = "month_3"
    MONTH_6 = "month_6"


SHOWN_FROM = 3
"""Answers below which a result would say who answered what."""
MONTHS = {Wave.MONTH_3: 3, Wave.MONTH_6: 6}
OPEN_FOR = {Wave.END: timedelta(days=14), Wave.MONTH_3: timedelta(days=30), Wave.MONTH_6: timedelta(days=30)}
"""How long answers are taken, and may be changed."""
REMINDED_AFTER = {Wave.END: timedelta(days=5), Wave.MONTH_3: timedelta(days=7), Wave.MONTH_6: timedelta(days=7)}
"""The one reminder of who has not answered."""
HOUR = time(12)


def asked_at(wave: Wave, finished_at: datetime, zone: str) -> datetime:
    """Return when a later survey is asked: at noon on the member's clock, so many months after the last session."""
    day = add_months(day_in(finished_at, zone), MONTHS[wave])
    return at_local(day, HOUR, zone).astimezone(UTC)


def open_until(wave: Wave, asked: datetime, zone: str) -> datetime:
    """Return the last instant of the last day on which answers are taken, on the member's clock."""
    return end_of_day(day_in(asked + OPEN_FOR[wave], zone), zone)


@dataclass(frozen=True)
class Tally:
    """What a wave says as a whole: how many were asked and answered; for each question, how often each option.

    Below ``SHOWN_FROM`` answers there are neither counts nor notes. Notes stand in alphabetical order, which tells
    nothing of who wrote them.
    """

    asked: int
    answered: int
    counts: Mapping[str, Mapping[str, int]]
    notes: tuple[str, ...]


def tally(asked: int, answered: Iterable[tuple[Mapping[str, Any], str]], questions: Sequence[str]) -> Tally:
    """Count the answers of one wave; ``answered`` holds what each person chose and their free line."""
    given = list(answered)
    if len(given) < SHOWN_FROM:
        return Tally(asked, len(given), {}, ())
    counts = {key: Counter(str(chosen[key]) for chosen, _ in given if key in chosen) for key in questions}
    shown = {key: count for key, count in counts.items() if count.total() >= SHOWN_FROM}
    return Tally(asked, len(given), shown, tuple(sorted(note for _, note in given if note)))
