"""The method's material at the end: the request, the form, and what the admins read of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, CheckboxesElement, DatePickerElement, RadioButtonsElement
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.payloads import Subject
from handlers.views.kit import Drawn, actions, button, context, escape, input_field, modal, options, section
from handlers.views.nudges import ending
from programme.content import Content
from programme.content.french import week_day
from programme.messages.material import MaterialRequest
from programme.model.material import MaterialEnd, MaterialItem
from programme.model.nudge import Topic
from programme.usecases.material import OwnMaterial

ENDS = {MaterialEnd.RETURNED: "Je les ai rendus", MaterialEnd.DESTROYED: "Je les ai détruits"}
ITEMS = {
    MaterialItem.PAPER: "Les guides papier des séances 1 et 2",
    MaterialItem.COPIES: "Les copies et impressions d’autres guides",
    MaterialItem.FILES: "Les fichiers et captures d’écran de la méthode",
}
WORDS = {"returned": "rendus", "destroyed": "détruits"}
OWN_WORK = "Votre travail n’est pas concerné : fiches remplies, synthèse et fichiers restent à vous."


def declared_words(how: str, day: date | None) -> str:
    """« rendus le mardi 13 avril 2027 »."""
    return f"{WORDS[how]} le {week_day(day)}" if day else WORDS[how]


def _material_request(message: MaterialRequest, _content: Content) -> Drawn:
    if message.how:
        sentence = f"C’est noté : supports de la méthode {declared_words(message.how, message.day)}. Merci."
        return Drawn(sentence, [section(sentence), actions(_open(message, "Corriger"))])
    lead = "Rappel, le seul" if message.reminder else "Votre contrat est terminé"
    sentence = f"{lead} : rendez ou détruisez les supports de la méthode, puis dites-le ici."
    keep = (
        f"{OWN_WORK} Gardez-le d’abord : `/bilan-donnees` vous en envoie une copie, jusqu’au "
        f"{week_day(message.work_until)}."
    )
    blocks = [
        section(f"*{sentence}*\n{keep}"),
        actions(_open(message, "Déclarer", style="primary")),
        *ending(Topic.MATERIAL),
    ]
    return Drawn(f"{sentence} {keep}", blocks)


def _open(message: MaterialRequest, label: str, style: str | None = None) -> Any:
    return button(label, Action.OPEN_MATERIAL, message.declaration_id, style=style)


def material_modal(mine: OwnMaterial) -> View:
    """What was done, of what, on which day; filled with what was declared before."""
    hows = options({one.value: label for one, label in ENDS.items()})
    items = options({one.value: label for one, label in ITEMS.items()})
    chosen = [option for option in items if option.value in mine.items]
    blocks: list[Block] = [
        section(
            "La méthode et ses supports nous appartiennent (article 6 de vos conditions). "
            f"Rendez-les à cette adresse, ou détruisez-les : nous en sommes d’accord.\n"
            f">{escape(mine.address)}\n{OWN_WORK}"
        ),
        input_field(
            "how",
            "Que sont devenus les supports ?",
            RadioButtonsElement(
                action_id="how",
                options=hows,
                initial_option=next((option for option in hows if option.value == mine.how), None),
            ),
        ),
        input_field(
            "items",
            "Desquels s’agit-il ?",
            CheckboxesElement(action_id="items", options=items, initial_options=chosen or None),
        ),
        input_field(
            "day",
            "Quel jour ?",
            DatePickerElement(action_id="day", initial_date=(mine.day or mine.today).isoformat()),
        ),
        context("Votre déclaration est datée et gardée comme preuve. Vous pourrez la corriger."),
    ]
    metadata = Subject(id=mine.declaration_id).model_dump_json()
    return modal(Callback.MATERIAL, "Supports de la méthode", blocks, submit="Déclarer", metadata=metadata)


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {"material_request": _material_request}
