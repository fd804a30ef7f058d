"""Remark templates that tutors start from: ``remarques.yaml``, common ones first, then one list a
worksheet; a list under a tutor's Slack id words some of them anew for that tutor.

A template is a draft: what stands between square brackets is for the tutor to fill in before returning it.
"""

from __future__ import annotations

import re
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
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{5,20}")


class RemarkTemplate(BaseModel):
    """One ready-made remark; ``label`` is what the tutor picks in a list, ``text`` what they then edit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
    label: Annotated[str, Field(min_length=1, max_length=75)]
    text: Annotated[str, Field(min_length=40, max_length=1500)]


class RemarkTemplates(dict[str, tuple[RemarkTemplate, ...]]):
    """Templates by worksheet key; those under ``commun`` suit any document, those under a Slack id are one tutor's.

    A tutor's own template with the key of another takes its place for that tutor: the same remark, in their words.
    """

    def for_worksheet(self, key: str) -> tuple[RemarkTemplate, ...]:
        """What a tutor may pick for that worksheet: its own templates, then the common ones."""
        return self.own(key) + self.common

    def own(self, key: str) -> tuple[RemarkTemplate, ...]:
        """The templates of one worksheet; none for a file on a subject of the author's own."""
        return self.get(key, ())

    @property
    def common(self) -> tuple[RemarkTemplate, ...]:
        """The templates that suit any document."""
        return self[COMMON]

    def find(self, key: str, *, worksheet: str, tutor: str) -> RemarkTemplate | None:
        """The template of that key for this worksheet, in this tutor's words where they have some."""
        offered = {one.key: one for one in (*self.for_worksheet(worksheet), *self.get(tutor, ()))}
        return offered.get(key)


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
    shared = {name: group for name, group in templates.items() if not _SLACK_ID.fullmatch(name)}
    messages += [f"{key} n’est pas une fiche" for key in sorted(set(shared) - expected)]
    keys = Counter(template.key for group in shared.values() for template in group)
    messages += [
        f"{template.key} de {name} n’est la clé d’aucune observation commune ou de fiche"
        for name in sorted(set(templates) - set(shared))
        for template in templates[name]
        if template.key not in keys
    ]
    messages += [f"la clé {key} sert {count} fois" for key, count in keys.items() if count > 1]
    return [ContentProblem(REMARKS_FILE, message) for message in messages]
