"""PDF documents from the Typst templates of ``programme/content/documents``.

The ``typst`` package carries its fonts: nothing of the machine is used, no file outside the templates can be read, and
the same facts give the same bytes. Documents follow PDF/UA-1, so that screen readers can follow them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import typst
from pydantic import ValidationError

from programme.content.printing import TEMPLATES, readable
from programme.content.trader import CONTENT_ROOT, Trader
from programme.errors import Permanent

DOCUMENTS = CONTENT_ROOT / "documents"
STANDARD: Final = "ua-1"


class TypstDocuments:
    """Prints the documents of one operator; safe to use from several threads."""

    def __init__(self, trader: Trader, templates: Path = DOCUMENTS) -> None:
        """Print with the letterhead of ``trader``; ``templates`` may be an operator's own folder."""
        self._trader = trader.shown()
        self._templates = templates

    def render(self, template: str, data: Mapping[str, Any]) -> bytes:
        """The PDF of a template of ``programme.content.printing``; Permanent when template or facts are wrong."""
        if template not in TEMPLATES:
            raise Permanent(f"no document template is called {template}")
        try:
            facts = readable(template, dict(data))
        except ValidationError as error:
            raise Permanent(f"the facts do not fit the template {template}: {error}") from error
        return self._compile(template, {"trader": self._trader} | facts)

    def _compile(self, template: str, facts: Mapping[str, Any]) -> bytes:
        try:
            return typst.compile(
                self._templates / f"{template}.typ",
                root=self._templates,
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=STANDARD,
                sys_inputs={"data": json.dumps(facts, ensure_ascii=False)},
            )
        except typst.TypstError as error:
            raise Permanent(f"the template {template} cannot be printed: {error}") from error
