"""The two-way relay between the tutors' thread of a document or a question and its member's (programme §6).

What a tutor writes under the card is a draft remark, which follows its message until the remarks are sent. What the
member writes under the receipt goes to the tutors' thread at once. Both are known by the thread's root, a post of ours.
Each event counts once (inbox), and each message once (its ``channel:ts``), whatever Slack repeats or reorders.
"""

from __future__ import annotations

from dataclasses import dataclass

from programme.effects import Edit, FetchFiles, Post
from programme.errors import NotAllowed
from programme.journal import Action
from programme.messages.documents import AuthorReply, NamedFile
from programme.model.document import Remark, RemarkState
from programme.model.ids import new_id
from programme.model.people import Caller
from programme.model.question import Question
from programme.ports import Ports, UnitOfWork
from programme.usecases import questions
from programme.usecases.conversations import Conversation, author_of, card_key, conversation, fresh_key, rooted_at
from programme.usecases.files import SharedFile, fetch_later, keep_only, refuse, take_back
from programme.usecases.tutoring import require_follower


@dataclass(frozen=True)
class ThreadMessage:
    """A message that a person wrote, changed or deleted in a thread."""

    channel: str
    ts: str
    thread_ts: str
    text: str = ""
    files: tuple[SharedFile, ...] = ()
    edited: str = ""
    """Slack's instant of the edit, which orders edits whatever the order in which they arrive."""

    @property
    def source(self) -> str:
        """Where the message is: unique in the workspace."""
        return f"{self.channel}:{self.ts}"


@dataclass(frozen=True)
class _Thread:
    subject_id: str
    of_tutors: bool


def message_written(ports: Ports, *, caller: Caller, message: ThreadMessage, event_id: str) -> None:
    """A new message in a thread; nothing happens when the thread is none of ours.

    NotAllowed when the writer does not follow it under a card, or not the author under a receipt.
    """
    thread = _thread(ports, message)
    if thread is None:
        return
    with ports.uow() as uow:
        about = _entered(ports, uow, caller, thread, event_id)
        if thread.of_tutors:
            if uow.documents.remark_from(message.source) is None:
                _draft(ports, uow, about, caller, message)
        else:
            _relay(ports, uow, about, caller, message)


def message_edited(ports: Ports, *, caller: Caller, message: ThreadMessage, event_id: str) -> None:
    """A message got another text or lost a file; one that was never seen is taken as new."""
    thread = _thread(ports, message)
    if thread is None:
        return
    with ports.uow() as uow:
        about = _entered(ports, uow, caller, thread, event_id)
        if thread.of_tutors:
            _change_remark(ports, uow, about, caller, message)
        else:
            _change_reply(ports, uow, about, caller, message)


def message_deleted(ports: Ports, *, caller: Caller, message: ThreadMessage, event_id: str) -> None:
    """A message is gone: so is the draft; a relayed reply says so in its place; a returned remark is history."""
    thread = _thread(ports, message)
    if thread is None:
        return
    with ports.uow() as uow:
        about = _entered(ports, uow, caller, thread, event_id)
        if thread.of_tutors:
            _delete_remark(ports, uow, about, caller, message)
        else:
            _withdraw_reply(uow, about, caller, message)


def _thread(ports: Ports, message: ThreadMessage) -> _Thread | None:
    """Tell whose thread this is, by the post of ours at its root."""
    if not message.thread_ts:
        return None
    with ports.reading() as uow:
        row = uow.outbox.posted_at(message.channel, message.thread_ts)
    root = rooted_at(row.key) if row else None
    return _Thread(*root) if root else None


def _entered(ports: Ports, uow: UnitOfWork, caller: Caller, thread: _Thread, event_id: str) -> Conversation:
    """Check the right, claim the event and return what the thread is about."""
    about = conversation(uow, thread.subject_id)
    if thread.of_tutors:
        require_follower(ports, uow, caller, about)
    elif caller.slack_user_id != author_of(uow, about):
        raise NotAllowed
    uow.inbox.claim("slack", event_id)
    return about


def _draft(ports: Ports, uow: UnitOfWork, about: Conversation, caller: Caller, message: ThreadMessage) -> None:
    remark = _new_remark(ports, about, caller, message)
    uow.documents.add_remark(remark)
    uow.journal.write(caller.slack_user_id, Action.REMARK_DRAFTED, about.id, remark=remark.id)
    _fetch(uow, about, caller, message, of_tutors=True)


def _new_remark(ports: Ports, about: Conversation, caller: Caller, message: ThreadMessage) -> Remark:
    return Remark(
        id=new_id("rem"),
        subject_id=about.id,
        turn=about.turn,
        author_id=caller.slack_user_id,
        source=message.source,
        text=message.text,
        written_at=ports.clock.now(),
        edited=message.edited,
    )


def _change_remark(ports: Ports, uow: UnitOfWork, about: Conversation, caller: Caller, message: ThreadMessage) -> None:
    remark = uow.documents.remark_from(message.source)
    if remark is None:
        _draft(ports, uow, about, caller, message)
        return
    if remark.state is RemarkState.DRAFT and message.edited >= remark.edited:
        remark.edited = message.edited
        kept = {file.id for file in message.files}
        keep_only(uow, message.source, kept)
        remark.files = tuple(id_ for id_ in remark.files if uow.documents.file(id_).slack_file_id in kept)
        remark.text = message.text
    _note(uow, caller, Action.REMARK_CHANGED, about, remark)


def _delete_remark(ports: Ports, uow: UnitOfWork, about: Conversation, caller: Caller, message: ThreadMessage) -> None:
    remark = uow.documents.remark_from(message.source)
    if remark is None:  # the deletion came first: the message must not become a draft when it arrives
        remark = _new_remark(ports, about, caller, message)
        uow.documents.add_remark(remark)
    if remark.state is RemarkState.DRAFT:
        remark.state, remark.text, remark.files = RemarkState.DELETED, "", ()
    _note(uow, caller, Action.REMARK_DELETED, about, remark)


def _note(uow: UnitOfWork, caller: Caller, action: Action, about: Conversation, remark: Remark) -> None:
    uow.journal.write(caller.slack_user_id, action, about.id, remark=remark.id, state=remark.state.value)


def _relay(ports: Ports, uow: UnitOfWork, about: Conversation, caller: Caller, message: ThreadMessage) -> None:
    """Pass a reply on, once for ever: its deletion, had it come first, would have claimed the message."""
    uow.inbox.claim("slack-reply", message.source)
    if not about.turn:
        refuse(uow, user=caller.slack_user_id, source=message.source, refused=[("", "reply_kept")])
        return
    post = Post(to="tutors", message=_reply(caller, message), in_reply_to=card_key(about.id))
    uow.outbox.put(_reply_key(message), post, lane="tutors")
    _fetch(uow, about, caller, message, of_tutors=False)
    if isinstance(about, Question):
        questions.heard(ports, uow, about)
    uow.journal.write(caller.slack_user_id, Action.REPLY_RELAYED, about.id, source=message.source)


def _reply_key(message: ThreadMessage) -> str:
    return f"reply:{message.source}"


def _reply(caller: Caller, message: ThreadMessage) -> AuthorReply:
    files = tuple(NamedFile(name=file.name, size=file.size or 0) for file in message.files)
    return AuthorReply(author_user=caller.slack_user_id, text=message.text, files=files, edited=message.edited)


def _change_reply(ports: Ports, uow: UnitOfWork, about: Conversation, caller: Caller, message: ThreadMessage) -> None:
    key = _reply_key(message)
    if uow.outbox.get(key) is None:
        _relay(ports, uow, about, caller, message)
    elif uow.outbox.get(f"{key}:withdrawn") is None and _is_newer(uow, key, message.edited):
        take_back(uow, message.source, kept=[file.id for file in message.files])
        edit = Edit(post_key=key, message=_reply(caller, message))
        uow.outbox.put(fresh_key(uow, f"{key}:edit"), edit, lane="tutors")
        uow.journal.write(caller.slack_user_id, Action.REPLY_CHANGED, about.id, source=message.source)


def _is_newer(uow: UnitOfWork, key: str, edited: str) -> bool:
    """Tell whether an edit is the latest known, and note it on the row of the reply."""
    row = uow.outbox.get(key)
    if row is None or edited < row.effect["message"].get("edited", ""):
        return False
    row.effect = {**row.effect, "message": {**row.effect["message"], "edited": edited}}
    return True


def _withdraw_reply(uow: UnitOfWork, about: Conversation, caller: Caller, message: ThreadMessage) -> None:
    key = _reply_key(message)
    if uow.outbox.get(key) is None:
        uow.inbox.claim("slack-reply", message.source)
        return
    gone = AuthorReply(author_user=caller.slack_user_id, text="", withdrawn=True)
    uow.outbox.put(f"{key}:withdrawn", Edit(post_key=key, message=gone), lane="tutors")
    take_back(uow, message.source, kept=[])
    uow.journal.write(caller.slack_user_id, Action.REPLY_WITHDRAWN, about.id, source=message.source)


def _fetch(uow: UnitOfWork, about: Conversation, caller: Caller, message: ThreadMessage, *, of_tutors: bool) -> None:
    if message.files:
        effect = FetchFiles(
            purpose="remark" if of_tutors else "reply",
            user=caller.slack_user_id,
            source=message.source,
            slack_file_ids=(),
            document_id=about.id,
        )
        fetch_later(uow, effect, message.files)
