"""A tutor is a tutor no more: what waited goes to another, and the admins hear of the groups (programme §6)."""

from __future__ import annotations

from programme.effects import Post
from programme.journal import Action
from programme.messages.documents import ReviewHandedOver
from programme.model.group import OPEN_GROUPS, Group
from programme.ports import Ports, UnitOfWork
from programme.usecases.channel_alerts import alert
from programme.usecases.conversations import Conversation, card_key, fresh_key
from programme.usecases.handing_over import show_again
from programme.usecases.tutoring import expected_tutor, route, waiting


def tutor_gone(ports: Ports, uow: UnitOfWork, slack_user_id: str) -> None:
    """Route again what waits for somebody who has just lost the role; promises stay as they were told."""
    for about in [one for one in waiting(uow) if expected_tutor(uow, one) == slack_user_id]:
        route(ports, uow, about)
        if about.tutor_id != slack_user_id:
            show_again(uow, about)
            _tell(uow, about)
            uow.journal.write("bot", Action.DOCUMENT_REASSIGNED, about.id, tutor=about.tutor_id, left=slack_user_id)
    for group in _groups_of(uow, slack_user_id):
        if group.learn(_fact(slack_user_id)):
            alert(uow, group, "tutor_gone", user=slack_user_id)


def tutor_back(uow: UnitOfWork, slack_user_id: str) -> None:
    """Somebody has the role again: their next departure is told again."""
    for group in _groups_of(uow, slack_user_id):
        group.forget(_fact(slack_user_id))


def _groups_of(uow: UnitOfWork, slack_user_id: str) -> list[Group]:
    return [group for group in uow.groups.in_states(*OPEN_GROUPS) if group.tutor_id == slack_user_id]


def _fact(slack_user_id: str) -> str:
    return f"tutor_gone:{slack_user_id}"


def _tell(uow: UnitOfWork, about: Conversation) -> None:
    """Call the new tutor in the card's thread."""
    told = ReviewHandedOver(title=about.title, tutor_user=about.tutor_id)
    post = Post(to="tutors", message=told, in_reply_to=card_key(about.id))
    uow.outbox.put(fresh_key(uow, f"{card_key(about.id)}:handed_over"), post, lane="tutors")
