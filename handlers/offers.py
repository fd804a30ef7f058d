"""Special offers: ``/bilan-admin offres``, and the code that a person enters on their order summary."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.models.views import View

from handlers.admin import AdminRequest, Subcommand
from handlers.answers import acknowledged
from handlers.enrolment import screen
from handlers.ids import Action, Callback
from handlers.payloads import action_value, form_values
from handlers.views import offers as views
from handlers.views.order_summary import code_form
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import enrolment, offer_codes, offers
from programme.usecases.standing import today


def register(app: App) -> None:
    """Listen to admins who grant offers, and to people who have a code."""
    app.action(Action.ENTER_CODE)(code_asked)
    app.view(Callback.OFFER_CODE)(code_entered)
    app.action(Action.LEAVE_CODE)(code_left)
    app.view(Callback.OFFERS)(acknowledged)
    app.action(Action.NEW_OFFER)(form_opened)
    app.view(Callback.NEW_OFFER)(offer_granted)
    app.action(Action.CLOSE_OFFER)(offer_closed)


def code_asked(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """« J’ai un code » : over the summary."""
    ack()
    client.views_push(trigger_id=body["trigger_id"], view=code_form())


def code_entered(
    ack: Ack, body: dict[str, Any], view: dict[str, Any], client: WebClient, ports: Ports, caller: Caller
) -> None:
    """The summary below shows the new price, or the choice of start whose sums have changed."""
    offer_codes.enter_code(ports, caller=caller, typed=form_values(view)["code"])
    ack()
    client.views_update(view_id=view["previous_view_id"], view=screen(ports, enrolment.resume(ports, caller=caller)))


def code_left(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Retirer mon code »."""
    ack()
    offer_codes.leave_code(ports, caller=caller)
    client.views_update(view_id=body["view"]["id"], view=screen(ports, enrolment.resume(ports, caller=caller)))


def list_asked(request: AdminRequest) -> None:
    """``/bilan-admin offres``."""
    view = _list(request.ports, request.caller)
    request.client.views_open(trigger_id=request.body["trigger_id"], view=view)


def form_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports) -> None:
    """« Nouvelle offre »."""
    ack()
    client.views_push(trigger_id=body["trigger_id"], view=views.grant_form(today(ports)))


def offer_granted(ack: Ack, view: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """The offer stands in the list and in the admin channel."""
    offers.grant(ports, caller=caller, draft=offers.Draft(**form_values(view)))
    ack()
    client.views_update(view_id=view["previous_view_id"], view=_list(ports, caller))


def offer_closed(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Arrêter »."""
    ack()
    offers.close(ports, caller=caller, offer_id=action_value(body))
    client.views_update(view_id=body["view"]["id"], view=_list(ports, caller))


def _list(ports: Ports, caller: Caller) -> View:
    return views.listing(offers.listing(ports, caller=caller), today(ports))


ADMIN = (Subcommand("offres", "", "voir, accorder ou arrêter les offres et les partenariats", list_asked),)
