"""Taking an early start back: the button, what the member reads, and the admins' card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import ButtonElement

from handlers.ids import Action
from handlers.views.french import plural
from handlers.views.kit import Drawn, button, clip, confirm, escape, header, section, user
from programme.content import Content
from programme.content.french import week_day
from programme.messages.enrolment import EarlyStartCard, EarlyStartTakenBack


def take_back_button() -> ButtonElement:
    """The button, with its dialog."""
    dialog = confirm(
        "Retirer votre demande ?",
        "Votre groupe ne commencera pas avant la fin de votre délai de rétractation. Votre inscription continue.",
        "Retirer ma demande",
        "Revenir",
    )
    return button("Renoncer au démarrage anticipé", Action.TAKE_BACK_EARLY_START, confirm=dialog)


def _taken_back(message: EarlyStartTakenBack, _content: Content) -> Drawn:
    end = f", le {week_day(message.last_day)} inclus" if message.last_day else ""
    sentence = f"Votre demande de démarrage anticipé est retirée. Votre groupe attendra la fin de votre délai{end}."
    return Drawn(sentence, [section(sentence)])


def _card(message: EarlyStartCard, _content: Content) -> Drawn:
    label = escape(clip(message.label, 120))
    sentence = (
        f"{user(message.user)} ({label}) a retiré sa demande de démarrage anticipé : "
        f"{plural(message.sessions, 'séance')} à déplacer après le {week_day(message.last_day)}."
    )
    return Drawn(sentence, [header("Dates à déplacer"), section(sentence)])


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "early_start_taken_back": _taken_back,
    "early_start_card": _card,
}
