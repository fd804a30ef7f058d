"""What every content file goes through: reading, hashing, forbidden words and French typography.

Loaders collect every ``ContentProblem`` of every file before they raise one ``ContentError``, so that whoever
edits the texts sees the whole list at once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from programme.errors import ProgrammeError

# The programme is a "bilan professionnel collaboratif": these words belong to other, regulated services.
_FORBIDDEN = re.compile(r"bilans?\s+de\s+compétences|\bCPF\b|\bQualiopi\b", re.IGNORECASE)

_TYPOGRAPHY: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("apostrophe droite", re.compile(r"'")),
    ("guillemet droit", re.compile(r'"')),
    ("espace ordinaire avant une ponctuation double", re.compile(r"[ \t][:;!?](?!\S)")),
    ("espace ordinaire dans les guillemets", re.compile(r"«[ \t]|[ \t]»")),
    ("espace insécable absente", re.compile(r"[\w*)…][;!?»](?!\w)|[\w*)»…]:(?=\s|$)|«(?=\w)")),
    ("trois points au lieu de points de suspension", re.compile(r"\.\.\.")),
    ("abréviation inclusive qu’un lecteur d’écran épelle", re.compile(r"·|\w\(e\)")),
)


@dataclass(frozen=True)
class ContentProblem:
    """One fault of one content file, told so that its author can mend it."""

    file: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"


class ContentError(ProgrammeError):
    """The content cannot be used; ``problems`` lists every fault that was found."""

    def __init__(self, problems: Iterable[ContentProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def digest(paths: Iterable[Path]) -> str:
    """SHA-256, in hexadecimal, over the names and the exact bytes of the files, in the order given."""
    total = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        total.update(f"{path.name}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()


def strings_of(value: Any) -> Iterator[str]:
    """Every string inside nested mappings and sequences; the keys of mappings are left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings_of(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings_of(item)


def text_faults(text: str) -> list[str]:
    """Forbidden words and faults of French typography in ``text``, each with its surroundings."""
    faults = [f"mot interdit « {found.group()} »" for found in _FORBIDDEN.finditer(text)]
    for name, pattern in _TYPOGRAPHY:
        for found in pattern.finditer(text):
            around = text[max(0, found.start() - 20) : found.end() + 20].replace("\n", " ")
            faults.append(f"{name} : …{around}…")
    return faults


def prose_problems(file: str, value: Any) -> list[ContentProblem]:
    """The text faults of every string of ``value``, as problems of ``file``."""
    return [ContentProblem(file, fault) for text in strings_of(value) for fault in text_faults(text)]


def validation_problems(file: str, error: ValidationError) -> list[ContentProblem]:
    """A pydantic refusal as problems: where in the file, and what is wrong."""
    return [
        ContentProblem(
            file, ": ".join(filter(None, (_where(fault["loc"]), fault["msg"].removeprefix("Value error, "))))
        )
        for fault in error.errors()
    ]


def _where(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)


def parse_yaml(file: str, text: str) -> Any:
    """The parsed YAML text; ContentError when it is not YAML."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ContentError([ContentProblem(file, f"YAML illisible : {error}")]) from error


def read_text(path: Path) -> str:
    """The file as UTF-8 text; ContentError when it is missing or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError([ContentProblem(path.name, f"fichier illisible : {error}")]) from error
