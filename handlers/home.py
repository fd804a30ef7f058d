"""App Home and ``/bilan``: where I stand, and what this person may do."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond

from handlers.ids import Command, Event
from handlers.views import home as views
from programme.effects import PublishHome
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import home


def register(app: App) -> None:
    """Listen to the Home being opened and to ``/bilan``."""
    app.event(Event.HOME_OPENED)(home_opened)
    app.command(Command.WHERE)(where)


def home_opened(event: dict[str, Any], body: dict[str, Any], ports: Ports) -> None:
    """Redraw the Home of the person who looks at it."""
    if event.get("tab", "home") != "home":
        return
    with ports.uow() as uow:
        effect = PublishHome(slack_user_id=event["user"])
        uow.outbox.put(f"home:{body['event_id']}", effect, lane=f"home:{event['user']}")


def where(ack: Ack, command: dict[str, Any], respond: Respond, ports: Ports, caller: Caller) -> None:
    """Answer « où j’en suis », or the list of commands for ``aide``."""
    ack()
    facts = home.compose(ports, caller.slack_user_id)
    typed = command.get("text", "").strip().lower()
    drawn = views.where(facts) if not typed else views.help_for(facts, asked=typed == "aide")
    respond(text=drawn.text, blocks=drawn.blocks)
