"""The sentences of the start choice (CGV art. 8, C. conso. L221-25), with dates and euros, from ``choices.toml``.

Two ways to start, and the three boxes that an early start needs, each accepted and hashed by itself.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from programme.content.checks import ContentError, ContentProblem, prose_problems, read_text, validation_problems
from programme.content.french import week_day
from programme.content.placeholders import fill
from programme.content.trader import CONTENT_ROOT
from programme.model.enrolment import Choice
from programme.rules.money import SESSIONS, euros, session_value_floor

CHOICES_FILE = "choices.toml"
EARLY_START_KEYS = ("express_request", "proportionate_payment", "loss_after_full_performance")
"""Request (L221-25 al. 1), payment for what was supplied (al. 2), loss at full performance (L221-28 1°)."""
_FIELDS = ("last_day", "earliest", "price", "session_price", "sessions")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ChoiceText(_Part):
    """One sentence and the words beside its box."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,39}$")]
    label: Annotated[str, Field(min_length=1, max_length=75)]
    statement: Annotated[str, Field(min_length=1, max_length=2000)]

    @property
    def shown(self) -> str:
        """What the member reads: the statement, a line break, the words of the box."""
        return f"{self.statement}\n{self.label}"

    @property
    def sha256(self) -> str:
        """SHA-256, in hexadecimal, of the UTF-8 bytes of ``shown``."""
        return hashlib.sha256(self.shown.encode()).hexdigest()


class Choices(_Part):
    """The sentences before their dates and sums are filled in."""

    start: tuple[ChoiceText, ...]
    early_start: tuple[ChoiceText, ...]

    def start_options(self, *, last_day: date, earliest: date, price: int) -> tuple[ChoiceText, ...]:
        """The two ways to start.

        ``last_day`` ends the withdrawal period, ``earliest`` is the first day after it, ``price`` is in cents.
        """
        return _filled(self.start, last_day, earliest, price)

    def early_start_boxes(self, *, last_day: date, earliest: date, price: int) -> tuple[ChoiceText, ...]:
        """The three boxes of an early start, in the order of ``EARLY_START_KEYS``."""
        return _filled(self.early_start, last_day, earliest, price)


def load_choices(root: Path = CONTENT_ROOT) -> Choices:
    """The sentences of the content folder ``root``; ContentError with every fault."""
    try:
        choices = Choices.model_validate(tomllib.loads(read_text(root / CHOICES_FILE)))
    except tomllib.TOMLDecodeError as error:
        raise ContentError([ContentProblem(CHOICES_FILE, f"TOML illisible : {error}")]) from error
    except ValidationError as error:
        raise ContentError(validation_problems(CHOICES_FILE, error)) from error
    problems = prose_problems(CHOICES_FILE, choices.model_dump())
    problems += _wrong_keys("start", choices.start, [choice.value for choice in Choice])
    problems += _wrong_keys("early_start", choices.early_start, EARLY_START_KEYS)
    if problems:
        raise ContentError(problems)
    for text in (*choices.start, *choices.early_start):
        fill(CHOICES_FILE, text.shown, dict.fromkeys(_FIELDS, ""))
    return choices


def _wrong_keys(part: str, texts: Iterable[ChoiceText], expected: Iterable[str]) -> list[ContentProblem]:
    wanted = list(expected)
    if [text.key for text in texts] == wanted:
        return []
    return [ContentProblem(CHOICES_FILE, f"{part} : il faut, dans cet ordre, {', '.join(wanted)}")]


def _filled(texts: tuple[ChoiceText, ...], last_day: date, earliest: date, price: int) -> tuple[ChoiceText, ...]:
    shown = (week_day(last_day), week_day(earliest), euros(price), euros(session_value_floor(price)), str(SESSIONS))
    values = dict(zip(_FIELDS, shown, strict=True))
    return tuple(text.model_copy(update={"statement": fill(CHOICES_FILE, text.statement, values)}) for text in texts)
