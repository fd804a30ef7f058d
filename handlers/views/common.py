"""Messages that belong to no feature: a notice to one person, and the card of an unknown failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlers.views.kit import Drawn, clip, context, escape, header, section
from programme.content import Content
from programme.messages.common import FailureCard, Notice


def _notice(message: Notice, content: Content) -> Drawn:
    sentence = content.sentence(message.text_key, **message.details)
    return Drawn(sentence, [section(sentence)])


def _failure_card(message: FailureCard, _content: Content) -> Drawn:
    what, reference = escape(clip(message.what, 150)), escape(clip(message.reference, 150))
    blocks = [
        header("À regarder"),
        section(f"Une action n’a pas abouti : *{what}*.\n{escape(clip(message.detail, 500))}"),
        context(f"Référence : {reference}. Le journal du programme donne le détail sous cette référence."),
    ]
    return Drawn(f"À regarder : une action n’a pas abouti ({what}). Référence : {reference}.", blocks)


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {"notice": _notice, "failure_card": _failure_card}
