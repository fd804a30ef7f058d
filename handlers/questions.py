"""Private questions: ``/bilan-question``, ✋ on a message of the group's channel, and the buttons of both threads."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.answers import notice, show
from handlers.ids import Action, Callback, Command, Event
from handlers.payloads import action_value, form_values, plain
from handlers.views import questions as views
from programme.errors import NotAllowed
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import questions

RAISED_HANDS = frozenset({"hand", "raised_hand"})
"""What Slack calls ✋; the tone of the skin follows two colons."""


def register(app: App) -> None:
    """Listen to members who ask and to tutors who answer."""
    app.command(Command.QUESTION)(asked)
    app.action(Action.ASK_QUESTION)(form_asked)
    app.view(Callback.QUESTION)(submitted)
    app.event(Event.REACTION)(hand_raised)
    app.action(Action.CLOSE_QUESTION)(closed)
    app.action(Action.ANSWER_QUESTION)(answered)
    app.action(Action.NOTHING_TO_ADD)(nothing_to_add)


def asked(ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller) -> None:
    """With a text, ask at once; without, open the form."""
    ack()
    text = plain(str(body.get("text") or "")).strip()
    if not text:
        form_asked(ack, body, client, ports, caller)
        return
    questions.ask(ports, caller=caller, text=text, source=f"command:{body['trigger_id']}")
    respond(text=ports.content.sentence("question_sent"))


def form_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Open the form."""
    ack()
    questions.require_place(ports, caller=caller)
    show(views.form(), body=body, client=client)


def submitted(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """The question leaves."""
    questions.ask(ports, caller=caller, text=form_values(view)["question"], source=f"view:{view['id']}")
    ack(response_action="update", view=notice(ports.content.sentence("question_sent")).to_dict())


def hand_raised(event: dict[str, Any], body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """✋ of a member; anybody else's, and any other emoji, is left in peace."""
    item = event.get("item") or {}
    if item.get("type") != "message" or str(event.get("reaction")).partition("::")[0] not in RAISED_HANDS:
        return
    try:
        questions.ask_about(
            ports, caller=caller, channel=item["channel"], ts=item["ts"], event_id=str(body["event_id"])
        )
    except NotAllowed:
        return


def closed(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Ma question est réglée »."""
    ack()
    questions.close(ports, caller=caller, question_id=action_value(body))


def answered(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Envoyer la réponse »."""
    ack()
    questions.answer(ports, caller=caller, question_id=action_value(body))


def nothing_to_add(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Rien à ajouter »."""
    ack()
    questions.nothing_to_add(ports, caller=caller, question_id=action_value(body))
