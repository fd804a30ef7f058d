"""The promise of an answer within three working days, and the clocks that watch it: for documents and questions alike.

Each version handed in, and each turn of a question, has its own promise, hence its own deadlines. They fall into
working hours, so that nobody is called at night.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from programme.effects import Post
from programme.journal import Action
from programme.messages.documents import ReviewAlert
from programme.messages.tutoring import PromiseMoved, Unclaimed
from programme.model.agenda import DeadlineKind
from programme.model.document import DocumentState
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.reviews import NAG_SHARE, UNCLAIMED_SHARE, WARNING_SHARE, review_due, shift_for_absence, warn_at
from programme.usecases import pings
from programme.usecases.conversations import Conversation, author_of, card_key, conversation, fresh_key, receipt_key
from programme.usecases.handing_over import show_again
from programme.usecases.tutoring import days_away, expected_tutor

_SHARES = {
    DeadlineKind.REVIEW_NAG: NAG_SHARE,
    DeadlineKind.REVIEW_UNCLAIMED: UNCLAIMED_SHARE,
    DeadlineKind.REVIEW_WARNING: WARNING_SHARE,
}


def promise(ports: Ports, uow: UnitOfWork, about: Conversation) -> None:
    """Promise an answer from now on; days on which the tutor is away without a backup do not count."""
    now = ports.clock.now()
    absent = days_away(uow, expected_tutor(uow, about), day_in(now))
    about.due_at = review_due(now, absent=absent)
    _set_clocks(uow, about, now, about.due_at, absent)


def _set_clocks(uow: UnitOfWork, about: Conversation, since: datetime, due: datetime, absent: Collection[date]) -> None:
    for kind, share in _SHARES.items():
        uow.agenda.put(kind, _subject(about), warn_at(since, due, share=share, absent=absent))
    uow.agenda.put(DeadlineKind.REVIEW_DUE, _subject(about), due)


def move_promise(
    ports: Ports, uow: UnitOfWork, about: Conversation, absent: Collection[date], *, known: Collection[date]
) -> bool:
    """Give back the working days that an absence takes, and tell the member; tells whether anything moved.

    ``known`` holds the days off that the promise already takes into account.
    """
    now = ports.clock.now()
    if about.due_at is None or about.due_at <= now:
        return False
    due = shift_for_absence(about.due_at, absent, from_day=day_in(now), known=known)
    if due == about.due_at:
        return False
    about.due_at = due
    _set_clocks(uow, about, now, due, {*absent, *known})
    show_again(uow, about)
    told = PromiseMoved(title=about.title, due_at=due)
    key = fresh_key(uow, f"{receipt_key(about.id)}:moved")
    pings.timely(uow, author_of(uow, about), key, told, now, in_reply_to=receipt_key(about.id))
    return True


def release(uow: UnitOfWork, about: Conversation) -> None:
    """The promise is kept, or another is about to take its place."""
    about.due_at = None
    for kind in (*_SHARES, DeadlineKind.REVIEW_DUE):
        uow.agenda.cancel(kind, _subject(about))


def _subject(about: Conversation) -> str:
    return f"{about.id}:v{about.turn}"


def nag(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """A third of the time is gone and nobody has taken the document: whoever should is called in its thread."""
    about = _unclaimed(ports, uow, subject, DeadlineKind.REVIEW_NAG)
    if about is not None:
        post = Post(to="tutors", message=_call(uow, about), in_reply_to=card_key(about.id))
        uow.outbox.put(f"{_key(about)}:nag", post, lane="tutors")
        uow.journal.write("bot", Action.REVIEW_NAGGED, about.id, admins=False)


def tell_unclaimed(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Two thirds are gone, and still nobody: the admins are told, with the means to give it to somebody."""
    about = _unclaimed(ports, uow, subject, DeadlineKind.REVIEW_UNCLAIMED)
    if about is not None:
        call = _call(uow, about).model_copy(update={"to_admins": True})
        uow.outbox.put(f"{_key(about)}:unclaimed", Post(to="admins", message=call), lane="admins")
        uow.journal.write("bot", Action.REVIEW_NAGGED, about.id, admins=True)


def _unclaimed(ports: Ports, uow: UnitOfWork, subject: str, kind: DeadlineKind) -> Conversation | None:
    about = _still_waiting(uow, subject)
    if about is None or about.state is not DocumentState.RECEIVED:
        return None
    return None if _missed(ports, uow, about, kind) else about


def _call(uow: UnitOfWork, about: Conversation) -> Unclaimed:
    if about.due_at is None:
        raise LookupError("what nobody has taken is promised")
    tutor = expected_tutor(uow, about)
    return Unclaimed(
        subject_id=about.id,
        title=about.title,
        author_user=author_of(uow, about),
        tutor_user=tutor,
        backup_user=uow.tutors.settings(tutor).backup_id,
        due_at=about.due_at,
    )


def warn(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Three quarters of the working time are gone: the tutors are reminded; pointless once the promise has passed."""
    about = _still_waiting(uow, subject)
    if about is not None and not _missed(ports, uow, about, DeadlineKind.REVIEW_WARNING):
        _alert(uow, about, late=False)


def overdue(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """The promised instant has passed: tutors and admins are told, however late the bot is itself."""
    about = _still_waiting(uow, subject)
    if about is not None:
        _alert(uow, about, late=True)


def _missed(ports: Ports, uow: UnitOfWork, about: Conversation, kind: DeadlineKind) -> bool:
    """Tell, and note, that the bot slept through the promise itself, of which it will tell anyway."""
    if about.due_at is not None and ports.clock.now() < about.due_at:
        return False
    uow.journal.write("bot", Action.DEADLINE_SKIPPED, about.id, kind=kind.value)
    return True


def _still_waiting(uow: UnitOfWork, subject: str) -> Conversation | None:
    """Return what this deadline watches, unless it was answered or replaced meanwhile."""
    subject_id, _, turn = subject.rpartition(":v")
    about = conversation(uow, subject_id)
    return about if about.awaits_tutor and about.turn == int(turn) else None


def _key(about: Conversation) -> str:
    return f"{about.id.partition('_')[0]}:{_subject(about)}"


def _alert(uow: UnitOfWork, about: Conversation, *, late: bool) -> None:
    if about.due_at is None:
        return
    alert = ReviewAlert(
        subject_id=about.id,
        title=about.title,
        author_user=author_of(uow, about),
        tutor_user=expected_tutor(uow, about),
        due_at=about.due_at,
        late=late,
    )
    key = f"{_key(about)}:{'late' if late else 'warning'}"
    uow.outbox.put(key, Post(to="tutors", message=alert), lane="tutors")
    if late:
        uow.outbox.put(f"{key}:admins", Post(to="admins", message=alert), lane="admins")
    uow.journal.write("bot", Action.REVIEW_ALERTED, about.id, late=late)
