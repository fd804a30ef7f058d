"""``/bilan-point`` and the check-in's form."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from handlers.answers import notice
from handlers.ids import Action, Callback, Command
from handlers.payloads import Subject, action_value, form_values
from handlers.views.checkins import check_in_modal
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import checkins


def register(app: App) -> None:
    """Listen to the check-in."""
    app.command(Command.CHECK_IN)(latest_opened)
    app.action(Action.OPEN_CHECK_IN)(check_in_opened)
    app.view(Callback.CHECK_IN)(check_in_answered)


def latest_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Open the latest check-in."""
    ack()
    check_in = checkins.own_check_in(ports, caller=caller)
    client.views_open(trigger_id=body["trigger_id"], view=check_in_modal(check_in))


def check_in_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Open the check-in of the message."""
    ack()
    check_in = checkins.own_check_in(ports, caller=caller, check_in_id=action_value(body))
    client.views_open(trigger_id=body["trigger_id"], view=check_in_modal(check_in))


def check_in_answered(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Save the answers, or change them."""
    form = form_values(view)
    progress = form["progress"]
    checkins.answer(
        ports,
        caller=caller,
        check_in_id=Subject.model_validate_json(view["private_metadata"]).id,
        progress=int(progress) if progress else None,
        work_done=form["work_done"],
        obstacle=form["obstacle"],
        note=form["note"],
    )
    ack(response_action="update", view=notice(ports.content.sentence("check_in_saved")).to_dict())
