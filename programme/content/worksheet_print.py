"""A worksheet on paper or in a word processor: one version as its author filled it in, or the blank template."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from programme.content.printing import PrintedQuestion, PrintedWorksheet
from programme.content.worksheets import CHOSEN, Question, QuestionType, Worksheet

CHARACTERS_A_LINE = 80
"""What a hand writes on a line of a page, to leave room for an answer of the expected length."""
LINES = (2, 9)


def filled(
    sheet: Worksheet,
    answers: Mapping[str, Any],
    *,
    title: str,
    author: str,
    group: str,
    version: int,
    submitted_at: datetime,
    sha256: str,
) -> PrintedWorksheet:
    """One version: every question, answered or not."""
    return PrintedWorksheet(
        key=sheet.key,
        title=title,
        session=sheet.session,
        author=_clean(author),
        group=_clean(group),
        version=version,
        submitted_at=submitted_at,
        sha256=sha256,
        questions=tuple(_question(question, answers.get(question.id)) for question in sheet.questions),
    )


def blank(sheet: Worksheet) -> PrintedWorksheet:
    """The template to fill in by hand or in a word processor."""
    return PrintedWorksheet(
        key=sheet.key,
        title=sheet.title,
        session=sheet.session,
        intro=sheet.intro,
        minutes=sheet.minutes,
        questions=tuple(_empty(question) for question in sheet.questions),
    )


def _question(question: Question, answer: Any) -> PrintedQuestion:
    chosen = answer if isinstance(answer, list) else [answer]
    table, chosen_type = question.type is QuestionType.TABLE, question.type in CHOSEN
    return PrintedQuestion(
        label=question.label,
        lines=() if table or chosen_type else tuple(_clean(line) for line in str(answer or "").split("\n")),
        options=tuple((option, option in chosen) for option in question.options),
        columns=question.columns,
        rows=tuple(tuple(_clean(cell) for cell in row) for row in answer or ()) if table else (),
        answered=bool(answer),
    )


def _empty(question: Question) -> PrintedQuestion:
    table = question.type is QuestionType.TABLE
    room = 0 if table or question.options else _lines(question.max_length or 0)
    return PrintedQuestion(
        label=question.label,
        help=question.help,
        optional=not question.required,
        options=tuple((option, False) for option in question.options),
        columns=question.columns,
        rows=tuple(("",) * len(question.columns) for _ in range(question.rows_max)) if table else (),
        room=room,
    )


def _lines(characters: int) -> int:
    least, most = LINES
    return min(max(characters // CHARACTERS_A_LINE, least), most)


def _clean(text: str) -> str:
    """Without the control characters that neither format can hold."""
    return "".join(character for character in text if character.isprintable() or character in "\t\u00a0\u202f")
