"""Private questions: the form, the member's receipt, the tutors' card and the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import Block, InputBlock, InteractiveElement, PlainTextInputElement, PlainTextObject
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.views.french import appointment
from handlers.views.kit import Drawn, actions, button, context, escape, header, modal, section, user
from handlers.views.long_texts import sections
from handlers.views.tutoring import reassign_select
from programme.content import Content
from programme.messages.questions import QuestionAnswer, QuestionCard, QuestionReceipt
from programme.model.question import QuestionState
from programme.rules.instants import PARIS
from programme.usecases.questions import LONGEST, SHORTEST

STATES = {QuestionState.OPEN: "ouverte", QuestionState.ANSWERED: "répondue", QuestionState.CLOSED: "close"}


def form() -> View:
    """One field, and who will read it."""
    typed = PlainTextInputElement(action_id="question", multiline=True, min_length=SHORTEST, max_length=LONGEST)
    blocks: list[Block] = [
        section(
            "Votre question n’est lue que par votre e-tuteur ou votre e-tutrice. "
            "Vous aurez une réponse sous trois jours ouvrés, dans vos messages directs."
        ),
        InputBlock(block_id="question", label=PlainTextObject(text="Votre question"), element=typed),
    ]
    return modal(Callback.QUESTION, "Poser une question", blocks, submit="Envoyer")


def _receipt(message: QuestionReceipt, _content: Content) -> Drawn:
    state = STATES[message.state]
    blocks: list[Block] = [header(message.title), *_asked(message.text, message.link), section(f"État : *{state}*")]
    if message.due_at:
        blocks.append(section(f"Vous aurez une réponse au plus tard {appointment(message.due_at, PARIS)}."))
    if message.state is QuestionState.CLOSED:
        blocks.append(context("Un message dans ce fil rouvre la question."))
    else:
        blocks.append(actions(button("Ma question est réglée", Action.CLOSE_QUESTION, message.question_id)))
        blocks.append(context("La réponse arrive dans ce fil ; vous pouvez y préciser votre question. " + PRIVATE))
    return Drawn(f"{message.title} : {state}.", blocks)


PRIVATE = "Votre groupe n’en sait rien."


def _asked(text: str, link: str) -> list[Block]:
    """What is asked: the text, or the message on which the hand was raised."""
    if text:
        return sections(text)
    if link:
        return [section(f"À propos de <{link}|ce message du groupe> (✋).")]
    return [section("À propos d’un message du groupe (✋), supprimé depuis.")]


def _card(message: QuestionCard, _content: Content) -> Drawn:
    state = STATES[message.state]
    blocks: list[Block] = [
        section(f"*{escape(message.title)}*\nDe {user(message.author_user)}, {escape(message.group_label)}"),
        *_asked(message.text, message.link),
        section(f"État : *{state}*" + (f", pour {_tutor(message)}" if message.tutor_user else "")),
    ]
    if message.due_at:
        blocks.append(context(f"Réponse promise au plus tard {appointment(message.due_at, PARIS)}"))
    buttons: list[InteractiveElement] = [
        button("Envoyer la réponse", Action.ANSWER_QUESTION, message.question_id, style="primary")
    ]
    if message.answered_before and message.state is QuestionState.OPEN:
        buttons.append(button("Rien à ajouter", Action.NOTHING_TO_ADD, message.question_id))
    if message.state is not QuestionState.CLOSED:
        buttons.append(reassign_select())
    blocks += [
        actions(*buttons, block_id=message.question_id),
        context("Écrivez dans ce fil : rien ne part avant « Envoyer la réponse »."),
    ]
    return Drawn(f"{message.title} : {state}.", blocks)


def _tutor(message: QuestionCard) -> str:
    """A name calls nobody; the tutor hears of the question in the message of the day."""
    return escape(message.tutor_name) or user(message.tutor_user)


def _answer(message: QuestionAnswer, _content: Content) -> Drawn:
    part = f" ({message.part} sur {message.parts})" if message.parts > 1 else ""
    blocks: list[Block] = [section(f"Réponse de {user(message.tutor_user)}{part} :")]
    for text in message.texts or ("Voyez les fichiers, dans ce fil.",):
        blocks += sections(text)
    if message.part == message.parts:
        blocks += [
            actions(button("Ma question est réglée", Action.CLOSE_QUESTION, message.question_id)),
            context("Pour demander une précision, écrivez dans ce fil."),
        ]
    return Drawn(f"Réponse à votre question{part}.", blocks[:50])


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "question_receipt": _receipt,
    "question_card": _card,
    "question_answer": _answer,
}
