"""How a routine message ends (why it comes, how to put it off or stop it), a post of several, and the wishes' form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    InputInteractiveElement,
    PlainTextObject,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.views.french import day_and_hour, plural, zone_name
from handlers.views.kit import Drawn, actions, button, context, divider, header, modal, options, section
from programme.content import Content
from programme.messages import Message
from programme.messages.nudges import Digest
from programme.model.nudge import QuietWishes, Topic
from programme.rules.quiet import HOURS

WHY = {
    Topic.CHECK_IN: "Ce message vient deux jours après chaque séance ; sans réponse, deux rappels au plus.",
    Topic.WAITING: "Ce message vient une fois par semaine, tant que vous attendez un groupe.",
    Topic.OFFER: "Ce rappel vient une fois, car une place attend votre réponse.",
    Topic.CONSENT: "Ce rappel vient une fois, car votre groupe attend votre réponse.",
    Topic.KIT: "Ce message vient une fois, car un colis est parti vers vous.",
    Topic.ANNOUNCEMENT: "Ce message vient d’une personne de l’équipe, quand elle a quelque chose à vous dire.",
    Topic.SURVEY: "Ce message vient une fois à la fin, à trois et à six mois ; sans réponse, un rappel au plus.",
    Topic.MATERIAL: "Ce message vient à la fin de votre contrat ; sans réponse, un rappel au plus.",
}
NAMES = {
    Topic.CHECK_IN: "Le point d’étape après chaque séance",
    Topic.WAITING: "Les nouvelles de la salle d’attente",
    Topic.OFFER: "Le rappel d’une place proposée",
    Topic.CONSENT: "Le rappel d’une question à votre groupe",
    Topic.KIT: "L’envoi du kit papier",
    Topic.ANNOUNCEMENT: "Les annonces de l’équipe",
    Topic.SURVEY: "Les enquêtes après le programme",
    Topic.MATERIAL: "Le rappel des supports à rendre",
}
AS_IT_COMES = "any"
SNOOZED = "snoozed"


def ending(topic: Topic) -> list[Block]:
    """Why it comes, and the buttons that put it off or stop it."""
    return [
        context(WHY[topic]),
        actions(
            button("Pas avant lundi", Action.SNOOZE, topic.value, accessible="Rien de courant avant lundi"),
            button("Ne plus m’écrire ainsi", Action.STOP_TOPIC, topic.value, accessible=f"Arrêter : {NAMES[topic]}"),
        ),
    ]


def digest(message: Digest, content: Content, draw: Callable[[Message, Content], Drawn]) -> Drawn:
    """Several routine messages, one under the other."""
    title = f"{plural(len(message.parts), 'message')} pour vous aujourd’hui"
    drawn = [draw(part, content) for part in message.parts]
    blocks: list[Block] = [header(title)]
    for part in drawn:
        blocks += [*part.blocks, divider()]
    return Drawn(f"{title} : {' · '.join(part.text for part in drawn)}"[:3000], blocks[:-1])


def wishes_button() -> Any:
    """Opens the form, from the Home and from ``/bilan``."""
    return button("Régler les messages", Action.QUIET_WISHES)


def wishes_form(wishes: QuietWishes, zone: str) -> View:
    """The hour, the topics, the pause."""
    hours = options({AS_IT_COMES: "Dès qu’il y en a un"} | {str(hour): f"À {hour} h" for hour in HOURS})
    chosen = AS_IT_COMES if wishes.hour is None else str(wishes.hour)
    topics = options({topic.value: NAMES[topic] for topic in Topic})
    wanted = [option for option in topics if option.value not in wishes.stopped]
    pause = options({SNOOZED: _pause(wishes, zone)})
    blocks: list[Block] = [
        section(
            "Le robot n’écrit de lui-même qu’*une fois par jour* au plus, jamais entre 20 h et 8 h "
            f"({zone_name(zone)}). "
            "Ce que la loi impose, ce qui attend votre réponse et ce que vous demandez arrive en plus."
        ),
        _input(
            "hour",
            "À quelle heure ?",
            StaticSelectElement(
                action_id="hour",
                options=hours,
                initial_option=next(option for option in hours if option.value == chosen),
            ),
        ),
        _input(
            "topics",
            "Ce que je veux recevoir",
            CheckboxesElement(action_id="topics", options=topics, initial_options=wanted or None),
        ),
        _input(
            "pause",
            "Une pause",
            CheckboxesElement(
                action_id="pause", options=pause, initial_options=pause if wishes.snoozed_until else None
            ),
        ),
    ]
    return modal(Callback.QUIET_WISHES, "Vos messages", blocks, submit="Enregistrer")


def _pause(wishes: QuietWishes, zone: str) -> str:
    if wishes.snoozed_until is None:
        return "Rien avant lundi 8 h"
    return f"Rien avant : {day_and_hour(wishes.snoozed_until, zone)}"


def _input(name: str, label: str, element: InputInteractiveElement) -> InputBlock:
    return InputBlock(
        block_id=name,
        label=PlainTextObject(text=label),
        element=element,
        optional=not isinstance(element, StaticSelectElement),
    )
