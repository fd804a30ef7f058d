"""Help for the tutor who reads: a checklist ticked in the thread, remarks to start from, the time that it took.

What is noted here is for the tutors alone; a draft made from a template goes with the others when they are returned.
"""

from __future__ import annotations

from collections.abc import Collection

from programme.content import Content
from programme.effects import Edit, Post
from programme.errors import InvalidForm, NotFound, Refusal
from programme.journal import Action
from programme.messages.reading import DraftShown, ReadingHelp, TemplateChoice
from programme.model.document import Document, Remark, RemarkState
from programme.model.ids import new_id
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.usecases.conversations import card_key, conversation, fresh_key
from programme.usecases.tutoring import require_follower

MINUTES = (5, 10, 15, 20, 30, 45, 60, 90)
LONGEST = 3000


def help_key(document: Document) -> str:
    """The post with the checklist of the version that is being read."""
    return f"doc:{document.id}:v{document.handed_in}:help"


def offer_help(content: Content, uow: UnitOfWork, document: Document) -> None:
    """Put checklist, templates and time into the card's thread, once a version; redraw them afterwards."""
    key, shown = help_key(document), _help(content, uow, document)
    if not uow.outbox.put(key, Post(to="tutors", message=shown, in_reply_to=card_key(document.id)), lane="tutors"):
        uow.outbox.put(fresh_key(uow, f"{key}:edit"), Edit(post_key=key, message=shown), lane="tutors")


def _help(content: Content, uow: UnitOfWork, document: Document) -> ReadingHelp:
    noted = uow.tutors.reading(document.id, document.handed_in)
    own = content.remarks.own(document.worksheet)
    templates = [TemplateChoice(key=one.key, label=one.label, family="worksheet") for one in own]
    templates += [TemplateChoice(key=one.key, label=one.label, family="common") for one in content.remarks.common]
    return ReadingHelp(
        document_id=document.id,
        title=document.title,
        version=document.handed_in,
        points=_points(content, document),
        checked=noted.checked,
        minutes=noted.minutes,
        templates=tuple(templates),
    )


def _points(content: Content, document: Document) -> tuple[str, ...]:
    return tuple(content.worksheets.key(document.worksheet).checklist) if document.worksheet else ()


def tick(ports: Ports, *, caller: Caller, document_id: str, version: int, checked: Collection[int]) -> None:
    """Note which points are good; Refusal("version_replaced") when a newer version is being read."""
    with ports.uow() as uow:
        document = _read_version(ports, uow, caller, document_id, version)
        noted = uow.tutors.reading(document.id, version)
        good = tuple(sorted(set(checked) & set(range(len(_points(ports.content, document))))))
        if noted.checked == good:
            return
        noted.checked = good
        offer_help(ports.content, uow, document)
        uow.journal.write(caller.slack_user_id, Action.DOCUMENT_CHECKED, document.id, number=version, good=len(good))


def tell_time(ports: Ports, *, caller: Caller, document_id: str, version: int, minutes: int) -> None:
    """Note how long the reading took; nobody has to tell. InvalidForm for a time that is not offered."""
    if minutes not in MINUTES:
        raise InvalidForm({"minutes": "minutes_unknown"})
    with ports.uow() as uow:
        document = _read_version(ports, uow, caller, document_id, version)
        noted = uow.tutors.reading(document.id, version)
        if noted.minutes == minutes:
            return
        noted.minutes = minutes
        offer_help(ports.content, uow, document)
        uow.journal.write(caller.slack_user_id, Action.DOCUMENT_CHECKED, document.id, number=version, minutes=minutes)


def _read_version(ports: Ports, uow: UnitOfWork, caller: Caller, document_id: str, version: int) -> Document:
    document = uow.documents.get(document_id)
    require_follower(ports, uow, caller, document)
    if document.handed_in != version:
        raise Refusal("version_replaced")
    return document


def template(ports: Ports, *, caller: Caller, document_id: str, key: str) -> str:
    """Return the text of a template, in the caller's own wording where they have one; NotFound for an unknown key."""
    with ports.reading() as uow:
        document = uow.documents.get(document_id)
        require_follower(ports, uow, caller, document)
        found = ports.content.remarks.find(key, worksheet=document.worksheet, tutor=caller.slack_user_id)
    if found is None:
        raise NotFound
    return found.text


def write_draft(ports: Ports, *, caller: Caller, document_id: str, text: str, source: str) -> None:
    """Keep a draft remark and show it in the thread; ``source`` names the form, so that a repeat is the same draft."""
    text = text.strip()
    if not 1 <= len(text) <= LONGEST or "[" in text:
        raise InvalidForm({"remark": "remark_brackets" if "[" in text else "remark_text"})
    with ports.uow() as uow:
        document = uow.documents.get(document_id)
        require_follower(ports, uow, caller, document)
        if uow.documents.remark_from(source) is not None:
            return
        remark = Remark(
            id=new_id("rem"),
            subject_id=document.id,
            turn=document.handed_in,
            author_id=caller.slack_user_id,
            source=source,
            text=text,
            written_at=ports.clock.now(),
        )
        uow.documents.add_remark(remark)
        shown = DraftShown(remark_id=remark.id, tutor_user=caller.slack_user_id, text=text)
        post = Post(to="tutors", message=shown, in_reply_to=card_key(document.id))
        uow.outbox.put(_draft_key(remark), post, lane="tutors")
        uow.journal.write(caller.slack_user_id, Action.REMARK_DRAFTED, document.id, remark=remark.id)


def withdraw_draft(ports: Ports, *, caller: Caller, remark_id: str) -> None:
    """Take a draft back; Refusal("remark_returned") once it has reached the member."""
    with ports.uow() as uow:
        remark = uow.documents.remark(remark_id)
        require_follower(ports, uow, caller, conversation(uow, remark.subject_id))
        if remark.state is RemarkState.RETURNED:
            raise Refusal("remark_returned")
        if remark.state is RemarkState.DELETED:
            return
        remark.state, remark.text = RemarkState.DELETED, ""
        gone = DraftShown(remark_id=remark.id, tutor_user=remark.author_id, text="", withdrawn=True)
        uow.outbox.put(f"{_draft_key(remark)}:gone", Edit(post_key=_draft_key(remark), message=gone), lane="tutors")
        uow.journal.write(caller.slack_user_id, Action.REMARK_DELETED, remark.subject_id, remark=remark.id)


def _draft_key(remark: Remark) -> str:
    return f"remark:{remark.id}:draft"
