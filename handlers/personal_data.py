"""``/bilan-donnees``: receive, correct or erase one's own data."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.admin import AdminRequest, Subcommand
from handlers.answers import acknowledged, answer, notice, show
from handlers.ids import Action, Callback, Command
from handlers.payloads import action_value, form_values
from handlers.views import personal_data as views
from handlers.views.french import day_and_hour
from programme.model.people import Caller
from programme.ports import Ports
from programme.rules.instants import PARIS
from programme.usecases import corrections, data_export, erasure, retention


def register(app: App) -> None:
    """Listen to the rights that everybody has over their data."""
    app.command(Command.PERSONAL_DATA)(menu_asked)
    app.action(Action.PERSONAL_DATA)(menu_asked)
    app.view(Callback.PERSONAL_DATA)(acknowledged)
    app.action(Action.EXPORT_DATA)(copy_asked)
    app.action(Action.FETCH_EXPORT)(acknowledged)
    app.action(Action.CORRECT_DATA)(corrections_opened)
    app.view(Callback.CORRECTIONS)(corrected)
    app.action(Action.ERASE_DATA)(erasure_opened)
    app.view(Callback.ERASURE)(acknowledged)
    app.action(Action.CONFIRM_ERASURE)(erasure_confirmed)
    app.action(Action.CANCEL_ERASURE)(erasure_cancelled)


def timetable_asked(request: AdminRequest) -> None:
    """``/bilan-admin conservation``."""
    told = views.timetable(retention.preview_for(request.ports, caller=request.caller))
    request.respond(text=told.text, blocks=told.blocks)


ADMIN = (Subcommand("conservation", "", "ce que le calendrier de conservation efface, et quand", timetable_asked),)


def menu_asked(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """The three rights."""
    ack()
    show(views.menu(), body=body, client=client)


def copy_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Recevoir mes données »: said above the menu."""
    ack()
    asked = data_export.ask(ports, caller=caller)
    show(notice(ports.content.sentence("export_asked" if asked else "export_under_way")), body=body, client=client)


def corrections_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Corriger mes données »."""
    ack()
    show(views.corrections(corrections.own_profile(ports, caller=caller)), body=body, client=client)


def corrected(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """The corrections are written, with what stood before."""
    form = form_values(view)
    form["radius_km"] = int(form["radius_km"] or 0)
    changed = corrections.correct(ports, caller=caller, wishes=corrections.Wishes(**form), source=view["id"])
    key = "corrections_done" if changed or form["request"] else "corrections_none"
    ack(response_action="update", view=notice(ports.content.sentence(key)).to_dict())


def erasure_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Effacer mes données » : what goes and what stays."""
    ack()
    show(views.erasure(erasure.preview(ports, caller=caller)), body=body, client=client)


def erasure_confirmed(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """« Effacer dans trois jours »."""
    ack()
    when = day_and_hour(erasure.ask(ports, caller=caller), PARIS)
    answer(ports.content.sentence("erasure_planned", when=when), body=body, client=client, respond=respond)


def erasure_cancelled(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """« Renoncer à l’effacement »."""
    ack()
    kept = erasure.call_back(ports, caller=caller, erasure_id=action_value(body))
    sentence = ports.content.sentence("erasure_cancelled" if kept else "erasure_too_late")
    answer(sentence, body=body, client=client, respond=respond)
