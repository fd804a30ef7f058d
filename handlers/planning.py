"""Moving sessions, weeks off and the group's own settings, from ``/bilan-planning`` and the App Home."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from handlers.answers import notice, show
from handlers.ids import Action, Callback
from handlers.payloads import MoveAsked, WeeksAsked, action_value, form_values
from handlers.views import planning as views
from programme.errors import InvalidForm, Refusal
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import group_settings, moves, weeks_off

ABOUT_THE_DATE = frozenset(
    {
        "plan_past_limit",
        "plan_not_increasing",
        "plan_two_in_a_week",
        "plan_session_begun",
        "plan_in_the_past",
        "plan_unchanged",
    }
)


def register(app: App) -> None:
    """Listen to every act on the plan."""
    app.action(Action.MOVE_SESSION)(move_opened)
    app.view(Callback.MOVE)(move_previewed)
    app.view(Callback.MOVE_SEEN)(move_confirmed)
    app.action(Action.TAKE_CATCH_UP)(catch_up_taken)
    app.action(Action.CHOOSE_WEEKS_OFF)(weeks_opened)
    app.view(Callback.WEEKS_OFF)(weeks_previewed)
    app.view(Callback.WEEKS_OFF_SEEN)(weeks_confirmed)
    app.action(Action.GROUP_SETTINGS)(settings_opened)
    app.view(Callback.GROUP_SETTINGS)(settings_changed)


def move_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Ask which session, and for when; the button may name the session."""
    ack()
    found = moves.movables(ports, caller=caller)
    show(views.move_form(found, chosen=action_value(body)), body=body, client=client)


def move_previewed(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Show what the move would do; what is wrong is told under the date."""
    move = _move(form_values(view))
    try:
        seen = moves.preview(ports, caller=caller, move=move)
    except Refusal as refusal:
        if refusal.key in ABOUT_THE_DATE:
            raise InvalidForm({"day": refusal.key}) from refusal
        raise
    ack(response_action="update", view=views.move_seen(move, seen).to_dict())


def _move(answers: dict[str, Any]) -> moves.Move:
    if not (answers["number"] and answers["day"] and answers["wall"]):
        raise InvalidForm({"day": "plan_date_missing"})
    return moves.Move(
        session_id=answers["number"],
        day=date.fromisoformat(answers["day"]),
        wall=time.fromisoformat(answers["wall"]),
        following=answers["following"] == views.FOLLOWING,
    )


def catch_up_taken(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Show what a proposed catch-up would do, before it is applied."""
    ack()
    asked = MoveAsked.model_validate_json(action_value(body))
    move = moves.Move(asked.session_id, asked.day, asked.wall)
    show(views.move_seen(move, moves.preview(ports, caller=caller, move=move)), body=body, client=client)


def move_confirmed(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Apply the move that was shown."""
    asked = MoveAsked.model_validate_json(view["private_metadata"])
    move = moves.Move(asked.session_id, asked.day, asked.wall, asked.following)
    applied = moves.apply(ports, caller=caller, move=move, fingerprint=asked.fingerprint)
    key = "plan_moved_told" if applied.told else "plan_moved"
    ack(response_action="update", view=notice(ports.content.sentence(key)).to_dict())


def weeks_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Ask in which weeks the group does not meet."""
    ack()
    show(views.weeks_form(weeks_off.weeks(ports, caller=caller)), body=body, client=client)


def weeks_previewed(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Show what keeping these weeks free would move, or note them while there are no dates yet."""
    mondays = tuple(date.fromisoformat(value) for value in form_values(view)["weeks"])
    try:
        seen = weeks_off.preview(ports, caller=caller, mondays=mondays)
        if seen is None or not seen.changes:
            weeks_off.choose(ports, caller=caller, mondays=mondays, fingerprint=seen.fingerprint if seen else "")
    except Refusal as refusal:
        raise InvalidForm({"weeks": refusal.key}) from refusal
    if seen is None or not seen.changes:
        ack(response_action="update", view=notice(ports.content.sentence("weeks_off_noted")).to_dict())
    else:
        ack(response_action="update", view=views.weeks_seen(mondays, seen).to_dict())


def weeks_confirmed(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Keep free the weeks that were shown."""
    asked = WeeksAsked.model_validate_json(view["private_metadata"])
    weeks_off.choose(ports, caller=caller, mondays=asked.mondays, fingerprint=asked.fingerprint)
    ack(response_action="update", view=notice(ports.content.sentence("plan_moved")).to_dict())


def settings_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Ask for the length of sessions, the hour of the guides and the video link."""
    ack()
    show(views.settings_form(group_settings.settings_of(ports, caller=caller)), body=body, client=client)


def settings_changed(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Change them for what is still to come."""
    answers = form_values(view)
    wanted = group_settings.GroupSettings(
        minutes=int(answers["minutes"] or 0),
        guide_lead_days=int(answers["guide_lead_days"] or 0),
        guide_hour=int(answers["guide_hour"] or 0),
        video_url=str(answers["video_url"]).strip(),
    )
    group_settings.change(ports, caller=caller, wanted=wanted)
    ack(response_action="update", view=notice(ports.content.sentence("group_settings_saved")).to_dict())
