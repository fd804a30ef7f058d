"""Documents and their review."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from programme.messages.base import BaseMessage, Part
from programme.model.document import DocumentState


class NamedFile(Part):
    """A file as people see it: its name and its size in bytes."""

    name: str
    size: int


class DocumentReceipt(BaseMessage):
    """To the author: what arrived, and until when it will be read.

    The first one is the root of the document's thread; ``in_thread`` tells the short ones of later versions.
    ``kept`` is a worksheet that stays with its owner: nobody reads it, so ``due_at`` is empty.
    """

    kind: Literal["document_receipt"] = "document_receipt"
    document_id: str
    title: str
    worksheet: str = ""
    copy_number: int = 1
    version: int
    files: tuple[NamedFile, ...] = ()
    due_at: datetime | None
    state: DocumentState = DocumentState.RECEIVED
    in_thread: bool = False


class DocumentCard(BaseMessage):
    """In the tutors' channel: one card a document, edited as it moves."""

    kind: Literal["document_card"] = "document_card"
    document_id: str
    title: str
    worksheet: str
    author_user: str
    group_label: str
    version: int
    state: DocumentState
    proposed_tutor: str = ""
    proposed_name: str = ""
    tutor_user: str = ""
    due_at: datetime | None = None


class DocumentContent(BaseMessage):
    """In the card's thread: what the member wrote, question by question, or the names of the files."""

    kind: Literal["document_content"] = "document_content"
    document_id: str
    title: str
    worksheet: str
    version: int
    answers: tuple[tuple[str, str], ...] = ()
    files: tuple[NamedFile, ...] = ()
    part: int = 1
    parts: int = 1


class RemarksReturned(BaseMessage):
    """To the author, in the receipt's thread: the tutor's remarks on one version; long ones take several parts."""

    kind: Literal["remarks_returned"] = "remarks_returned"
    document_id: str
    title: str
    worksheet: str = ""
    copy_number: int = 1
    version: int
    tutor_user: str
    remarks: tuple[str, ...]
    validated: bool = False
    part: int = 1
    parts: int = 1


class AuthorReply(BaseMessage):
    """In the tutor's thread: what the author answered to the remarks; ``withdrawn`` once the author deleted it."""

    kind: Literal["author_reply"] = "author_reply"
    author_user: str
    text: str
    files: tuple[NamedFile, ...] = ()
    withdrawn: bool = False
    edited: str = ""


class NotReceived(BaseMessage):
    """To whoever sent a file or a reply: it went to nobody; ``reason`` names the sentence, ``name`` the file if any."""

    kind: Literal["not_received"] = "not_received"
    reason: str
    name: str = ""


class ReviewHandedOver(BaseMessage):
    """In the card's thread: a document was given to another tutor, who is told there.

    ``by_user`` is "" where whoever had it has left the tutors' channel.
    """

    kind: Literal["review_handed_over"] = "review_handed_over"
    title: str
    tutor_user: str
    by_user: str = ""


class ReviewAlert(BaseMessage):
    """In the tutors' channel: a document or a question nears or passes its promised date."""

    kind: Literal["review_alert"] = "review_alert"
    subject_id: str
    title: str
    author_user: str
    tutor_user: str
    due_at: datetime
    late: bool


DocumentMessage = (
    DocumentReceipt
    | DocumentCard
    | DocumentContent
    | RemarksReturned
    | AuthorReply
    | NotReceived
    | ReviewHandedOver
    | ReviewAlert
)
