"""Errors become sentences: a refusal says what to do; the unknown gets a reference and a card for the admins."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from handlers.answers import notice
from programme.content import Content
from programme.effects import Post
from programme.errors import AlreadyHandled, InvalidForm, Refusal
from programme.messages.common import FailureCard
from programme.ports import Ports

log = structlog.get_logger(__name__)


def install(app: App, ports: Ports) -> None:
    """Answer every error of every listener."""

    @app.error
    def answer(
        error: Exception, body: dict[str, Any], context: BoltContext, client: WebClient, ack: Ack
    ) -> BoltResponse:
        """Bolt sends what is returned here when the listener had not acknowledged yet."""
        match error:
            case AlreadyHandled():
                return ack()
            case InvalidForm() if body.get("type") == "view_submission":
                return ack(response_action="errors", errors=_field_errors(ports.content, error, body))
            case Refusal():
                sentence = ports.content.sentence(error.key, **error.details)
            case _:
                sentence = ports.content.sentence("unknown_failure", reference=report(ports, what_of(body), error))
        return _say(sentence, body, context, client, ack)


def report(ports: Ports, what: str, error: Exception) -> str:
    """Log an unknown failure without personal data, tell the admins, and return the reference of both."""
    reference = "E-" + secrets.token_hex(3).upper()
    log.error("unknown_failure", reference=reference, what=what, exc_info=error)
    detail = f"{type(error).__name__} : le détail est dans le journal du programme sous cette référence."
    card = FailureCard(reference=reference, what=what, detail=detail)
    with ports.uow() as uow:
        uow.outbox.put(f"failure:{reference}", Post(to="admins", message=card), lane="admins")
    return reference


def what_of(body: Mapping[str, Any]) -> str:
    """Name the request without what anybody wrote: its command, action, callback or event."""
    action = (body.get("actions") or [{}])[0].get("action_id")
    view = (body.get("view") or {}).get("callback_id")
    event = (body.get("event") or {}).get("type")
    return str(body.get("command") or action or view or event or body.get("type") or "request")


def _field_errors(content: Content, error: InvalidForm, body: Mapping[str, Any]) -> dict[str, str]:
    """Place each error under its field; one whose field is not on this screen goes under the first input."""
    shown = [block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input"]
    return {(name if name in shown else shown[0]): content.sentence(key) for name, key in error.fields.items()}


def _say(sentence: str, body: Mapping[str, Any], context: BoltContext, client: WebClient, ack: Ack) -> BoltResponse:
    """Answer where the person is looking: in the modal they submitted, beside the button, or under the command."""
    surface = (body.get("view") or {}).get("type")
    if body.get("type") == "view_submission":
        return ack(response_action="update", view=notice(sentence).to_dict())
    if surface == "modal":
        client.views_update(view_id=body["view"]["id"], view=notice(sentence))
    elif surface == "home":
        client.views_open(trigger_id=body["trigger_id"], view=notice(sentence))
    elif context.respond and body.get("response_url"):
        context.respond(text=sentence, replace_original=False)
    elif context.user_id and body.get("type") == "block_actions":
        _direct(client, context.user_id, sentence)
    return ack()


def _direct(client: WebClient, slack_user_id: str, sentence: str) -> None:
    try:
        client.chat_postMessage(channel=slack_user_id, text=sentence)
    except SlackApiError as error:
        log.warning("answer_not_delivered", error=error.response["error"])
