"""rich_text and markdown blocks as safe HTML."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup, escape

from sandbox.page.mrkdwn import Names, anchor, mention, safe_address, show_date
from sandbox.slack.model import JsonObject

_STYLES = {"code": "code", "bold": "strong", "italic": "em", "strike": "del", "underline": "u", "highlight": "mark"}
_FIRST_HEADING = 3
_LAST_HEADING = 6


def rich_text(block: JsonObject, names: Names) -> Markup:
    """A rich_text block (or cell)."""
    return Markup("").join(_part(part, names) for part in block["elements"])


def _part(part: JsonObject, names: Names) -> Markup:
    kind = part["type"]
    if kind == "rich_text_list":
        items = Markup("").join(Markup("<li>{}</li>").format(_inlines(item, names)) for item in part["elements"])
        ordered = part["style"] == "ordered"
        start = Markup(' start="{}"').format(int(part.get("offset", 0)) + 1) if ordered else Markup("")
        indent = Markup(' class="indent-{}"').format(int(part.get("indent", 0)))
        return Markup("<{0}{1}{2}>{3}</{0}>").format("ol" if ordered else "ul", start, indent, items)
    content = _inlines(part, names)
    if kind == "rich_text_preformatted":
        return Markup("<pre>{}</pre>").format(content)
    tag = "blockquote" if kind == "rich_text_quote" else "p"
    return Markup("<{0}>{1}</{0}>").format(tag, _with_breaks(content))


def _with_breaks(content: Markup) -> Markup:
    return Markup("<br>").join(content.split("\n"))


def _inlines(part: JsonObject, names: Names) -> Markup:
    return Markup("").join(_inline(one, names) for one in part["elements"])


def _inline(node: JsonObject, names: Names) -> Markup:
    shown = _INLINES[node["type"]](node, names)
    style = node.get("style") or {}
    for name, tag in _STYLES.items():
        if style.get(name):
            shown = Markup("<{0}>{1}</{0}>").format(tag, shown)
    return shown


def _date(node: JsonObject, names: Names) -> Markup:
    return escape(show_date(int(node["timestamp"]), node["format"], names.zone))


_INLINES: dict[str, Callable[[JsonObject, Names], Markup]] = {
    "text": lambda node, _: escape(node["text"]),
    "link": lambda node, _: anchor(node["url"], node.get("text") or node["url"]),
    "user": lambda node, names: mention(f"@{names.user(node['user_id'])}"),
    "channel": lambda node, names: mention(*names.channel(node["channel_id"], "")),
    "usergroup": lambda node, _: mention(f"@{node['usergroup_id']}"),
    "broadcast": lambda node, _: mention(f"@{node['range']}"),
    "emoji": lambda node, _: escape(f":{node['name']}:"),
    "color": lambda node, _: Markup("<code>{}</code>").format(node["value"]),
    "date": _date,
}


def markdown(text: str) -> Markup:
    """A markdown block: CommonMark with tables and strikethrough, no HTML, images as links."""
    return Markup(_parser().render(text))  # noqa: S704 - the parser escapes; its HTML is switched off


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.validateLink = _is_safe  # type: ignore[method-assign]
    parser.add_render_rule("image", _image)
    parser.add_render_rule("link_open", _link_open)
    parser.core.ruler.push("lower_headings", _lower_headings)
    return parser


def _is_safe(url: str) -> bool:
    return safe_address(url) is not None


def _lower_headings(state: Any) -> None:
    """The page has its own first and second levels."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + _FIRST_HEADING - 1, _LAST_HEADING)}"


def _image(
    _self: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: MutableMapping[str, Any]
) -> str:
    """Nothing is loaded from elsewhere: an image is a link with its text."""
    token = tokens[index]
    address = str(token.attrs.get("src", ""))
    return str(anchor(address, token.content or address))


def _link_open(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    tokens[index].attrs |= {"target": "_blank", "rel": "noopener noreferrer"}
    return renderer.renderToken(tokens, index, options, env)
