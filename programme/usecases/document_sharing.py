"""A document and the author's group: shown in its channel by the author's act alone, and taken back at will."""

from __future__ import annotations

from dataclasses import dataclass

from programme.effects import Post, ShareFiles, SharePrinted, TakeBack
from programme.errors import NotAllowed
from programme.journal import Action
from programme.messages.sharing import DocumentShared
from programme.model.document import Document, DocumentVersion
from programme.model.group import Group
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.share import Share
from programme.ports import Ports, UnitOfWork
from programme.usecases.documents import author_place, require_open
from programme.usecases.groups import members_of


@dataclass(frozen=True)
class Audience:
    """Who would read a document that is shared now: the other members by first name, and the group's tutor."""

    first_names: tuple[str, ...]
    tutor_user: str


def audience(uow: UnitOfWork, group: Group, author: Member) -> Audience:
    """Return who reads the group's channel besides the author; people invited by hand may be there too."""
    others = [member for member in members_of(uow, group.id) if member.id != author.id]
    return Audience(tuple(member.first_name for member in others), group.tutor_id)


def share(ports: Ports, *, caller: Caller, document_id: str) -> Share:
    """Show the latest version in the group's channel, in place of an older one; a second press changes nothing.

    NotAllowed for everybody but the author; Refusal("not_in_group") or ("programme_over").
    """
    with ports.uow() as uow:
        document, member = _own(uow, caller, document_id)
        _, group = author_place(uow, caller.slack_user_id)
        require_open(group)
        live = uow.documents.live_share(document.id)
        if live is not None and (live.number, live.group_id) == (document.versions, group.id):
            return live
        if live is not None:
            _take_back(ports, uow, caller, live)
        made = Share(new_id("sha"), document.id, document.versions, group.id, ports.clock.now())
        uow.documents.add_share(made)
        _show(uow, made, document, member)
        uow.journal.write(caller.slack_user_id, Action.DOCUMENT_SHARED, document.id, number=made.number, group=group.id)
        return made


def revoke(ports: Ports, *, caller: Caller, document_id: str) -> None:
    """Take the document out of the group's channel; nothing happens when it is not shared. NotAllowed as for ``share``.

    What others have read, downloaded or answered meanwhile stays: nobody can take that back.
    """
    with ports.uow() as uow:
        document, _ = _own(uow, caller, document_id)
        live = uow.documents.live_share(document.id)
        if live is not None:
            _take_back(ports, uow, caller, live)


def _own(uow: UnitOfWork, caller: Caller, document_id: str) -> tuple[Document, Member]:
    document = uow.documents.get(document_id)
    member = uow.members.get(document.member_id)
    if member.slack_user_id != caller.slack_user_id:
        raise NotAllowed
    return document, member


def _show(uow: UnitOfWork, made: Share, document: Document, member: Member) -> None:
    to = f"group:{made.group_id}"
    message = DocumentShared(author_user=member.slack_user_id, title=document.title, version=made.number)
    uow.outbox.put(made.post_key, Post(to=to, message=message), lane=to)
    version = uow.documents.versions(document.id)[made.number - 1]
    uow.outbox.put(made.files_key, _files(made, document, version), lane=to)


def _files(made: Share, document: Document, version: DocumentVersion) -> ShareFiles | SharePrinted:
    to = f"group:{made.group_id}"
    if version.files:
        return ShareFiles(to=to, file_ids=version.files, in_reply_to=made.post_key)
    return SharePrinted(
        to=to,
        worksheet=document.worksheet,
        document_id=document.id,
        number=made.number,
        formats=("pdf",),
        in_reply_to=made.post_key,
    )


def _take_back(ports: Ports, uow: UnitOfWork, caller: Caller, live: Share) -> None:
    live.revoked_at = ports.clock.now()
    gone = TakeBack(post_key=live.post_key, files_key=live.files_key)
    uow.outbox.put(f"{live.post_key}:revoked", gone, lane=f"group:{live.group_id}")
    uow.journal.write(caller.slack_user_id, Action.SHARE_REVOKED, live.document_id, number=live.number)
