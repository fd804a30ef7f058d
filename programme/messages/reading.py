"""What helps a tutor to read: the checklist of a document, and drafts that began as a template."""

from __future__ import annotations

from typing import Literal

from programme.messages.base import BaseMessage, Part


class TemplateChoice(Part):
    """A ready-made remark in a list: what it is called, and whether it is for this worksheet or for all."""

    key: str
    label: str
    family: Literal["worksheet", "common"]


class ReadingHelp(BaseMessage):
    """In the card's thread once somebody has taken the document: points to tick, remarks to start from, time spent.

    ``checked`` holds the numbers, from 0, of the points that are good; ``minutes`` is 0 while nobody has told.
    """

    kind: Literal["reading_help"] = "reading_help"
    document_id: str
    title: str
    version: int
    points: tuple[str, ...] = ()
    checked: tuple[int, ...] = ()
    minutes: int = 0
    templates: tuple[TemplateChoice, ...] = ()


class DraftShown(BaseMessage):
    """In the card's thread: a draft remark that a tutor made from a template, until it is taken back."""

    kind: Literal["draft_shown"] = "draft_shown"
    remark_id: str
    tutor_user: str
    text: str
    withdrawn: bool = False


ReadingMessage = ReadingHelp | DraftShown
