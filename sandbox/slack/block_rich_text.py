"""The shape of rich_text blocks."""

from __future__ import annotations

from sandbox.slack.block_judge import (
    Check,
    Shape,
    array,
    boolean,
    integer,
    one_of,
    string,
    typed,
)

_MANY = 1000
_STYLE = Shape(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), boolean
    ),
)
_STYLED: dict[str, Check] = {"style": _STYLE}


def _inline(kind: str, required: dict[str, Check], **optional: Check) -> Shape:
    return Shape({"type": one_of(kind), **required}, {**_STYLED, **optional})


_INLINE: dict[str, Check] = {
    "text": _inline("text", {"text": string(40_000)}),
    "link": _inline("link", {"url": string(3000)}, text=string(40_000), unsafe=boolean),
    "user": _inline("user", {"user_id": string(255)}),
    "channel": _inline("channel", {"channel_id": string(255)}),
    "usergroup": _inline("usergroup", {"usergroup_id": string(255)}),
    "broadcast": _inline("broadcast", {"range": one_of("here", "channel", "everyone")}),
    "emoji": _inline("emoji", {"name": string(255)}, unicode=string(255), skin_tone=integer(1, 6)),
    "color": _inline("color", {"value": string(255)}),
    "date": _inline(
        "date",
        {"timestamp": integer(0, 10**11), "format": string(255)},
        url=string(3000),
        fallback=string(255),
    ),
}
_INLINES = array(typed(_INLINE, _INLINE), _MANY, 0)
_BORDER: dict[str, Check] = {"border": integer(0, 1)}
_SECTION = Shape({"type": one_of("rich_text_section"), "elements": _INLINES})
_PARTS: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_list": Shape(
        {
            "type": one_of("rich_text_list"),
            "style": one_of("bullet", "ordered"),
            "elements": array(typed({"rich_text_section": _SECTION}, ["rich_text_section"]), _MANY),
        },
        {"indent": integer(0, 8), "offset": integer(0, 10_000), **_BORDER},
    ),
    "rich_text_preformatted": Shape(
        {"type": one_of("rich_text_preformatted"), "elements": _INLINES}, {**_BORDER, "language": string(50)}
    ),
    "rich_text_quote": Shape({"type": one_of("rich_text_quote"), "elements": _INLINES}, _BORDER),
}
RICH_TEXT = Shape(
    {"type": one_of("rich_text"), "elements": array(typed(_PARTS, _PARTS), _MANY, 0)}, {"block_id": string(255)}
)
