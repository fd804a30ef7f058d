"""The waiting room: counts, and what would help, with the button that takes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.ids import Action
from handlers.views.french import plural, slot_name
from handlers.views.kit import Drawn, actions, button, context, header, section
from handlers.views.nudges import ending
from programme.content import Content
from programme.content.french import NO_BREAK_SPACE, slot_words, week_day
from programme.messages.waiting import Advice, WaitingWord
from programme.model.nudge import Topic
from programme.usecases.patience import Waiting

SLOTS_SHOWN = 3


def room(seen: Waiting | WaitingWord) -> list[Block]:
    """Who waits nearby, in counts, and what would help."""
    blocks: list[Block] = [section(_counts(seen))]
    if seen.advice:
        lines = "\n".join(f"• {_gain(one)}" for one in seen.advice)
        blocks.append(section(f"*Ce qui aiderait*\n{lines}"))
        blocks.append(actions(*_buttons(seen.advice)))
        blocks.append(context("Rien ne change sans vous : un bouton vaut accord, et vous pouvez en rester là."))
    return blocks


def _counts(seen: Waiting | WaitingWord) -> str:
    if seen.near is None:
        few = "Moins de trois personnes attendent à portée. D’autres inscriptions arrivent chaque semaine."
        return f"*Près de chez vous*\n{few}"
    near = f"*Près de chez vous*\n{plural(seen.near, 'personne attend', 'personnes attendent')} à portée"
    if seen.sharing is None:
        return f"{near}, dont moins de trois avec un créneau commun au vôtre."
    shared = f"{near}, dont {seen.sharing} avec un créneau commun au vôtre."
    slots = "\n".join(f"• {slot_name(slot)} : {plural(many, 'personne')}" for slot, many in seen.by_slot[:SLOTS_SHOWN])
    return f"{shared}\n{slots}" if slots else shared


def _gain(one: Advice) -> str:
    people = plural(one.people, "personne")
    if one.slot:
        return f"être libre aussi le {slot_words(one.slot)} : un groupe deviendrait possible avec {people}"
    return f"aller jusqu’à {one.radius_km}{NO_BREAK_SPACE}km : un groupe deviendrait possible avec {people}"


def _buttons(advice: Sequence[Advice]) -> list[ButtonElement]:
    return [
        button(f"Aussi le {slot_words(one.slot)}", f"{Action.ADD_SLOT}:{number}", one.slot)
        if one.slot
        else button(f"Jusqu’à {one.radius_km}{NO_BREAK_SPACE}km", Action.WIDEN_RADIUS, str(one.radius_km))
        for number, one in enumerate(advice)
    ]


def _word(message: WaitingWord, _content: Content) -> Drawn:
    weeks = plural(message.weeks, "semaine")
    sentence = f"Nous cherchons toujours votre groupe : vous attendez depuis le {week_day(message.since)} ({weeks})."
    follow = "Vous n’avez rien à faire : une proposition arrivera ici. Où j’en suis : `/bilan`"
    blocks: list[Block] = [header("Votre groupe : où en est la recherche"), section(sentence), *room(message)]
    return Drawn(f"{sentence} {follow}", [*blocks, context(follow), *ending(Topic.WAITING)])


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {"waiting_word": _word}
