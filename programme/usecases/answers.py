"""Answers to a worksheet: from what a form sends to what is kept, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from programme.content.worksheets import CELL_SEPARATOR, CHOSEN, Question, QuestionType, Worksheet
from programme.errors import InvalidForm

FIELD_CHARACTERS = 3000

Answers = dict[str, Any]


def cleaned(sheet: Worksheet, form: Mapping[str, Any]) -> Answers:
    """Return the answers to keep by question id: a text, an option, options, or rows of cells.

    Unanswered questions are left out, and so is what the worksheet does not ask. InvalidForm names each question whose
    answer is missing or does not fit.
    """
    answers: Answers = {}
    wrong: dict[str, str] = {}
    for question in sheet.questions:
        answer = _parsed(question, form.get(question.id))
        problem = _problem(question, answer)
        if problem:
            wrong[question.id] = problem
        elif answer:
            answers[question.id] = answer
    if wrong:
        raise InvalidForm(wrong)
    return answers


def as_text(question: Question, answer: Any) -> str:
    """An answer as lines: one a row of a table, one a chosen option."""
    if question.type is QuestionType.TABLE:
        return "\n".join(CELL_SEPARATOR.join(row) for row in answer)
    return "\n".join(answer) if isinstance(answer, list) else str(answer)


def as_field(question: Question, answer: Any) -> str:
    """An answer as it goes back into its text field, which holds 3,000 characters."""
    text = as_text(question, answer)
    if len(text) > FIELD_CHARACTERS and question.type is QuestionType.TABLE:
        text = text.replace(CELL_SEPARATOR, CELL_SEPARATOR.strip())
    return text


def _parsed(question: Question, value: Any) -> Any:
    if question.type is QuestionType.CHOICES:
        chosen = set(value or ())
        unknown = chosen - set(question.options)
        return [option for option in question.options if option in chosen] + sorted(unknown)
    text = str(value or "").replace("\r\n", "\n").strip()
    if question.type is QuestionType.TABLE:
        lines = [line for line in text.split("\n") if line.strip()]
        return [[cell.strip() for cell in line.split(CELL_SEPARATOR.strip())] for line in lines]
    return text


def _problem(question: Question, answer: Any) -> str:
    """The key of the sentence that says what is wrong; "" when nothing is."""
    if not answer:
        return "answer_missing" if question.required else ""
    if question.type is QuestionType.TABLE:
        return _table_problem(question, answer)
    if question.type in CHOSEN:
        chosen = answer if isinstance(answer, list) else [answer]
        return "" if set(chosen) <= set(question.options) else "choice_unknown"
    return _length_problem(question, answer)


def _table_problem(question: Question, rows: list[list[str]]) -> str:
    if any(len(row) != len(question.columns) for row in rows):
        return "table_cells"
    if len(rows) < question.rows_min:
        return "table_rows_missing"
    if len(rows) > question.rows_max:
        return "table_rows_many"
    return next(filter(None, (_length_problem(question, cell) for row in rows for cell in row)), "")


def _length_problem(question: Question, text: str) -> str:
    if len(text) < question.min_length:
        return "answer_short"
    return "answer_long" if len(text) > (question.max_length or FIELD_CHARACTERS) else ""
