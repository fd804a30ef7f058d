"""PDF documents from the Typst templates of ``programme/content/documents``.

The ``typst`` package carries its fonts, and matplotlib the one that serves for other scripts and signs: nothing of the
machine is used, no file outside the templates can be read, and the same facts give the same bytes. Documents follow
PDF/UA-1, so that screen readers can follow them; it forbids a sign that no font can show, which becomes « □ ».
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import typst
from pydantic import ValidationError

from bot.gateways.word import worksheet_as_docx
from programme.content.printing import TEMPLATES, PrintedWorksheet, readable
from programme.content.trader import CONTENT_ROOT, Trader
from programme.errors import Permanent

DOCUMENTS = CONTENT_ROOT / "documents"
STANDARD: Final = "ua-1"
FONTS = Path(getattr(find_spec("matplotlib"), "origin", "")).parent / "mpl-data" / "fonts" / "ttf"
"""Found without loading matplotlib, which is large."""
UNSHOWN = "□"


class TypstDocuments:
    """Prints the documents of one operator; safe to use from several threads."""

    def __init__(self, trader: Trader, templates: Path = DOCUMENTS) -> None:
        """Print with the letterhead of ``trader``; ``templates`` may be an operator's own folder."""
        self._trader = trader.shown()
        self._templates = templates

    def render(self, template: str, data: Mapping[str, Any]) -> bytes:
        """The PDF of a template of ``programme.content.printing``; Permanent when template or facts are wrong.

        Facts that carry a letterhead of their own are printed with it.
        """
        if template not in TEMPLATES:
            raise Permanent(f"no document template is called {template}")
        try:
            facts = readable(template, dict(data))
        except ValidationError as error:
            raise Permanent(f"the facts do not fit the template {template}: {error}") from error
        letterhead = facts.pop("letterhead", None) or {}
        return self._compile(template, {"trader": self._trader | letterhead} | facts)

    def render_word(self, data: Mapping[str, Any]) -> bytes:
        """The DOCX of a worksheet; Permanent when the facts are wrong."""
        try:
            facts = PrintedWorksheet.model_validate(dict(data))
        except ValidationError as error:
            raise Permanent(f"the facts do not fit a worksheet: {error}") from error
        return worksheet_as_docx(facts, self._trader["name"])

    def _compile(self, template: str, facts: Mapping[str, Any]) -> bytes:
        try:
            return typst.compile(
                self._templates / f"{template}.typ",
                root=self._templates,
                font_paths=[FONTS],
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=STANDARD,
                sys_inputs={"data": json.dumps(_shown(facts), ensure_ascii=False)},
            )
        except typst.TypstError as error:
            raise Permanent(f"the template {template} cannot be printed: {error}") from error


def _shown(value: Any) -> Any:
    """The facts with « □ » in place of each sign that no font has."""
    if isinstance(value, str):
        return "".join(sign if ord(sign) in _signs() else UNSHOWN for sign in value)
    if isinstance(value, Mapping):
        return {key: _shown(one) for key, one in value.items()}
    return [_shown(one) for one in value] if isinstance(value, list | tuple) else value


@cache
def _signs() -> frozenset[int]:
    """What the fallback font can show, and the two signs that break lines."""
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415 - matplotlib is large, and rarely needed

    return frozenset({*FT2Font(str(FONTS / "DejaVuSans.ttf")).get_charmap(), ord("\n"), ord("\t")})
