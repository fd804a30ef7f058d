"""The buttons of the payment messages."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.answers import acknowledged, answer
from handlers.ids import Action
from handlers.payloads import action_value
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import payments


def register(app: App) -> None:
    """Listen to payment acts."""
    app.action(Action.PAY)(acknowledged)
    app.action(Action.RENEW_LINK)(link_renewed)


def link_renewed(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """Ask for a new link when the old one has expired."""
    ack()
    renewed = payments.renew_link(ports, caller=caller, order_id=action_value(body))
    key = "link_renewed" if renewed else "link_still_valid"
    answer(ports.content.sentence(key), body=body, client=client, respond=respond)
