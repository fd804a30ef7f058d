"""From the Markdown of the content files to Typst markup, for the PDF documents.

Every piece of text is written as a Typst string, never as markup: whatever a person typed is printed as they typed it
and can neither call a function nor read a file.
"""

from __future__ import annotations

from collections.abc import Iterable

from markdown_it.tree import SyntaxTreeNode

from programme.content.markdown_tree import parse, rows, target

SHORT_CELL = 15
"""Characters up to which a table column is as wide as its text."""
_STYLES = {"strong": "strong", "em": "emph"}


def to_typst(markdown: str) -> str:
    """The Markdown text as Typst markup, ready for ``eval(…, mode: "markup")``."""
    return _blocks(parse(markdown).children)


def string(text: str) -> str:
    """The text as a Typst string literal; control characters other than line breaks and tabs are dropped."""
    printable = "".join(char for char in text if char in "\n\t" or char.isprintable() or char.isspace())
    escaped = printable.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _text(text: str) -> str:
    # The semicolon ends the expression: no bracket or dot that follows can become part of it.
    return f"#{string(text)};"


def _call(name: str, content: str) -> str:
    return f"#{name}[{content}];"


def _blocks(nodes: Iterable[SyntaxTreeNode]) -> str:
    return "\n\n".join(_block(node) for node in nodes)


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "heading":
            return _call(f"heading(level: {node.tag[1:]})", _inside(node))
        case "bullet_list":
            return f"#list({_contents(node.children)});"
        case "ordered_list":
            return f"#enum(start: {int(node.attrs.get('start', 1))}, {_contents(node.children)});"
        case "table":
            return _table(node)
        case "blockquote":
            return _call("quote(block: true)", _blocks(node.children))
        case "hr":
            return "#line(length: 100%, stroke: 0.5pt);"
        case "fence" | "code_block":
            return f"#raw(block: true, {string(node.content.rstrip())});"
        case _:
            return _inside(node)


def _contents(items: Iterable[SyntaxTreeNode]) -> str:
    return ", ".join(f"[{_blocks(item.children)}]" for item in items)


def _table(table: SyntaxTreeNode) -> str:
    heading, *body = rows(table)
    cells = ", ".join(f"[{_inside(cell)}]" for row in body for cell in row)
    head = ", ".join(f"[{_call('strong', _inside(cell))}]" for cell in heading)
    columns = ", ".join(_width(column) for column in zip(heading, *body, strict=True))
    return f"#table(columns: ({columns},), table.header({head}), {cells});"


def _width(column: Iterable[SyntaxTreeNode]) -> str:
    """Short columns take what they need; long ones share the rest in proportion to their longest cell."""
    longest = max(sum(len(inline.content) for inline in cell.children) for cell in column)
    return "auto" if longest <= SHORT_CELL else f"{longest}fr"


def _inside(node: SyntaxTreeNode) -> str:
    return "".join(_inline(part) for inline in node.children for part in inline.children)


def _inline(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text":
            return _text(node.content)
        case "softbreak":
            return _text(" ")
        case "hardbreak":
            return "#linebreak();"
        case "code_inline":
            return f"#raw({string(node.content)});"
    content = "".join(_inline(part) for part in node.children)
    if node.type == "link" and target(node):
        return _call(f"link({string(target(node))})", content)
    return _call(_STYLES[node.type], content) if node.type in _STYLES else content
