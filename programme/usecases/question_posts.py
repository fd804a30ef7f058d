"""What member and tutors see of a question: receipt and card, written to the outbox; each is the root of a thread."""

from __future__ import annotations

from programme.effects import Edit, Post
from programme.messages.questions import QuestionCard, QuestionReceipt
from programme.model.question import Question
from programme.ports import UnitOfWork
from programme.usecases import pings
from programme.usecases.conversations import author_of, card_key, fresh_key, receipt_key
from programme.usecases.tutoring import expected_tutor, name_of


def show(uow: UnitOfWork, question: Question) -> None:
    """Post receipt and card the first time, redraw them afterwards (edits do not ping), with the member's Home."""
    user = author_of(uow, question)
    root, card = receipt_key(question.id), card_key(question.id)
    if uow.outbox.get(root) is None:
        pings.answer(uow, user, root, _receipt(question))
        uow.outbox.put(card, Post(to="tutors", message=_card(uow, question, user)), lane="tutors")
    else:
        pings.update(uow, user, root, _receipt(question))
        redrawn = Edit(post_key=card, message=_card(uow, question, user))
        uow.outbox.put(fresh_key(uow, f"{card}:edit"), redrawn, lane="tutors")


def _receipt(question: Question) -> QuestionReceipt:
    return QuestionReceipt(
        question_id=question.id,
        title=question.title,
        text=question.text,
        link=question.link,
        state=question.state,
        due_at=question.due_at,
    )


def _card(uow: UnitOfWork, question: Question, author: str) -> QuestionCard:
    tutor = expected_tutor(uow, question)
    return QuestionCard(
        question_id=question.id,
        title=question.title,
        author_user=author,
        group_label=uow.groups.get(question.group_id).label,
        text=question.text,
        link=question.link,
        state=question.state,
        tutor_user=tutor,
        tutor_name=name_of(uow, tutor),
        answered_before=question.answered_at is not None,
        due_at=question.due_at,
    )
