"""The post that follows a session's agenda."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block

from handlers.ids import Action
from handlers.views.french import hour
from handlers.views.kit import Drawn, actions, button, clip, confirm, context, header, section
from programme.content import Content
from programme.content.french import length
from programme.content.mrkdwn import to_mrkdwn
from programme.messages.sessions import LiveSession


def _live(message: LiveSession, _content: Content) -> Drawn:
    title = f"Séance {message.number} – le déroulé"
    if message.ended:
        sentence = "Le déroulé est terminé. Pensez à signer la feuille de présence et à attester les signatures."
        return Drawn(f"Séance {message.number}. {sentence}", [header(title), section(sentence)])
    place = f"Étape {message.step + 1} sur {message.steps}"
    time_left = _time_left(message)
    bar = "▓" * (message.step + 1) + "░" * (message.steps - message.step - 1)
    blocks: list[Block] = [
        header(title),
        section(f"*{place} : {to_mrkdwn(message.title)}* ({length(message.minutes)})\n{to_mrkdwn(message.detail)}"),
        section(f"*{time_left}*\n`{bar}`"),
    ]
    if message.following:
        blocks.append(context(f"Ensuite : {to_mrkdwn(message.following)}"))
    blocks.append(actions(*_buttons(message)))
    return Drawn(f"Séance {message.number}, {place.lower()} : {clip(message.title, 75)}. {time_left}.", blocks)


def _time_left(message: LiveSession) -> str:
    local = message.ends_at.astimezone(ZoneInfo(message.zone))
    until = hour(local.time().replace(second=0, microsecond=0))
    if message.left > 0:
        return f"Jusqu’à {until} – encore {length(message.left)}"
    if message.left == 0:
        return f"Il est {until} : le temps de cette étape est écoulé"
    return f"Le temps de cette étape est écoulé depuis {length(-message.left)}"


def _buttons(message: LiveSession) -> list[Any]:
    end = button(
        "Terminer",
        Action.LIVE_END,
        message.session_id,
        confirm=confirm("Terminer le déroulé ?", "Le déroulé s’arrête pour tout le groupe.", "Terminer"),
    )
    if not message.following:
        return [end]
    leaving = f"{message.session_id}:{message.step}"
    return [button("Étape suivante", Action.LIVE_STEP, leaving, style="primary"), end]


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {"live_session": _live}
