"""``/bilan-admin`` without text and the admins' Home: the lights, each from near, and what was given up."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from handlers.admin import AdminRequest, Subcommand
from handlers.answers import acknowledged, redraw, show
from handlers.ids import Action
from handlers.payloads import action_value
from handlers.views import dashboard as views
from programme.model.people import Caller
from programme.ports import Ports
from programme.rules.lights import LightKind
from programme.usecases import dashboard


def register(app: App) -> None:
    """Listen to admins who look at the lights."""
    app.action(Action.DASHBOARD)(dashboard_asked)
    app.action(Action.SHOW_LIGHT)(light_asked)
    app.action(Action.OPEN_CARD)(acknowledged)
    app.action(Action.RETRY_DELIVERY)(delivery_retried)
    app.action(Action.SET_DELIVERY_ASIDE)(delivery_set_aside)


def typed_nothing(request: AdminRequest) -> None:
    """``/bilan-admin``."""
    view = views.dashboard(dashboard.lights(request.ports, caller=request.caller))
    request.client.views_open(trigger_id=request.body["trigger_id"], view=view)


ADMIN = (Subcommand("", "", "le tableau de bord : ce qui attend une personne, et où l’ouvrir", typed_nothing),)


def dashboard_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Tableau de bord » in the Home, or « Actualiser » in the dashboard itself."""
    ack()
    view = views.dashboard(dashboard.lights(ports, caller=caller))
    if _shows(body, views.DASHBOARD):
        redraw(view, body=body, client=client)
    else:
        show(view, body=body, client=client)


def light_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Voir » opens a light over the dashboard; « Actualiser » draws it again."""
    ack()
    view = views.light_view(dashboard.detail(ports, caller=caller, kind=LightKind(action_value(body))))
    if _shows(body, views.LIGHT):
        redraw(view, body=body, client=client)
    else:
        show(view, body=body, client=client)


def delivery_retried(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Réessayer » ; the light is drawn again."""
    ack()
    dashboard.try_again(ports, caller=caller, key=action_value(body))
    _draw_again(body, client, ports, caller)


def delivery_set_aside(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Classer » ; the light is drawn again."""
    ack()
    dashboard.set_aside(ports, caller=caller, key=action_value(body))
    _draw_again(body, client, ports, caller)


def _draw_again(body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    kind = LightKind(body["view"]["private_metadata"])
    redraw(views.light_view(dashboard.detail(ports, caller=caller, kind=kind)), body=body, client=client)


def _shows(body: dict[str, Any], callback_id: str) -> bool:
    return (body.get("view") or {}).get("callback_id") == callback_id
