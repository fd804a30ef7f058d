"""Worksheets for a word processor: DOCX with real headings and tables; the same facts give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from programme.content.printing import PrintedQuestion, PrintedWorksheet, readable

ACCENT, QUIET = RGBColor(0x14, 0x54, 0x6B), RGBColor(0x4B, 0x55, 0x63)
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
"""Dates of the file itself say nothing: the version's own is in the text."""


def worksheet_as_docx(facts: PrintedWorksheet, publisher: str) -> bytes:
    """The document; ``publisher`` is the operator's name."""
    document = Document()
    _prepare(document, facts, publisher)
    document.add_heading(facts.title, level=1)
    _paragraph(document, f"Fiche {facts.key} – séance {facts.session} sur 16", quiet=True)
    _beginning(document, facts)
    for question in facts.questions:
        _question(document, question, blank=facts.version == 0)
    if facts.sha256:
        _paragraph(document, f"Empreinte SHA-256 du contenu de cette version : {facts.sha256}", quiet=True, size=8)
    return _same_bytes(document)


def _prepare(document: WordDocument, facts: PrintedWorksheet, publisher: str) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.language = f"Fiche {facts.key}, {facts.title}", publisher, "fr-FR"
    properties.comments, properties.last_modified_by = "", publisher
    properties.created = properties.modified = NO_DATE
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    normal.element.get_or_add_rPr().append(language)
    for level in (1, 2):
        style = document.styles[f"Heading {level}"]
        style.font.color.rgb, style.font.size = ACCENT, Pt(20 if level == 1 else 13)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(22)
    page.header.paragraphs[0].text = f"{publisher} – fiche {facts.key}"


def _beginning(document: WordDocument, facts: PrintedWorksheet) -> None:
    if facts.version == 0:
        document.add_paragraph(facts.intro)
        _paragraph(document, f"Environ {facts.minutes} minutes.", quiet=True)
        document.add_paragraph("Nom : ")
        return
    shown: Mapping[str, Any] = readable("fiche", facts.model_dump())
    for name, value in (
        ("Écrite par", facts.author),
        ("Groupe", facts.group),
        ("Version", f"{facts.version}, enregistrée le {shown['submitted_at']}"),
    ):
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{name} : ").bold = True
        paragraph.add_run(value)


def _question(document: WordDocument, question: PrintedQuestion, *, blank: bool) -> None:
    document.add_heading(question.label, level=2)
    if question.help:
        _paragraph(document, question.help + (" (facultatif)" if question.optional else ""), quiet=True)
    if question.columns and question.rows:
        _table(document, question)
    elif question.options:
        for option, chosen in question.options:
            choice = document.add_paragraph()
            choice.paragraph_format.space_after = Pt(2)
            choice.add_run(f"{'☒' if chosen else '☐'} {option}").bold = chosen
    elif blank:
        document.add_paragraph()
    else:
        for line in question.lines if question.answered else ():
            document.add_paragraph(line)
    if not blank and not question.answered:
        _paragraph(document, "Sans réponse", quiet=True)


def _table(document: WordDocument, question: PrintedQuestion) -> None:
    table = document.add_table(rows=1, cols=len(question.columns), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, question.columns, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
    header = OxmlElement("w:tblHeader")  # repeated on each page, and told to screen readers
    table.rows[0]._tr.get_or_add_trPr().append(header)
    for row in question.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _paragraph(document: WordDocument, text: str, *, quiet: bool = False, size: int = 10) -> None:
    run = document.add_paragraph().add_run(text)
    if quiet:
        run.font.color.rgb, run.font.size = QUIET, Pt(size)


def _same_bytes(document: WordDocument) -> bytes:
    """Save, then give every part of the archive one date: python-docx writes the present into each."""
    saved, tidy = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(tidy, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            archive.writestr(zipfile.ZipInfo(name, NO_DATE.timetuple()[:6]), parts.read(name), zipfile.ZIP_DEFLATED)
    return tidy.getvalue()
