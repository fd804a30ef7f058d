"""The shapes of Block Kit's composition objects: confirm, options, filters, dates, addresses."""

from __future__ import annotations

import re
from datetime import date

from sandbox.slack.block_judge import (
    Check,
    Shape,
    any_text,
    array,
    boolean,
    matching,
    one_of,
    plain_text,
    string,
)


def is_date(text: str) -> bool:
    """Whether it is YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_time(text: str) -> bool:
    """Whether it is HH:mm, 24 hours."""
    return re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) is not None


def is_number(text: str) -> bool:
    """Whether it is a decimal number."""
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def is_url(text: str) -> bool:
    """Whether it is an address that Slack opens, of at most 3,000 characters."""
    return re.match(r"(https?|mailto|tel|slack):", text) is not None and len(text) <= 3000


IDENTIFIER = string(255)
PLACEHOLDER = plain_text(150)
URL = matching(is_url, "must be a valid URL of less than 3001 characters")
CONFIRM = Shape(
    {"title": plain_text(100), "text": any_text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": one_of("primary", "danger")},
)
DISPATCH_ACTIONS = one_of("on_enter_pressed", "on_character_entered")
DISPATCH_CONFIG = Shape({"trigger_actions_on": array(DISPATCH_ACTIONS, 2)})
CONVERSATION_FILTER = Shape(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)


def _option(text: Check, **more: Check) -> Shape:
    return Shape({"text": text, "value": string(150)}, more)


SELECT_OPTION = _option(plain_text(75), description=plain_text(75))
OVERFLOW_OPTION = _option(plain_text(75), description=plain_text(75), url=URL)
CHOICE_OPTION = _option(any_text(75), description=any_text(75))
OPTION_GROUP = Shape({"label": plain_text(75), "options": array(SELECT_OPTION, 100)})
