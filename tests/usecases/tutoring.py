"""A running group with open worksheets, two tutors, and what people read of it in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from programme.content.worksheet_pages import pages_of
from programme.content.worksheets import CELL_SEPARATOR, CHOSEN, Question, QuestionType, Worksheet
from programme.model.document import Document
from programme.model.group import Group
from programme.model.people import Caller, Role
from programme.model.question import Question as Asked
from programme.usecases import agenda, delivery, files, questions, reviews, threads, worksheets
from programme.usecases.conversations import card_key, receipt_key
from programme.usecases.files import SharedFile
from programme.usecases.threads import ThreadMessage
from programme.usecases.worksheets import OpenWorksheet, Shown
from tests.conftest import World
from tests.usecases.waiting_room import gated, group, sign_all

AUTHOR, PEER, OUTSIDER = Caller("UM1"), Caller("UM2"), Caller("USTRANGER")
TUTOR = Caller("UTUTOR1", frozenset({Role.TUTOR}))
OTHER_TUTOR = Caller("UTUTOR2", frozenset({Role.TUTOR}))
ADMIN = Caller("UADMIN1", frozenset({Role.ADMIN}))
_events = count(1)


def event_id() -> str:
    """A new id of an event."""
    return f"EvT{next(_events)}"


def no_failure(what: str, error: Exception) -> None:
    """Report to the test what must not happen."""
    raise AssertionError(what) from error


def running(world: World, *, guides: int = 1) -> Group:
    """A group whose first guides are out, everything delivered; the second tutor is the backup of the first."""
    found = gated(world.ports)
    sign_all(world.ports)
    with world.ports.uow() as uow:
        sessions = uow.sessions.of_group(found.id)
        for session in sessions[:guides]:
            session.guide_posted_at = world.clock.now()
        uow.tutors.choose(TUTOR.slack_user_id).backup_id = OTHER_TUTOR.slack_user_id
    delivery.deliver_all(world.ports)
    return group(world.ports)


def pass_time(world: World, **delta: float) -> None:
    """Let time pass, do what is due and deliver it."""
    world.clock.move(**delta)
    agenda.run_due(world.ports, no_failure)
    delivery.deliver_all(world.ports)


def example_answers(sheet: Worksheet) -> dict[str, Any]:
    """What the form would send if the person typed the examples."""
    return {question.id: _example(question) for question in sheet.questions}


def _example(question: Question) -> Any:
    text = question.example.strip()
    if question.type is QuestionType.TABLE:
        return [line.split(CELL_SEPARATOR) for line in text.splitlines()]
    if question.type is QuestionType.CHOICES:
        return text.splitlines()
    return text if question.type not in CHOSEN else question.options[question.options.index(text)]


def shown(opened: OpenWorksheet, *, screen: str = "V1") -> Shown:
    """What an answer to this page refers to."""
    return Shown(opened.sheet.key, opened.copy_number, opened.page, opened.revision, screen)


def filled(
    world: World,
    worksheet: str = "F01",
    *,
    caller: Caller = AUTHOR,
    copy: int = 1,
    screen: str = "V1",
    pages: int = 99,
    **more: Any,
) -> OpenWorksheet:
    """Fill in page after page from the first, ``pages`` at most; ``more`` replaces answers."""
    opened = worksheets.open_worksheet(world.ports, caller=caller, worksheet=worksheet, copy_number=copy)
    answers = example_answers(opened.sheet) | more
    opened = replace(opened, page=0)
    for number, _ in enumerate(pages_of(opened.sheet)[:pages], 1):
        opened = worksheets.save_page(
            world.ports, caller=caller, shown=shown(opened, screen=screen), answers=answers, to=number
        )
    return opened


def submitted(world: World, worksheet: str = "F01", *, caller: Caller = AUTHOR, **more: Any) -> Document:
    """Fill in, hand in and deliver; ``more`` replaces answers."""
    return sent(world, filled(world, worksheet, caller=caller, **more), caller=caller)


def sent(world: World, opened: OpenWorksheet, *, caller: Caller = AUTHOR, screen: str = "V1") -> Document:
    """Hand in what the last page shows, and deliver."""
    done = worksheets.hand_in_worksheet(world.ports, caller=caller, shown=shown(opened, screen=screen))
    delivery.deliver_all(world.ports)
    assert done.document is not None, done.again
    return done.document


def taken(world: World, worksheet: str = "F01", *, by: Caller = TUTOR) -> Document:
    """Hand in, and a tutor takes it."""
    document = submitted(world, worksheet)
    reviews.take(world.ports, caller=by, document_id=document.id)
    delivery.deliver_all(world.ports)
    return document


def asked(
    world: World, text: str = "Puis-je garder deux pistes ?", *, caller: Caller = AUTHOR, source: str = ""
) -> Asked:
    """A member asks their tutor, delivered."""
    made = questions.ask(world.ports, caller=caller, text=text, source=source or f"view:V{next(_events)}")
    delivery.deliver_all(world.ports)
    return question(world, made.id)


def question(world: World, question_id: str) -> Asked:
    """Read it again."""
    with world.ports.reading() as uow:
        return uow.questions.get(question_id)


def answered(world: World, question_id: str, text: str = "Oui, gardez-les.", *, by: Caller = TUTOR) -> None:
    """The tutor writes in the card's thread and sends the answer."""
    remark(world, question_id, text, by=by)
    questions.answer(world.ports, caller=by, question_id=question_id)
    delivery.deliver_all(world.ports)


def document(world: World, document_id: str) -> Document:
    """Read it again."""
    with world.ports.reading() as uow:
        return uow.documents.get(document_id)


def root(world: World, subject_id: str, place: str) -> tuple[str, str]:
    """Channel and ts of the card or the receipt of a document or a question."""
    with world.ports.reading() as uow:
        row = uow.outbox.get((card_key if place == "card" else receipt_key)(subject_id))
        assert row is not None
        return row.receipt_channel, row.receipt_ts


def message(
    world: World, document_id: str, text: str, *, place: str = "card", ts: str = "", shared: Sequence[SharedFile] = ()
) -> ThreadMessage:
    """A message in one of the document's two threads."""
    channel, thread_ts = root(world, document_id, place)
    return ThreadMessage(channel, ts or f"19{next(_events):08d}.000100", thread_ts, text, tuple(shared))


def says(world: World, caller: Caller, written: ThreadMessage, *, event: str = "") -> ThreadMessage:
    """Write it, and deliver."""
    threads.message_written(world.ports, caller=caller, message=written, event_id=event or event_id())
    delivery.deliver_all(world.ports)
    return written


def remark(world: World, document_id: str, text: str, *, by: Caller = TUTOR, **more: Any) -> ThreadMessage:
    """A tutor writes under the card."""
    return says(world, by, message(world, document_id, text, **more))


def reply(world: World, document_id: str, text: str, *, by: Caller = AUTHOR, **more: Any) -> ThreadMessage:
    """The author writes under the receipt."""
    return says(world, by, message(world, document_id, text, place="receipt", **more))


def returned(world: World, document_id: str, *, by: Caller = TUTOR) -> None:
    """« Rendre les observations », delivered."""
    reviews.return_remarks(world.ports, caller=by, document_id=document_id)
    delivery.deliver_all(world.ports)


def dropped(world: World, *shared: SharedFile, caller: Caller = AUTHOR, text: str = "", ts: str = "") -> str:
    """Drop files in the bot's direct messages, and deliver."""
    source = f"D{caller.slack_user_id[1:]}:{ts or f'18{next(_events):08d}.000100'}"
    files.submit_file(world.ports, caller=caller, source=source, files=shared, text=text, event_id=event_id())
    delivery.deliver_all(world.ports)
    return source


def slack_file(world: World, file_id: str, name: str = "cv.pdf", content: bytes = b"%PDF-1.7 cv") -> SharedFile:
    """A file that the workspace can give."""
    world.workspace.files[file_id] = (name, content)
    return SharedFile(file_id, name, len(content))


def documents_of(world: World, caller: Caller = AUTHOR) -> list[Document]:
    """The caller's documents."""
    with world.ports.reading() as uow:
        member = uow.members.by_slack(caller.slack_user_id)
        assert member is not None
        return uow.documents.of_member(member.id)


def read_by(world: World, channel: str, kind: type) -> list[Any]:
    """What stands in a channel now: each post as last edited."""
    shown: dict[str, Any] = {p.ts: p.message for p in world.workspace.posts if p.channel == channel}
    for where, ts, edited in world.workspace.edits:
        if where == channel:
            shown[ts] = edited
    return [one for one in shown.values() if isinstance(one, kind)]


def shared_by_people(world: World) -> list[tuple[str, str, bytes, str]]:
    """The files that came from people: what we print of worksheets stands apart."""
    return [one for one in world.workspace.shared if one[2] not in {b"%PDF-fiche", b"PK docx"}]
