"""Worksheets as files: a version of one's own, or a blank template, as PDF or DOCX, drawn when it leaves."""

from __future__ import annotations

from typing import Any, get_args

from programme.content.worksheet_print import blank, filled
from programme.effects import PrintFormat, SharePrinted
from programme.errors import NotAllowed, Refusal
from programme.journal import Action
from programme.model.document import Document, DocumentVersion
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.filenames import safe_name
from programme.usecases import pings
from programme.usecases.conversations import receipt_key
from programme.usecases.documents import author_place, posted_sessions, sheets_of
from programme.usecases.worksheets import sheet_named


def send_version(ports: Ports, *, caller: Caller, document_id: str, form: str) -> None:
    """Send the author the latest version of their worksheet, in its thread; once a minute.

    NotAllowed for everybody else, Refusal("nothing_to_print") for a document that is a file, ("format_unknown").
    """
    wanted = _format(form)
    with ports.uow() as uow:
        document = uow.documents.get(document_id)
        member = uow.members.get(document.member_id)
        if member.slack_user_id != caller.slack_user_id:
            raise NotAllowed
        version = latest_answered(uow, document)
        if version is None:
            raise Refusal("nothing_to_print")
        effect = SharePrinted(
            to=pings.direct(caller.slack_user_id),
            worksheet=document.worksheet,
            document_id=document.id,
            number=version.number,
            formats=(wanted,),
            in_reply_to=receipt_key(document.id),
        )
        _send(ports, uow, caller, f"print:{document.id}:v{version.number}:{wanted}", effect, document.id)


def send_blank(ports: Ports, *, caller: Caller, worksheet: str, form: str) -> None:
    """Send the blank template of a worksheet whose guide is out; once a minute.

    Refusal("worksheet_unknown"), ("worksheet_locked"), ("not_in_group") or ("format_unknown").
    """
    wanted = _format(form)
    with ports.uow() as uow:
        member, group = author_place(uow, caller.slack_user_id)
        sheet = sheet_named(sheets_of(ports.content, group), worksheet, 1)
        if sheet.session not in posted_sessions(uow, group.id):
            raise Refusal("worksheet_locked")
        effect = SharePrinted(
            to=pings.direct(caller.slack_user_id),
            worksheet=sheet.key,
            edition=group.worksheets_version,
            formats=(wanted,),
        )
        _send(ports, uow, caller, f"blank:{member.id}:{sheet.key}:{wanted}", effect, member.id)


def _format(form: str) -> PrintFormat:
    found: PrintFormat | None = next((one for one in get_args(PrintFormat) if one == form), None)
    if found is None:
        raise Refusal("format_unknown")
    return found


def _send(ports: Ports, uow: UnitOfWork, caller: Caller, stem: str, effect: SharePrinted, subject: str) -> None:
    key = f"{stem}:{ports.clock.now():%y%m%d%H%M}"
    if uow.outbox.put(key, effect, lane=f"files:{caller.slack_user_id}"):
        uow.journal.write(
            caller.slack_user_id,
            Action.WORKSHEET_PRINTED,
            subject,
            worksheet=effect.worksheet,
            number=effect.number,
            form=effect.formats[0],
        )


def latest_answered(uow: UnitOfWork, document: Document) -> DocumentVersion | None:
    """Return the latest version of a worksheet that was filled in online, if any."""
    versions = uow.documents.versions(document.id) if document.worksheet else []
    return next((version for version in reversed(versions) if not version.files), None)


def compose(ports: Ports, effect: SharePrinted) -> list[tuple[str, bytes]]:
    """Draw the files of the effect: name and content; the same version gives the same content."""
    if not effect.document_id:
        sheet = ports.content.worksheets_of(effect.edition).key(effect.worksheet)
        facts = blank(sheet)
        stem = f"{sheet.key} {sheet.title} (fiche vierge)"
    else:
        with ports.reading() as uow:
            document = uow.documents.get(effect.document_id)
            member, group = uow.members.get(document.member_id), uow.groups.get(document.group_id)
            version = uow.documents.versions(document.id)[effect.number - 1]
        sheet = sheets_of(ports.content, group).key(effect.worksheet)
        facts = filled(
            sheet,
            version.answers,
            title=document.title.partition(" · ")[2],
            author=f"{member.first_name} {member.last_name}",
            group=group.label,
            version=version.number,
            submitted_at=version.submitted_at,
            sha256=version.sha256,
        )
        stem = f"{document.title} v{version.number}"
    data = facts.model_dump()
    return [(safe_name(f"{stem}.{form}"), _draw(ports, form, data)) for form in effect.formats]


def _draw(ports: Ports, form: PrintFormat, data: dict[str, Any]) -> bytes:
    return ports.printer.render("fiche", data) if form == "pdf" else ports.printer.render_word(data)
