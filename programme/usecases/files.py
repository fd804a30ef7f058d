"""Files that people share with the bot: announced by an event, read at delivery, kept in our own store (programme §6).

A listener only notes what was shared; the content is fetched by the outbox, so that Slack's answer is never awaited
inside a transaction. What cannot be kept is told to whoever shared it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from programme.content.worksheets import Worksheet, Worksheets
from programme.effects import FetchFiles, RemoveFiles, ShareFiles
from programme.errors import Refusal, Unreadable
from programme.journal import Action
from programme.messages.documents import NotReceived
from programme.model.document import Remark, RemarkState, StoredFile
from programme.model.group import Group
from programme.model.ids import new_id
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.filenames import safe_name
from programme.usecases import pings
from programme.usecases.conversations import author_of, card_key, conversation, fresh_key, receipt_key
from programme.usecases.documents import (
    author_place,
    begin,
    posted_sessions,
    require_open,
    save_version,
    sheets_of,
    title_of,
)

LARGEST = 50_000_000
_NAMED = re.compile(r"\bF0?(\d{1,2})(?:-(\d))?\b", re.IGNORECASE)


@dataclass(frozen=True)
class SharedFile:
    """A file as an event announces it; ``size`` in bytes, None when Slack does not tell."""

    id: str
    name: str
    size: int | None


def submit_file(
    ports: Ports, *, caller: Caller, source: str, files: Sequence[SharedFile], text: str, event_id: str
) -> None:
    """A member dropped files in the bot's direct messages: fetch them, and answer at once about those that cannot be.

    ``source`` is ``channel:ts`` of the message; ``text`` may name a worksheet ("F05", "F09-2" for its second copy).
    """
    with ports.uow() as uow:
        uow.inbox.claim("slack", event_id)
        try:
            _, group = author_place(uow, caller.slack_user_id)
            require_open(group)
        except Refusal as refusal:
            refuse(uow, user=caller.slack_user_id, source=source, refused=[("", refusal.key)])
            return
        fetch_later(
            uow,
            FetchFiles(
                purpose="document",
                user=caller.slack_user_id,
                source=source,
                slack_file_ids=(),
                worksheet=named_worksheet(ports, uow, group, text),
                note=text,
            ),
            files,
        )
        uow.journal.write(caller.slack_user_id, Action.FILES_ANNOUNCED, group.id, files=len(files))


def fetch_later(uow: UnitOfWork, effect: FetchFiles, files: Sequence[SharedFile]) -> None:
    """Put the fetching of these files on its way, once a message, and tell about those that cannot be kept."""
    good, refused = _sorted_out(files)
    if good:
        names = {file.id: safe_name(file.name) for file in good if file.name}
        wanted = effect.model_copy(update={"slack_file_ids": tuple(file.id for file in good), "names": names})
        uow.outbox.put(f"fetch:{effect.source}", wanted, lane=f"files:{effect.user}")
    _refuse(uow, effect, refused)


def _sorted_out(files: Iterable[SharedFile]) -> tuple[list[SharedFile], list[tuple[str, str]]]:
    good: list[SharedFile] = []
    refused: list[tuple[str, str]] = []
    for file in files:
        problem = "" if file.size is None else _size_problem(file.size)
        if problem:
            refused.append((file.name, problem))
        else:
            good.append(file)
    return good, refused


def _size_problem(size: int) -> str:
    if size == 0:
        return "file_empty"
    return "file_too_large" if size > LARGEST else ""


def named_worksheet(ports: Ports, uow: UnitOfWork, group: Group, text: str) -> str:
    """The worksheet that a text names, as ``F05`` or ``F09-2``, if it is open; "" otherwise."""
    posted = posted_sessions(uow, group.id)
    for number, copy in _NAMED.findall(text):
        sheet = next((sheet for sheet in sheets_of(ports.content, group) if sheet.key == f"F{int(number):02d}"), None)
        if sheet and sheet.session in posted and 1 <= int(copy or 1) <= sheet.repeat:
            return f"{sheet.key}-{int(copy or 1)}"
    return ""


def fetch(ports: Ports, effect: FetchFiles) -> dict[str, Any]:
    """Read the files and keep their contents; no transaction is open. Retryable when Slack may answer later."""
    kept: list[dict[str, Any]] = []
    refused: list[tuple[str, str]] = []
    for slack_file_id in effect.slack_file_ids:
        name = effect.names.get(slack_file_id, "")
        try:
            told, pieces = ports.workspace.fetch_file(slack_file_id)
            name = told or name
            content = ports.files.keep(pieces)
        except Unreadable as error:
            refused.append((name, error.key))
            continue
        if problem := _size_problem(content.size):
            refused.append((name, problem))
            continue
        facts = {"slack_file_id": slack_file_id, "name": safe_name(name), **asdict(content)}
        kept.append(facts)
    return {"kept": kept, "refused": refused}


def keep_only(uow: UnitOfWork, source: str, slack_file_ids: Iterable[str]) -> None:
    """The message now holds these files only: what is still on its way here must not arrive any more."""
    row = uow.outbox.get(f"fetch:{source}")
    if row is not None:
        wanted = set(slack_file_ids)
        row.effect = {**row.effect, "slack_file_ids": [one for one in row.effect["slack_file_ids"] if one in wanted]}


def take_back(uow: UnitOfWork, source: str, *, kept: Sequence[str]) -> None:
    """Files that a reply no longer holds: those on their way are not passed on, those passed on are removed."""
    keep_only(uow, source, kept)
    share_key = f"reply:{source}:files"
    row = uow.outbox.get(share_key)
    shared = row.effect["file_ids"] if row else []
    gone = tuple(one for one in shared if uow.documents.file(one).slack_file_id not in kept)
    if gone:
        removal = RemoveFiles(share_key=share_key, file_ids=gone)
        uow.outbox.put(fresh_key(uow, f"{share_key}:removed"), removal, lane="tutors")


def fetched(ports: Ports, uow: UnitOfWork, effect: FetchFiles, extra: dict[str, Any]) -> tuple[StoredFile, ...]:
    """The contents are in our store: give them to the document, remark or reply that waited for them; return them.

    A file that was taken off its message while it was read goes to nobody.
    """
    row = uow.outbox.get(f"fetch:{effect.source}")
    wanted = row.effect["slack_file_ids"] if row else effect.slack_file_ids
    kept = [facts for facts in extra["kept"] if facts["slack_file_id"] in wanted]
    stored = tuple(_store(ports, uow, effect, facts) for facts in kept)
    _refuse(uow, effect, [(name, key) for name, key in extra["refused"]])
    if not stored:
        return ()
    match effect.purpose:
        case "document":
            _hand_in(ports, uow, effect, stored)
        case "remark":
            _attach(uow, effect, stored, ports.clock.now())
        case "reply":
            _pass_on(uow, effect, stored)
        case "exemption":
            share = ShareFiles(to="admins", file_ids=tuple(file.id for file in stored), in_reply_to=effect.document_id)
            uow.outbox.put(f"{effect.document_id}:files", share, lane="admins")
        case "absence":
            pass  # the caller gives them to the absence
    return stored


def _store(ports: Ports, uow: UnitOfWork, effect: FetchFiles, facts: dict[str, Any]) -> StoredFile:
    file = StoredFile(
        id=new_id("fil"),
        sha256=facts["sha256"],
        name=facts["name"],
        mimetype=facts["mimetype"][:120],
        size=facts["size"],
        stored_at=ports.clock.now(),
        slack_file_id=facts["slack_file_id"],
        owner_id=effect.user,
    )
    uow.documents.add_file(file)
    uow.journal.write(effect.user, Action.FILES_RECEIVED, file.id, sha256=file.sha256, size=file.size)
    return file


def _hand_in(ports: Ports, uow: UnitOfWork, effect: FetchFiles, stored: Sequence[StoredFile]) -> None:
    try:
        member, group = author_place(uow, effect.user)
    except Refusal as refusal:
        _refuse(uow, effect, [("", refusal.key)])
        return
    sheet, copy_number = _worksheet(sheets_of(ports.content, group), effect.worksheet)
    title = title_of(sheet, copy_number) if sheet else stored[0].name[:200]
    document = begin(uow, member, group, sheet, copy_number=copy_number, title=title, now=ports.clock.now())
    answers = {"note": effect.note} if effect.note else {}
    if save_version(ports, uow, document, answers=answers, files=tuple(file.id for file in stored)):
        uow.journal.write(
            effect.user, Action.DOCUMENT_SUBMITTED, document.id, number=document.versions, files=len(stored)
        )


def _worksheet(sheets: Worksheets, name: str) -> tuple[Worksheet | None, int]:
    key, _, copy = name.partition("-")
    return (sheets.key(key), int(copy)) if key else (None, 1)


def _attach(uow: UnitOfWork, effect: FetchFiles, stored: Sequence[StoredFile], now: datetime) -> None:
    """A remark's files follow it: they wait with a draft, and go at once when the remark went before them."""
    remark = uow.documents.remark_from(effect.source)
    if remark is None or remark.state is RemarkState.DELETED:
        return
    remark.files = (*remark.files, *(file.id for file in stored))
    if remark.state is RemarkState.RETURNED:
        _share_with_author(uow, remark, stored, now)


def _share_with_author(uow: UnitOfWork, remark: Remark, stored: Sequence[StoredFile], now: datetime) -> None:
    user = author_of(uow, conversation(uow, remark.subject_id))
    ids, root = [file.id for file in stored], receipt_key(remark.subject_id)
    pings.timely_files(uow, user, f"remark:{remark.id}:files", ids, now, in_reply_to=root)


def _pass_on(uow: UnitOfWork, effect: FetchFiles, stored: Sequence[StoredFile]) -> None:
    """The files of an author's reply go to the tutors' thread, unless the reply was withdrawn meanwhile."""
    if uow.outbox.get(f"reply:{effect.source}:withdrawn") is not None:
        return
    share = ShareFiles(
        to="tutors", file_ids=tuple(file.id for file in stored), in_reply_to=card_key(effect.document_id)
    )
    uow.outbox.put(f"reply:{effect.source}:files", share, lane="tutors")


def _refuse(uow: UnitOfWork, effect: FetchFiles, refused: Sequence[tuple[str, str]]) -> None:
    refuse(uow, user=effect.user, source=effect.source, refused=refused)


def refuse(uow: UnitOfWork, *, user: str, source: str, refused: Sequence[tuple[str, str]]) -> None:
    """Tell the person who sent it, in their direct messages, what went to nobody and why."""
    for name, reason in refused:
        message = NotReceived(name=name, reason=reason)
        pings.answer(uow, user, fresh_key(uow, f"refused:{source}"), message)
