"""The buttons about the later instalments: the member's, and those of the admins' card."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.answers import acknowledged, answer
from handlers.ids import Action
from handlers.payloads import action_value
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import instalment_help, instalment_pages


def register(app: App) -> None:
    """Listen to them."""
    app.action(Action.PAY_INSTALMENT)(acknowledged)
    app.action(Action.PAY_INSTALMENT_OTHERWISE)(page_asked)
    app.action(Action.SEND_INSTALMENT_LINK)(link_sent)
    app.action(Action.TRY_INSTALMENT)(tried_again)


def page_asked(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """« Payer avec une autre carte », « Recevoir un nouveau lien »."""
    ack()
    asked = instalment_pages.renew(ports, caller=caller, payment_id=action_value(body))
    key = "link_renewed" if asked else "link_still_valid"
    answer(ports.content.sentence(key), body=body, client=client, respond=respond)


def link_sent(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """« Envoyer un lien » ; the card changes."""
    ack()
    instalment_help.send(ports, caller=caller, payment_id=action_value(body))
    answer(ports.content.sentence("instalment_link_sent"), body=body, client=client, respond=respond)


def tried_again(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """« Prélever à nouveau » ; the card changes."""
    ack()
    instalment_help.try_again(ports, caller=caller, payment_id=action_value(body))
    answer(ports.content.sentence("instalment_tried"), body=body, client=client, respond=respond)
