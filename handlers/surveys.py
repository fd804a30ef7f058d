"""Surveys: the member's form, and the sums for the admins."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from handlers.admin import AdminRequest, Subcommand
from handlers.answers import notice, show
from handlers.ids import Action, Callback
from handlers.payloads import Subject, action_value, form_values
from handlers.views.surveys import results_modal, survey_modal
from programme.content.french import week_day
from programme.model.people import Caller
from programme.ports import Ports
from programme.rules.instants import day_in
from programme.usecases import survey_results, surveys


def register(app: App) -> None:
    """Listen to who answers."""
    app.action(Action.OPEN_SURVEY)(survey_opened)
    app.view(Callback.SURVEY)(survey_answered)


def survey_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Open the form, filled with the answers given so far."""
    ack()
    show(survey_modal(surveys.own(ports, caller=caller, survey_id=action_value(body))), body=body, client=client)


def survey_answered(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Save the answers, or change them."""
    form = form_values(view)
    survey_id = Subject.model_validate_json(view["private_metadata"]).id
    surveys.answer(ports, caller=caller, survey_id=survey_id, answers=form, note=form["note"])
    mine = surveys.own(ports, caller=caller, survey_id=survey_id)
    until = week_day(day_in(mine.open_until, mine.zone))
    ack(response_action="update", view=notice(ports.content.sentence("survey_saved", until=until)).to_dict())


def results_asked(request: AdminRequest) -> None:
    """Show the sums."""
    view = results_modal(survey_results.results(request.ports, caller=request.caller))
    request.client.views_open(trigger_id=request.body["trigger_id"], view=view)


ADMIN = (Subcommand("enquetes", "", "ce que disent les enquêtes, sans noms, dès trois réponses", results_asked),)
