"""Complaints: the form, the acknowledgement, the answer with the mediator, the admins' card and register."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement, PlainTextInputElement
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.payloads import Subject
from handlers.views.french import appointment
from handlers.views.kit import (
    Drawn,
    actions,
    button,
    clip,
    confirm,
    context,
    divider,
    escape,
    header,
    input_field,
    modal,
    section,
    user,
)
from handlers.views.long_texts import sections
from programme.content import Content
from programme.content.french import week_day
from programme.messages.complaints import ComplaintAnswered, ComplaintCard, ComplaintReceived, ComplaintReminder
from programme.rules.instants import PARIS
from programme.usecases.complaints import LONGEST, SHORTEST

TITLE = "Réclamation"
COMPLAIN = "Faire une réclamation"
SHOWN = 20
STATES = {"open": "réponse attendue", "answered": "répondue", "closed": "close"}


def complain_button() -> ButtonElement:
    """Opens the form, from the Home and from one's papers."""
    return button(COMPLAIN, Action.COMPLAIN)


def form() -> View:
    """What is wrong, in the person's own words."""
    words = PlainTextInputElement(
        action_id="text", multiline=True, min_length=SHORTEST, max_length=LONGEST, focus_on_load=True
    )
    blocks: list[Block] = [
        section(
            "Quelque chose ne va pas, et vous voulez une réponse écrite ? Votre réclamation reçoit un numéro et une "
            "date de réponse ; une personne de l’équipe la lit. Votre groupe n’en sait rien."
        ),
        input_field("text", "Votre réclamation", words, "Ce qui s’est passé, quand, et ce que vous demandez."),
        context("Une question sur le programme ? « Poser une question » l’envoie à votre e-tuteur ou votre e-tutrice."),
    ]
    return modal(Callback.COMPLAINT, TITLE, blocks, submit="Envoyer")


def _received(message: ComplaintReceived, _content: Content) -> Drawn:
    copy = f" Une copie est partie à l’adresse {escape(message.email)}." if message.email else ""
    sentence = f"Votre réclamation *{message.number}* est enregistrée."
    follow = f"Une personne de l’équipe vous répond par écrit au plus tard le *{week_day(message.answer_by)}*.{copy}"
    at = context(
        f"Reçue le {appointment(message.opened_at, message.zone)}. Gardez ce numéro : il suffit à la retrouver."
    )
    return Drawn(f"{sentence} {follow}".replace("*", ""), [section(f"{sentence}\n{follow}"), at])


def _answered(message: ComplaintAnswered, content: Content) -> Drawn:
    title = f"Réponse à votre réclamation {message.number}"
    mediator = content.trader.mediator
    blocks: list[Block] = [
        header(title),
        section(f"Vous nous aviez écrit le {week_day(message.opened_on)}."),
        *sections(message.answer),
        divider(),
        section(
            "Cette réponse ne vous convient pas ? Vous pouvez saisir gratuitement le médiateur de la consommation, "
            "dans l’année qui suit votre réclamation :\n"
            f"*{escape(mediator.name)}*\n{escape(mediator.address)}\n<{mediator.website}>"
        ),
        context("La médiation n’est jamais obligatoire : vous restez libre de saisir la justice."),
    ]
    if message.closed:
        blocks.append(context("Cette réclamation est close."))
    else:
        blocks.append(actions(button("C’est réglé pour moi", Action.CLOSE_COMPLAINT, message.complaint_id)))
    return Drawn(f"{title} : {clip(message.answer, 200)}", blocks)


def _card(message: ComplaintCard, _content: Content) -> Drawn:
    title = f"Réclamation {message.number} : {STATES[message.state]}"
    order = f", commande `{message.order_id}`" if message.order_id else ""
    who = f"{user(message.member_user)} ({escape(message.name)}){order}"
    blocks: list[Block] = [
        header(title),
        section(f"{who}\nRéponse due le *{week_day(message.answer_by)}*."),
        *sections(message.text),
    ]
    acts = _acts(message)
    if acts:
        blocks.append(actions(*acts))
    blocks.append(context(f"Reçue le {appointment(message.opened_at, PARIS)}.{_by(message)}"))
    return Drawn(f"{title}. {user(message.member_user)}, réponse due le {week_day(message.answer_by)}.", blocks)


def _by(message: ComplaintCard) -> str:
    answered = f" Réponse de {user(message.answered_by)}." if message.answered_by else ""
    return f"{answered} Close par {user(message.closed_by)}." if message.closed_by else answered


def _acts(message: ComplaintCard) -> list[ButtonElement]:
    if message.state == "open":
        return [button("Répondre…", Action.ANSWER_COMPLAINT, message.complaint_id, style="primary")]
    if message.state == "closed":
        return []
    dialog = confirm("Clore cette réclamation ?", "Elle reste au registre, avec sa réponse.", "Clore")
    return [button("Clore", Action.CLOSE_COMPLAINT, message.complaint_id, confirm=dialog)]


def answer_form(card: ComplaintCard, content: Content) -> View:
    """The answer, as the person will read it."""
    words = PlainTextInputElement(action_id="text", multiline=True, min_length=SHORTEST, max_length=LONGEST)
    blocks: list[Block] = [
        section(f"*{card.number}*, {escape(card.name)}, réponse due le {week_day(card.answer_by)}"),
        *sections(card.text),
        input_field("text", "Votre réponse", words, "Elle part telle quelle, par e-mail et dans Slack."),
        context(f"Les coordonnées du médiateur sont ajoutées : {escape(content.trader.mediator.name)}."),
    ]
    metadata = Subject(id=card.complaint_id).model_dump_json()
    return modal(Callback.COMPLAINT_ANSWER, TITLE, blocks, submit="Envoyer la réponse", metadata=metadata)


def register_view(cards: Sequence[ComplaintCard]) -> View:
    """The register, newest first."""
    blocks: list[Block] = []
    if not cards:
        blocks.append(section("Le registre est vide : personne n’a fait de réclamation."))
    for card in cards[:SHOWN]:
        acts = _acts(card)
        due = f"{user(card.member_user)}, réponse due le {week_day(card.answer_by)}"
        text = f"*{card.number}* · {STATES[card.state]}\n{due}\n{escape(clip(card.text, 200))}"
        blocks.append(section(text, acts[0] if acts else None))
    if len(cards) > SHOWN:
        blocks.append(context(f"Les {SHOWN} plus récentes sur {len(cards)} : le CSV les contient toutes."))
    if cards:
        blocks.append(actions(button("Recevoir le registre en CSV", Action.EXPORT_COMPLAINTS)))
    return modal("complaints", "Réclamations", blocks)


def _reminder(message: ComplaintReminder, _content: Content) -> Drawn:
    when = "aujourd’hui" if message.last else f"le {week_day(message.answer_by)}"
    sentence = (
        f"La réclamation {message.number} de {user(message.member_user)} attend une réponse : elle est due {when}."
    )
    follow = "Le bouton « Répondre » est sur sa carte, et dans `/bilan-admin reclamations`."
    return Drawn(sentence, [section(f"*{sentence}*\n{follow}")])


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "complaint_received": _received,
    "complaint_answered": _answered,
    "complaint_card": _card,
    "complaint_reminder": _reminder,
}
