"""Modals and App Homes: a stack of up to three modals for each person, one home for each person."""

from __future__ import annotations

import copy
import secrets

from sandbox.slack.block_kit import check_view, view_too_large
from sandbox.slack.elements import has_state, initial_state
from sandbox.slack.errors import SlackError
from sandbox.slack.model import JsonObject, View
from sandbox.slack.objects import elements_of, fill_ids
from sandbox.slack.service import SlackService

MAX_STACK = 3
State = dict[str, dict[str, JsonObject]]


def check_payload(service: SlackService, payload: JsonObject, kind: str, replaced: View | None = None) -> None:
    """Refuse a view that Slack would refuse; ``replaced`` may keep its own external_id.

    Raises SlackError: view_too_large, invalid_arguments (with messages), duplicate_external_id.
    """
    if view_too_large(payload):
        raise SlackError("view_too_large")
    messages = check_view(payload)
    if not messages and payload["type"] != kind:
        messages = [f"view type must be {kind} here [json-pointer:/view/type]"]
    if messages:
        raise SlackError("invalid_arguments", messages=messages)
    external_id = payload.get("external_id")
    known = find_view(service, external_id=external_id) if external_id else None
    if known is not None and known is not replaced:
        raise SlackError("duplicate_external_id")


def find_view(service: SlackService, view_id: str | None = None, external_id: str | None = None) -> View | None:
    """The open modal or published home with this id or external_id."""
    workspace = service.workspace
    views = [*workspace.homes.values(), *(view for stack in workspace.modals.values() for view in stack)]
    for view in views:
        if (view_id and view.id == view_id) or (external_id and view.external_id == external_id):
            return view
    return None


def stack_of(service: SlackService, user_id: str) -> list[View]:
    """The open modals of a person, the visible one last."""
    return service.workspace.modals.setdefault(user_id, [])


def open_modal(service: SlackService, user_id: str, payload: JsonObject) -> View:
    """Open a modal in place of whatever was open."""
    view = _new_view(service, user_id, payload)
    service.workspace.modals[user_id] = [view]
    return view


def push_modal(service: SlackService, user_id: str, payload: JsonObject) -> View:
    """Put a modal on top of the stack; raises SlackError not_found (nothing open) or push_limit_reached."""
    stack = stack_of(service, user_id)
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= MAX_STACK:
        raise SlackError("push_limit_reached")
    view = _new_view(service, user_id, payload)
    view.root_view_id, view.previous_view_id = stack[0].id, stack[-1].id
    stack.append(view)
    return view


def replace_view(service: SlackService, view: View, payload: JsonObject) -> View:
    """Replace the content of a view. Answers survive where block_id, action_id and type stay the same."""
    before = view.state
    _fill(service, view, payload)
    for block_id, elements in view.state.items():
        for action_id, state in elements.items():
            kept = before.get(block_id, {}).get(action_id)
            if kept is not None and kept["type"] == state["type"]:
                elements[action_id] = kept
    return view


def publish_home(service: SlackService, user_id: str, payload: JsonObject) -> View:
    """Show this home to a person."""
    view = service.workspace.homes.get(user_id)
    if view is None:
        view = service.workspace.homes[user_id] = _new_view(service, user_id, payload)
        return view
    return replace_view(service, view, payload)


def pop_modal(service: SlackService, user_id: str) -> View:
    """Take the visible modal away; the one below, if any, is visible again."""
    return stack_of(service, user_id).pop()


def clear_modals(service: SlackService, user_id: str) -> None:
    """Close the whole stack."""
    service.workspace.modals[user_id] = []


def initial_states(blocks: list[JsonObject]) -> State:
    """``state.values`` of blocks that nobody has touched."""
    states: State = {}
    for block in blocks:
        elements = [element for element in elements_of(block) if has_state(element)]
        if elements:
            states[block["block_id"]] = {element["action_id"]: initial_state(element) for element in elements}
    return states


def view_object(service: SlackService, view: View) -> JsonObject:
    """A view as Slack writes it in answers and in interaction payloads."""
    payload, app = view.payload, service.app
    body: JsonObject = {
        "id": view.id,
        "team_id": service.workspace.team.id,
        "type": view.type,
        "blocks": copy.deepcopy(payload["blocks"]),
        "private_metadata": payload.get("private_metadata", ""),
        "callback_id": payload.get("callback_id", ""),
        "state": {"values": copy.deepcopy(view.state)},
        "hash": view.hash,
        "title": payload.get("title"),
        "clear_on_close": payload.get("clear_on_close", False),
        "notify_on_close": payload.get("notify_on_close", False),
        "close": payload.get("close"),
        "submit": payload.get("submit"),
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": app.app_id,
        "external_id": view.external_id,
        "app_installed_team_id": service.workspace.team.id,
        "bot_id": app.bot_id,
    }
    if view.type == "home":
        body["title"] = {"type": "plain_text", "text": "View Title", "emoji": True}
    return body


def _new_view(service: SlackService, user_id: str, payload: JsonObject) -> View:
    view_id = service.workspace.new_id("V")
    view = View(view_id, payload["type"], user_id, {}, "", view_id)
    _fill(service, view, payload)
    return view


def _fill(service: SlackService, view: View, payload: JsonObject) -> None:
    view.payload = payload | {"blocks": fill_ids(service.workspace, payload["blocks"])}
    view.external_id = payload.get("external_id") or ""
    view.hash = f"{service.epoch}.{secrets.token_hex(4)}"
    view.state = initial_states(view.payload["blocks"])
