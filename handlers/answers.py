"""A short answer to one person, where they are looking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View

from handlers.views.kit import modal, section

NOTICE = "notice"


def notice(sentence: str, *, last: bool = False) -> View:
    """Return a screen that only says something; with the ``last`` one, those under it close too."""
    view = modal(NOTICE, "Bilan", [section(sentence)])
    view.clear_on_close = last or None
    return view


def acknowledged(ack: Ack) -> None:
    """Slack tells us of every press; here nothing is to be done.

    A link has opened in the browser; a choice is read when the button beside it is pressed; a screen that only has
    buttons was left.
    """
    ack()


def show(view: View, *, body: Mapping[str, Any], client: WebClient) -> None:
    """Show a form: over the open modal, in its place where Slack allows no more above it, or in a new one."""
    opened = body.get("view") or {}
    if opened.get("previous_view_id") and opened["previous_view_id"] != opened.get("root_view_id"):
        client.views_update(view_id=opened["id"], view=view)  # the third of three
    elif opened.get("type") == "modal":
        client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=view)


def answer(sentence: str, *, body: Mapping[str, Any], client: WebClient, respond: Respond) -> None:
    """Answer a command or a button: beside the message, in the open modal, or in a new one from the App Home."""
    surface = (body.get("view") or {}).get("type")
    view = notice(sentence)
    if surface == "modal":
        client.views_update(view_id=body["view"]["id"], view=view)
    elif surface == "home":
        client.views_open(trigger_id=body["trigger_id"], view=view)
    else:
        respond(text=sentence, replace_original=False)


def redraw(view: View, *, body: Mapping[str, Any], client: WebClient) -> None:
    """Redraw the open modal; one that has changed since the press (a double press) stays as it is."""
    try:
        client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)
    except SlackApiError as error:
        if error.response["error"] != "hash_conflict":
            raise
