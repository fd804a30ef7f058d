"""« Réassigner »: a document or a question goes to another tutor; what an admin does to it, the member sees."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from programme.effects import Post
from programme.errors import Refusal
from programme.journal import Action
from programme.messages.documents import ReviewHandedOver
from programme.messages.tutoring import AdminActed
from programme.model.document import Document, DocumentState
from programme.model.people import Caller, Role
from programme.model.question import QuestionState
from programme.ports import Ports, UnitOfWork
from programme.usecases import document_posts, pings, question_posts
from programme.usecases.conversations import Conversation, author_of, card_key, conversation, fresh_key, receipt_key
from programme.usecases.tutoring import require_follower

_OVER = frozenset({DocumentState.KEPT, DocumentState.VALIDATED, QuestionState.CLOSED})


def reassign(ports: Ports, *, caller: Caller, subject_id: str, tutor_user: str) -> None:
    """Another tutor has it, or is expected to take it, and is told in the card's thread; twice is once.

    Whoever follows it may, and admins, of which the member is told. Refusal("tutor_unknown") for somebody who is no
    tutor, ("nothing_to_hand_over") once it is over.
    """
    with ports.uow() as uow:
        about = conversation(uow, subject_id)
        as_admin = enter(ports, uow, caller, about)
        if Role.TUTOR not in uow.people.roles(tutor_user):
            raise Refusal("tutor_unknown")
        if about.state in _OVER:
            raise Refusal("nothing_to_hand_over")
        if about.tutor_id == tutor_user:
            return
        about.tutor_id = tutor_user
        show_again(uow, about)
        told = ReviewHandedOver(title=about.title, tutor_user=tutor_user, by_user=caller.slack_user_id)
        post = Post(to="tutors", message=told, in_reply_to=card_key(about.id))
        uow.outbox.put(fresh_key(uow, f"{card_key(about.id)}:handed_over"), post, lane="tutors")
        if as_admin:
            leave_trace(uow, caller, about, "reassigned", ports.clock.now())
        uow.journal.write(caller.slack_user_id, Action.DOCUMENT_REASSIGNED, about.id, tutor=tutor_user, admin=as_admin)


def enter(ports: Ports, uow: UnitOfWork, caller: Caller, about: Conversation) -> bool:
    """Check that the caller follows this document or question, or is an admin; tells whether only as an admin."""
    try:
        require_follower(ports, uow, caller, about)
    except Refusal:
        if not caller.is_admin:
            raise
        return True
    return False


def leave_trace(
    uow: UnitOfWork, caller: Caller, about: Conversation, what: Literal["taken", "reassigned"], now: datetime
) -> None:
    """Tell the member, in their thread, what an admin has done."""
    acted = AdminActed(admin_user=caller.slack_user_id, tutor_user=about.tutor_id, title=about.title, what=what)
    key = fresh_key(uow, f"{receipt_key(about.id)}:admin")
    pings.timely(uow, author_of(uow, about), key, acted, now, in_reply_to=receipt_key(about.id))


def show_again(uow: UnitOfWork, about: Conversation) -> None:
    """Redraw receipt and card."""
    if isinstance(about, Document):
        document_posts.redraw(uow, about)
    else:
        question_posts.show(uow, about)
