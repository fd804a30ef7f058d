"""``/bilan-guide`` and ``/bilan-planning``."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.ids import Action, Command
from handlers.views.guides import plan_blocks, plan_modal, plan_text, undated_blocks
from programme.errors import Refusal
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import sessions


def register(app: App) -> None:
    """Listen to what members ask about their sessions."""
    app.command(Command.GUIDE)(guide_asked)
    app.command(Command.PLAN)(plan_asked)
    app.action(Action.SHOW_PLAN)(plan_opened)


def guide_asked(ack: Ack, body: dict[str, Any], respond: Respond, ports: Ports, caller: Caller) -> None:
    """Send a guide to the person's direct messages."""
    ack()
    number = _number(str(body.get("text") or ""))
    sent = sessions.send_guide(ports, caller=caller, number=number, request=body["trigger_id"])
    respond(text=ports.content.sentence("guide_sent", number=sent))


def _number(text: str) -> int | None:
    """The number typed after the command, if any; Refusal("guide_number") for anything else."""
    typed = text.strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit()):
        raise Refusal("guide_number")
    return int(typed)


def plan_asked(ack: Ack, respond: Respond, ports: Ports, caller: Caller) -> None:
    """Show the sixteen dates under the command."""
    ack()
    try:
        plan = sessions.plan_of(ports, caller=caller)
    except Refusal as refusal:
        if refusal.key != "plan_none":
            raise
        sentence = ports.content.sentence(refusal.key)
        respond(text=sentence, blocks=undated_blocks(sentence))
        return
    respond(text=plan_text(plan), blocks=plan_blocks(plan))


def plan_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Show the same dates in a modal, from the App Home."""
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=plan_modal(sessions.plan_of(ports, caller=caller)))
