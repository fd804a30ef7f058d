"""pins.add, pins.remove, pins.list."""

from __future__ import annotations

from sandbox.slack.errors import SlackError
from sandbox.slack.messaging import pin_message, unpin_message
from sandbox.slack.methods.access import found_message
from sandbox.slack.methods.registry import Answer, Args, Caller, Method, table
from sandbox.slack.model import Channel, Message
from sandbox.slack.objects import message_object
from sandbox.slack.service import SlackService

PINS = 100


def pins_add(service: SlackService, caller: Caller, args: Args) -> Answer:
    """pins.add."""
    channel, message = _item(service, caller, args)
    if len(channel.pins) >= PINS:
        raise SlackError("too_many_pins")
    if not pin_message(service, channel, message, caller.user_id):
        raise SlackError("already_pinned")
    return {}


def pins_remove(service: SlackService, caller: Caller, args: Args) -> Answer:
    """pins.remove."""
    channel, message = _item(service, caller, args)
    if not unpin_message(service, channel, message, caller.user_id):
        raise SlackError("no_pin")
    return {}


def pins_list(service: SlackService, caller: Caller, args: Args) -> Answer:
    """pins.list."""
    channel = service.channel_seen_by(caller.user_id, args["channel"])
    items = [
        {
            "type": "message",
            "channel": channel.id,
            "created": pin.created,
            "created_by": pin.created_by,
            "message": message_object(service, channel.messages[pin.ts]) | {"pinned_to": [channel.id]},
        }
        for pin in channel.pins
    ]
    return {"items": items}


def _item(service: SlackService, caller: Caller, args: Args) -> tuple[Channel, Message]:
    channel = service.channel_of_member(caller.user_id, args["channel"])
    if not args.get("timestamp"):
        raise SlackError("no_item_specified")
    return channel, found_message(channel, args["timestamp"])


METHODS = table(
    Method("pins.add", pins_add),
    Method("pins.remove", pins_remove),
    Method("pins.list", pins_list),
)
