"""Worksheets: opened with the guide of their session, filled in page by page, handed in as versions (programme §6).

Each page is saved when it is left, into a draft that any device can take up again. A page answers what was shown when
it was drawn: what another screen has changed since is shown beside it and never overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from programme.content.worksheet_pages import Page, pages_of
from programme.content.worksheets import Question, Worksheet, Worksheets
from programme.errors import Refusal
from programme.journal import Action
from programme.model.document import Document, DocumentState, RemarkState
from programme.model.group import Group
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.worksheet import Draft
from programme.ports import Ports, UnitOfWork
from programme.usecases import last_steps
from programme.usecases.answers import Answers, Problem, complete, parsed, problems_of
from programme.usecases.documents import (
    author_place,
    begin,
    keeps_works,
    posted_sessions,
    require_open,
    save_version,
    sheets_of,
    title_of,
)


@dataclass(frozen=True)
class Shown:
    """The page that a person answered, as it was drawn: ``revision`` of the draft, ``screen`` of the open form."""

    worksheet: str
    copy_number: int
    page: int
    revision: int
    screen: str


@dataclass(frozen=True)
class RowChange:
    """A row added at the end of a table, or the row of this index (from 0) taken away."""

    question: str
    removed: int | None = None


@dataclass(frozen=True)
class OpenWorksheet:
    """A worksheet at one page: the last one, after the questions, shows what would be handed in.

    ``rows`` is how many rows a table shows, where a person asked for more or fewer; ``conflicts`` holds what another
    screen answered meanwhile; ``changed`` is True when that happened to what was about to be handed in.
    """

    sheet: Worksheet
    copy_number: int
    page: int
    answers: Answers
    revision: int = 0
    resumed: bool = False
    remarks: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    conflicts: Answers = field(default_factory=dict)
    changed: bool = False

    @property
    def is_summary(self) -> bool:
        """Whether the questions are over."""
        return self.page >= len(pages_of(self.sheet))

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of this page; none on the last one."""
        return () if self.is_summary else pages_of(self.sheet)[self.page]


@dataclass(frozen=True)
class Submission:
    """What became of handing in: ``again`` is the form that must be looked at first, and then nothing was handed in.

    ``new_version`` is False when the worksheet said the same as the latest version.
    """

    document: Document | None = None
    new_version: bool = False
    again: OpenWorksheet | None = None


def open_worksheet(ports: Ports, *, caller: Caller, worksheet: str, copy_number: int = 1) -> OpenWorksheet:
    """Return the form of a worksheet where the member left it, or its last version from the first page.

    Refusal("worksheet_unknown"), ("worksheet_locked") before its guide, ("not_in_group") or ("programme_over").
    """
    with ports.reading() as uow:
        member, _, sheet = _unlocked(ports, uow, caller, worksheet, copy_number)
        draft = _draft(ports, uow, member, sheet, copy_number)
        opened = _opened(uow, draft, sheet, min(draft.page, len(pages_of(sheet))))
        return replace(opened, resumed=draft.pending)


def save_page(
    ports: Ports,
    *,
    caller: Caller,
    shown: Shown,
    answers: Mapping[str, Any],
    to: int,
    checked: bool = True,
    row: RowChange | None = None,
) -> OpenWorksheet:
    """Save what a page holds and return the form at page ``to``, or at the same page when something is in the way.

    ``answers`` maps a question's id to what the form holds. When ``checked``, answers that do not fit keep the person
    on the page, with ``problems``; they are saved all the same. What another screen answered meanwhile comes back as
    ``conflicts``, and what was typed over it is saved only when the page is saved again. Refusals are those of
    ``open_worksheet``.
    """
    with ports.uow() as uow:
        member, _, sheet = _unlocked(ports, uow, caller, shown.worksheet, shown.copy_number)
        page = pages_of(sheet)[shown.page] if 0 <= shown.page < len(pages_of(sheet)) else ()
        typed, rows = _read(page, answers, row)
        draft = _kept_draft(ports, uow, member, sheet, shown.copy_number)
        begun = draft.pending
        conflicts = merge(draft, typed, shown)
        problems = _problems(page, draft.answers) if checked else {}
        stays = bool(conflicts or problems)
        draft.page = shown.page if stays else max(0, min(to, len(pages_of(sheet))))
        draft.saved_at = ports.clock.now()
        draft.pending = draft.pending or draft.page > 0
        if sheet.owner_only and draft.pending and not begun:
            last_steps.refresh(ports, uow, member)
        uow.journal.write(
            caller.slack_user_id, Action.DRAFT_SAVED, draft.id, worksheet=sheet.key, page=shown.page, to=draft.page
        )
        opened = _opened(uow, draft, sheet, draft.page)
        if not stays:
            return replace(opened, rows=rows)
        held = {key: typed[key] for key in conflicts}
        return replace(opened, answers=draft.answers | held, rows=rows, problems=problems, conflicts=conflicts)


def hand_in_worksheet(ports: Ports, *, caller: Caller, shown: Shown) -> Submission:
    """Make the draft the next version and send it to the tutors, unless it is its owner's alone.

    The same answers as the latest version change nothing. Refusals are those of ``open_worksheet``.
    """
    with ports.uow() as uow:
        member, group, sheet = _unlocked(ports, uow, caller, shown.worksheet, shown.copy_number)
        draft = _kept_draft(ports, uow, member, sheet, shown.copy_number)
        kept = complete(sheet, draft.answers)
        summary = _opened(uow, draft, sheet, len(pages_of(sheet)))
        changed = any(draft.changed_since(one.id, shown.revision, screen=shown.screen) for one in sheet.questions)
        if changed or summary.problems:
            return Submission(again=replace(summary, changed=changed))
        title, now = title_of(sheet, shown.copy_number), ports.clock.now()
        document = begin(uow, member, group, sheet, copy_number=shown.copy_number, title=title, now=now)
        new = save_version(ports, uow, document, answers=kept)
        draft.revision, draft.pending, draft.page = draft.revision + 1, False, 0
        if sheet.owner_only:
            last_steps.refresh(ports, uow, member)
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


def sheet_named(sheets: Worksheets, worksheet: str, copy_number: int) -> Worksheet:
    """Return the worksheet of this key; Refusal("worksheet_unknown") when neither it nor that copy exists."""
    try:
        sheet = sheets.key(worksheet)
    except KeyError as error:
        raise Refusal("worksheet_unknown") from error
    if not 1 <= copy_number <= sheet.repeat:
        raise Refusal("worksheet_unknown")
    return sheet


def _unlocked(
    ports: Ports, uow: UnitOfWork, caller: Caller, worksheet: str, copy_number: int
) -> tuple[Member, Group, Worksheet]:
    member, group = author_place(uow, caller.slack_user_id)
    sheet = sheet_named(sheets_of(ports.content, group), worksheet, copy_number)
    if not (sheet.owner_only and keeps_works(group, ports.clock.now())):
        require_open(group)
    if sheet.session not in posted_sessions(uow, group.id):
        raise Refusal("worksheet_locked")
    return member, group, sheet


def _draft(ports: Ports, uow: UnitOfWork, member: Member, sheet: Worksheet, copy_number: int) -> Draft:
    """Return what was saved, or a draft, not kept yet, that says what the last version with answers said."""
    begun = uow.documents.draft(member.id, sheet.key, copy_number)
    return begun or Draft(
        id=new_id("dra"),
        member_id=member.id,
        worksheet=sheet.key,
        copy_number=copy_number,
        saved_at=ports.clock.now(),
        answers=_last_answers(uow, uow.documents.of_worksheet(member.id, sheet.key, copy_number), sheet),
    )


def _kept_draft(ports: Ports, uow: UnitOfWork, member: Member, sheet: Worksheet, copy_number: int) -> Draft:
    draft = _draft(ports, uow, member, sheet, copy_number)
    if not draft.revision:
        uow.documents.add_draft(draft)
    return draft


def _last_answers(uow: UnitOfWork, document: Document | None, sheet: Worksheet) -> Answers:
    asked = {question.id for question in sheet.questions}
    versions = uow.documents.versions(document.id) if document else []
    given = [version.answers for version in versions if asked & set(version.answers)]
    return dict(given[-1]) if given else {}


def _opened(uow: UnitOfWork, draft: Draft, sheet: Worksheet, page: int) -> OpenWorksheet:
    document = uow.documents.of_worksheet(draft.member_id, sheet.key, draft.copy_number)
    opened = OpenWorksheet(
        sheet=sheet,
        copy_number=draft.copy_number,
        page=page,
        answers=dict(draft.answers),
        revision=draft.revision,
        remarks=_remarks(uow, document) if document else (),
    )
    return replace(opened, problems=_problems(sheet.questions, draft.answers)) if opened.is_summary else opened


def _remarks(uow: UnitOfWork, document: Document) -> tuple[str, ...]:
    """What the tutor last returned on a document that is to be revised."""
    if document.state is not DocumentState.TO_REVISE:
        return ()
    returned = [one for one in uow.documents.remarks(document.id) if one.state is RemarkState.RETURNED]
    latest = max((one.turn for one in returned), default=0)
    return tuple(one.text for one in returned if one.turn == latest and one.text)


def _problems(questions: tuple[Question, ...], answers: Answers) -> dict[str, tuple[Problem, ...]]:
    found = {question.id: tuple(problems_of(question, answers.get(question.id))) for question in questions}
    return {key: problems for key, problems in found.items() if problems}


def _read(page: Page, answers: Mapping[str, Any], row: RowChange | None) -> tuple[Answers, dict[str, int]]:
    """What the page holds, tidied up, with its row added or taken away; and how many rows the table then shows."""
    given = {question.id: answers.get(question.id) for question in page}
    rows = _change_rows(given, row) if row else {}
    return {question.id: parsed(question, given[question.id]) for question in page}, rows


def _change_rows(given: dict[str, Any], row: RowChange) -> dict[str, int]:
    """Add or take away a row of what the page holds; return how many rows the table then shows."""
    cells = [list(cells) for cells in given.get(row.question) or ()]
    if row.removed is None:
        return {row.question: len(cells) + 1}
    given[row.question] = [one for index, one in enumerate(cells) if index != row.removed]
    return {row.question: len(given[row.question])}


def merge(draft: Draft, typed: Answers, shown: Shown) -> Answers:
    """Put what was typed into the draft; return the answers of another screen that it would have overwritten."""
    draft.revision += 1
    conflicts: Answers = {}
    for key, answer in typed.items():
        stored = draft.answers.get(key)
        if answer == stored or not (answer or stored):
            continue
        if draft.changed_since(key, shown.revision, screen=shown.screen):
            conflicts[key] = stored
        else:
            draft.put(key, answer, screen=shown.screen)
            draft.pending = True
    return conflicts
