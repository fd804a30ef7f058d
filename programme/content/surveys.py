"""The surveys of ``enquetes.yaml``: a few questions, each answered with one press, and a free line."""

from __future__ import annotations

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

SURVEYS_FILE = "enquetes.yaml"
END, LATER = "end", "later"
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Words = Annotated[str, Field(min_length=1, max_length=150)]
Label = Annotated[str, Field(min_length=1, max_length=75)]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SurveyQuestion(_Read):
    """One question; ``options`` maps the value that is kept to the words that are read."""

    id: Key
    label: Words
    options: Annotated[dict[Key, Label], Field(min_length=2, max_length=10)]


class Questionnaire(_Read):
    """What is asked at one time; ``note`` is the label of the free line."""

    title: Annotated[str, Field(min_length=1, max_length=24)]
    intro: Annotated[str, Field(min_length=1, max_length=500)]
    questions: Annotated[tuple[SurveyQuestion, ...], Field(min_length=1, max_length=8)]
    note: Words


Surveys = dict[str, Questionnaire]


def load_surveys(root: Path) -> Surveys:
    """The surveys of the content folder ``root``, at the end and later; ContentError with every problem."""
    data = parse_yaml(SURVEYS_FILE, read_text(root / SURVEYS_FILE))
    try:
        parsed = TypeAdapter(Surveys).validate_python(data)
    except ValidationError as error:
        raise ContentError(validation_problems(SURVEYS_FILE, error)) from error
    problems = [*_problems(parsed), *prose_problems(SURVEYS_FILE, data)]
    if problems:
        raise ContentError(problems)
    return parsed


def _problems(surveys: Surveys) -> list[ContentProblem]:
    wanted = {END, LATER}
    messages = [f"l’enquête {name} manque" for name in sorted(wanted - set(surveys))]
    messages += [f"{name} n’est pas une enquête" for name in sorted(set(surveys) - wanted)]
    for name, questionnaire in surveys.items():
        ids = [question.id for question in questionnaire.questions]
        messages += [f"{name}\u00a0: la clé {one} sert deux fois" for one in sorted(set(ids)) if ids.count(one) > 1]
    return [ContentProblem(SURVEYS_FILE, message) for message in messages]
