"""``views.open``, ``views.push``, ``views.update``, ``views.publish``."""

from __future__ import annotations

import json
from typing import Any

from sandbox.slack.delivery import delivery_of
from sandbox.slack.errors import SlackError
from sandbox.slack.methods.registry import Answer, Args, Caller, Method, table
from sandbox.slack.model import View
from sandbox.slack.service import SlackService
from sandbox.slack.triggers import Trigger
from sandbox.slack.view_stack import (
    check_payload,
    find_view,
    open_modal,
    publish_home,
    push_modal,
    replace_view,
    stack_of,
    view_object,
)


def views_open(service: SlackService, _: Caller, args: Args) -> Answer:
    """Open a modal for whoever's act gave the trigger."""
    trigger = _trigger(service, args)
    payload = _payload(args)
    check_payload(service, payload, "modal")
    trigger.exchanged = True
    return _answer(service, open_modal(service, trigger.user_id, payload))


def views_push(service: SlackService, _: Caller, args: Args) -> Answer:
    """Push a modal onto the stack; the trigger must come from an act inside the open modal."""
    trigger = _trigger(service, args)
    if trigger.view_id is None:
        raise SlackError("invalid_trigger_id")
    payload = _payload(args)
    if trigger.view_id not in {view.id for view in stack_of(service, trigger.user_id)}:
        raise SlackError("not_found")
    check_payload(service, payload, "modal")
    view = push_modal(service, trigger.user_id, payload)
    trigger.exchanged = True
    return _answer(service, view)


def views_update(service: SlackService, _: Caller, args: Args) -> Answer:
    """Replace the content of an open modal, or of a home."""
    view = find_view(service, args.get("view_id"), args.get("external_id"))
    if view is None:
        raise SlackError("not_found")
    payload = _payload(args)
    check_payload(service, payload, view.type, replaced=view)
    _check_hash(view, args)
    return _answer(service, replace_view(service, view, payload))


def views_publish(service: SlackService, _: Caller, args: Args) -> Answer:
    """Publish the App Home of one person."""
    if not service.app.manifest.home_tab:
        raise SlackError("not_enabled")
    user = service.user(args["user_id"])
    payload = _payload(args)
    current = service.workspace.homes.get(user.id)
    check_payload(service, payload, "home", replaced=current)
    if current is not None:
        _check_hash(current, args)
    return _answer(service, publish_home(service, user.id, payload))


def _trigger(service: SlackService, args: Args) -> Trigger:
    trigger_id = args.get("trigger_id") or args.get("interactivity_pointer")
    if not trigger_id:
        raise SlackError("invalid_arguments", messages=["missing required field: trigger_id"])
    return delivery_of(service).triggers.check(str(trigger_id))


def _payload(args: Args) -> dict[str, Any]:
    view = args["view"]
    if isinstance(view, str):
        try:
            view = json.loads(view)
        except json.JSONDecodeError:
            view = None
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", messages=["must provide an object [json-pointer:/view]"])
    return view


def _check_hash(view: View, args: Args) -> None:
    if args.get("hash") and args["hash"] != view.hash:
        raise SlackError("hash_conflict")


def _answer(service: SlackService, view: View) -> Answer:
    return {"view": view_object(service, view)}


METHODS = table(
    Method("views.open", views_open),
    Method("views.push", views_push),
    Method("views.update", views_update),
    Method("views.publish", views_publish),
)
