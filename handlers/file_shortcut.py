"""« Remettre ce fichier »: the shortcut in the menu of a message that one has written oneself."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from handlers.answers import notice
from handlers.ids import Callback, Shortcut
from handlers.payloads import FilesOffered, form_values
from handlers.threads import shared_files
from handlers.views.file_shortcut import offer
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import file_shortcut
from programme.usecases.file_shortcut import Offer


def register(app: App) -> None:
    """Listen to the shortcut and to its form."""
    app.message_shortcut(Shortcut.HAND_IN_FILE)(offered)
    app.view(Callback.FILES_OFFERED)(handed_in)


def offered(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Ask what the files are for, or say why they cannot be handed in."""
    ack()
    message = body["message"]
    chosen = file_shortcut.offer(
        ports,
        caller=caller,
        author_user=str(message.get("user") or ""),
        place=f"{body['channel']['id']}:{message['ts']}",
        files=shared_files(message),
        text=str(message.get("text") or ""),
    )
    client.views_open(trigger_id=body["trigger_id"], view=offer(chosen))


def handed_in(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Remettre »."""
    facts = FilesOffered.model_validate_json(view["private_metadata"])
    file_shortcut.hand_in(
        ports, caller=caller, offered=Offer(**facts.model_dump()), worksheet=form_values(view).get("worksheet") or ""
    )
    ack(response_action="update", view=notice(ports.content.sentence("files_on_their_way")).to_dict())
