"""What a tutor chose for their work, and when they are away (programme §6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

CAPACITY = 12
DIGEST_HOUR = 9


@dataclass
class TutorSettings:
    """One tutor's choices; a tutor without a row has the values by default.

    ``capacity`` is how many documents and questions they take at once; ``digest_hour`` is an hour of Paris;
    ``backup_id`` is the colleague who may act on everything of theirs at any time.
    """

    slack_user_id: str
    capacity: int = CAPACITY
    digest_hour: int = DIGEST_HOUR
    backup_id: str = ""
    version: int = 0


@dataclass
class Reading:
    """What a tutor notes while reading one version of a document, for the tutors alone.

    ``checked`` holds the numbers of the points of the worksheet's checklist that are good; ``minutes`` is the time
    that it took, 0 where they do not tell.
    """

    document_id: str
    number: int
    checked: tuple[int, ...] = ()
    minutes: int = 0
    version: int = 0


@dataclass
class TutorAbsence:
    """Days on which a tutor is away, both included; without ``backup_id`` what they have waits, with moved promises."""

    id: str
    tutor_id: str
    first_day: date
    last_day: date
    backup_id: str = ""
    version: int = 0

    def covers(self, day: date) -> bool:
        """Whether the tutor is away on this day."""
        return self.first_day <= day <= self.last_day

    @property
    def days(self) -> frozenset[date]:
        """Every day of it."""
        count = (self.last_day - self.first_day).days + 1
        return frozenset(self.first_day + timedelta(days=number) for number in range(count))
