"""Private questions to the e-tutors."""

from __future__ import annotations

from sqlalchemy import select

from programme.model.question import Question, QuestionState
from store.repository import Repository
from store.tables.questions import questions


class QuestionStore(Repository):
    """Questions by member, by source and by state."""

    def add(self, question: Question) -> None:
        """Insert a question."""
        self._insert(question)

    def get(self, question_id: str) -> Question:
        """Return the question; NotFound otherwise."""
        return self._get(Question, question_id)

    def from_source(self, source: str) -> Question | None:
        """Return the question that came from this form, command or raised hand."""
        return self._db.scalar(select(Question).where(questions.c.source == source))

    def of_member(self, member_id: str) -> list[Question]:
        """Return the member's questions, oldest first."""
        query = select(Question).where(questions.c.member_id == member_id)
        return list(self._db.scalars(query.order_by(questions.c.asked_at, questions.c.id)))

    def unanswered(self) -> list[Question]:
        """Return the questions that wait for an answer, by due date."""
        query = select(Question).where(questions.c.state == QuestionState.OPEN)
        return list(self._db.scalars(query.order_by(questions.c.due_at, questions.c.id)))
