"""The paper kit: the admins' sheet and marks, the member's word that it has arrived."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from handlers.admin import AdminRequest, Subcommand
from handlers.answers import show
from handlers.ids import Action
from handlers.payloads import action_value
from handlers.views.kits import kit_modal
from programme.errors import Refusal
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import kits


def register(app: App) -> None:
    """Listen to the marks on parcels."""
    app.action(Action.KIT_SENT)(marked_sent)
    app.action(Action.KIT_RECEIVED)(marked_received)


def sheet_asked(request: AdminRequest) -> None:
    """Show the parcels of the group whose number was typed."""
    if not (request.words.isascii() and request.words.isdigit()):
        raise Refusal("kit_usage")
    sheet = kits.kit_sheet(request.ports, caller=request.caller, number=int(request.words))
    show(kit_modal(sheet), body=request.body, client=request.client)


ADMIN = (Subcommand("kit", "12", "les adresses du kit papier du groupe 12, et ce qui est parti", sheet_asked),)


def marked_sent(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Note that a parcel has left."""
    ack()
    group_id, _, member_id = action_value(body).partition(":")
    sheet = kits.mark_sent(ports, caller=caller, group_id=group_id, member_id=member_id)
    client.views_update(view_id=body["view"]["id"], view=kit_modal(sheet))


def marked_received(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Note that a parcel is there; the message says so in place."""
    ack()
    kits.mark_received(ports, caller=caller, kit_id=action_value(body))
