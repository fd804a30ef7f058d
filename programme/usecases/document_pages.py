"""One document as its author looks at it: where it stands, every version, and the remarks on each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from programme.errors import NotAllowed
from programme.messages.documents import NamedFile
from programme.model.document import Document, DocumentState, DocumentVersion, RemarkState
from programme.model.group import GroupState
from programme.model.member import Member
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.usecases.document_posts import named_files, shown_state
from programme.usecases.document_sharing import Audience, audience
from programme.usecases.documents import author_place, open_sheets, sheets_of, title_of
from programme.usecases.worksheet_prints import latest_answered
from programme.usecases.worksheets import sheet_named


@dataclass(frozen=True)
class VersionLine:
    """One version with what was answered to it; ``handed_in`` is False for one that its author keeps."""

    number: int
    submitted_at: datetime
    sha256: str
    handed_in: bool
    files: tuple[NamedFile, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class DocumentPage:
    """Everything about one document; ``state`` is None for a worksheet that is open and not handed in yet.

    ``fillable`` tells that the worksheet can still be filled in, ``pending`` that a draft of it waits, ``printable``
    that a version of it was filled in online. ``shared`` is the version that the group may read, 0 for none;
    ``audience`` is who would read it, None when it cannot be shared now.
    """

    title: str
    worksheet: str
    copy_number: int
    document_id: str = ""
    state: DocumentState | None = None
    due_at: datetime | None = None
    fillable: bool = False
    pending: bool = False
    printable: bool = False
    shared: int = 0
    audience: Audience | None = None
    versions: tuple[VersionLine, ...] = ()


def look(ports: Ports, *, caller: Caller, reference: str) -> DocumentPage:
    """Return the caller's document of this id, or of this copy of a worksheet ("F09-2").

    NotAllowed when it is somebody else's; NotFound, Refusal("worksheet_unknown") or ("not_in_group") otherwise.
    """
    with ports.reading() as uow:
        if reference.startswith("doc_"):
            document = uow.documents.get(reference)
            member = uow.members.get(document.member_id)
            if member.slack_user_id != caller.slack_user_id:
                raise NotAllowed
            return _with_form(ports, uow, member, _begun(uow, document))
        key, copy_number = copy_of(reference)
        member, group = author_place(uow, caller.slack_user_id)
        sheet = sheet_named(sheets_of(ports.content, group), key, copy_number)
        found = uow.documents.of_worksheet(member.id, key, copy_number)
        page = _begun(uow, found) if found else DocumentPage(title_of(sheet, copy_number), key, copy_number)
        return _with_form(ports, uow, member, page)


def copy_of(reference: str) -> tuple[str, int]:
    """The worksheet and the number of the copy that « F09-2 » names; a number that is none gives 0."""
    key, _, number = reference.partition("-")
    return key, int(number) if number.isascii() and number.isdigit() else 0


def _begun(uow: UnitOfWork, document: Document) -> DocumentPage:
    live = uow.documents.live_share(document.id)
    return DocumentPage(
        title=document.title,
        worksheet=document.worksheet,
        copy_number=document.copy_number,
        document_id=document.id,
        state=shown_state(document),
        due_at=document.due_at,
        printable=latest_answered(uow, document) is not None,
        shared=live.number if live else 0,
        audience=_audience(uow, document),
        versions=tuple(_line(uow, document, version) for version in uow.documents.versions(document.id)),
    )


def _audience(uow: UnitOfWork, document: Document) -> Audience | None:
    member = uow.members.get(document.member_id)
    seat = uow.groups.started_seat(member.id)
    group = uow.groups.get(seat.group_id) if seat else None
    return audience(uow, group, member) if group and group.state is not GroupState.ARCHIVED else None


def _line(uow: UnitOfWork, document: Document, version: DocumentVersion) -> VersionLine:
    remarks = [one for one in uow.documents.remarks(document.id) if one.state is RemarkState.RETURNED]
    return VersionLine(
        number=version.number,
        submitted_at=version.submitted_at,
        sha256=version.sha256,
        handed_in=version.number <= document.handed_in,
        files=named_files(uow, version.files),
        remarks=tuple(one.text for one in remarks if one.turn == version.number and one.text),
    )


def _with_form(ports: Ports, uow: UnitOfWork, member: Member, page: DocumentPage) -> DocumentPage:
    """Whether the worksheet can be filled in, and whether a draft waits."""
    if not page.worksheet:
        return page
    draft = uow.documents.draft(member.id, page.worksheet, page.copy_number)
    opened = {sheet.key for sheet in open_sheets(ports, uow, member)}
    return replace(page, fillable=page.worksheet in opened, pending=draft is not None and draft.pending)
