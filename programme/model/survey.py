"""Surveys of satisfaction: at the end of the programme, and three and six months later (programme §8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from programme.rules.surveys import Wave


@dataclass
class Survey:
    """One survey asked of one member; ``answers`` maps a question to the option chosen.

    Answers may be changed until ``open_until``. ``note`` is the free line, empty where nothing was written.
    """

    id: str
    enrolment_id: str
    member_id: str
    wave: Wave
    asked_at: datetime
    open_until: datetime
    reminded_at: datetime | None = None
    answered_at: datetime | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    version: int = 0

    def is_open(self, now: datetime) -> bool:
        """Whether answers are still taken, and may be changed."""
        return now <= self.open_until
