"""``/bilan-document``: one's documents, each with its versions, as files, and shared with the group or not."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.answers import answer, redraw, show
from handlers.ids import Action, Command
from handlers.payloads import action_value
from handlers.views import my_documents as views
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import document_pages, document_sharing, documents, worksheet_prints


def register(app: App) -> None:
    """Listen to members who look at their documents."""
    app.command(Command.DOCUMENT)(documents_asked)
    app.action(Action.CHOOSE_WORKSHEET)(documents_asked)
    app.action(Action.OPEN_DOCUMENT)(document_opened)
    app.action(Action.VERSION_PDF)(version_asked)
    app.action(Action.VERSION_DOCX)(version_asked)
    app.action(Action.BLANK_PDF)(blank_asked)
    app.action(Action.BLANK_DOCX)(blank_asked)
    app.action(Action.SHARE_DOCUMENT)(shared)
    app.action(Action.REVOKE_SHARE)(revoked)


def documents_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Show the list: the member's own row of the documents, and nobody else's."""
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=views.my_documents(documents.my_documents(ports, caller)))


def document_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Show one document."""
    ack()
    page = document_pages.look(ports, caller=caller, reference=action_value(body))
    show(views.one_document(page), body=body, client=client)


def version_asked(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """Send the latest version as a file."""
    ack()
    worksheet_prints.send_version(ports, caller=caller, document_id=action_value(body), form=_form(body))
    answer(ports.content.sentence("print_on_its_way"), body=body, client=client, respond=respond)


def blank_asked(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """Send a blank template as a file."""
    ack()
    worksheet_prints.send_blank(ports, caller=caller, worksheet=action_value(body), form=_form(body))
    answer(ports.content.sentence("print_on_its_way"), body=body, client=client, respond=respond)


def _form(body: dict[str, Any]) -> str:
    """The last word of the button's name: pdf or docx."""
    return str(body["actions"][0]["action_id"]).rpartition("_")[2]


def shared(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Partager avec mon groupe », after a confirmation that says who will read it."""
    ack()
    document_sharing.share(ports, caller=caller, document_id=action_value(body))
    _redrawn(body, client, ports, caller)


def revoked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Retirer du groupe »."""
    ack()
    document_sharing.revoke(ports, caller=caller, document_id=action_value(body))
    _redrawn(body, client, ports, caller)


def _redrawn(body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    page = document_pages.look(ports, caller=caller, reference=action_value(body))
    redraw(views.one_document(page), body=body, client=client)
