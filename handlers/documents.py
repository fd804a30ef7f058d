"""Documents: ``/bilan-document``, the worksheets' forms, and the tutors' buttons."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from handlers.answers import notice
from handlers.ids import Action, Callback, Command
from handlers.payloads import action_value, form_values
from handlers.views import worksheets as views
from programme.errors import InvalidForm
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import documents, reviews, worksheets


def register(app: App) -> None:
    """Listen to authors and tutors."""
    app.command(Command.DOCUMENT)(choice_asked)
    app.action(Action.CHOOSE_WORKSHEET)(choice_asked)
    app.view(Callback.WORKSHEET_CHOICE)(worksheet_chosen)
    app.action(Action.OPEN_WORKSHEET)(worksheet_opened)
    app.view(Callback.WORKSHEET)(worksheet_submitted)
    app.action(Action.HAND_IN)(handed_in)
    app.action(Action.TAKE)(taken)
    app.action(Action.RETURN_REMARKS)(remarks_returned)
    app.action(Action.VALIDATE)(validated)
    app.action(Action.REASSIGN)(reassigned)


def choice_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Open the list of worksheets."""
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=views.choice(documents.my_documents(ports, caller)))


def worksheet_chosen(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Open the form of the chosen worksheet."""
    chosen = form_values(view)["worksheet"]
    if not chosen:
        raise InvalidForm({"worksheet": "worksheet_unknown"})
    ack(response_action="update", view=views.form(_opened(ports, caller, chosen)).to_dict())


def worksheet_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Open the form from a receipt or from returned remarks."""
    ack()
    opened = _opened(ports, caller, action_value(body))
    client.views_open(trigger_id=body["trigger_id"], view=views.form(opened))


def _opened(ports: Ports, caller: Caller, value: str) -> worksheets.OpenWorksheet:
    key, copy_number = _copy(value)
    return worksheets.open_worksheet(ports, caller=caller, worksheet=key, copy_number=copy_number)


def _copy(value: str) -> tuple[str, int]:
    key, _, number = value.partition("-")
    return key, int(number) if number.isascii() and number.isdigit() else 0


def worksheet_submitted(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Save the answers and send them on their way."""
    key, copy_number = _copy(view["private_metadata"])
    submission = worksheets.submit_worksheet(
        ports, caller=caller, worksheet=key, answers=form_values(view), copy_number=copy_number
    )
    sentence = "worksheet_received" if submission.new_version else "worksheet_unchanged"
    ack(response_action="update", view=notice(ports.content.sentence(sentence)).to_dict())


def handed_in(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """The owner hands in a worksheet that was kept."""
    ack()
    documents.hand_in(ports, caller=caller, document_id=action_value(body))


def taken(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Je prends »."""
    ack()
    reviews.take(ports, caller=caller, document_id=action_value(body))


def remarks_returned(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Rendre les observations »."""
    ack()
    reviews.return_remarks(ports, caller=caller, document_id=action_value(body))


def validated(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Valider »."""
    ack()
    reviews.validate(ports, caller=caller, document_id=action_value(body))


def reassigned(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Réassigner »: the document's id is that of the block that holds the select."""
    ack()
    document_id = body["actions"][0]["block_id"]
    reviews.reassign(ports, caller=caller, document_id=document_id, tutor_user=action_value(body))
