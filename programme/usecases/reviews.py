"""Tutors' acts on documents: take, return remarks, validate, reassign; the clocks of the promise (programme §6)."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from programme.effects import Post
from programme.errors import NotAllowed, Refusal
from programme.journal import Action
from programme.messages.documents import RemarksReturned, ReviewAlert, ReviewHandedOver
from programme.model.agenda import DeadlineKind
from programme.model.document import Document, DocumentState, Remark, RemarkState
from programme.model.people import Caller, Role
from programme.ports import Ports, UnitOfWork
from programme.usecases import pings
from programme.usecases.document_posts import card_key, expected_tutor, fresh_key, receipt_key, redraw
from programme.usecases.documents import stop_clocks
from programme.usecases.paging import pages

_WAITING = frozenset({DocumentState.RECEIVED, DocumentState.IN_REVIEW})


def take(ports: Ports, *, caller: Caller, document_id: str) -> None:
    """« Je prends »: the tutor reads it from now on; Refusal("document_taken") when a colleague was faster."""
    _require_tutor(caller)
    with ports.uow() as uow:
        document = uow.documents.get(document_id)
        if document.state is DocumentState.IN_REVIEW:
            if document.tutor_id != caller.slack_user_id:
                raise Refusal("document_taken")
            return
        document.move_to(DocumentState.IN_REVIEW)
        document.tutor_id = caller.slack_user_id
        document.taken_at = ports.clock.now()
        redraw(uow, document)
        uow.journal.write(caller.slack_user_id, Action.DOCUMENT_TAKEN, document.id, number=document.handed_in)


def return_remarks(ports: Ports, *, caller: Caller, document_id: str) -> None:
    """« Rendre les observations »: every draft goes to the author, and the document is to be revised.

    It may be pressed again later, to answer the author in the same thread: the state then stays. Refusal("no_remarks")
    without a draft, ("review_elsewhere") when a colleague has the document, ("document_state") while nobody has.
    """
    _require_tutor(caller)
    with ports.uow() as uow:
        document = _held(uow, caller, document_id)
        drafts = _drafts(uow, document)
        if not drafts:
            raise Refusal("no_remarks")
        if document.state is DocumentState.IN_REVIEW:
            document.move_to(DocumentState.TO_REVISE)
            stop_clocks(uow, document)
            redraw(uow, document)
        _send(ports, uow, document, caller, drafts)
        uow.journal.write(
            caller.slack_user_id, Action.DOCUMENT_RETURNED, document.id, number=document.handed_in, remarks=len(drafts)
        )


def validate(ports: Ports, *, caller: Caller, document_id: str) -> None:
    """« Valider »: the document is finished, and the drafts, if any, go with the good news."""
    _require_tutor(caller)
    with ports.uow() as uow:
        document = _held(uow, caller, document_id)
        if document.state is DocumentState.VALIDATED:
            return
        document.move_to(DocumentState.VALIDATED)
        document.validated_at = ports.clock.now()
        stop_clocks(uow, document)
        redraw(uow, document)
        drafts = _drafts(uow, document)
        _send(ports, uow, document, caller, drafts, validated=True)
        uow.journal.write(
            caller.slack_user_id, Action.DOCUMENT_VALIDATED, document.id, number=document.handed_in, remarks=len(drafts)
        )


def reassign(ports: Ports, *, caller: Caller, document_id: str, tutor_user: str) -> None:
    """« Réassigner »: another tutor has it, or is expected to take it, and is told in the card's thread."""
    _require_tutor(caller)
    with ports.uow() as uow:
        document = uow.documents.get(document_id)
        if Role.TUTOR not in uow.people.roles(tutor_user):
            raise Refusal("tutor_unknown")
        if document.state in {DocumentState.KEPT, DocumentState.VALIDATED}:
            raise Refusal("document_state")
        if document.tutor_id == tutor_user:
            return
        document.tutor_id = tutor_user
        redraw(uow, document)
        told = ReviewHandedOver(title=document.title, tutor_user=tutor_user, by_user=caller.slack_user_id)
        post = Post(to="tutors", message=told, in_reply_to=card_key(document.id))
        uow.outbox.put(fresh_key(uow, f"doc:{document.id}:handed_over"), post, lane="tutors")
        uow.journal.write(caller.slack_user_id, Action.DOCUMENT_REASSIGNED, document.id, tutor=tutor_user)


def warn(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Three quarters of the working time are gone: the tutors are reminded; pointless once the promise has passed."""
    document = _still_waiting(uow, subject)
    if document is None:
        return
    if document.due_at is None or ports.clock.now() >= document.due_at:
        uow.journal.write("bot", Action.DEADLINE_SKIPPED, document.id, kind=DeadlineKind.REVIEW_WARNING.value)
        return
    _alert(uow, document, late=False)


def overdue(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """The promised instant has passed: tutors and admins are told, however late the bot is itself."""
    document = _still_waiting(uow, subject)
    if document is not None:
        _alert(uow, document, late=True)


def _require_tutor(caller: Caller) -> None:
    if not caller.is_tutor:
        raise NotAllowed


def _held(uow: UnitOfWork, caller: Caller, document_id: str) -> Document:
    """Return the document that this tutor has taken, still or once."""
    document = uow.documents.get(document_id)
    if document.state in {DocumentState.KEPT, DocumentState.RECEIVED}:
        raise Refusal("document_state")
    if document.tutor_id != caller.slack_user_id:
        raise Refusal("review_elsewhere")
    return document


def _drafts(uow: UnitOfWork, document: Document) -> list[Remark]:
    drafts = [remark for remark in uow.documents.remarks(document.id) if remark.state is RemarkState.DRAFT]
    return sorted(drafts, key=lambda remark: remark.version_number)


def _send(
    ports: Ports, uow: UnitOfWork, document: Document, caller: Caller, drafts: list[Remark], *, validated: bool = False
) -> None:
    """Relay the drafts to the author's thread, one message a version (a newer one may have come meanwhile)."""
    now = ports.clock.now()
    by_version = {number: list(group) for number, group in groupby(drafts, key=lambda remark: remark.version_number)}
    if validated:
        by_version.setdefault(document.handed_in, [])
    for number, remarks in by_version.items():
        good_news = validated and number == document.handed_in
        _send_version(uow, document, caller, number, remarks, now, validated=good_news)
    for remark in drafts:
        remark.state = RemarkState.RETURNED
    for version in uow.documents.versions(document.id):
        if version.number <= document.handed_in and version.returned_at is None:
            version.returned_at = now


def _send_version(
    uow: UnitOfWork,
    document: Document,
    caller: Caller,
    number: int,
    remarks: list[Remark],
    now: datetime,
    *,
    validated: bool,
) -> None:
    user = uow.members.get(document.member_id).slack_user_id
    root = receipt_key(document.id)
    key = fresh_key(uow, f"doc:{document.id}:v{number}:returned")
    parts = pages(("", remark.text) for remark in remarks if remark.text)
    for part, texts in enumerate(parts, 1):
        message = RemarksReturned(
            document_id=document.id,
            title=document.title,
            worksheet=document.worksheet,
            copy_number=document.copy_number,
            version=number,
            tutor_user=caller.slack_user_id,
            remarks=tuple(text for _, text in texts),
            validated=validated,
            part=part,
            parts=len(parts),
        )
        pings.timely(uow, user, key if part == 1 else f"{key}:part:{part}", message, now, in_reply_to=root)
    files = tuple(file_id for remark in remarks for file_id in remark.files)
    if files:
        pings.timely_files(uow, user, f"{key}:files", files, now, in_reply_to=root)


def _still_waiting(uow: UnitOfWork, subject: str) -> Document | None:
    """Return the document whose promise this deadline watches, unless it was read or replaced meanwhile."""
    document_id, _, number = subject.rpartition(":v")
    document = uow.documents.get(document_id)
    return document if document.state in _WAITING and document.handed_in == int(number) else None


def _alert(uow: UnitOfWork, document: Document, *, late: bool) -> None:
    if document.due_at is None:
        return
    alert = ReviewAlert(
        document_id=document.id,
        title=document.title,
        author_user=uow.members.get(document.member_id).slack_user_id,
        tutor_user=expected_tutor(document, uow.groups.get(document.group_id)),
        due_at=document.due_at,
        late=late,
    )
    key = f"doc:{document.id}:v{document.handed_in}:{'late' if late else 'warning'}"
    uow.outbox.put(key, Post(to="tutors", message=alert), lane="tutors")
    if late:
        uow.outbox.put(f"{key}:admins", Post(to="admins", message=alert), lane="admins")
    uow.journal.write("bot", Action.REVIEW_ALERTED, document.id, late=late)
