"""The tutors' own door: ``/bilan-tutorat``, their absence, their settings, the next document."""

from __future__ import annotations

from datetime import date
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.answers import answer, notice, show
from handlers.ids import Action, Callback, Command
from handlers.payloads import action_value, form_values
from handlers.views import tutoring as views
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import tutor_absences, tutor_day
from programme.usecases.tutor_absences import AbsenceAsked
from programme.usecases.tutoring import require_tutor


def register(app: App) -> None:
    """Listen to tutors."""
    app.command(Command.TUTORING)(day_asked)
    app.action(Action.TUTOR_DAY)(day_opened)
    app.action(Action.TUTOR_NEXT)(next_taken)
    app.action(Action.TUTOR_ABSENCE)(absence_asked)
    app.view(Callback.TUTOR_ABSENCE)(absence_declared)
    app.action(Action.TUTOR_BACK)(back)
    app.action(Action.TUTOR_SETTINGS)(settings_asked)
    app.view(Callback.TUTOR_SETTINGS)(settings_chosen)


def day_asked(ack: Ack, respond: Respond, ports: Ports, caller: Caller) -> None:
    """The queue by clock, the load, the groups, who is away."""
    ack()
    mine = tutor_day.my_day(ports, caller=caller)
    drawn = views.day(mine, tutor_day.card_addresses(ports, mine))
    respond(text=drawn.text, blocks=drawn.blocks)


def day_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Ouvrir ma file »: the same with links to the cards."""
    ack()
    mine = tutor_day.my_day(ports, caller=caller)
    show(views.day_view(mine, tutor_day.card_addresses(ports, mine)), body=body, client=client)


def next_taken(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """« Prendre le suivant »."""
    ack()
    address = tutor_day.take_next(ports, caller=caller)
    where = f"<{address}|{ports.content.sentence('its_thread')}>" if address else ports.content.sentence("its_thread")
    answer(ports.content.sentence("next_taken", where=where), body=body, client=client, respond=respond)


def absence_asked(ack: Ack, body: dict[str, Any], client: WebClient, caller: Caller) -> None:
    """Open the form."""
    ack()
    require_tutor(caller)
    show(views.absence_form(), body=body, client=client)


def absence_declared(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """The absence counts."""
    form = form_values(view)
    asked = AbsenceAsked(_day(form["first_day"]), _day(form["last_day"]), form["backup"])
    tutor_absences.declare(ports, caller=caller, asked=asked)
    ack(response_action="update", view=notice(ports.content.sentence("absence_noted")).to_dict())


def _day(typed: str) -> date | None:
    return date.fromisoformat(typed) if typed else None


def back(ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller) -> None:
    """« Je suis de retour »."""
    ack()
    tutor_absences.come_back(ports, caller=caller, absence_id=action_value(body))
    answer(ports.content.sentence("welcome_back"), body=body, client=client, respond=respond)


def settings_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Open the form with what was chosen."""
    ack()
    show(views.settings_form(tutor_day.settings_of(ports, caller=caller)), body=body, client=client)


def settings_chosen(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Save."""
    form = form_values(view)
    tutor_day.choose(
        ports, caller=caller, capacity=form["capacity"], digest_hour=form["digest_hour"], backup=form["backup"]
    )
    ack(response_action="update", view=notice(ports.content.sentence("tutor_settings_saved")).to_dict())
