"""What an admin writes to many at once; it leaves after a while in which it can be called back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Audience(StrEnum):
    """Whom it is for: everybody with a contract in force, one group, or those who wait for a group."""

    MEMBERS = "members"
    GROUP = "group"
    WAITING = "waiting"


class AnnouncementState(StrEnum):
    """CONFIRMED leaves soon, SENT is on its way to each person's day, CALLED_BACK goes no further."""

    CONFIRMED = "confirmed"
    SENT = "sent"
    CALLED_BACK = "called_back"


@dataclass
class Announcement:
    """One text to many; ``source`` is the form that confirmed it, unique, and ``people`` counts whom it left for.

    ``reached`` counts those who had it when it was called back.
    """

    id: str
    source: str
    author: str
    audience: Audience
    group_id: str
    text: str
    confirmed_at: datetime
    leaves_at: datetime
    people: int
    state: AnnouncementState = AnnouncementState.CONFIRMED
    called_back_by: str = ""
    called_back_at: datetime | None = None
    reached: int = 0
    version: int = 0

    def call_back(self, by: str, at: datetime, reached: int) -> None:
        """Stop it for all whom it has not reached."""
        self.state, self.called_back_by, self.called_back_at = AnnouncementState.CALLED_BACK, by, at
        self.reached = reached
