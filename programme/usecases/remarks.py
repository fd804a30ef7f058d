"""What tutors wrote in a thread and have not sent yet, and its way to the member's thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from programme.messages import Message
from programme.model.document import Remark, RemarkState
from programme.ports import UnitOfWork
from programme.usecases import pings
from programme.usecases.conversations import Conversation, author_of, fresh_key, receipt_key
from programme.usecases.paging import pages

Compose = Callable[[tuple[str, ...], int, int], Message]


def drafts_of(uow: UnitOfWork, about: Conversation) -> list[Remark]:
    """Return what was written and not sent, by turn and then in the order of writing."""
    drafts = [remark for remark in uow.documents.remarks(about.id) if remark.state is RemarkState.DRAFT]
    return sorted(drafts, key=lambda remark: remark.turn)


def relay(
    uow: UnitOfWork, about: Conversation, stem: str, remarks: Sequence[Remark], compose: Compose, now: datetime
) -> None:
    """Send remarks to the member's thread, once, with their files after them; they are history from now on.

    ``compose`` makes the message of some texts, of which it is part so many of so many.
    """
    user, root = author_of(uow, about), receipt_key(about.id)
    key = fresh_key(uow, stem)
    parts = pages(("", remark.text) for remark in remarks if remark.text)
    for part, texts in enumerate(parts, 1):
        message = compose(tuple(text for _, text in texts), part, len(parts))
        pings.timely(uow, user, key if part == 1 else f"{key}:part:{part}", message, now, in_reply_to=root)
    files = tuple(file_id for remark in remarks for file_id in remark.files)
    if files:
        pings.timely_files(uow, user, f"{key}:files", files, now, in_reply_to=root)
    for remark in remarks:
        remark.state = RemarkState.RETURNED
