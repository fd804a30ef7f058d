"""The Markdown subset of the content files, parsed once for every way of showing it (Slack, PDF)."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

SAFE_LINKS = ("http://", "https://", "mailto:")


def parse(markdown: str) -> SyntaxTreeNode:
    """The tree of a text in CommonMark with tables; raw HTML stays plain text."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return SyntaxTreeNode(parser.parse(markdown))


def target(link: SyntaxTreeNode) -> str:
    """Where a link leads, or an empty text when it is neither a web page nor an e-mail address."""
    address = str(link.attrs.get("href", ""))
    return address if address.startswith(SAFE_LINKS) else ""


def rows(table: SyntaxTreeNode) -> list[list[SyntaxTreeNode]]:
    """The cells of a table, row by row; the first row is the heading."""
    return [line.children for part in table.children for line in part.children]
