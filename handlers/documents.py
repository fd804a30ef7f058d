"""Documents: handing in what was kept, and the tutors' buttons."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.answers import answer
from handlers.ids import Action
from handlers.payloads import action_value
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import documents, handing_over, reviews


def register(app: App) -> None:
    """Listen to authors and tutors."""
    app.action(Action.HAND_IN)(handed_in)
    app.action(Action.TAKE)(taken)
    app.action(Action.RETURN_REMARKS)(remarks_returned)
    app.action(Action.VALIDATE)(validated)
    app.action(Action.REASSIGN)(reassigned)


def handed_in(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """The owner hands in a worksheet that was kept."""
    ack()
    documents.hand_in(ports, caller=caller, document_id=action_value(body))


def taken(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Je prends »."""
    ack()
    reviews.take(ports, caller=caller, document_id=action_value(body))


def remarks_returned(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Rendre les observations »."""
    ack()
    reviews.return_remarks(ports, caller=caller, document_id=action_value(body))


def validated(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Valider »."""
    ack()
    reviews.validate(ports, caller=caller, document_id=action_value(body))


def reassigned(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """« Réassigner » a document or a question: its id is that of the block that holds the select.

    The card changes; whoever chose from the dashboard does not see it, and is told.
    """
    ack()
    subject_id = body["actions"][0]["block_id"]
    handing_over.reassign(ports, caller=caller, subject_id=subject_id, tutor_user=action_value(body))
    if body.get("view"):
        answer(ports.content.sentence("reassigned"), body=body, client=client, respond=respond)
