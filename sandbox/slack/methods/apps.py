"""``apps.connections.open``: the address of one Socket Mode connection."""

from __future__ import annotations

from urllib.parse import urlencode

from sandbox.slack.delivery import delivery_of
from sandbox.slack.methods.registry import Answer, Args, Caller, Method, table
from sandbox.slack.service import SlackService


def apps_connections_open(service: SlackService, caller: Caller, _: Args) -> Answer:
    """A WebSocket address whose ticket opens one connection, once."""
    app_id = caller.app.app_id
    query = urlencode({"ticket": delivery_of(service).socket.issue_ticket(app_id), "app_id": app_id})
    base = service.base_url.replace("http", "ws", 1)
    return {"url": f"{base}/link/?{query}"}


METHODS = table(Method("apps.connections.open", apps_connections_open, token_type="app"))  # noqa: S106 - a kind
