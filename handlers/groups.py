"""Groups: the admins' decisions, the members' answers, votes and signatures."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.admin import AdminRequest, Subcommand
from handlers.answers import acknowledged
from handlers.ids import Action, Callback
from handlers.payloads import CompositionShown, Subject, action_value, form_values
from handlers.views import groups as views
from handlers.views.french import listed, plural, slot_name
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import composition, gate, matching, seats, slots
from programme.usecases.groups import require_admin


def register(app: App) -> None:
    """Listen to every act on a group."""
    app.action(Action.CHOOSE_TUTOR)(acknowledged)
    app.action(Action.CONFIRM_GROUP)(group_confirmed)
    app.action(Action.REJECT_GROUP)(rejection_opened)
    app.view(Callback.REJECTION)(group_rejected)
    app.action(Action.CHANGE_GROUP)(composition_opened)
    app.view(Callback.COMPOSITION)(group_recomposed)
    app.action(Action.ACCEPT_SEAT)(seat_accepted)
    app.action(Action.DECLINE_SEAT)(seat_declined)
    app.action(Action.VOTE)(slot_voted)
    app.action(Action.SIGN_CHARTER)(charter_signed)


def form_groups(request: AdminRequest) -> None:
    """Propose groups now, and say what came of it."""
    found = matching.propose_now(request.ports, request.caller)
    waiting = f"{plural(found.waiting, 'personne')} en attente."
    groups = plural(found.groups, "groupe proposé", "groupes proposés")
    key = "groups_proposed_some" if found.groups else "groups_proposed_none"
    request.respond(text=request.ports.content.sentence(key, groups=groups, waiting=waiting))


ADMIN = (Subcommand("former", "", "proposer tout de suite les groupes possibles", form_groups),)


def group_confirmed(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Offer the seats, under the tutor chosen on the card."""
    ack()
    tutor = form_values(body).get("decision", "") if body.get("state") else ""
    seats.confirm_group(ports, caller=caller, group_id=action_value(body), tutor_id=tutor)


def rejection_opened(ack: Ack, body: dict[str, Any], client: WebClient, caller: Caller) -> None:
    """Ask for the reason."""
    ack()
    require_admin(caller)
    client.views_open(trigger_id=body["trigger_id"], view=views.rejection(action_value(body)))


def group_rejected(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Reject with the reason given."""
    group_id = Subject.model_validate_json(view["private_metadata"]).id
    seats.reject_group(ports, caller=caller, group_id=group_id, reason=form_values(view)["reason"] or "")
    ack()


def composition_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Changer… »: show who is in the proposal and who else could be."""
    ack()
    shown = composition.composition(ports, caller=caller, group_id=action_value(body))
    client.views_open(trigger_id=body["trigger_id"], view=views.composition(shown))


def group_recomposed(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Give the proposal the people who are left in the form."""
    shown = CompositionShown.model_validate_json(view["private_metadata"])
    chosen = form_values(view)["members"]
    composition.recompose(
        ports, caller=caller, group_id=shown.group_id, member_ids=chosen, fingerprint=shown.fingerprint
    )
    ack()


def seat_accepted(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """The offer itself is redrawn with the answer."""
    ack()
    seats.answer_seat(ports, caller=caller, group_id=action_value(body), accept=True)


def seat_declined(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """The offer itself is redrawn with the answer."""
    ack()
    seats.answer_seat(ports, caller=caller, group_id=action_value(body), accept=False)


def slot_voted(ack: Ack, body: dict[str, Any], respond: Respond, ports: Ports, caller: Caller) -> None:
    """Count the vote, and tell the voter alone what their votes are now."""
    ack()
    group_id, _, slot = action_value(body).partition(":")
    votes = slots.vote(ports, caller=caller, group_id=group_id, slot=slot)
    names = listed([slot_name(one) for one in votes])
    sentence = ports.content.sentence("vote_given", slots=names) if votes else ports.content.sentence("vote_empty")
    respond(text=sentence, replace_original=False)


def charter_signed(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """The request itself is redrawn as signed."""
    ack()
    gate.sign_charter(ports, caller=caller, group_id=action_value(body))
