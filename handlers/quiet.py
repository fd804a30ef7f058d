"""Putting off, stopping and setting the bot's routine messages."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.answers import answer, notice, show
from handlers.ids import Action, Callback
from handlers.payloads import action_value, form_values
from handlers.views.french import day_and_hour
from handlers.views.nudges import AS_IT_COMES, NAMES, SNOOZED, wishes_form
from programme.model.nudge import Topic
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import quiet_wishes


def register(app: App) -> None:
    """Listen to the buttons under routine messages, and to the form."""
    app.action(Action.SNOOZE)(snoozed)
    app.action(Action.STOP_TOPIC)(stopped)
    app.action(Action.QUIET_WISHES)(form_opened)
    app.view(Callback.QUIET_WISHES)(chosen)


def snoozed(ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller) -> None:
    """« Pas avant lundi »."""
    ack()
    until = quiet_wishes.snooze(ports, caller=caller)
    _, zone = quiet_wishes.mine(ports, caller=caller)
    sentence = ports.content.sentence("quiet_snoozed", until=day_and_hour(until, zone))
    answer(sentence, body=body, client=client, respond=respond)


def stopped(ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller) -> None:
    """« Ne plus m’écrire ainsi »."""
    ack()
    topic = Topic(action_value(body))
    quiet_wishes.stop(ports, caller=caller, topic=topic)
    sentence = ports.content.sentence("quiet_stopped", topic=NAMES[topic])
    answer(sentence, body=body, client=client, respond=respond)


def form_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Show what is chosen."""
    ack()
    show(wishes_form(*quiet_wishes.mine(ports, caller=caller)), body=body, client=client)


def chosen(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Keep what is chosen now."""
    form = form_values(view)
    hour = None if form["hour"] in {"", AS_IT_COMES} else int(form["hour"])
    quiet_wishes.choose(ports, caller=caller, hour=hour, wanted=form["topics"], snoozed=SNOOZED in form["pause"])
    ack(response_action="update", view=notice(ports.content.sentence("quiet_saved")).to_dict())
