"""The last steps of a member: one message, and the same on the Home."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.ids import Action
from handlers.views.documents import worksheet_value
from handlers.views.french import plural
from handlers.views.kit import Drawn, button, context, header, section
from handlers.views.material import declared_words
from programme.content import Content
from programme.content.french import length, week_day
from programme.messages.last_steps import LastSteps

DONE, TO_DO = "☑", "☐"
TITLE = "Vos dernières étapes"


def _last_steps(message: LastSteps, _content: Content) -> Drawn:
    hello = "Vos séances sont terminées. Voici ce qu’il reste à faire, dans l’ordre et à votre rythme."
    text = f"{hello} Le canal de votre groupe ferme le {week_day(message.closes_on)}."
    return Drawn(text, [header(TITLE), section(hello), *_steps(message)])


def step_blocks(message: LastSteps) -> list[Block]:
    """The same steps under their title, for the Home."""
    return [section(f"*{TITLE}*"), *_steps(message)]


def _steps(message: LastSteps) -> list[Block]:
    if message.over:
        return [_attestation(message), *_material(message)]
    blocks = [*_survey(message), _attestation(message), *_synthesis(message), _export(message), *_material(message)]
    return [*blocks, context("Ce message suit vos pas : chaque étape se coche quand elle est faite.")]


def _survey(message: LastSteps) -> list[Block]:
    if message.survey_until is None:  # it is closed
        return [section(f"{DONE} *Votre avis*\nMerci de votre réponse.")] if message.survey_answered else []
    until = week_day(message.survey_until)
    if message.survey_answered:
        change = button("Changer mes réponses", Action.OPEN_SURVEY, message.survey)
        return [section(f"{DONE} *Votre avis*\nMerci. Vos réponses peuvent changer jusqu’au {until}.", change)]
    give = button("Donner mon avis", Action.OPEN_SURVEY, message.survey)
    return [section(f"{TO_DO} *Votre avis*\nQuelques questions, une minute, jusqu’au {until}. C’est facultatif.", give)]


def _attestation(message: LastSteps) -> Block:
    if message.attestation:
        followed = f"{plural(message.sessions, 'séance suivie', 'séances suivies')}, {length(message.minutes)}"
        again = button("La recevoir de nouveau", Action.SEND_ATTESTATION, message.attestation)
        what = f"{message.attestation}, partie à votre adresse e-mail : {followed}."
        return section(f"{DONE} *Attestation de participation*\n{what}", again)
    if message.sessions:
        return section(f"{TO_DO} *Attestation de participation*\nElle se prépare, et arrive par e-mail.")
    return section(
        "*Attestation de participation*\nD’après les feuilles de présence, vous n’avez suivi aucune séance : il n’y a "
        "donc pas d’attestation. Une feuille se signe encore quatorze jours après sa séance, avec `/bilan-presence`."
    )


def _synthesis(message: LastSteps) -> list[Block]:
    if not message.synthesis:
        return []
    label, mark = {
        "open": ("Écrire ma synthèse", TO_DO),
        "begun": ("Continuer ma synthèse", TO_DO),
        "kept": ("Reprendre ma synthèse", DONE),
    }[message.synthesis_state]
    write = button(label, Action.OPEN_WORKSHEET, worksheet_value(message.synthesis, 1))
    what = (
        "Quelques questions, enregistrées page par page. Elle n’est visible que de vous, et `/bilan-document` vous la "
        "donne en PDF et en DOCX."
    )
    return [section(f"{mark} *Votre synthèse personnelle*\n{what}", write)]


def _export(message: LastSteps) -> Block:
    mark = DONE if message.exported else TO_DO
    copy = button("Recevoir une copie", Action.EXPORT_DATA)
    closes_on = week_day(message.closes_on)
    until = f"avant le {closes_on}, jour où le canal de votre groupe ferme."
    if message.work_until:  # a message of an older version does not say
        until = f"jusqu’au {week_day(message.work_until)} : nous l’effaçons ensuite. Le canal ferme le {closes_on}."
    what = f"Il est à vous : fiches, fichiers et observations reçues. Prenez-en une copie {until}"
    return section(f"{mark} *Votre travail*\n{what}", copy)


def _material(message: LastSteps) -> list[Block]:
    if not message.material:
        return []
    if message.material_how:
        done = f"Supports {declared_words(message.material_how, message.material_day)}. Merci."
        correct = button("Corriger", Action.OPEN_MATERIAL, message.material)
        return [section(f"{DONE} *Les supports de la méthode*\n{done}", correct)]
    declare = button("Déclarer", Action.OPEN_MATERIAL, message.material)
    what = "Une fois votre travail gardé, rendez ou détruisez nos guides et leurs copies, puis dites-le ici."
    return [section(f"{TO_DO} *Les supports de la méthode*\n{what}", declare)]


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {"last_steps": _last_steps}
