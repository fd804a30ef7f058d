"""What documents and questions share: two threads, the tutors' under a card and the member's under a receipt.

The card stands in the tutors' channel and the receipt in the member's direct messages. Nothing here ever goes to a
group's channel.
"""

from __future__ import annotations

import re

from programme.model.document import Document
from programme.model.question import Question
from programme.ports import UnitOfWork

Conversation = Document | Question

_ROOT = re.compile(r"(?:doc|que):((?:doc|que)_\w+):(card|receipt)")


def conversation(uow: UnitOfWork, subject_id: str) -> Conversation:
    """Return the document or the question of this id; NotFound otherwise."""
    return uow.questions.get(subject_id) if subject_id.startswith("que_") else uow.documents.get(subject_id)


def author_of(uow: UnitOfWork, about: Conversation) -> str:
    """Return the Slack user whose document or question it is."""
    return uow.members.get(about.member_id).slack_user_id


def receipt_key(subject_id: str) -> str:
    """The post in the member's direct messages that is the root of their thread."""
    return f"{_stem(subject_id)}:receipt"


def card_key(subject_id: str) -> str:
    """The one card in the tutors' channel, root of the tutors' thread."""
    return f"{_stem(subject_id)}:card"


def _stem(subject_id: str) -> str:
    return f"{subject_id.partition('_')[0]}:{subject_id}"


def rooted_at(post_key: str) -> tuple[str, bool] | None:
    """Tell from a post's key whose thread it is the root of, and whether it is the tutors'; None for other posts."""
    found = _ROOT.fullmatch(post_key)
    return (found[1], found[2] == "card") if found else None


def fresh_key(uow: UnitOfWork, stem: str) -> str:
    """The first of ``stem:1``, ``stem:2`` … that was never written."""
    number = 1
    while uow.outbox.get(f"{stem}:{number}") is not None:
        number += 1
    return f"{stem}:{number}"
