"""reactions.add, reactions.remove, reactions.get."""

from __future__ import annotations

import re

from sandbox.slack.errors import SlackError
from sandbox.slack.messaging import add_reaction, remove_reaction
from sandbox.slack.methods.access import demand_open, found_message
from sandbox.slack.methods.registry import Answer, Args, Caller, Method, table
from sandbox.slack.model import Channel, Message
from sandbox.slack.objects import message_object
from sandbox.slack.service import SlackService

EMOJI = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def reactions_add(service: SlackService, caller: Caller, args: Args) -> Answer:
    """reactions.add: to a message of a conversation that the bot is in."""
    name = _emoji(args["name"])
    channel, message = _item(service, caller, args)
    demand_open(channel)
    if not add_reaction(service, channel, message, caller.user_id, name):
        raise SlackError("already_reacted")
    return {}


def reactions_remove(service: SlackService, caller: Caller, args: Args) -> Answer:
    """reactions.remove: the bot's own only."""
    name = _emoji(args["name"])
    channel, message = _item(service, caller, args)
    if not remove_reaction(service, channel, message, caller.user_id, name):
        raise SlackError("no_reaction")
    return {}


def reactions_get(service: SlackService, caller: Caller, args: Args) -> Answer:
    """reactions.get: the message with its reactions."""
    channel, message = _item(service, caller, args)
    return {"type": "message", "channel": channel.id, "message": message_object(service, message)}


def _item(service: SlackService, caller: Caller, args: Args) -> tuple[Channel, Message]:
    if not args.get("channel") or not args.get("timestamp"):
        raise SlackError("no_item_specified")
    channel = service.channel_seen_by(caller.user_id, args["channel"])
    if caller.user_id not in channel.members:
        raise SlackError("channel_not_found")
    return channel, found_message(channel, args["timestamp"])


def _emoji(name: str) -> str:
    bare = name.strip(":") if "::" not in name else name.removeprefix(":").removesuffix(":")
    if EMOJI.fullmatch(bare) is None:
        raise SlackError("invalid_name")
    return bare


METHODS = table(
    Method("reactions.add", reactions_add),
    Method("reactions.remove", reactions_remove),
    Method("reactions.get", reactions_get),
)
