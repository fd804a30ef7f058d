"""Slack's markup as safe HTML: everything is escaped first, only marks that Slack knows become elements."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from markupsafe import Markup, escape

_SAFE_ADDRESS = re.compile(r"(https?://|mailto:|tel:)[^\s]+", re.IGNORECASE)
_FENCE = re.compile(r"```\n?(.+?)\n?```", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"<([^<>\n]+)>")
_BARE = re.compile(r"(?<![\w\ue000\ue001])https?://[^\s<>\ue000\ue001]*[^\s<>\ue000\ue001.,;:!?)»]")
_KEPT = re.compile("\ue000(\\d+)\ue001")
_PRIVATE = re.compile("[\ue000\ue001]")
_DATE = re.compile(
    r"\{(date_num|date_short_pretty|date_short|date_long_pretty|date_long|date_pretty|date|time_secs|time)\}"
)
_STYLES = (("*", "strong"), ("_", "em"), ("~", "del"))
_STYLE_PATTERNS = [
    (re.compile(rf"(?<![\w{mark}]){mark}(?=\S)([^\n]+?)(?<=\S){mark}(?![\w{mark}])"), tag)
    for mark, tag in ((re.escape(mark), tag) for mark, tag in _STYLES)
]
_ITEM = re.compile(r"(?:(?P<bullet>[•◦▪]|-)|(?P<number>\d{1,3})[.)]) +(?P<text>.*)")
_QUOTE = re.compile(r"(?:>|&gt;) ?")
_DATE_FORMS = {
    "date_num": "yyyy-MM-dd",
    "date": "d MMMM y",
    "date_short": "d MMM y",
    "date_long": "EEEE d MMMM y",
    "time": "HH:mm",
    "time_secs": "HH:mm:ss",
}


class Names(Protocol):
    """How mentions are shown to the reader."""

    def user(self, user_id: str) -> str:
        """The name of a person."""

    def channel(self, channel_id: str, label: str) -> tuple[str, str | None]:
        """The name of a channel and its address, as far as the reader may know them."""

    @property
    def zone(self) -> ZoneInfo:
        """Where the reader lives."""


def safe_address(address: str) -> str | None:
    """The address if a browser may follow it from here; None otherwise (``javascript:`` …)."""
    return address if _SAFE_ADDRESS.fullmatch(address) else None


def anchor(address: str, label: str) -> Markup:
    """A link that opens elsewhere; only its text when the address is not safe."""
    target = safe_address(address)
    if target is None:
        return escape(label)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(target, label)


def mention(name: str, address: str | None = None) -> Markup:
    """A person, a channel or a group, set off from the text."""
    if address:
        return Markup('<a class="mention" href="{}">{}</a>').format(address, name)
    return Markup('<span class="mention">{}</span>').format(name)


def show_date(seconds: int, form: str, zone: ZoneInfo) -> str:
    """A date token (``{date_long} à {time}``) in French, where the reader lives."""
    local = datetime.fromtimestamp(seconds, zone)

    def shown(found: re.Match[str]) -> str:
        pattern = _DATE_FORMS[found[1].removesuffix("_pretty")]
        return str(format_datetime(local, pattern, locale="fr"))

    return _DATE.sub(shown, form)


def render(text: str, names: Names) -> Markup:
    """A mrkdwn text as HTML."""
    return _Rendering(names).page(_PRIVATE.sub("", text))


class _Rendering:
    """One text: finished pieces (code, links) are kept aside while the styles around them are found."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._kept: list[Markup] = []

    def page(self, text: str) -> Markup:
        text = _FENCE.sub(lambda found: f"\n{self._keep(_element('pre', _plain(found[1])))}\n", text)
        return self._restored(self._lines(text.split("\n")))

    def _keep(self, piece: Markup) -> str:
        self._kept.append(piece)
        return f"\ue000{len(self._kept) - 1}\ue001"

    def _restored(self, text: Markup) -> Markup:
        return Markup(_KEPT.sub(lambda found: self._kept[int(found[1])], text))  # noqa: S704 - escaped piece by piece

    def _lines(self, lines: list[str]) -> Markup:
        """Lines grouped: quotes, lists, code blocks, and plain lines."""
        parts: list[Markup] = []
        position = 0
        while position < len(lines):
            kind = _kind(lines[position])
            end = position + 1
            while end < len(lines) and kind != "block" and _kind(lines[end]) == kind:
                end += 1
            parts.append(self._group(kind, lines[position:end]))
            position = end
        return Markup("").join(parts)

    def _group(self, kind: str, lines: list[str]) -> Markup:
        if kind == "quote":
            return Markup("<blockquote>{}</blockquote>").format(self._lines([_QUOTE.sub("", one, 1) for one in lines]))
        if kind in {"ul", "ol"}:
            return self._list(kind, lines)
        if kind == "block":
            return Markup("").join(self._inline(line) for line in lines)
        while lines and not lines[0].strip():
            lines = lines[1:]
        while lines and not lines[-1].strip():
            lines = lines[:-1]
        shown = Markup("<br>").join(self._inline(line) for line in lines)
        return Markup("<p>{}</p>").format(shown) if shown else Markup("")

    def _list(self, kind: str, lines: list[str]) -> Markup:
        found = [item for item in (_ITEM.fullmatch(line.strip()) for line in lines) if item]
        items = Markup("").join(Markup("<li>{}</li>").format(self._inline(item["text"])) for item in found)
        start = Markup(' start="{}"').format(found[0]["number"]) if kind == "ol" else Markup("")
        return Markup("<{0}{1}>{2}</{0}>").format(kind, start, items)

    def _inline(self, line: str) -> Markup:
        line = _CODE.sub(lambda found: self._keep(_element("code", _plain(found[1]))), line)
        line = _LINK.sub(lambda found: self._keep(self._link(found[1])), line)
        line = _BARE.sub(lambda found: self._keep(anchor(_plain(found[0]), _plain(found[0]))), line)
        styled = str(escape(_plain(line)))
        for pattern, tag in _STYLE_PATTERNS:
            styled = pattern.sub(rf"<{tag}>\1</{tag}>", styled)
        return Markup(styled)  # noqa: S704 - escaped just above

    def _link(self, content: str) -> Markup:
        target, _, label = content.partition("|")
        target, label = _plain(target), _plain(label)
        makers: dict[str, Callable[[str, str], Markup]] = {"@": self._user, "#": self._channel, "!": self._special}
        make = makers.get(target[:1])
        if make is not None:
            return make(target[1:], label)
        return anchor(target, label or target.removeprefix("mailto:").removeprefix("tel:"))

    def _user(self, user_id: str, _: str) -> Markup:
        return mention(f"@{self._names.user(user_id)}")

    def _channel(self, channel_id: str, label: str) -> Markup:
        name, address = self._names.channel(channel_id, label)
        return mention(name, address)

    def _special(self, command: str, label: str) -> Markup:
        kind, *rest = command.split("^")
        if kind == "date" and len(rest) >= 2 and rest[0].isdecimal() and len(rest[0]) < 12:
            shown = show_date(int(rest[0]), rest[1], self._names.zone)
            return anchor(rest[2], shown) if len(rest) > 2 else escape(shown)
        return mention(label or f"@{kind}")


def _kind(line: str) -> str:
    if _QUOTE.match(line):
        return "quote"
    item = _ITEM.fullmatch(line.strip())
    if item:
        return "ul" if item["bullet"] else "ol"
    return "block" if _KEPT.fullmatch(line) else "line"


def _element(tag: str, text: str) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(tag, text)


def _plain(text: str) -> str:
    """What was typed: Slack escapes &, < and > only."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
