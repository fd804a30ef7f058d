"""A member's own calendar: the private link, its renewal, the file."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from handlers.answers import notice, show
from handlers.ids import Action
from handlers.payloads import action_value
from handlers.views.calendars import calendar_modal
from handlers.views.ics import to_ics
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import calendars


def register(app: App) -> None:
    """Listen to what members ask about their calendar."""
    app.action(Action.CALENDAR)(calendar_opened)
    app.action(Action.CALENDAR_RENEW)(link_renewed)
    app.action(Action.CALENDAR_FILE)(file_asked)


def calendar_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Show the person's own link, and what else can be had."""
    ack()
    address = calendars.link(ports, caller=caller)
    show(calendar_modal(address, calendars.link_id(ports, caller=caller)), body=body, client=client)


def link_renewed(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Revoke the link and show the new one."""
    ack()
    address = calendars.renew_link(ports, caller=caller, known=action_value(body))
    view = calendar_modal(address, calendars.link_id(ports, caller=caller), renewed=True)
    client.views_update(view_id=body["view"]["id"], view=view)


def file_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Send the calendar as a file."""
    ack()
    content = to_ics(calendars.own_calendar(ports, caller=caller))
    calendars.send_file(ports, caller=caller, content=content, request=body["trigger_id"])
    client.views_update(view_id=body["view"]["id"], view=notice(ports.content.sentence("calendar_sent")))
