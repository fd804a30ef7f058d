"""The sixteen worksheets that members fill in online: ``fiches/F01.yaml`` … ``fiches/F16.yaml``.

Lengths keep to what a Slack form accepts: labels and hints of 150 characters, options of 75 and at most ten of
them, 3,000 characters in a text field, 100 blocks in a form.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from programme.content.checks import (
    ContentError,
    ContentProblem,
    digest,
    parse_yaml,
    prose_problems,
    read_text,
    validation_problems,
)

WORKSHEETS = 16
MAX_FORM_BLOCKS = 100
CELL_SEPARATOR = " | "

Text = Annotated[str, Field(min_length=1)]
Label = Annotated[str, Field(min_length=1, max_length=150)]
Option = Annotated[str, Field(min_length=1, max_length=75)]
Length = Annotated[int, Field(ge=1, le=3000)]


class QuestionType(StrEnum):
    """How a question is answered; a scale is one choice among options ordered from low to high."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    SCALE = "scale"
    TABLE = "table"


WRITTEN = frozenset({QuestionType.TEXT, QuestionType.LONG_TEXT})
CHOSEN = frozenset({QuestionType.CHOICE, QuestionType.CHOICES, QuestionType.SCALE})


class Question(BaseModel):
    """One question of a worksheet.

    ``min_length`` and ``max_length`` count characters: of the answer, or of one cell of a table. ``example`` is an
    answer that the form would accept: options of ``choices`` stand one a line; rows of a table one a line, their
    cells parted by " | ".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    label: Label
    why: Annotated[str, Field(min_length=1, max_length=300)]
    help: Label
    example: Annotated[str, Field(min_length=1, max_length=1500)]
    type: QuestionType
    options: Annotated[tuple[Option, ...], Field(max_length=10)] = ()
    columns: Annotated[tuple[Option, ...], Field(max_length=4)] = ()
    rows_min: Annotated[int, Field(ge=0, le=12)] = 0
    rows_max: Annotated[int, Field(ge=0, le=12)] = 0
    min_length: Annotated[int, Field(ge=0, le=3000)] = 0
    max_length: Length | None = None
    required: bool = True

    @property
    def form_blocks(self) -> int:
        """Blocks that the question takes in a form: one to explain, then its fields."""
        fields = len(self.columns) * self.rows_max if self.type is QuestionType.TABLE else 1
        return 1 + fields

    @model_validator(mode="after")
    def _fields_fit_the_type(self) -> Self:
        if (self.type in CHOSEN) != (len(self.options) >= 2):
            raise ValueError("au moins deux options, pour un choix ou une échelle seulement")
        table = self.type is QuestionType.TABLE
        if table != bool(self.columns) or table != bool(self.rows_max):
            raise ValueError("colonnes et nombre de lignes, pour un tableau seulement")
        if (self.type in CHOSEN) == (self.max_length is not None):
            raise ValueError("max_length, pour tout ce qui s’écrit et rien d’autre")
        if self.rows_min > self.rows_max or (self.max_length and self.min_length > self.max_length):
            raise ValueError("le minimum dépasse le maximum")
        return self

    @model_validator(mode="after")
    def _example_is_acceptable(self) -> Self:
        lines = self.example.strip().splitlines()
        if self.type in WRITTEN:
            fits = self._length_fits(self.example)
        elif self.type is QuestionType.CHOICES:
            fits = set(lines) <= set(self.options)
        elif self.type is QuestionType.TABLE:
            fits = self._rows_fit([line.split(CELL_SEPARATOR) for line in lines])
        else:
            fits = self.example in self.options
        if not fits:
            raise ValueError("l’exemple ne serait pas accepté par le formulaire")
        return self

    def _length_fits(self, text: str) -> bool:
        return self.min_length <= len(text) <= (self.max_length or 0)

    def _rows_fit(self, rows: list[list[str]]) -> bool:
        whole = all(len(row) == len(self.columns) for row in rows)
        return whole and len(rows) <= self.rows_max and all(self._length_fits(c) for row in rows for c in row)


class Worksheet(BaseModel):
    """One worksheet: what to answer, and what the tutor looks for.

    ``repeat`` is how many copies each member fills in. ``owner_only`` means that nobody but its author sees it
    unless the author hands it in. ``example_person`` is the invented person who answers in the examples.
    ``title`` is short enough for the title of a Slack form. ``minutes`` is for one copy.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(pattern=r"^F\d\d$")]
    title: Annotated[str, Field(min_length=1, max_length=24)]
    session: Annotated[int, Field(ge=1, le=WORKSHEETS)]
    intro: Annotated[str, Field(min_length=1, max_length=1500)]
    example_person: Label
    minutes: Annotated[int, Field(ge=10, le=180)]
    repeat: Annotated[int, Field(ge=1, le=5)] = 1
    owner_only: bool = False
    questions: Annotated[tuple[Question, ...], Field(min_length=4, max_length=10)]
    checklist: Annotated[tuple[Text, ...], Field(min_length=4, max_length=6)]
    next_step: Annotated[str, Field(min_length=1, max_length=600)]

    def question(self, question_id: str) -> Question:
        """The question of that id; KeyError when the worksheet has none."""
        return {question.id: question for question in self.questions}[question_id]

    @model_validator(mode="after")
    def _fits_one_form(self) -> Self:
        ids = [question.id for question in self.questions]
        if len(set(ids)) != len(ids):
            raise ValueError("deux questions portent le même identifiant")
        if 1 + sum(question.form_blocks for question in self.questions) > MAX_FORM_BLOCKS:
            raise ValueError(f"la fiche dépasse les {MAX_FORM_BLOCKS} blocs d’un formulaire")
        return self


class Worksheets(tuple[Worksheet, ...]):
    """The sixteen worksheets in order; ``version`` is the SHA-256 of their files."""

    version: str

    def key(self, key: str) -> Worksheet:
        """The worksheet of that key ("F01"); KeyError when there is none."""
        return {worksheet.key: worksheet for worksheet in self}[key]


def worksheets_of(version: str, worksheets: Iterable[Worksheet]) -> Worksheets:
    """The worksheets under the version that names them."""
    loaded = Worksheets(worksheets)
    loaded.version = version
    return loaded


def load_worksheets(root: Path) -> Worksheets:
    """The worksheets of the content folder ``root``; ContentError with every problem of every file."""
    paths = [root / "fiches" / f"F{number:02d}.yaml" for number in range(1, WORKSHEETS + 1)]
    found = {path.name for path in (root / "fiches").glob("*.yaml")}
    problems = [
        ContentProblem(name, "ne correspond à aucune séance") for name in sorted(found - {path.name for path in paths})
    ]
    worksheets: list[Worksheet] = []
    for path in paths:
        try:
            worksheet = parse_worksheet(path.name, read_text(path))
        except ContentError as error:
            problems.extend(error.problems)
            continue
        worksheets.append(worksheet)
        problems.extend(_worksheet_problems(path, worksheet))
    if problems:
        raise ContentError(problems)
    return worksheets_of(digest(paths), worksheets)


def parse_worksheet(file: str, text: str) -> Worksheet:
    """One worksheet from its YAML text; ContentError when it is not as expected."""
    try:
        return Worksheet.model_validate(parse_yaml(file, text))
    except ValidationError as error:
        raise ContentError(validation_problems(file, error)) from error


def _worksheet_problems(path: Path, worksheet: Worksheet) -> list[ContentProblem]:
    problems = prose_problems(path.name, worksheet.model_dump(mode="json"))
    if path.stem != worksheet.key or worksheet.key != f"F{worksheet.session:02d}":
        problems.append(ContentProblem(path.name, f"clé {worksheet.key}, séance {worksheet.session} : incohérent"))
    return problems
