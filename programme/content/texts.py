"""The contractual texts: ``cgv/*.md`` (every version of the terms) and ``texts/*.md``.

A text is a YAML front matter (key, version, title, effective_from) and Markdown whose placeholders are filled from
``trader.toml``. Its SHA-256 is that of the exact UTF-8 bytes of the Markdown once filled: what a member is shown.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from programme.content.checks import (
    ContentError,
    ContentProblem,
    parse_yaml,
    prose_problems,
    read_text,
    validation_problems,
)
from programme.content.french import long_day
from programme.content.mrkdwn import to_mrkdwn
from programme.content.placeholders import fill, flatten
from programme.content.trader import CONTENT_ROOT, Trader, load_trader

__all__ = ["REQUIRED_KEYS", "LegalText", "Texts", "load_texts", "pages", "parse_text", "to_mrkdwn"]

FOLDERS = ("cgv", "texts")
REQUIRED_KEYS = frozenset(
    {
        "cgv",
        "confidentialite",
        "fiche_information",
        "notice_retractation",
        "formulaire_retractation",
        "programme_annexe1",
        "tutoriel_paiement",
    }
)

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n+(.*)\Z", re.DOTALL)
# From the widest cut to the narrowest: paragraphs, lines, sentences, words.
_CUTS = (re.compile(r"(\n\n)"), re.compile(r"(\n)"), re.compile(r"(?<=[.!?;])( )"), re.compile(r"( )"))
_HEADING_LINE = re.compile(r"\*[^*\n]+\*")


class LegalText(BaseModel):
    """One version of one text; ``body`` is Markdown, ``effective_from`` is None for a text without a start date."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    version: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}$")]
    title: Annotated[str, Field(min_length=1, max_length=150)]
    effective_from: date | None = None
    body: Annotated[str, Field(min_length=1)]

    @property
    def sha256(self) -> str:
        """SHA-256, in hexadecimal, of the UTF-8 bytes of ``body``."""
        return hashlib.sha256(self.body.encode()).hexdigest()


class Texts(tuple[LegalText, ...]):
    """All texts in all versions, sorted by key then by date."""

    def current(self, key: str, on: date) -> LegalText:
        """The version in force that day; KeyError when there is none."""
        in_force = [text for text in self if text.key == key and _start(text) <= on]
        if not in_force:
            raise KeyError(f"no version of {key} is in force on {on}")
        return in_force[-1]

    def version(self, key: str, version: str) -> LegalText:
        """That version of that text; KeyError when it does not exist."""
        for text in self:
            if (text.key, text.version) == (key, version):
                return text
        raise KeyError(f"no version {version} of {key}")

    def by_sha256(self, sha256: str) -> LegalText | None:
        """The text whose shown bytes have this SHA-256, or None when the files have changed since."""
        return next((text for text in self if text.sha256 == sha256), None)


def load_texts(root: Path = CONTENT_ROOT, trader: Trader | None = None) -> Texts:
    """The texts of the content folder ``root``; ContentError with every problem of every file.

    ``trader`` is read from the same folder when it is not given.
    """
    seller = trader or load_trader(root)
    texts: list[LegalText] = []
    problems: list[ContentProblem] = []
    for path in sorted(path for folder in FOLDERS for path in (root / folder).glob("*.md")):
        try:
            texts.append(parse_text(f"{path.parent.name}/{path.name}", read_text(path), seller))
        except ContentError as error:
            problems.extend(error.problems)
    problems.extend(_set_problems(texts, missing_matters=not problems))
    if problems:
        raise ContentError(problems)
    return Texts(sorted(texts, key=lambda text: (text.key, _start(text), text.version)))


def parse_text(file: str, content: str, trader: Trader) -> LegalText:
    """One text from its file's content; ContentError when it is not well formed, well written or well filled."""
    matter = _FRONT_MATTER.match(content)
    front = parse_yaml(file, matter.group(1)) if matter else None
    if matter is None or not isinstance(front, dict):
        raise ContentError([ContentProblem(file, "en-tête YAML absent")])
    body = matter.group(2)
    problems = prose_problems(file, [body, front.get("title", "")])
    if not body.startswith(f"# {front.get('title')}\n"):
        problems.append(ContentProblem(file, "le texte ne commence pas par son titre"))
    if problems:
        raise ContentError(problems)
    try:
        text = LegalText.model_validate(front | {"body": body})
    except ValidationError as error:
        raise ContentError(validation_problems(file, error)) from error
    return text.model_copy(update={"body": fill(file, body, _values(text, trader))})


def pages(text: str, limit: int = 2900) -> list[str]:
    """Cut a text into pages of at most ``limit`` characters, between paragraphs where possible, else sentences.

    Lines are cut only when a paragraph is longer than a page, sentences only when one is; a heading stays with what
    follows it where both fit on a page. Joined with an empty line, the pages hold every word in order.
    """
    pieces = _with_headings(_pieces(text.strip(), limit), limit)
    found = [""]
    for separator, piece in pieces:
        joined = found[-1] + separator + piece if found[-1] else piece
        if len(joined) <= limit:
            found[-1] = joined
        else:
            found.append(piece)
    return found


def _pieces(text: str, limit: int, level: int = 0, before: str = "") -> list[tuple[str, str]]:
    """Pieces no longer than a page, each with the separator that stood before it."""
    if len(text) <= limit and level > 0:
        return [(before, text)]
    if level == len(_CUTS):
        parts = [text[start : start + limit] for start in range(0, len(text), limit)]
        return [(before if index == 0 else "", part) for index, part in enumerate(parts)]
    cut = _CUTS[level].split(text)
    separators = [before, *cut[1::2]]
    return [
        piece
        for separator, part in zip(separators, cut[::2], strict=True)
        for piece in _pieces(part, limit, level + 1, separator)
    ]


def _with_headings(pieces: list[tuple[str, str]], limit: int) -> list[tuple[str, str]]:
    """Join a heading that a cut has left alone to the piece after it, where both fit on a page."""
    joined: list[tuple[str, str]] = []
    for separator, piece in pieces:
        if joined and _HEADING_LINE.fullmatch(joined[-1][1]) and len(joined[-1][1] + separator + piece) <= limit:
            above, heading = joined.pop()
            joined.append((above, heading + separator + piece))
        else:
            joined.append((separator, piece))
    return joined


def _start(text: LegalText) -> date:
    return text.effective_from or date.min


def _values(text: LegalText, trader: Trader) -> dict[str, str]:
    since = long_day(text.effective_from) if text.effective_from else ""
    return flatten("trader", trader.shown()) | {"text.version": text.version, "text.effective_from": since}


def _set_problems(texts: list[LegalText], *, missing_matters: bool) -> list[ContentProblem]:
    """Texts given twice, and texts that the program needs but nobody wrote."""
    twice = Counter((text.key, text.version) for text in texts)
    problems = [
        ContentProblem(key, f"la version {version} existe deux fois") for (key, version), n in twice.items() if n > 1
    ]
    if missing_matters:
        absent = sorted(REQUIRED_KEYS - {text.key for text in texts})
        problems.extend(ContentProblem(key, "texte absent") for key in absent)
    return problems
