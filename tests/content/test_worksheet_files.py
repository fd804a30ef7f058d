"""Worksheets as files: every one of them, filled in and blank, as PDF and as DOCX, read back."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from bot.gateways.pdf import TypstDocuments
from programme.content.printing import PrintedWorksheet
from programme.content.worksheet_print import blank, filled
from tests.usecases.tutoring import example_answers

HASH = "0123456789abcdef" * 4


@pytest.fixture
def printer(content) -> TypstDocuments:
    return TypstDocuments(content.trader)


def printed(sheet, **more) -> PrintedWorksheet:
    return filled(
        sheet,
        example_answers(sheet) | more,
        title=sheet.title,
        author="Élise Bérard",
        group="groupe 012 – Lyon",
        version=2,
        submitted_at=datetime(2026, 11, 23, 9, 10, tzinfo=UTC),
        sha256=HASH,
    )


def squeezed(text: str) -> str:
    return "".join(text.split())


def in_pdf(content: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))


def in_docx(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return squeezed("".join([paragraph.text for paragraph in document.paragraphs] + cells))


@pytest.mark.parametrize("number", range(1, 17))
def test_every_question_and_answer_stands_in_both_files(printer, content, number) -> None:
    sheet = content.worksheets[number - 1]
    facts = printed(sheet).model_dump()
    pdf, docx = in_pdf(printer.render("fiche", facts)), in_docx(printer.render_word(facts))
    for question in sheet.questions:
        assert squeezed(question.label) in docx
        for line in question.example.replace(" | ", "\n").splitlines():
            assert squeezed(line) in docx
    assert squeezed(sheet.questions[0].label) in pdf
    assert HASH in docx


@pytest.mark.parametrize("number", range(1, 17))
def test_every_blank_template_asks_and_answers_nothing(printer, content, number) -> None:
    sheet = content.worksheets[number - 1]
    facts = blank(sheet).model_dump()
    pdf, docx = in_pdf(printer.render("fiche", facts)), in_docx(printer.render_word(facts))
    for question in sheet.questions:
        assert squeezed(question.label) in docx
        assert squeezed(question.help) in docx
        if question.columns or not question.options:
            assert squeezed(question.example) not in docx
    assert "Sansréponse" not in docx + pdf
    assert "Nom:" in docx
    assert "Nom:" in pdf


def test_the_same_version_gives_the_same_bytes(printer, content) -> None:
    facts = printed(content.worksheets.key("F06")).model_dump()

    assert printer.render_word(facts) == printer.render_word(facts)
    assert printer.render("fiche", facts) == printer.render("fiche", facts)


def test_what_a_person_typed_is_shown_as_typed_whatever_it_is(printer, content) -> None:
    sheet = content.worksheets.key("F01")
    odd = '#panic("x") <b>$x$</b> & *gras*\x00\x0b\n\n\U0001f600 你好'
    facts = printed(sheet, situation=odd, urgence="").model_dump()
    pdf, docx = in_pdf(printer.render("fiche", facts)), in_docx(printer.render_word(facts))

    assert squeezed('#panic("x") <b>$x$</b> & *gras*\U0001f600你好') in docx
    assert squeezed('#panic("x") <b>$x$</b> & *gras*\U0001f600□□') in pdf
    assert "Sansréponse" in docx
    assert "Sansréponse" in pdf


def test_a_docx_can_be_followed_by_a_screen_reader(printer, content) -> None:
    sheet = content.worksheets.key("F06")
    document = Document(BytesIO(printer.render_word(printed(sheet).model_dump())))

    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name.startswith("Heading")]
    assert headings == [sheet.title, *(question.label for question in sheet.questions)]
    assert document.core_properties.language == "fr-FR"
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in document.tables)
