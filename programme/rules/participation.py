"""What somebody followed of the programme: the sessions that they signed for, each number once (programme §8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Followed:
    """One session that was held, closed, and signed by the member; ``minutes`` is what its sheet says."""

    session_id: str
    number: int
    starts_at: datetime
    minutes: int


def counted(followed: Iterable[Followed]) -> tuple[Followed, ...]:
    """Return the sessions that count, by number.

    Whoever changes group may meet a session of the same number again: the first one counts, so that nobody is
    attested more than the programme's sessions.
    """
    first: dict[int, Followed] = {}
    for session in sorted(followed, key=lambda one: (one.starts_at, one.session_id)):
        first.setdefault(session.number, session)
    return tuple(first[number] for number in sorted(first))


def minutes_of(sessions: Iterable[Followed]) -> int:
    """Return the time followed, in minutes."""
    return sum(session.minutes for session in sessions)
