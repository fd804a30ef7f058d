"""What people do to the app: commands, presses, submissions, closings, suggestions and shortcuts.

Each function does one act, waits for the acknowledgement and does to the person's screen what Slack would.
Who may do what, and what is visible, is decided before (``people``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.slack.delivery import delivery_of
from sandbox.slack.elements import STATE_KEYS, has_state
from sandbox.slack.envelope import Ack
from sandbox.slack.errors import SlackError
from sandbox.slack.messaging import Draft, post_ephemeral
from sandbox.slack.model import SLACKBOT, Channel, JsonObject, Message, User, View
from sandbox.slack.payloads import (
    Place,
    action_of,
    block_actions_payload,
    command_payload,
    message_action_payload,
    shortcut_payload,
    suggestion_payload,
    view_closed_payload,
    view_submission_payload,
)
from sandbox.slack.response_urls import ResponseRefused, ResponseTarget, respond
from sandbox.slack.service import SlackService
from sandbox.slack.view_stack import (
    check_payload,
    clear_modals,
    initial_states,
    pop_modal,
    push_modal,
    replace_view,
    stack_of,
)

MAX_OPTIONS = 100


@dataclass
class Outcome:
    """What came of an act: the acknowledgement's payload, or the error that the person sees."""

    payload: JsonObject | None = None
    error: str | None = None
    messages: list[str] = field(default_factory=list)
    shown: Message | None = None


@dataclass
class Submission:
    """What came of a submission: closed, errors (by block_id), updated, pushed, cleared — or error."""

    result: str
    errors: dict[str, str] = field(default_factory=dict)
    error: str | None = None
    messages: list[str] = field(default_factory=list)


async def run_command(service: SlackService, user: User, channel: Channel, command: str, text: str) -> Outcome:
    """Type a slash command; the acknowledgement may show a message."""
    delivery = delivery_of(service)
    keys = {
        "response_url": delivery.response_urls.issue(service, user.id, channel.id),
        "trigger_id": delivery.triggers.issue(user.id),
    }
    payload = command_payload(service, user, channel, (command, text), keys)
    ack = await delivery.request("slash_commands", payload, wants_answer=True)
    if ack.error:
        _slackbot(service, channel, user, f"La commande {command} a échoué : {ack.error}.")
        return Outcome(error=ack.error)
    if not ack.payload:
        return Outcome()
    try:
        target = ResponseTarget(user.id, channel.id, None, service.now)
        return Outcome(ack.payload, shown=respond(service, target, ack.payload))
    except ResponseRefused as refusal:
        _record_refusal(service, command, ack, refusal.code, refusal.messages)
        _slackbot(service, channel, user, f"La commande {command} a échoué : {refusal.code}.")
        return Outcome(ack.payload, refusal.code, refusal.messages)


async def use_element(
    service: SlackService, place: Place, block: JsonObject, element: JsonObject, state: JsonObject
) -> Outcome:
    """Press a button, or choose in a menu: ``state`` is what was chosen ({} for a button)."""
    delivery = delivery_of(service)
    keys = {"trigger_id": delivery.triggers.issue(place.user.id, _modal_id(place))}
    if place.view is not None:
        if has_state(element):
            place.view.state[block["block_id"]][element["action_id"]] = state
        answers = {}
    else:
        answers = _message_answers(service, place)
        if has_state(element):
            answers[block["block_id"]][element["action_id"]] = state
        keys["response_url"] = _message_response_url(service, place)
    action = action_of(service, block, element, state)
    ack = await delivery.request("interactive", block_actions_payload(service, place, action, answers, keys))
    return _without_answer(service, "block_actions", ack)


async def submit(service: SlackService, user: User) -> Submission:
    """Submit the visible modal, whose answers were checked before."""
    view = stack_of(service, user.id)[-1]
    delivery = delivery_of(service)
    trigger_id = delivery.triggers.issue(user.id, view.id)
    payload = view_submission_payload(service, user, view, trigger_id, _view_response_urls(service, user, view))
    ack = await delivery.request("interactive", payload, wants_answer=True)
    if ack.error:
        return Submission("error", error=ack.error)
    if view not in stack_of(service, user.id):
        return Submission("closed")
    try:
        return _after_submission(service, user, view, ack.payload or {})
    except SlackError as refusal:
        _record_refusal(service, "view_submission", ack, refusal.code, refusal.messages)
        return Submission("error", error=refusal.code, messages=refusal.messages)


async def close(service: SlackService, user: User) -> Outcome:
    """Close the visible modal (with ``clear_on_close``: all of them), and tell the app if it asked."""
    stack = stack_of(service, user.id)
    clears = bool(stack[-1].payload.get("clear_on_close"))
    closed = list(reversed(stack)) if clears else [stack[-1]]
    if clears:
        clear_modals(service, user.id)
    else:
        pop_modal(service, user.id)
    outcome = Outcome()
    for view in closed:
        if view.payload.get("notify_on_close"):
            payload = view_closed_payload(service, user, view, is_cleared=clears)
            ack = await delivery_of(service).request("interactive", payload)
            outcome = _without_answer(service, "view_closed", ack)
    return outcome


async def suggest(
    service: SlackService, place: Place, block: JsonObject, element: JsonObject, value: str
) -> tuple[list[JsonObject], Outcome]:
    """Type in an external select: the options that the app offers, groups flattened."""
    payload = suggestion_payload(service, place, block, element, value)
    ack = await delivery_of(service).request("interactive", payload, wants_answer=True)
    if ack.error:
        return [], Outcome(error=ack.error)
    options = _options_in(ack.payload)
    if options is None:
        _record_refusal(service, "block_suggestion", ack, "invalid_options", [])
        return [], Outcome(ack.payload, "invalid_options")
    return options, Outcome(ack.payload)


async def use_shortcut(service: SlackService, user: User, callback_id: str) -> Outcome:
    """Use a global shortcut."""
    delivery = delivery_of(service)
    payload = shortcut_payload(service, user, callback_id, delivery.triggers.issue(user.id))
    return _without_answer(service, "shortcut", await delivery.request("interactive", payload))


async def use_message_shortcut(service: SlackService, place: Place, callback_id: str) -> Outcome:
    """Use a shortcut of a message's menu."""
    delivery = delivery_of(service)
    keys = {
        "trigger_id": delivery.triggers.issue(place.user.id),
        "response_url": _message_response_url(service, place),
    }
    payload = message_action_payload(service, place, callback_id, keys)
    return _without_answer(service, "message_action", await delivery.request("interactive", payload))


def _modal_id(place: Place) -> str | None:
    return place.view.id if place.view is not None and place.view.type == "modal" else None


def _message_answers(service: SlackService, place: Place) -> dict[str, dict[str, JsonObject]]:
    """What this person chose in the menus of this message so far; only their client knows."""
    known = delivery_of(service).message_answers
    fresh = initial_states(place.blocks)
    key = (place.user.id, place.channel.id if place.channel else "", place.message.ts if place.message else "")
    for block_id, states in known.get(key, {}).items():
        for action_id, state in states.items():
            if action_id in fresh.get(block_id, {}):
                fresh[block_id][action_id] = state
    known[key] = fresh
    return fresh


def _message_response_url(service: SlackService, place: Place) -> str:
    if place.channel is None or place.message is None:
        raise ValueError("a response_url about a message needs the message")
    urls = delivery_of(service).response_urls
    return urls.issue(service, place.user.id, place.channel.id, place.message.ts)


def _view_response_urls(service: SlackService, user: User, view: View) -> list[JsonObject]:
    """One URL for each conversation chosen in a select with ``response_url_enabled``."""
    found = []
    for block in view.payload["blocks"]:
        element = block.get("element") or {}
        if not element.get("response_url_enabled"):
            continue
        state = view.state[block["block_id"]][element["action_id"]]
        channel_id = state[STATE_KEYS[element["type"]][0]]
        if channel_id:
            url = delivery_of(service).response_urls.issue(service, user.id, channel_id)
            ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
            found.append({**ids, "channel_id": channel_id, "response_url": url})
    return found


def _after_submission(service: SlackService, user: User, view: View, answer: JsonObject) -> Submission:
    action = answer.get("response_action")
    if not answer:
        _close_submitted(service, user, view)
        return Submission("closed")
    if action == "errors":
        return Submission("errors", _errors(view, answer.get("errors")))
    if action == "clear":
        clear_modals(service, user.id)
        return Submission("cleared")
    if action not in {"update", "push"}:
        raise SlackError("invalid_response_action", messages=[f"unknown response_action {action!r}"])
    payload = answer.get("view")
    if not isinstance(payload, dict):
        raise SlackError("invalid_arguments", messages=["must provide an object [json-pointer:/view]"])
    check_payload(service, payload, "modal", replaced=view if action == "update" else None)
    if action == "update":
        replace_view(service, view, payload)
        return Submission("updated")
    push_modal(service, user.id, payload)
    return Submission("pushed")


def _close_submitted(service: SlackService, user: User, view: View) -> None:
    stack = stack_of(service, user.id)
    if view in stack:
        del stack[stack.index(view) :]


def _errors(view: View, errors: Any) -> dict[str, str]:
    """The errors to show, by block; each must stand under an input block of this view."""
    inputs = {block["block_id"] for block in view.payload["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_arguments", messages=["errors must name at least one block"])
    strange = [block_id for block_id in errors if block_id not in inputs]
    if strange or not all(isinstance(text, str) and text for text in errors.values()):
        raise SlackError("invalid_arguments", messages=[f"no input block for errors of {strange}"])
    return dict(errors)


def _options_in(answer: JsonObject | None) -> list[JsonObject] | None:
    groups = (answer or {}).get("option_groups")
    options = (answer or {}).get("options") if groups is None else [o for g in groups for o in g["options"]]
    if not isinstance(options, list) or len(options) > MAX_OPTIONS:
        return None
    return options if all(isinstance(option, dict) and "value" in option for option in options) else None


def _without_answer(service: SlackService, kind: str, ack: Ack) -> Outcome:
    """The outcome of an act whose acknowledgement carries nothing; what it carries anyway is refused."""
    if ack.ok and ack.payload:
        _record_refusal(service, kind, ack, "unexpected_payload", [])
    return Outcome(error=ack.error)


def _record_refusal(service: SlackService, act: str, ack: Ack, code: str, messages: list[str]) -> None:
    answer = {"ok": False, "error": code, "messages": messages}
    service.recorder.record(
        service="slack", method=f"ack {act}", arguments=ack.payload or {}, status=400, answer=answer, ms=0.0
    )


def _slackbot(service: SlackService, channel: Channel, user: User, text: str) -> None:
    post_ephemeral(service, channel, SLACKBOT, user.id, Draft(text=text))
