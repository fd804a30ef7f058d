"""Slack's mrkdwn, plain text objects and Markdown blocks as safe HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import emoji
from babel.dates import format_date, format_time
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from sandbox.slack.model import User
from sandbox.slack.reading import user_name
from sandbox.slack.service import SlackService

SAFE_SCHEMES = ("http://", "https://", "mailto:", "tel:", "webcal://")
_FENCE = re.compile(r"```\n?(.*?)```", re.DOTALL)
_EDGE, _END = r"(?<![\w*_~])", r"(?![\w*_~])"
_TOKEN = re.compile(
    r"<(?P<link>[^<>\n]+)>"
    r"|(?P<bare>https?://[^\s<>|]*[^\s<>|.,;:!?)»])"
    r"|`(?P<code>[^`\n]+)`"
    rf"|{_EDGE}\*(?P<strong>\S(?:[^*\n]*\S)?)\*{_END}"
    rf"|{_EDGE}_(?P<em>\S(?:[^_\n]*\S)?)_{_END}"
    rf"|{_EDGE}~(?P<s>\S(?:[^~\n]*\S)?)~{_END}"
    r"|:(?P<emoji>[a-z0-9_+'-]+):"
)
_PERMALINK = re.compile(
    r"/archives/(?P<channel>\w+)/p(?P<seconds>\d+)(?P<micros>\d{6})(\?thread_ts=(?P<thread>[\d.]+)(&cid=\w+)?)?"
)
BREAK = Markup("<br>")
STYLES = {"strong": Markup("<strong>{}</strong>"), "em": Markup("<em>{}</em>"), "s": Markup("<s>{}</s>")}
_DATE_FORMS = {
    "date_num": "yyyy-MM-dd",
    "date": "d MMMM y",
    "date_short": "d MMM y",
    "date_long": "EEEE d MMMM y",
    "time": "HH:mm",
    "time_secs": "HH:mm:ss",
}


class Markings:
    """What one reader sees of texts: names of people and channels, dates at their place."""

    def __init__(self, service: SlackService, reader: User) -> None:
        self.service = service
        self.reader = reader

    def text(self, text: dict[str, str] | None) -> Markup:
        """A text object."""
        if not text:
            return Markup()
        return self.mrkdwn(text["text"]) if text["type"] == "mrkdwn" else plain(text["text"])

    def mrkdwn(self, text: str) -> Markup:
        """Slack's own markup: fences, quotes, styles, links, mentions, dates, emoji."""
        pieces = _FENCE.split(text)
        drawn = [
            Markup("<pre>{}</pre>").format(html.unescape(piece)) if index % 2 else self._paragraphs(piece)
            for index, piece in enumerate(pieces)
        ]
        return Markup().join(drawn)

    def _paragraphs(self, text: str) -> Markup:
        drawn, quoted = Markup(), []
        for number, line in enumerate(text.split("\n")):
            if line.startswith(("&gt;", ">")):
                quoted.append(self._inline(line.removeprefix("&gt;").removeprefix(">").lstrip()))
                continue
            drawn += _quote(quoted) if quoted else BREAK if number else ""
            quoted = []
            drawn += self._inline(line)
        return drawn + (_quote(quoted) if quoted else Markup())

    def _inline(self, text: str) -> Markup:
        drawn, position = Markup(), 0
        for found in _TOKEN.finditer(text):
            drawn += escape(html.unescape(text[position : found.start()])) + self._token(found)
            position = found.end()
        return drawn + escape(html.unescape(text[position:]))

    def _token(self, found: re.Match[str]) -> Markup:
        kind, content = str(found.lastgroup), str(found[str(found.lastgroup)])
        if kind == "link":
            return self._link(content)
        if kind == "bare":
            return self.link(html.unescape(content), html.unescape(content))
        if kind == "code":
            return Markup("<code>{}</code>").format(html.unescape(content))
        if kind == "emoji":
            return emoji_named(content)
        return STYLES[kind].format(self._inline(content))

    def _link(self, content: str) -> Markup:
        target, _, label = content.partition("|")
        if target.startswith("@"):
            return self.mention(target[1:])
        if target.startswith("#"):
            return self.channel(target[1:], label)
        if target.startswith("!date^"):
            return self._date(target, label)
        if target.startswith("!"):
            return Markup('<span class="mention">{}</span>').format(html.unescape(label) or f"@{target[1:]}")
        address = html.unescape(target)
        shown = self._inline(label) if label else escape(address.removeprefix("mailto:"))
        return self.link(address, shown)

    def mention(self, user_id: str) -> Markup:
        """A person's name."""
        own = " own" if user_id == self.reader.id else ""
        return Markup('<span class="mention{}">@{}</span>').format(own, user_name(self.service, user_id))

    def channel(self, channel_id: str, label: str = "") -> Markup:
        """A channel's name, a link for those who see it."""
        channel = self.service.workspace.channels.get(channel_id)
        if channel is None or not self.service.workspace.sees(self.reader.id, channel):
            return Markup('<span class="mention">#{}</span>').format(label or "canal privé")
        address = f"/page/{self.reader.id}/{channel.id}"
        return Markup('<a class="mention" href="{}">#{}</a>').format(address, channel.name)

    def link(self, address: str, shown: Markup | str) -> Markup:
        """A link that opens beside the page, or goes to one of its messages; what is not an address stays text."""
        if not address.startswith(SAFE_SCHEMES):
            return escape(shown)
        here = self.address(address)
        if here.startswith("/page/"):
            return Markup('<a href="{}">{}</a>').format(here, shown)
        return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(here, shown)

    def address(self, address: str) -> str:
        """Where a link leads: a permalink of this workspace to the message on the page, all others as they are."""
        found = _PERMALINK.fullmatch(address.removeprefix(f"https://{self.service.workspace.team.domain}.slack.com"))
        if found is None:
            return address
        thread = f"?thread={found['thread']}" if found["thread"] else ""
        anchor = f"{'t' if thread else 'm'}-{found['seconds']}-{found['micros']}"
        return f"/page/{self.reader.id}/{found['channel']}{thread}#{anchor}"

    def _date(self, target: str, fallback: str) -> Markup:
        parts = target.split("^")
        if len(parts) < 3 or not parts[1].isdecimal():
            return escape(html.unescape(fallback))
        return self.date(int(parts[1]), parts[2], fallback)

    def date(self, timestamp: int, form: str, fallback: str) -> Markup:
        """An instant in the form that the app asked for, where the reader lives."""
        instant = datetime.fromtimestamp(timestamp, UTC).astimezone(ZoneInfo(self.reader.tz))
        shown = re.sub(r"\{(\w+)\}", lambda found: _dated(instant, found), form) or fallback
        return Markup('<time datetime="{}">{}</time>').format(instant.isoformat(), html.unescape(shown))


def _dated(instant: datetime, found: re.Match[str]) -> str:
    name = found[1].removesuffix("_pretty")
    form = _DATE_FORMS.get(name)
    if form is None:
        return found[0]
    if name.startswith("time"):
        return str(format_time(instant, form, tzinfo=instant.tzinfo, locale="fr"))
    return str(format_date(instant, form, locale="fr"))


def _quote(lines: list[Markup]) -> Markup:
    return Markup("<blockquote>{}</blockquote>").format(BREAK.join(lines))


def plain(text: str) -> Markup:
    """A plain text object: line breaks and emoji, nothing else."""
    named = re.sub(r":([a-z0-9_+'-]+):", lambda found: emoji_character(found[1]) or found[0], text)
    return escape(named).replace("\n", BREAK)


@cache
def emoji_character(name: str) -> str:
    """The character of an emoji by Slack's name, or ""; some are « large » in Slack alone."""
    for known in (f":{name}:", f":{name.removeprefix('large_')}:"):
        found = emoji.emojize(known, language="alias")
        if found != known:
            return str(found)
    return ""


def emoji_named(name: str) -> Markup:
    """An emoji, read aloud by its name; an unknown one stays as it was written."""
    return escape(emoji_character(name) or f":{name}:")


def markdown(text: str) -> Markup:
    """A Markdown block: no HTML in it is let through."""
    return Markup(_markdown()(text))  # noqa: S704 - the renderer escapes HTML


@cache
def _markdown() -> Callable[[str], str]:
    renderer = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": True})
    return renderer.render
