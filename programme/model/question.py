"""Private questions to the e-tutor: a conversation like that about a document, without a document (programme §6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class QuestionState(StrEnum):
    """OPEN waits for an answer; ANSWERED has had one; CLOSED by the member, who may open it again by writing."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass
class Question:
    """What one member asks; private to them and whoever tutors them.

    ``source`` is what it came from, unique: a form, a command, or the member and the message on which they put ✋;
    ``link`` is the address of that message. ``turn`` counts how often an answer was awaited, each time with a promise
    of its own. ``tutor_id`` is the Slack user who answers. The text stands in no other table and in no title.
    """

    id: str
    member_id: str
    group_id: str
    source: str
    title: str
    asked_at: datetime
    text: str = ""
    link: str = ""
    state: QuestionState = QuestionState.OPEN
    tutor_id: str = ""
    due_at: datetime | None = None
    turn: int = 1
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0

    @property
    def awaits_tutor(self) -> bool:
        """Whether an answer is promised and has not been given."""
        return self.state is QuestionState.OPEN
