"""Cursor pagination: a page starts at the item whose key the cursor holds."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from sandbox.slack.errors import SlackError

Item = TypeVar("Item")
_PREFIX = "next:"


def page(items: Sequence[Item], key: Callable[[Item], str], cursor: str, limit: int) -> tuple[list[Item], str]:
    """The page at ``cursor`` ("" is the first) and the next cursor ("" at the end); ``invalid_cursor``."""
    start = _start(items, key, cursor) if cursor else 0
    rest = items[start + limit : start + limit + 1]
    following = base64.b64encode(f"{_PREFIX}{key(rest[0])}".encode()).decode() if rest else ""
    return list(items[start : start + limit]), following


def _start(items: Sequence[Item], key: Callable[[Item], str], cursor: str) -> int:
    try:
        wanted = base64.b64decode(cursor, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise SlackError("invalid_cursor") from None
    for index, item in enumerate(items):
        if wanted == f"{_PREFIX}{key(item)}":
            return index
    raise SlackError("invalid_cursor")


def strict_limit(given: int | None, default: int, most: int = 1000) -> int:
    """The page size of a listing; 0 and absence mean the default; ``invalid_limit`` outside 1 … ``most``."""
    if not given:
        return default
    if not 1 <= given <= most:
        raise SlackError("invalid_limit")
    return given
