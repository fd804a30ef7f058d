"""Private questions to the e-tutor: asked by form, command or ✋, answered in the thread, closed by the member.

They are promised an answer and relayed exactly as documents are (programme §6); the group never hears of them.
"""

from __future__ import annotations

from functools import partial

from programme.content.french import long_day
from programme.effects import LookUpLink
from programme.errors import InvalidForm, NotAllowed, Refusal
from programme.journal import Action
from programme.messages.questions import QuestionAnswer
from programme.model.ids import new_id
from programme.model.people import Caller
from programme.model.question import Question, QuestionState
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.usecases.conversations import author_of
from programme.usecases.documents import author_place, require_open
from programme.usecases.files import refuse
from programme.usecases.participants import require_participant
from programme.usecases.promises import promise, release
from programme.usecases.question_posts import show
from programme.usecases.remarks import drafts_of, relay
from programme.usecases.tutoring import require_follower, route

SHORTEST, LONGEST = 5, 2000


def require_place(ports: Ports, *, caller: Caller) -> None:
    """Refusal("not_in_group") or ("programme_over") where nobody would answer: said before the form is filled in."""
    with ports.reading() as uow:
        _, group = author_place(uow, caller.slack_user_id)
        require_open(group)


def ask(ports: Ports, *, caller: Caller, text: str, source: str) -> Question:
    """A member asks; ``source`` names the form or the command, so that a repeat is the same question.

    InvalidForm for a text of fewer than 5 or more than 2,000 characters; Refusal as ``require_place``.
    """
    text = text.strip()
    if not SHORTEST <= len(text) <= LONGEST:
        raise InvalidForm({"question": "question_text"})
    with ports.uow() as uow:
        asked = uow.questions.from_source(source)
        if asked is None:
            asked = _open(ports, uow, caller, source=source, text=text)
            show(uow, asked)
        return asked


def ask_about(ports: Ports, *, caller: Caller, channel: str, ts: str, event_id: str) -> None:
    """A member puts ✋ on a message of their group's channel: a question to the tutor, with a link to the message.

    Other channels are nobody's business; a second ✋ of the same person on the same message changes nothing.
    NotAllowed for whoever is not a member of the group.
    """
    with ports.uow() as uow:
        group = uow.groups.by_channel(channel)
        if group is None:
            return
        require_participant(uow, caller, group.id)
        uow.inbox.claim("slack", event_id)
        source = f"{caller.slack_user_id}:{channel}:{ts}"
        if uow.questions.from_source(source) is not None:
            return
        try:
            asked = _open(ports, uow, caller, source=source)
        except Refusal as refusal:
            refuse(uow, user=caller.slack_user_id, source=source, refused=[("", refusal.key)])
            return
        look_up = LookUpLink(question_id=asked.id, channel=channel, ts=ts)
        uow.outbox.put(f"que:{asked.id}:link", look_up, lane=f"links:{group.id}")


def link_found(uow: UnitOfWork, question_id: str, link: str) -> None:
    """The message's address is known ("" when it has gone meanwhile): the question can be shown."""
    question = uow.questions.get(question_id)
    question.link = link
    show(uow, question)


def _open(ports: Ports, uow: UnitOfWork, caller: Caller, *, source: str, text: str = "") -> Question:
    member, group = author_place(uow, caller.slack_user_id)
    require_open(group)
    now = ports.clock.now()
    question = Question(
        id=new_id("que"),
        member_id=member.id,
        group_id=group.id,
        source=source,
        title=f"Question du {long_day(day_in(now, member.time_zone))}",
        asked_at=now,
        text=text,
    )
    route(ports, uow, question)
    promise(ports, uow, question)
    uow.questions.add(question)
    uow.journal.write(caller.slack_user_id, Action.QUESTION_ASKED, question.id, about_message=not text)
    return question


def answer(ports: Ports, *, caller: Caller, question_id: str) -> None:
    """« Envoyer la réponse »: every draft of the thread goes to the member; Refusal("no_answer") without one."""
    with ports.uow() as uow:
        question = uow.questions.get(question_id)
        require_follower(ports, uow, caller, question)
        drafts = drafts_of(uow, question)
        if not drafts:
            raise Refusal("no_answer")
        if question.state is QuestionState.OPEN:
            _settle(ports, uow, question)
        question.tutor_id = caller.slack_user_id
        compose = partial(_answer, question, caller)
        relay(uow, question, f"que:{question.id}:answer", drafts, compose, ports.clock.now())
        show(uow, question)
        uow.journal.write(caller.slack_user_id, Action.QUESTION_ANSWERED, question.id, remarks=len(drafts))


def _settle(ports: Ports, uow: UnitOfWork, question: Question) -> None:
    release(uow, question)
    question.state = QuestionState.ANSWERED
    question.answered_at = ports.clock.now()


def _answer(question: Question, caller: Caller, texts: tuple[str, ...], part: int, parts: int) -> QuestionAnswer:
    return QuestionAnswer(
        question_id=question.id,
        title=question.title,
        tutor_user=caller.slack_user_id,
        texts=texts,
        part=part,
        parts=parts,
    )


def nothing_to_add(ports: Ports, *, caller: Caller, question_id: str) -> None:
    """« Rien à ajouter »: what the member wrote after an answer (a thank-you) needs none; Refusal before the first."""
    with ports.uow() as uow:
        question = uow.questions.get(question_id)
        require_follower(ports, uow, caller, question)
        if question.answered_at is None:
            raise Refusal("no_answer")
        if question.state is not QuestionState.OPEN:
            return
        _settle(ports, uow, question)
        show(uow, question)
        uow.journal.write(caller.slack_user_id, Action.QUESTION_ANSWERED, question.id, remarks=0)


def close(ports: Ports, *, caller: Caller, question_id: str) -> None:
    """« Ma question est réglée »: the member alone closes it; a second press changes nothing."""
    with ports.uow() as uow:
        question = uow.questions.get(question_id)
        if author_of(uow, question) != caller.slack_user_id:
            raise NotAllowed
        if question.state is QuestionState.CLOSED:
            return
        release(uow, question)
        question.state, question.closed_at = QuestionState.CLOSED, ports.clock.now()
        show(uow, question)
        uow.journal.write(caller.slack_user_id, Action.QUESTION_CLOSED, question.id)


def heard(ports: Ports, uow: UnitOfWork, question: Question) -> None:
    """The member wrote in the thread: a question that was answered or closed is open again, with a new promise."""
    if question.state is QuestionState.OPEN:
        return
    question.state, question.closed_at = QuestionState.OPEN, None
    question.turn += 1
    route(ports, uow, question)
    promise(ports, uow, question)
    show(uow, question)
