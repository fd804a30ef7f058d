"""The tutors' help in a document's thread: points ticked, templates, time spent."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from handlers.answers import notice, show
from handlers.ids import Action, Callback
from handlers.payloads import Subject, action_value, form_values
from handlers.views import reading as views
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import reading


def register(app: App) -> None:
    """Listen to tutors who read."""
    app.action(Action.TICK_POINTS)(ticked)
    app.action(Action.TIME_SPENT)(time_told)
    app.action(Action.USE_TEMPLATE)(template_chosen)
    app.view(Callback.REMARK)(draft_written)
    app.action(Action.WITHDRAW_DRAFT)(draft_withdrawn)


def _place(body: dict[str, Any]) -> tuple[str, int]:
    """The document and the version that the block is about."""
    document_id, _, version = body["actions"][0]["block_id"].partition(":")[0].partition(".")
    return document_id, int(version)


def ticked(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Points found good, or not any more."""
    ack()
    document_id, version = _place(body)
    checked = [int(option["value"]) for option in body["actions"][0].get("selected_options") or ()]
    reading.tick(ports, caller=caller, document_id=document_id, version=version, checked=checked)


def time_told(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """How long it took."""
    ack()
    document_id, version = _place(body)
    minutes = int(action_value(body))
    reading.tell_time(ports, caller=caller, document_id=document_id, version=version, minutes=minutes)


def template_chosen(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Open the template to be completed."""
    ack()
    document_id, _ = _place(body)
    text = reading.template(ports, caller=caller, document_id=document_id, key=action_value(body))
    show(views.remark_form(document_id, text), body=body, client=client)


def draft_written(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """The draft joins the others."""
    document_id = Subject.model_validate_json(view["private_metadata"]).id
    reading.write_draft(
        ports, caller=caller, document_id=document_id, text=form_values(view)["remark"], source=f"view:{view['id']}"
    )
    ack(response_action="update", view=notice(ports.content.sentence("draft_kept")).to_dict())


def draft_withdrawn(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Retirer »."""
    ack()
    reading.withdraw_draft(ports, caller=caller, remark_id=action_value(body))
