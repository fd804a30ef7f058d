"""A worksheet is filled in page by page: a few questions on each, a table on a page of its own."""

from __future__ import annotations

from programme.content.worksheets import Question, QuestionType, Worksheet

QUESTIONS_A_PAGE = 3

Page = tuple[Question, ...]


def pages_of(sheet: Worksheet) -> tuple[Page, ...]:
    """The questions of a worksheet in order, spread over pages; what is shown before handing in comes after them."""
    pages: list[list[Question]] = []
    for question in sheet.questions:
        alone = question.type is QuestionType.TABLE
        if alone or not pages or len(pages[-1]) == QUESTIONS_A_PAGE or pages[-1][0].type is QuestionType.TABLE:
            pages.append([])
        pages[-1].append(question)
    return tuple(tuple(page) for page in pages)
