"""The figures of the console: how far people come, how long it takes, and what a count may tell.

A count under three could tell of one person: it is said as « moins de 3 ». Nought tells of nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from programme.rules.reviews import REVIEW_WORKING_DAYS, review_due

FEW = 3
Walk = Sequence[datetime | None]
"""When one person reached each stage, first to last; None where they did not, or where it is not known."""


@dataclass(frozen=True)
class Stage:
    """How many people reached a stage or a later one, and the median time from the stage before.

    ``took`` is None under three known times, as a median of one or two would be somebody's own.
    """

    people: int
    took: timedelta | None


def is_few(count: int) -> bool:
    """Whether a count could tell of one person."""
    return 0 < count < FEW


def funnel(walks: Sequence[Walk], stages: int) -> tuple[Stage, ...]:
    """Return each stage of these walks; whoever reached a later one has passed those before."""
    furthest = [max((place for place, at in enumerate(walk) if at is not None), default=-1) for walk in walks]
    return tuple(
        Stage(sum(place >= stage for place in furthest), _median(_times(walks, stage))) for stage in range(stages)
    )


def _times(walks: Sequence[Walk], stage: int) -> list[timedelta]:
    """From the stage before, where both instants are known and in order."""
    if stage == 0:
        return []
    both = [(walk[stage - 1], walk[stage]) for walk in walks]
    return [after - before for before, after in both if before and after and after >= before]


def _median(times: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(took.total_seconds() for took in times)) if len(times) >= FEW else None


def programme_week(started_at: datetime | None, ended_at: datetime) -> int:
    """Return the week of the programme, from 1, in which a contract ended; 0 before the programme began."""
    if started_at is None or ended_at < started_at:
        return 0
    return (ended_at - started_at).days // 7 + 1


@dataclass(frozen=True)
class Turnaround:
    """How long remarks took: by working days (the last one for longer), those still inside their promise apart."""

    by_days: tuple[int, ...]
    pending: int
    took: timedelta | None

    @property
    def counted(self) -> int:
        """The versions whose promise was kept or broken."""
        return sum(self.by_days)

    @property
    def kept_percent(self) -> int | None:
        """The share that came back within the promised working days; None while fewer than three count."""
        kept = self.counted - self.by_days[-1]
        return round(100 * kept / self.counted) if self.counted >= FEW else None


def turnaround(versions: Sequence[tuple[datetime, datetime | None]], now: datetime) -> Turnaround:
    """Return how long these versions (handed in, given back) took; one not given back in time counts as late."""
    counts = [0] * (REVIEW_WORKING_DAYS + 1)
    pending = 0
    for handed_in, returned in versions:
        dues = [review_due(handed_in, working_days=days + 1) for days in range(REVIEW_WORKING_DAYS)]
        if returned is None and now <= dues[-1]:
            pending += 1
            continue
        counts[sum(returned is None or returned > due for due in dues)] += 1
    return Turnaround(tuple(counts), pending, _median([after - before for before, after in versions if after]))
