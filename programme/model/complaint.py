"""A complaint in the register: written, numbered, answered by a person, and closed (C. conso. L612-1 and L612-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from programme.errors import Refusal


class ComplaintState(StrEnum):
    """OPEN waits for an answer, ANSWERED has one that names the mediator, CLOSED is over."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass
class Complaint:
    """One complaint of one member.

    ``number`` is what both sides quote: REC2026-0001, from 1 each year. ``source`` is the form that brought it, unique;
    ``answer_by`` is the day that the operator has promised. ``closed_at`` begins its retention.
    """

    id: str
    number: str
    member_id: str
    order_id: str
    source: str
    text: str
    opened_at: datetime
    answer_by: date
    state: ComplaintState = ComplaintState.OPEN
    answer: str = ""
    answered_at: datetime | None = None
    answered_by: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    version: int = 0

    def give_answer(self, text: str, by: str, at: datetime) -> None:
        """Answer it, once; Refusal("complaint_answered") when somebody has."""
        if self.state is not ComplaintState.OPEN:
            raise Refusal("complaint_answered")
        self.state, self.answer, self.answered_by, self.answered_at = ComplaintState.ANSWERED, text, by, at

    def close(self, by: str, at: datetime) -> None:
        """Close it; Refusal("complaint_unanswered") as long as nobody has answered."""
        if self.state is ComplaintState.OPEN:
            raise Refusal("complaint_unanswered")
        self.state, self.closed_by, self.closed_at = ComplaintState.CLOSED, by, at
