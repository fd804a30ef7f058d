"""What author and tutors see of a document: receipt, card and content, written to the outbox.

The receipt stands in the author's direct messages and the card in the tutors' channel; each is the root of a thread.
Nothing here ever goes to a group's channel.
"""

from __future__ import annotations

from collections.abc import Sequence

from programme.content import Content
from programme.content.worksheets import Worksheets
from programme.effects import Edit, Post, ShareFiles, SharePrinted
from programme.messages.documents import DocumentCard, DocumentContent, DocumentReceipt, NamedFile
from programme.model.document import Document, DocumentState, DocumentVersion
from programme.ports import UnitOfWork
from programme.usecases import pings
from programme.usecases.answers import as_text
from programme.usecases.conversations import card_key, fresh_key, receipt_key
from programme.usecases.paging import pages
from programme.usecases.tutoring import expected_tutor, name_of


def shown_state(document: Document) -> DocumentState:
    """The state that the author sees: a version that was not handed in is theirs alone."""
    return DocumentState.KEPT if document.versions > document.handed_in else document.state


def redraw(uow: UnitOfWork, document: Document) -> None:
    """Redraw receipt, card and the author's Home after a change of state; edits do not ping."""
    _redraw_receipt(uow, document)
    show_card(uow, document)


def acknowledge(uow: UnitOfWork, document: Document) -> None:
    """Receipt: the first is the root of the thread, later ones stand in it."""
    user = uow.members.get(document.member_id).slack_user_id
    root = receipt_key(document.id)
    if uow.outbox.get(root) is None:
        pings.answer(uow, user, root, _receipt(uow, document))
        return
    _redraw_receipt(uow, document)
    key = fresh_key(uow, f"doc:{document.id}:v{document.versions}:receipt")
    pings.answer(uow, user, key, _receipt(uow, document, in_thread=True), in_reply_to=root)


def _redraw_receipt(uow: UnitOfWork, document: Document) -> None:
    user = uow.members.get(document.member_id).slack_user_id
    pings.update(uow, user, receipt_key(document.id), _receipt(uow, document))


def _receipt(uow: UnitOfWork, document: Document, *, in_thread: bool = False) -> DocumentReceipt:
    version = uow.documents.versions(document.id)[-1]
    return DocumentReceipt(
        document_id=document.id,
        title=document.title,
        worksheet=document.worksheet,
        copy_number=document.copy_number,
        version=version.number,
        files=named_files(uow, version.files),
        due_at=document.due_at,
        state=shown_state(document),
        in_thread=in_thread,
    )


def show_card(uow: UnitOfWork, document: Document) -> None:
    """Post the card the first time, redraw it afterwards: one card a document."""
    key, card = card_key(document.id), _card(uow, document)
    if not uow.outbox.put(key, Post(to="tutors", message=card), lane="tutors"):
        uow.outbox.put(fresh_key(uow, f"{key}:edit"), Edit(post_key=key, message=card), lane="tutors")


def _card(uow: UnitOfWork, document: Document) -> DocumentCard:
    proposed = expected_tutor(uow, document) if document.state is DocumentState.RECEIVED else ""
    return DocumentCard(
        document_id=document.id,
        title=document.title,
        worksheet=document.worksheet,
        author_user=uow.members.get(document.member_id).slack_user_id,
        group_label=uow.groups.get(document.group_id).label,
        version=document.handed_in,
        state=document.state,
        proposed_tutor=proposed,
        proposed_name=name_of(uow, proposed),
        tutor_user="" if proposed or document.state is DocumentState.RECEIVED else document.tutor_id,
        due_at=document.due_at,
    )


def show_content(content: Content, uow: UnitOfWork, document: Document) -> None:
    """Put the version into the card's thread, its files after it."""
    version = uow.documents.versions(document.id)[-1]
    key = f"doc:{document.id}:v{version.number}:content"
    sheets = content.worksheets_of(uow.groups.get(document.group_id).worksheets_version)
    parts = pages(_readable_answers(sheets, document.worksheet, version))
    for number, answers in enumerate(parts, 1):
        message = DocumentContent(
            document_id=document.id,
            title=document.title,
            worksheet=document.worksheet,
            version=version.number,
            answers=answers,
            files=named_files(uow, version.files),
            part=number,
            parts=len(parts),
        )
        post = Post(to="tutors", message=message, in_reply_to=card_key(document.id))
        uow.outbox.put(key if number == 1 else f"{key}:part:{number}", post, lane="tutors")
    if version.files:
        share = ShareFiles(to="tutors", file_ids=version.files, in_reply_to=card_key(document.id))
        uow.outbox.put(f"doc:{document.id}:v{version.number}:files", share, lane="tutors")
    else:
        printed = SharePrinted(
            to="tutors",
            worksheet=document.worksheet,
            document_id=document.id,
            number=version.number,
            formats=("pdf", "docx"),
            in_reply_to=card_key(document.id),
        )
        uow.outbox.put(f"doc:{document.id}:v{version.number}:printed", printed, lane="tutors")


def _readable_answers(sheets: Worksheets, worksheet: str, version: DocumentVersion) -> list[tuple[str, str]]:
    """Question and answer, in the order of the worksheet; what came with a file stands without a question."""
    if version.files:
        note = str(version.answers.get("note", ""))
        return [("", note)] if note else []
    questions = sheets.key(worksheet).questions
    answered = [question for question in questions if version.answers.get(question.id)]
    return [(question.label, as_text(question, version.answers[question.id])) for question in answered]


def named_files(uow: UnitOfWork, file_ids: Sequence[str]) -> tuple[NamedFile, ...]:
    """Names and sizes of stored files."""
    files = [uow.documents.file(file_id) for file_id in file_ids]
    return tuple(NamedFile(name=file.name, size=file.size) for file in files)
