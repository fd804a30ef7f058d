"""Rescue: the admins' cards, and the answers of those whom a change of their group concerns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App, Respond

from handlers.admin import AdminRequest, Subcommand
from handlers.answers import acknowledged
from handlers.ids import Action
from handlers.payloads import action_value, form_values
from handlers.views.french import plural
from programme.errors import Refusal
from programme.model.group import Rescue
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import consent, rescue


def register(app: App) -> None:
    """Listen to the cards and to the answers."""
    app.action(Action.RESCUE_CHOICE)(acknowledged)
    app.action(Action.OFFER_PLACE)(place_offered)
    app.action(Action.MERGE_GROUPS)(merger_proposed)
    app.action(Action.PAUSE_GROUP)(pause_proposed)
    app.action(Action.RESUME_GROUP)(resumption_proposed)
    app.action(Action.START_AS_THREE)(three_proposed)
    app.action(Action.FREE_SEAT)(seat_freed)
    app.action(Action.WITHDRAW_QUESTION)(question_withdrawn)
    app.action(Action.AGREE)(agreed)
    app.action(Action.REFUSE)(refused)


def show_card(request: AdminRequest) -> None:
    """Post the rescue card of the group whose number was typed."""
    if not request.words.isdecimal():
        raise Refusal("group_unknown")
    label = rescue.show(request.ports, caller=request.caller, number=int(request.words))
    request.respond(text=request.ports.content.sentence("rescue_shown", label=label))


ADMIN = (Subcommand("secours", "12", "remplacer, réunir, suspendre : la carte du groupe 12", show_card),)


def place_offered(ack: Ack, body: dict[str, Any], respond: Respond, ports: Ports, caller: Caller) -> None:
    """« Proposer la place »."""
    ack()
    member = _choice(body, "newcomer")
    _told(respond, ports, rescue.offer_place(ports, caller=caller, group_id=action_value(body), member_id=member))


def merger_proposed(ack: Ack, body: dict[str, Any], respond: Respond, ports: Ports, caller: Caller) -> None:
    """« Proposer de réunir »."""
    ack()
    other = _choice(body, "merge")
    _told(respond, ports, rescue.propose_merger(ports, caller=caller, group_id=action_value(body), other_id=other))


def pause_proposed(ack: Ack, body: dict[str, Any], respond: Respond, ports: Ports, caller: Caller) -> None:
    """« Proposer la pause »."""
    ack()
    weeks = int(_choice(body, "pause"))
    _told(respond, ports, rescue.propose_pause(ports, caller=caller, group_id=action_value(body), weeks=weeks))


def resumption_proposed(ack: Ack, body: dict[str, Any], respond: Respond, ports: Ports, caller: Caller) -> None:
    """« Proposer de reprendre »."""
    ack()
    _told(respond, ports, rescue.propose_resumption(ports, caller=caller, group_id=action_value(body)))


def three_proposed(ack: Ack, body: dict[str, Any], respond: Respond, ports: Ports, caller: Caller) -> None:
    """« Demander à commencer à trois »."""
    ack()
    _told(respond, ports, rescue.propose_three(ports, caller=caller, group_id=action_value(body)))


def seat_freed(ack: Ack, body: dict[str, Any], respond: Respond, ports: Ports, caller: Caller) -> None:
    """« Libérer la place »."""
    ack()
    rescue.free_seat(ports, caller=caller, group_id=action_value(body), member_id=_choice(body, "seat"))
    respond(text=ports.content.sentence("seat_freed_done"), replace_original=False)


def question_withdrawn(ack: Ack, body: dict[str, Any], respond: Respond, ports: Ports, caller: Caller) -> None:
    """« Retirer la demande »."""
    ack()
    rescue.withdraw_question(ports, caller=caller, rescue_id=action_value(body))
    respond(text=ports.content.sentence("question_withdrawn"), replace_original=False)


def agreed(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """The request itself is redrawn with the answer."""
    ack()
    consent.answer(ports, caller=caller, rescue_id=action_value(body), agree=True)


def refused(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """The request itself is redrawn with the answer."""
    ack()
    consent.answer(ports, caller=caller, rescue_id=action_value(body), agree=False)


def _choice(body: Mapping[str, Any], block_id: str) -> str:
    chosen = form_values(body).get(block_id, "") if body.get("state") else ""
    if not chosen:
        raise Refusal("rescue_choice_missing")
    return str(chosen)


def _told(respond: Respond, ports: Ports, question: Rescue) -> None:
    people = plural(len(question.asked), "personne")
    respond(text=ports.content.sentence("rescue_asked", people=people), replace_original=False)
