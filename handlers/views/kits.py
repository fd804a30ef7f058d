"""The paper kit, for the admins and for the member who gets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from handlers.ids import Action
from handlers.views.french import day_and_hour
from handlers.views.kit import Drawn, actions, button, clip, context, escape, modal, section
from handlers.views.material import declared_words
from handlers.views.nudges import ending
from programme.content import Content
from programme.messages.planning import KitSent
from programme.model.nudge import Topic
from programme.usecases.kits import KitLine, KitSheet


def kit_modal(sheet: KitSheet) -> View:
    """The parcels of a group: where they go, what has left, what has arrived."""
    blocks: list[Block] = [section(f"*Kit papier – {escape(clip(sheet.label, 120))}* : les guides des séances 1 et 2")]
    blocks += [_line(sheet, line) for line in sheet.lines]
    blocks.append(context("Noter un envoi prévient la personne en message direct, avec l’adresse."))
    return modal("kit", "Kit papier", blocks)


def _line(sheet: KitSheet, line: KitLine) -> Block:
    name, address = escape(clip(line.name, 100)), escape(clip(line.address, 500))
    text = f"*{name}*\n{address}\n{_standing(sheet, line)}{_material(line)}"
    if line.sent_at is not None:
        return section(text)
    mark = button(
        "Noter l’envoi",
        Action.KIT_SENT,
        f"{sheet.group_id}:{line.member_id}",
        accessible=clip(f"Noter l’envoi à {line.name}", 75),
    )
    return section(text, mark, block_id=f"kit_{line.member_id}")


def _standing(sheet: KitSheet, line: KitLine) -> str:
    if line.received_at is not None:
        return f"_Reçu le {day_and_hour(line.received_at, sheet.zone)}._"
    if line.sent_at is not None:
        return f"_Parti le {day_and_hour(line.sent_at, sheet.zone)}._"
    return "_À envoyer._"


def _material(line: KitLine) -> str:
    """At the end: what was declared, or that nothing was."""
    if line.material is None:
        return ""
    if line.material.how is None:
        return "\n*Supports de la méthode* : rien n’est déclaré."
    return f"\nSupports de la méthode {declared_words(line.material.how, line.material.day)}."


def _kit_sent(message: KitSent, _content: Content) -> Drawn:
    if message.received:
        sentence = "Votre kit papier est arrivé : c’est noté. Gardez-le, il nous est rendu à la fin du programme."
        return Drawn(sentence, [section(sentence)])
    text = "Votre kit papier est parti : les guides des deux premières séances."
    where = escape(clip(message.address, 500))
    blocks: list[Block] = [
        section(f"{text}\n*Adresse d’envoi*\n{where}"),
        actions(button("Je l’ai reçu", Action.KIT_RECEIVED, message.kit_id, style="primary")),
        context("Il n’arrive pas, ou l’adresse n’est pas la bonne ? Répondez au robot ici."),
        *ending(Topic.KIT),
    ]
    return Drawn(text, blocks)


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {"kit_sent": _kit_sent}
