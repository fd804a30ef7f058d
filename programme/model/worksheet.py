"""A worksheet on its way: what a member has answered so far, before it becomes a version (programme §6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class Draft:
    """The answers of one member to one copy of a worksheet, saved page by page, whatever the device.

    ``page`` is where the member stopped, from 0; ``revision`` counts what was saved. ``marks`` tells for each question
    at which revision its answer last changed, and from which screen (Slack's id of the open form): an older page of
    another screen must not overwrite it unseen. ``pending`` is True while something is saved that no version says.
    """

    id: str
    member_id: str
    worksheet: str
    copy_number: int
    saved_at: datetime
    answers: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, Any] = field(default_factory=dict)
    page: int = 0
    revision: int = 0
    pending: bool = False
    version: int = 0

    def put(self, question_id: str, answer: Any, *, screen: str) -> None:
        """Keep an answer that was given at the revision being saved; an empty one is forgotten."""
        self.answers = {key: value for key, value in self.answers.items() if key != question_id}
        if answer:
            self.answers[question_id] = answer
        self.marks = {**self.marks, question_id: [self.revision, screen]}

    def changed_since(self, question_id: str, revision: int, *, screen: str) -> bool:
        """Tell whether another screen changed this answer after ``revision``."""
        at, by = self.marks.get(question_id, (0, ""))
        return bool(at > revision and by != screen)
