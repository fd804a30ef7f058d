"""The payloads of commands and interactions, with every field that Slack sends."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.slack.elements import STATE_KEYS
from sandbox.slack.model import Channel, ChannelKind, JsonObject, Message, User, View
from sandbox.slack.objects import message_object
from sandbox.slack.service import SlackService
from sandbox.slack.view_stack import State, view_object

# What an action repeats of its element, besides its ids and its type.
_REPEATED = ("text", "value", "style", "url", "placeholder", "confirm", "accessibility_label")


@dataclass(frozen=True)
class Place:
    """Where a person acts: in a view, or on a message of a channel."""

    user: User
    view: View | None = None
    channel: Channel | None = None
    message: Message | None = None

    @property
    def blocks(self) -> list[JsonObject]:
        """The blocks that stand there."""
        if self.view is not None:
            return list(self.view.payload["blocks"])
        return self.message.blocks if self.message is not None else []


def command_payload(
    service: SlackService, user: User, channel: Channel, typed: tuple[str, str], keys: Mapping[str, str]
) -> JsonObject:
    """A slash command: ``typed`` is the command and its text, ``keys`` its response_url and trigger_id."""
    command, text = typed
    return {
        "token": service.app.verification_token,
        "team_id": service.workspace.team.id,
        "team_domain": service.workspace.team.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": service.app.app_id,
        "is_enterprise_install": "false",
        **keys,
    }


def block_actions_payload(
    service: SlackService, place: Place, action: JsonObject, state: State, keys: Mapping[str, str]
) -> JsonObject:
    """A person used an element; ``keys``: the trigger_id and, on messages, the response_url.

    ``state`` is a message's; a view carries its own.
    """
    body = {**_envelope(service, "block_actions", place.user), **where(service, place), **keys}
    if place.view is None:
        body["state"] = {"values": copy.deepcopy(state)}
    return body | {"actions": [action]}


def suggestion_payload(
    service: SlackService, place: Place, block: JsonObject, element: JsonObject, value: str
) -> JsonObject:
    """A person types in an external select."""
    return {
        **_envelope(service, "block_suggestion", place.user),
        **where(service, place),
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": value,
    }


def view_submission_payload(
    service: SlackService, user: User, view: View, trigger_id: str, response_urls: list[JsonObject]
) -> JsonObject:
    """A person submits a modal."""
    return {
        **_envelope(service, "view_submission", user),
        "trigger_id": trigger_id,
        "view": view_object(service, view),
        "response_urls": response_urls,
    }


def view_closed_payload(service: SlackService, user: User, view: View, *, is_cleared: bool) -> JsonObject:
    """A person closes a modal that asked to be told; ``is_cleared`` when the whole stack went."""
    return {
        **_envelope(service, "view_closed", user),
        "view": view_object(service, view),
        "is_cleared": is_cleared,
    }


def shortcut_payload(service: SlackService, user: User, callback_id: str, trigger_id: str) -> JsonObject:
    """A person uses a global shortcut."""
    body = _envelope(service, "shortcut", user)
    return body | {"action_ts": service.new_ts(), "callback_id": callback_id, "trigger_id": trigger_id}


def message_action_payload(
    service: SlackService, place: Place, callback_id: str, keys: Mapping[str, str]
) -> JsonObject:
    """A person uses a shortcut of a message's menu."""
    channel, message = place.channel, place.message
    if channel is None or message is None:
        raise ValueError("a message shortcut needs a message")
    return {
        **_envelope(service, "message_action", place.user),
        **keys,
        "callback_id": callback_id,
        "action_ts": service.new_ts(),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": message_object(service, message),
    }


def action_of(service: SlackService, block: JsonObject, element: JsonObject, state: JsonObject) -> JsonObject:
    """The entry of ``actions``; ``state`` holds what the person chose ({} for a button)."""
    kind = element["type"]
    action = {"type": kind, "action_id": element["action_id"], "block_id": block["block_id"]}
    action |= {key: copy.deepcopy(element[key]) for key in _REPEATED if key in element}
    if kind in STATE_KEYS:
        key, initial = STATE_KEYS[kind]
        action |= {key: copy.deepcopy(state[key])}
        action |= {initial: copy.deepcopy(element[initial])} if initial in element else {}
    return action | {"action_ts": service.new_ts()}


def where(service: SlackService, place: Place) -> JsonObject:
    """The container of an act, and the view, or the channel and message, around it."""
    if place.view is not None:
        container: JsonObject = {"type": "view", "view_id": place.view.id}
        return {"container": container, "view": view_object(service, place.view)}
    channel, message = place.channel, place.message
    if channel is None or message is None:
        raise ValueError("an act happens in a view or on a message")
    ephemeral = message.ephemeral_to is not None
    container = {"type": "message", "message_ts": message.ts, "channel_id": channel.id, "is_ephemeral": ephemeral}
    if message.is_reply:
        container["thread_ts"] = message.thread_ts
    body = {"container": container, "channel": {"id": channel.id, "name": channel_name(channel)}}
    return body if ephemeral else body | {"message": message_object(service, message)}


def channel_name(channel: Channel) -> str:
    """The name under which payloads show a conversation."""
    if channel.kind is ChannelKind.IM:
        return "directmessage"
    return channel.name if channel.is_public else "privategroup"


def _envelope(service: SlackService, kind: str, user: User) -> JsonObject:
    team = service.workspace.team
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": team.id},
        "api_app_id": service.app.app_id,
        "token": service.app.verification_token,
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }
