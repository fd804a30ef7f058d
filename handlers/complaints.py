"""Complaints: filed from the Home or one's papers, answered and closed by admins; and the register."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.admin import AdminRequest, Subcommand
from handlers.answers import answer, notice, show
from handlers.ids import Action, Callback
from handlers.payloads import Subject, action_value, form_values
from handlers.views import complaints as views
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import complaints


def register(app: App) -> None:
    """Listen to members who complain and to admins who answer."""
    app.action(Action.COMPLAIN)(form_asked)
    app.view(Callback.COMPLAINT)(filed)
    app.action(Action.ANSWER_COMPLAINT)(answer_opened)
    app.view(Callback.COMPLAINT_ANSWER)(answered)
    app.action(Action.CLOSE_COMPLAINT)(closed)
    app.action(Action.EXPORT_COMPLAINTS)(export_asked)


def form_asked(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """« Faire une réclamation »."""
    ack()
    show(views.form(), body=body, client=client)


def filed(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """It stands in the register."""
    text = str(form_values(view)["text"])
    complaint = complaints.file(ports, caller=caller, text=text, source=f"view:{view['id']}")
    sentence = ports.content.sentence("complaint_filed", number=complaint.number)
    ack(response_action="update", view=notice(sentence).to_dict())


def answer_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Répondre… »."""
    ack()
    card = complaints.pending(ports, caller=caller, complaint_id=action_value(body))
    show(views.answer_form(card, ports.content), body=body, client=client)


def answered(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """The answer leaves, and the card changes."""
    complaint_id = Subject.model_validate_json(view["private_metadata"]).id
    complaints.answer(ports, caller=caller, complaint_id=complaint_id, text=str(form_values(view)["text"]))
    ack(response_action="update", view=notice(ports.content.sentence("complaint_answer_sent")).to_dict())


def closed(ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller) -> None:
    """« C’est réglé pour moi », or « Clore »; the message or the card changes."""
    ack()
    complaints.close(ports, caller=caller, complaint_id=action_value(body))
    answer(ports.content.sentence("complaint_closed"), body=body, client=client, respond=respond)


def export_asked(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """« Recevoir le registre en CSV »."""
    ack()
    complaints.send_export(ports, caller=caller, request=body["trigger_id"])
    answer(ports.content.sentence("complaints_sent"), body=body, client=client, respond=respond)


def register_asked(request: AdminRequest) -> None:
    """``/bilan-admin reclamations``."""
    show(
        views.register_view(complaints.listing(request.ports, caller=request.caller)),
        body=request.body,
        client=request.client,
    )


ADMIN = (Subcommand("reclamations", "", "le registre des réclamations : répondre, clore, exporter", register_asked),)
