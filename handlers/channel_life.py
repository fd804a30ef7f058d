"""Channels and accounts: who joins or leaves, what people change by hand, and the admins' buttons that mend it."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond

from handlers.admin import AdminRequest, Subcommand
from handlers.ids import Action, Event
from handlers.payloads import action_value
from programme.errors import Refusal
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import channel_life, roles


def register(app: App) -> None:
    """Listen to everything that happens to channels and accounts."""
    app.event(Event.JOINED)(channel_joined)
    app.event(Event.LEFT)(channel_left)
    app.event(Event.RENAMED)(channel_renamed)
    app.event(Event.ARCHIVED)(channel_archived)
    app.event(Event.UNARCHIVED)(channel_unarchived)
    app.event(Event.BOT_REMOVED)(bot_removed)
    app.event(Event.USER_CHANGED)(person_changed)
    app.event({"type": "message", "subtype": ["channel_topic", "group_topic"]})(topic_changed)
    app.action(Action.REINVITE)(reinvited)
    app.action(Action.REMOVE_STRANGER)(stranger_removed)
    app.action(Action.NEW_CHANNEL)(new_channel_asked)


def enter_channel(request: AdminRequest) -> None:
    """Invite the admin to the channel of the group whose number was typed."""
    if not request.words.isdecimal():
        raise Refusal("group_unknown")
    label = channel_life.enter(request.ports, caller=request.caller, number=int(request.words))
    request.respond(text=request.ports.content.sentence("channel_entered", label=label))


ADMIN = (Subcommand("canal", "12", "recevoir une invitation dans le canal du groupe 12", enter_channel),)


def channel_joined(event: dict[str, Any], body: dict[str, Any], context: BoltContext, ports: Ports) -> None:
    """Joining the tutors' or the admins' channel gives the role; a group's channel has its own people."""
    person, channel, bot = event["user"], event["channel"], context.bot_user_id or ""
    if person == bot:
        channel_life.found(ports, channel=channel, trouble="bot_removed")
        return
    roles.change_role(ports, channel=channel, slack_user_id=person, joined=True, event_id=body["event_id"])
    channel_life.joined(ports, channel=channel, slack_user_id=person, inviter=event.get("inviter") or "", bot=bot)


def channel_left(event: dict[str, Any], body: dict[str, Any], context: BoltContext, ports: Ports) -> None:
    """Leaving it takes the role; a group's channel that someone leaves is told to the admins."""
    person, channel = event["user"], event["channel"]
    if person == context.bot_user_id:
        channel_life.lost(ports, channel=channel, trouble="bot_removed")
        return
    roles.change_role(ports, channel=channel, slack_user_id=person, joined=False, event_id=body["event_id"])
    channel_life.left(ports, channel=channel, slack_user_id=person, event_id=body["event_id"])


def channel_renamed(event: dict[str, Any], ports: Ports) -> None:
    """Somebody gave the channel another name."""
    channel_life.renamed(ports, channel=event["channel"]["id"], name=event["channel"]["name"])


def channel_archived(event: dict[str, Any], ports: Ports) -> None:
    """Somebody archived the channel; the bot's own closing comes when the group is over."""
    channel_life.lost(ports, channel=event["channel"], trouble="archived")


def channel_unarchived(event: dict[str, Any], ports: Ports) -> None:
    """Somebody opened the channel again."""
    channel_life.found(ports, channel=event["channel"], trouble="archived")


def bot_removed(event: dict[str, Any], ports: Ports) -> None:
    """Somebody took the bot out of the channel."""
    channel_life.lost(ports, channel=event["channel"], trouble="bot_removed")


def person_changed(event: dict[str, Any], ports: Ports) -> None:
    """An account was closed, opened again, or changed in a way that is none of our business."""
    person = event["user"]
    channel_life.person_changed(ports, slack_user_id=person["id"], deleted=bool(person.get("deleted")))


def topic_changed(event: dict[str, Any], context: BoltContext, ports: Ports) -> None:
    """Somebody wrote another topic."""
    if event.get("user") != context.bot_user_id:
        channel_life.topic_changed(ports, channel=event["channel"], topic=event.get("topic") or "")


def reinvited(ack: Ack, body: dict[str, Any], respond: Respond, ports: Ports, caller: Caller) -> None:
    """« Inviter de nouveau »."""
    ack()
    group_id, _, user = action_value(body).partition(":")
    channel_life.reinvite(ports, caller=caller, group_id=group_id, slack_user_id=user)
    respond(text=ports.content.sentence("channel_reinvited"), replace_original=False)


def stranger_removed(ack: Ack, body: dict[str, Any], respond: Respond, ports: Ports, caller: Caller) -> None:
    """« Retirer du canal »."""
    ack()
    group_id, _, user = action_value(body).partition(":")
    channel_life.remove_stranger(ports, caller=caller, group_id=group_id, slack_user_id=user)
    respond(text=ports.content.sentence("channel_stranger_removed"), replace_original=False)


def new_channel_asked(ack: Ack, body: dict[str, Any], respond: Respond, ports: Ports, caller: Caller) -> None:
    """« Ouvrir un nouveau canal »."""
    ack()
    channel_life.open_new_channel(ports, caller=caller, group_id=action_value(body))
    respond(text=ports.content.sentence("channel_new_asked"), replace_original=False)
