"""A person's text in as many sections as Slack's 3,000 characters ask for."""

from __future__ import annotations

from slack_sdk.models.blocks import Block

from handlers.views.kit import escape, section
from programme.usecases.paging import pieces

SECTION_TEXT = 2800


def sections(text: str) -> list[Block]:
    """Return the text, escaped, in sections."""
    room = SECTION_TEXT // 2
    return [section(escaped) for piece in pieces(text, room) for escaped in _fitting(piece)]


def _fitting(piece: str) -> list[str]:
    escaped = escape(piece)
    if len(escaped) <= SECTION_TEXT:
        return [escaped]
    return [escape(part) for part in pieces(piece, SECTION_TEXT // 6)]
