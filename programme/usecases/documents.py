"""Documents that members hand in: which are open, their versions, and the promise to read them (programme §6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from programme.content import Content
from programme.content.worksheets import Worksheet, Worksheets
from programme.errors import NotAllowed, Refusal
from programme.journal import Action
from programme.model.document import Document, DocumentState, DocumentVersion, fingerprint
from programme.model.group import Group, GroupState
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.closing import works_until
from programme.rules.instants import day_in
from programme.usecases.document_posts import acknowledge, show_card, show_content, shown_state
from programme.usecases.promises import promise, release
from programme.usecases.reading import offer_help
from programme.usecases.tutoring import route


@dataclass(frozen=True)
class MyDocument:
    """One line of a member's documents; ``state`` is None for a worksheet that is open and not handed in yet.

    ``pending`` tells that a draft of it waits.
    """

    title: str
    worksheet: str
    copy_number: int
    document_id: str = ""
    state: DocumentState | None = None
    versions: int = 0
    due_at: datetime | None = None
    pending: bool = False


def title_of(sheet: Worksheet, copy_number: int) -> str:
    """The name of a worksheet, with the number of the copy where there are several."""
    title = f"{sheet.key} · {sheet.title}"
    return f"{title} · {copy_number}" if sheet.repeat > 1 else title


def author_place(uow: UnitOfWork, slack_user_id: str) -> tuple[Member, Group]:
    """Return the member and the group they work in; Refusal("not_in_group") before their sessions begin."""
    member = uow.members.by_slack(slack_user_id)
    seat = uow.groups.started_seat(member.id) if member else None
    if member is None or seat is None:
        raise Refusal("not_in_group")
    return member, uow.groups.get(seat.group_id)


def require_open(group: Group) -> None:
    """Refusal("programme_over") once the group's channel is closed: nobody would read what is handed in."""
    if group.state is GroupState.ARCHIVED:
        raise Refusal("programme_over")


def keeps_works(group: Group, now: datetime) -> bool:
    """Whether the members' works are still with us: after that day, what is written would be erased in the night."""
    return group.finished_at is None or day_in(now, group.zone) <= works_until(group.finished_at, group.zone)


def my_documents(ports: Ports, caller: Caller) -> list[MyDocument]:
    """The caller's documents and the worksheets open to them, by session; files of their own come last."""
    with ports.reading() as uow:
        member = uow.members.by_slack(caller.slack_user_id)
        begun = uow.documents.of_member(member.id) if member else []
        known = {(document.worksheet, document.copy_number) for document in begun if document.worksheet}
        lines = [_line(document) for document in begun]
        if member is not None:
            lines += [
                MyDocument(title_of(sheet, number), sheet.key, number)
                for sheet in open_sheets(ports, uow, member)
                for number in range(1, sheet.repeat + 1)
                if (sheet.key, number) not in known
            ]
        drafts = uow.documents.drafts_of(member.id) if member else []
    waiting = {(draft.worksheet, draft.copy_number) for draft in drafts if draft.pending}
    lines = [replace(line, pending=(line.worksheet, line.copy_number) in waiting) for line in lines]
    return sorted(lines, key=lambda line: (not line.worksheet, line.worksheet, line.copy_number))


def _line(document: Document) -> MyDocument:
    return MyDocument(
        title=document.title,
        worksheet=document.worksheet,
        copy_number=document.copy_number,
        document_id=document.id,
        state=shown_state(document),
        versions=document.versions,
        due_at=document.due_at,
    )


def open_sheets(ports: Ports, uow: UnitOfWork, member: Member) -> list[Worksheet]:
    """Return the worksheets that the member may fill in now: their guide is out.

    Once the group is archived, those remain that belong to their owner alone, for as long as works are kept: nobody
    else would have read them.
    """
    seat = uow.groups.started_seat(member.id)
    group = uow.groups.get(seat.group_id) if seat else None
    if group is None:
        return []
    numbers, over = posted_sessions(uow, group.id), group.state is GroupState.ARCHIVED
    sheets = [sheet for sheet in sheets_of(ports.content, group) if sheet.session in numbers]
    kept = keeps_works(group, ports.clock.now())
    return [sheet for sheet in sheets if not over or (sheet.owner_only and kept)]


def sheets_of(content: Content, group: Group) -> Worksheets:
    """Return the worksheets with which the group started."""
    return content.worksheets_of(group.worksheets_version)


def posted_sessions(uow: UnitOfWork, group_id: str) -> set[int]:
    """The numbers of the sessions whose guide was posted: their worksheets are open."""
    return {session.number for session in uow.sessions.of_group(group_id) if session.guide_posted_at}


def hand_in(ports: Ports, *, caller: Caller, document_id: str) -> Document:
    """The owner hands in a worksheet that was kept; a second press changes nothing."""
    with ports.uow() as uow:
        document = uow.documents.get(document_id)
        if uow.members.get(document.member_id).slack_user_id != caller.slack_user_id:
            raise NotAllowed
        require_open(uow.groups.get(document.group_id))
        if document.handed_in < document.versions:
            hand_over(ports, uow, document)
            uow.journal.write(
                caller.slack_user_id, Action.DOCUMENT_SUBMITTED, document.id, number=document.versions, handed_in=True
            )
        return document


def begin(
    uow: UnitOfWork,
    member: Member,
    group: Group,
    sheet: Worksheet | None,
    *,
    copy_number: int,
    title: str,
    now: datetime,
) -> Document:
    """Return the member's document for this worksheet, or a new one; a file of their own is always new."""
    begun = uow.documents.of_worksheet(member.id, sheet.key, copy_number) if sheet else None
    if begun is not None:
        begun.group_id = group.id
        return begun
    document = Document(
        id=new_id("doc"),
        member_id=member.id,
        group_id=group.id,
        worksheet=sheet.key if sheet else "",
        title=title,
        created_at=now,
        state=DocumentState.KEPT,
        copy_number=copy_number,
    )
    uow.documents.add(document)
    return document


def save_version(
    ports: Ports,
    uow: UnitOfWork,
    document: Document,
    *,
    answers: dict[str, Any],
    files: tuple[str, ...] = (),
) -> bool:
    """Save a version and send it on its way; False when it says the same as the latest (a double submit).

    A worksheet that belongs to its owner alone is saved and acknowledged, and no tutor hears of it.
    """
    digests = _digests(uow, files)
    latest = uow.documents.versions(document.id)[-1:]
    if latest and latest[0].answers == answers and _digests(uow, latest[0].files) == digests:
        return False
    document.versions += 1
    version = DocumentVersion(
        id=new_id("ver"),
        document_id=document.id,
        number=document.versions,
        submitted_at=ports.clock.now(),
        answers=answers,
        files=files,
        sha256=fingerprint(document.worksheet, document.copy_number, answers, digests),
    )
    uow.documents.add_version(version)
    sheets = sheets_of(ports.content, uow.groups.get(document.group_id))
    if document.worksheet and sheets.key(document.worksheet).owner_only:
        acknowledge(uow, document)
    else:
        hand_over(ports, uow, document)
    return True


def _digests(uow: UnitOfWork, file_ids: Sequence[str]) -> list[str]:
    return [uow.documents.file(file_id).sha256 for file_id in file_ids]


def hand_over(ports: Ports, uow: UnitOfWork, document: Document) -> None:
    """Show the latest version to the tutors: promise, clocks, receipt, card and content."""
    release(uow, document)
    document.handed_in = document.versions
    if document.state not in {DocumentState.RECEIVED, DocumentState.IN_REVIEW}:
        document.move_to(DocumentState.RECEIVED)
    document.validated_at = None
    if document.state is DocumentState.RECEIVED:
        route(ports, uow, document)
    promise(ports, uow, document)
    acknowledge(uow, document)
    show_card(uow, document)
    show_content(ports.content, uow, document)
    if document.state is DocumentState.IN_REVIEW:
        offer_help(ports.content, uow, document)
