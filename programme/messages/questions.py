"""Private questions of members to their e-tutor, and the answers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from programme.messages.base import BaseMessage
from programme.model.question import QuestionState


class QuestionReceipt(BaseMessage):
    """To the member: their question and until when it will be answered; the root of its thread in their messages.

    ``link`` leads to the message on which they put ✋, if it began so.
    """

    kind: Literal["question_receipt"] = "question_receipt"
    question_id: str
    title: str
    text: str = ""
    link: str = ""
    state: QuestionState
    due_at: datetime | None = None


class QuestionCard(BaseMessage):
    """In the tutors' channel: one card a question, root of the thread in which it is answered."""

    kind: Literal["question_card"] = "question_card"
    question_id: str
    title: str
    author_user: str
    group_label: str
    text: str = ""
    link: str = ""
    state: QuestionState
    tutor_user: str = ""
    tutor_name: str = ""
    answered_before: bool = False
    due_at: datetime | None = None


class QuestionAnswer(BaseMessage):
    """To the member, in the thread of their question: what the tutor answered; long answers take several parts."""

    kind: Literal["question_answer"] = "question_answer"
    question_id: str
    title: str
    tutor_user: str
    texts: tuple[str, ...]
    part: int = 1
    parts: int = 1


QuestionMessage = QuestionReceipt | QuestionCard | QuestionAnswer
