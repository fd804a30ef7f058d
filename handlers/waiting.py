"""The waiting room: a press on what would help is the consent to it."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.answers import answer
from handlers.ids import Action
from handlers.payloads import action_value
from handlers.views.french import slot_name
from programme.effects import PublishHome
from programme.model.ids import new_id
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import patience


def register(app: App) -> None:
    """Listen to the two kinds of advice; Slack wants an id of its own for each button of a row."""
    for number in range(3):
        app.action(f"{Action.ADD_SLOT}:{number}")(slot_added)
    app.action(Action.ADD_SLOT)(slot_added)
    app.action(Action.WIDEN_RADIUS)(radius_widened)


def slot_added(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """« Je suis libre aussi le jeudi soir »."""
    ack()
    slot = action_value(body)
    patience.accept(ports, caller=caller, slot=slot)
    _redraw(ports, caller)
    sentence = ports.content.sentence("slot_added", slot=slot_name(slot))
    answer(sentence, body=body, client=client, respond=respond)


def radius_widened(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """« Jusqu'à 30 km »."""
    ack()
    radius = int(action_value(body))
    patience.accept(ports, caller=caller, radius_km=radius)
    _redraw(ports, caller)
    answer(ports.content.sentence("radius_widened", km=radius), body=body, client=client, respond=respond)


def _redraw(ports: Ports, caller: Caller) -> None:
    user = caller.slack_user_id
    with ports.uow() as uow:
        uow.outbox.put(f"home:{new_id('wish')}", PublishHome(slack_user_id=user), lane=f"home:{user}")
