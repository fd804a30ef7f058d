"""Drawing pages: the templates, their filters, and the headers that every page carries."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import jinja2
from babel.dates import format_date, format_datetime, format_time
from starlette.responses import HTMLResponse

from sandbox.page.markup import emoji_character, emoji_named, markdown, plain
from sandbox.stripe.page_texts import money

FOLDER = Path(__file__).parent
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}
HUES = 10


@cache
def environment() -> jinja2.Environment:
    """The templates of the page."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=jinja2.Undefined,  # most keys of a block are optional
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "day": _day,
        "time": _time,
        "moment": _moment,
        "initials": initials,
        "hue": hue,
        "plain": plain,
        "markdown": markdown,
        "emoji": emoji_named,
        "emoji_character": emoji_character,
        "money": money,
        "pretty": _pretty,
        "kilobytes": _kilobytes,
        "key": element_key,
    }
    return made


def drawn(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page."""
    return HTMLResponse(environment().get_template(template).render(**values), status, headers=HEADERS)


def element_key(element: dict[str, Any], block: dict[str, Any]) -> str:
    """The name of an element in a form: its block_id and its action_id."""
    return f"{quote(block['block_id'], safe='')}/{quote(element['action_id'], safe='')}"


def initials(name: str) -> str:
    """The letters in a person's square."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def hue(user_id: str) -> int:
    """Which of the colours a person's square has."""
    return sum(map(ord, user_id)) % HUES


def _day(instant: datetime) -> str:
    return str(format_date(instant, "EEEE d MMMM y", locale="fr"))


def _time(instant: datetime) -> str:
    return str(format_time(instant, "HH:mm", tzinfo=instant.tzinfo, locale="fr"))


def _moment(instant: datetime, zone: str = "Europe/Paris") -> str:
    return str(format_datetime(instant, "EEE d MMM y, HH:mm", tzinfo=ZoneInfo(zone), locale="fr"))


def _pretty(value: Any) -> str:
    """JSON for reading; texts that hold JSON are opened."""
    return json.dumps(_opened(value), ensure_ascii=False, indent=2)


def _opened(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _opened(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_opened(entry) for entry in value]
    if isinstance(value, str) and value.startswith(("{", "[")):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _kilobytes(size: int) -> str:
    return f"{size}\u00a0octets" if size < 1000 else f"{round(size / 1000)}\u00a0ko"
