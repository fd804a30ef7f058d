"""Long texts over several messages: Slack shows 50 blocks of 3,000 characters, and refuses what is heavier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

PAGE_CHARACTERS = 9_000
PAGE_ENTRIES = 25

Entry = tuple[str, str]


def pages(entries: Iterable[Entry]) -> list[tuple[Entry, ...]]:
    """Spread labelled texts over pages, in order; at least one page, and a text that is too long is cut.

    Sizes leave room for what escaping adds: a character may become five.
    """
    filled: list[list[Entry]] = [[]]
    weight = 0
    for label, text in _cut(entries):
        size = len(label) + len(text)
        if filled[-1] and (weight + size > PAGE_CHARACTERS or len(filled[-1]) == PAGE_ENTRIES):
            filled.append([])
            weight = 0
        filled[-1].append((label, text))
        weight += size
    return [tuple(page) for page in filled]


def _cut(entries: Iterable[Entry]) -> Iterator[Entry]:
    for label, text in entries:
        for piece in pieces(text, PAGE_CHARACTERS - 500):
            yield label, piece


def pieces(text: str, limit: int) -> list[str]:
    """Cut a text into pieces of at most ``limit`` characters, at a line or a word where there is one."""
    cut: list[str] = []
    while len(text) > limit:
        at = max(text.rfind("\n", 1, limit + 1), 0) or max(text.rfind(" ", 1, limit + 1), 0) or limit
        cut.append(text[:at])
        text = text[at:]
    return [*cut, text]
