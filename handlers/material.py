"""The method's material at the end: the member's declaration."""

from __future__ import annotations

from datetime import date
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from handlers.answers import notice, show
from handlers.ids import Action, Callback
from handlers.payloads import Subject, action_value, form_values
from handlers.views.material import material_modal
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import material


def register(app: App) -> None:
    """Listen to members who declare."""
    app.action(Action.OPEN_MATERIAL)(material_opened)
    app.view(Callback.MATERIAL)(material_declared)


def material_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Open the form, filled with what was declared before."""
    ack()
    mine = material.own(ports, caller=caller, declaration_id=action_value(body))
    show(material_modal(mine), body=body, client=client)


def material_declared(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Record what the member declares."""
    form = form_values(view)
    material.declare(
        ports,
        caller=caller,
        declaration_id=Subject.model_validate_json(view["private_metadata"]).id,
        how=form["how"],
        day=date.fromisoformat(form["day"]) if form["day"] else None,
        items=form["items"],
    )
    ack(response_action="update", view=notice(ports.content.sentence("material_noted")).to_dict())
