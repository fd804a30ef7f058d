"""``bilan content preview``: a guide as Slack will show it, drawn by the same code, without Slack or a group."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from handlers.views.messages import draw
from programme.content import Content
from programme.messages.sessions import SessionGuide
from programme.rules.instants import PARIS
from programme.rules.roles import roles_for
from programme.usecases.guide_pages import guide_posts

PEOPLE = ("Camille", "Dominique", "Maxime", "Sacha")
"""Names in the place of members, as wide as real ones."""
BEGINS = datetime.combine(date(2026, 12, 1), time(18, 30), ZoneInfo(PARIS)).astimezone(UTC)
_MARKS = re.compile(r"(?P<bold>\*[^*\n]+\*)|(?P<code>`[^`\n]+`)|<@(?P<who>[^>]+)>|<(?P<url>[^|>]+)\|(?P<label>[^>]+)>")


def guide_payloads(content: Content, number: int, *, minutes: int, people: int) -> list[dict[str, Any]]:
    """Return what ``chat.postMessage`` would get for each post of the guide."""
    start = BEGINS.astimezone(ZoneInfo(PARIS)).time()
    posts = guide_posts(content, number, minutes=minutes, people=people, start=start)
    message = SessionGuide(
        group_id="grp_apercu",
        number=number,
        starts_at=BEGINS,
        zone=PARIS,
        minutes=minutes,
        roles={role.value: name for role, name in roles_for(number, PEOPLE[:people]).items()},
        parts=len(posts),
    )
    return [draw(message.model_copy(update={"part": part}), content).payload() for part in range(1, len(posts) + 1)]


def show(payloads: list[dict[str, Any]], console: Console) -> None:
    """Print each post: bold is bold, and the first line is what a phone's notification says."""
    for payload in payloads:
        console.print(Text(f"Notification : {unescape(payload['text'])}", style="dim"))
        body = Text("\n\n").join(_block(block) for block in payload["blocks"])
        console.print(Panel(body, width=min(console.width, 100)))


def as_blocks(payloads: list[dict[str, Any]]) -> str:
    """Return the posts as JSON for Slack's Block Kit Builder, one object a post."""
    posts = [{"blocks": payload["blocks"]} for payload in payloads]
    return json.dumps(posts if len(posts) > 1 else posts[0], ensure_ascii=False, indent=2)


def _block(block: dict[str, Any]) -> Text:
    match block["type"]:
        case "header":
            return Text(block["text"]["text"], style="bold underline")
        case "section":
            return _mrkdwn(block["text"]["text"])
        case "context":
            return Text(" ").join(_mrkdwn(element["text"], "dim") for element in block["elements"])
        case _:
            return Text(f"[{block['type']}]")


def _mrkdwn(source: str, style: str = "") -> Text:
    shown, last = Text(style=style), 0
    for mark in _MARKS.finditer(source):
        shown.append(unescape(source[last : mark.start()]))
        shown.append(*_marked(mark))
        last = mark.end()
    return shown.append(unescape(source[last:]))


def _marked(mark: re.Match[str]) -> tuple[str, str]:
    found = mark.groupdict()
    if found["bold"] or found["code"]:
        return unescape((found["bold"] or found["code"])[1:-1]), "bold" if found["bold"] else "cyan"
    if found["who"]:
        return f"@{found['who']}", "blue"
    return f"{unescape(found['label'])} ({found['url']})", "blue"
