"""Remark templates that tutors start from: ``remarques.yaml``, common ones first, then one list a worksheet.

A template is a draft: what stands between square brackets is for the tutor to fill in before returning it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from programme.content.checks import (
    ContentError,
    ContentProblem,
    parse_yaml,
    prose_problems,
    read_text,
    validation_problems,
)

REMARKS_FILE = "remarques.yaml"
COMMON = "commun"


class RemarkTemplate(BaseModel):
    """One ready-made remark; ``label`` is what the tutor picks in a list, ``text`` what they then edit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
    label: Annotated[str, Field(min_length=1, max_length=75)]
    text: Annotated[str, Field(min_length=40, max_length=1500)]


class RemarkTemplates(dict[str, tuple[RemarkTemplate, ...]]):
    """Templates by worksheet key; those under ``commun`` suit any document."""

    def for_worksheet(self, key: str) -> tuple[RemarkTemplate, ...]:
        """What a tutor may pick for that worksheet: its own templates, then the common ones."""
        return self.get(key, ()) + self[COMMON]


def load_remarks(root: Path) -> RemarkTemplates:
    """The templates of the content folder ``root``; ContentError with every problem."""
    data = parse_yaml(REMARKS_FILE, read_text(root / REMARKS_FILE))
    try:
        parsed = TypeAdapter(dict[str, tuple[RemarkTemplate, ...]]).validate_python(data)
    except ValidationError as error:
        raise ContentError(validation_problems(REMARKS_FILE, error)) from error
    problems = _problems(root, parsed) + prose_problems(REMARKS_FILE, data)
    if problems:
        raise ContentError(problems)
    return RemarkTemplates(parsed)


def _problems(root: Path, templates: dict[str, tuple[RemarkTemplate, ...]]) -> list[ContentProblem]:
    expected = {COMMON} | {path.stem for path in (root / "fiches").glob("*.yaml")}
    messages = [f"aucune remarque pour {key}" for key in sorted(expected - set(templates))]
    messages += [f"{key} n’est pas une fiche" for key in sorted(set(templates) - expected)]
    keys = Counter(template.key for group in templates.values() for template in group)
    messages += [f"la clé {key} sert {count} fois" for key, count in keys.items() if count > 1]
    return [ContentProblem(REMARKS_FILE, message) for message in messages]
