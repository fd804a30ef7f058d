"""From the Markdown of the content files to Slack's mrkdwn.

Slack knows bold, italic, code, links and quotes; a heading becomes a bold line, a list lines with a mark, a table one
line a row. ``&``, ``<`` and ``>`` are escaped, so that a text can neither mention anybody nor link by itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from markdown_it.tree import SyntaxTreeNode

from programme.content.markdown_tree import parse, rows, target

BULLETS = ("•", "◦")
CELL_SEPARATOR = " – "
RULE = "———"
_MARKS = {"strong": "*", "em": "_"}


def to_mrkdwn(markdown: str) -> str:
    """The Markdown text in Slack's mrkdwn; an empty line separates blocks, a heading stays on its text."""
    return _blocks(parse(markdown).children)


def _blocks(nodes: Iterable[SyntaxTreeNode]) -> str:
    written = ""
    for node in nodes:
        written += _block(node) + ("\n" if node.type == "heading" else "\n\n")
    return written.rstrip("\n")


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "heading":
            return f"*{_inside(node, bold=True)}*"
        case "bullet_list" | "ordered_list":
            return "\n".join(_items(node, depth=0))
        case "table":
            return _table(node)
        case "blockquote":
            return "\n".join(f"> {line}".rstrip() for line in _blocks(node.children).split("\n"))
        case "hr":
            return RULE
        case "fence" | "code_block":
            return f"```\n{_escape(node.content).rstrip()}\n```"
        case _:
            return _inside(node)


def _items(list_: SyntaxTreeNode, depth: int) -> list[str]:
    """One line an item, nested lists below their item with a deeper mark."""
    first = int(list_.attrs.get("start", 1)) if list_.type == "ordered_list" else None
    lines = []
    for index, item in enumerate(list_.children):
        mark = BULLETS[min(depth, 1)] if first is None else f"{first + index}."
        texts = [_block(part) for part in item.children if not part.type.endswith("_list")]
        lines.append(f"{'    ' * depth}{mark} {' '.join(texts)}")
        for part in item.children:
            if part.type.endswith("_list"):
                lines.extend(_items(part, depth + 1))
    return lines


def _table(table: SyntaxTreeNode) -> str:
    heading, *body = [CELL_SEPARATOR.join(filter(None, (_inside(cell) for cell in row))) for row in rows(table)]
    return "\n".join([f"_{heading}_", *(f"{BULLETS[0]} {line}" for line in body)])


def _inside(node: SyntaxTreeNode, *, bold: bool = False) -> str:
    """The inline content of a block; inside a bold line, strong text needs no mark of its own."""
    return "".join(_inline(part, bold=bold) for inline in node.children for part in inline.children)


def _inline(node: SyntaxTreeNode, *, bold: bool) -> str:
    match node.type:
        case "text":
            return _escape(node.content)
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "code_inline":
            return f"`{_escape(node.content)}`"
    content = "".join(_inline(part, bold=bold or node.type == "strong") for part in node.children)
    if node.type == "link" and target(node):
        return f"<{_escape(target(node))}|{content}>"
    mark = "" if node.type == "strong" and bold else _MARKS.get(node.type, "")
    return f"{mark}{content}{mark}"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
