"""Worksheets: opened with the guide of their session, filled in online, re-opened at will."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from programme.content.worksheets import Worksheet
from programme.errors import Refusal
from programme.journal import Action
from programme.model.document import Document
from programme.model.group import Group
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.usecases.answers import Answers, cleaned
from programme.usecases.documents import author_place, begin, posted_sessions, require_open, save_version, title_of


@dataclass(frozen=True)
class OpenWorksheet:
    """A worksheet ready to be filled in: what it asks, and what was answered last."""

    sheet: Worksheet
    copy_number: int
    answers: Answers


@dataclass(frozen=True)
class Submission:
    """What became of a form: ``new_version`` is False when it said the same as the latest version."""

    document: Document
    new_version: bool


def open_worksheet(ports: Ports, *, caller: Caller, worksheet: str, copy_number: int = 1) -> OpenWorksheet:
    """Return the form of a worksheet with the answers of its last version that has any.

    Refusal("worksheet_unknown"), ("worksheet_locked") before its guide, ("not_in_group") or ("programme_over").
    """
    sheet = sheet_named(ports, worksheet, copy_number)
    with ports.reading() as uow:
        member, group = author_place(uow, caller.slack_user_id)
        _require_unlocked(uow, group, sheet)
        begun = uow.documents.of_worksheet(member.id, sheet.key, copy_number)
        versions = uow.documents.versions(begun.id) if begun else []
        asked = {question.id for question in sheet.questions}
        given = [version.answers for version in versions if asked & set(version.answers)]
    return OpenWorksheet(sheet, copy_number, given[-1] if given else {})


def submit_worksheet(
    ports: Ports, *, caller: Caller, worksheet: str, answers: Mapping[str, Any], copy_number: int = 1
) -> Submission:
    """Save a filled-in worksheet as its next version and send it to the tutors, unless it is its owner's alone.

    ``answers`` maps a question's id to what the form holds. InvalidForm names the questions to correct; refusals are
    those of ``open_worksheet``. The same answers as the latest version change nothing.
    """
    sheet = sheet_named(ports, worksheet, copy_number)
    kept = cleaned(sheet, answers)
    with ports.uow() as uow:
        member, group = author_place(uow, caller.slack_user_id)
        _require_unlocked(uow, group, sheet)
        title = title_of(sheet, copy_number)
        document = begin(uow, member, group, sheet, copy_number=copy_number, title=title, now=ports.clock.now())
        new = save_version(ports, uow, document, answers=kept)
        if new:
            uow.journal.write(
                caller.slack_user_id,
                Action.DOCUMENT_SUBMITTED,
                document.id,
                worksheet=sheet.key,
                number=document.versions,
                handed_in=document.handed_in == document.versions,
            )
        return Submission(document, new)


def sheet_named(ports: Ports, worksheet: str, copy_number: int) -> Worksheet:
    """Return the worksheet of this key; Refusal("worksheet_unknown") when neither it nor that copy exists."""
    try:
        sheet = ports.content.worksheets.key(worksheet)
    except KeyError as error:
        raise Refusal("worksheet_unknown") from error
    if not 1 <= copy_number <= sheet.repeat:
        raise Refusal("worksheet_unknown")
    return sheet


def _require_unlocked(uow: UnitOfWork, group: Group, sheet: Worksheet) -> None:
    require_open(group)
    if sheet.session not in posted_sessions(uow, group.id):
        raise Refusal("worksheet_locked")
