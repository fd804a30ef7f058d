"""Live mode: the buttons by which a group follows its agenda."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from handlers.ids import Action
from handlers.payloads import action_value
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import live


def register(app: App) -> None:
    """Listen to the three buttons."""
    app.action(Action.LIVE_START)(started)
    app.action(Action.LIVE_STEP)(stepped)
    app.action(Action.LIVE_END)(ended)


def started(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Begin the agenda; the post that appears is the answer."""
    ack()
    live.start(ports, caller=caller, session_id=action_value(body))


def stepped(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Go on to the next step; the button names the one it leaves."""
    ack()
    session_id, _, leaving = action_value(body).partition(":")
    live.step_on(ports, caller=caller, session_id=session_id, leaving=int(leaving))


def ended(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """End the agenda."""
    ack()
    live.end(ports, caller=caller, session_id=action_value(body))
