"""Tutors' acts on documents: take, return remarks, validate (programme §6)."""

from __future__ import annotations

from functools import partial
from itertools import groupby

from programme.errors import Refusal
from programme.journal import Action
from programme.messages.documents import RemarksReturned
from programme.model.document import Document, DocumentState, Remark
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.usecases.document_posts import redraw
from programme.usecases.handing_over import enter, leave_trace
from programme.usecases.promises import release
from programme.usecases.reading import offer_help
from programme.usecases.remarks import drafts_of, relay
from programme.usecases.tutoring import require_tutor


def take(ports: Ports, *, caller: Caller, document_id: str) -> None:
    """« Je prends »: the tutor reads it from now on; Refusal("document_taken") when a colleague was faster.

    Whoever follows the document may, and a tutor who is an admin too, of which the author is told.
    """
    require_tutor(caller)
    with ports.uow() as uow:
        document = uow.documents.get(document_id)
        as_admin = enter(ports, uow, caller, document)
        if document.state is DocumentState.IN_REVIEW:
            if document.tutor_id != caller.slack_user_id:
                raise Refusal("document_taken")
            return
        document.move_to(DocumentState.IN_REVIEW)
        document.tutor_id = caller.slack_user_id
        document.taken_at = ports.clock.now()
        redraw(uow, document)
        offer_help(ports.content, uow, document)
        if as_admin:
            leave_trace(uow, caller, document, "taken", ports.clock.now())
        uow.journal.write(
            caller.slack_user_id, Action.DOCUMENT_TAKEN, document.id, number=document.handed_in, admin=as_admin
        )


def return_remarks(ports: Ports, *, caller: Caller, document_id: str) -> None:
    """« Rendre les observations »: every draft goes to the author, and the document is to be revised.

    It may be pressed again later, to answer the author in the same thread: the state then stays. Refusal("no_remarks")
    without a draft, ("review_elsewhere") when a colleague has the document, ("document_state") while nobody has.
    """
    require_tutor(caller)
    with ports.uow() as uow:
        document = _held(uow, caller, document_id)
        drafts = drafts_of(uow, document)
        if not drafts:
            raise Refusal("no_remarks")
        if document.state is DocumentState.IN_REVIEW:
            document.move_to(DocumentState.TO_REVISE)
            release(uow, document)
            redraw(uow, document)
        _send(ports, uow, document, caller, drafts)
        uow.journal.write(
            caller.slack_user_id, Action.DOCUMENT_RETURNED, document.id, number=document.handed_in, remarks=len(drafts)
        )


def validate(ports: Ports, *, caller: Caller, document_id: str) -> None:
    """« Valider »: the document is finished, and the drafts, if any, go with the good news."""
    require_tutor(caller)
    with ports.uow() as uow:
        document = _held(uow, caller, document_id)
        if document.state is DocumentState.VALIDATED:
            return
        document.move_to(DocumentState.VALIDATED)
        document.validated_at = ports.clock.now()
        release(uow, document)
        redraw(uow, document)
        drafts = drafts_of(uow, document)
        _send(ports, uow, document, caller, drafts, validated=True)
        uow.journal.write(
            caller.slack_user_id, Action.DOCUMENT_VALIDATED, document.id, number=document.handed_in, remarks=len(drafts)
        )


def _held(uow: UnitOfWork, caller: Caller, document_id: str) -> Document:
    """Return the document that this tutor has taken, still or once."""
    document = uow.documents.get(document_id)
    if document.state in {DocumentState.KEPT, DocumentState.RECEIVED}:
        raise Refusal("document_state")
    if document.tutor_id != caller.slack_user_id:
        raise Refusal("review_elsewhere")
    return document


def _send(
    ports: Ports, uow: UnitOfWork, document: Document, caller: Caller, drafts: list[Remark], *, validated: bool = False
) -> None:
    """Relay the drafts to the author's thread, one message a version (a newer one may have come meanwhile)."""
    now = ports.clock.now()
    by_version = {number: list(group) for number, group in groupby(drafts, key=lambda remark: remark.turn)}
    if validated:
        by_version.setdefault(document.handed_in, [])
    for number, remarks in by_version.items():
        good_news = validated and number == document.handed_in
        compose = partial(_returned, document, caller, number, good_news)
        relay(uow, document, f"doc:{document.id}:v{number}:returned", remarks, compose, now)
    for version in uow.documents.versions(document.id):
        if version.number <= document.handed_in and version.returned_at is None:
            version.returned_at = now


def _returned(
    document: Document,
    caller: Caller,
    number: int,
    validated: bool,
    texts: tuple[str, ...],
    part: int,
    parts: int,
) -> RemarksReturned:
    return RemarksReturned(
        document_id=document.id,
        title=document.title,
        worksheet=document.worksheet,
        copy_number=document.copy_number,
        version=number,
        tutor_user=caller.slack_user_id,
        remarks=texts,
        validated=validated,
        part=part,
        parts=parts,
    )
