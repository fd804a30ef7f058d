"""Answers to a worksheet: what a form sends, what is kept, and what is still wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from programme.content.worksheets import CELL_SEPARATOR, CHOSEN, Question, QuestionType, Worksheet

Answers = dict[str, Any]
"""By question id: a text, an option, a list of options, or a list of rows of cells."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one answer: the key of a sentence and its details; a cell of a table has row and column."""

    key: str
    details: Mapping[str, object] = field(default_factory=dict)
    row: int = -1
    column: int = -1


def parsed(question: Question, value: Any) -> Any:
    """Return what was typed or chosen, tidied up; "" or [] when nothing was. Rows left empty at the end go away."""
    if question.type is QuestionType.CHOICES:
        chosen = set(value or ())
        unknown = chosen - set(question.options)
        return [option for option in question.options if option in chosen] + sorted(unknown)
    if question.type is QuestionType.TABLE:
        rows = [[_text(cell) for cell in row] for row in value or ()]
        while rows and not any(rows[-1]):
            rows.pop()
        return rows
    return _text(value)


def _text(value: Any) -> str:
    return str(value or "").replace("\r\n", "\n").strip()


def complete(sheet: Worksheet, answers: Answers) -> Answers:
    """Return the answers of a version: what the worksheet asks, in its order, without empty rows or empty answers."""
    found: Answers = {}
    for question in sheet.questions:
        answer = answers.get(question.id)
        if question.type is QuestionType.TABLE:
            answer = [row for row in answer or () if any(row)]
        if answer:
            found[question.id] = answer
    return found


def as_text(question: Question, answer: Any) -> str:
    """An answer as lines: one a row of a table, one a chosen option."""
    if question.type is QuestionType.TABLE:
        return "\n".join(CELL_SEPARATOR.join(row) for row in answer)
    return "\n".join(answer) if isinstance(answer, list) else str(answer)


def problems_of(question: Question, answer: Any) -> list[Problem]:
    """Return what keeps an answer from being handed in, in the order in which it is read; [] when it is fine."""
    if not answer:
        return [Problem("answer_missing")] if question.required else []
    if question.type is QuestionType.TABLE:
        return _table_problems(question, answer)
    if question.type in CHOSEN:
        chosen = answer if isinstance(answer, list) else [answer]
        return [] if set(chosen) <= set(question.options) else [Problem("choice_unknown")]
    return _length_problems(question, answer)


def _table_problems(question: Question, rows: list[list[str]]) -> list[Problem]:
    if any(len(row) != len(question.columns) for row in rows):
        return [Problem("table_cells")]
    filled = [row for row in rows if any(row)]
    if len(filled) < question.rows_min:
        return [Problem("table_rows_missing", {"lines": question.rows_min})]
    if len(filled) > question.rows_max:
        return [Problem("table_rows_many", {"lines": question.rows_max})]
    return [
        Problem(problem.key, problem.details, row, column)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if any(cells)
        for problem in _length_problems(question, cell)
    ]


def _length_problems(question: Question, text: str) -> list[Problem]:
    length, most = len(text), question.max_length or 0
    if length < question.min_length:
        return [Problem("answer_short", {"missing": question.min_length - length, "least": question.min_length})]
    return [Problem("answer_long", {"extra": length - most, "most": most})] if length > most else []
