"""Documents that their authors show to the group."""

from __future__ import annotations

from typing import Literal

from programme.messages.base import BaseMessage


class DocumentShared(BaseMessage):
    """In the group's channel: a member lets the others read a document; its files stand in the thread."""

    kind: Literal["document_shared"] = "document_shared"
    author_user: str
    title: str
    version: int


SharingMessage = DocumentShared
