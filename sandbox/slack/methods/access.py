"""What many methods ask first: may the caller act on this kind of conversation, and is the message there."""

from __future__ import annotations

from typing import Literal

from sandbox.slack.errors import SlackError
from sandbox.slack.events import family
from sandbox.slack.methods.registry import Caller
from sandbox.slack.model import Channel, ChannelKind, Message
from sandbox.slack.service import SlackService

Verb = Literal["read", "history", "write", "invites", "topic"]


def accepted_scopes(kind: ChannelKind, verb: Verb) -> tuple[str, ...]:
    """The bot scopes of which one is needed to do ``verb`` with a conversation of this kind."""
    if verb in {"read", "history"}:
        return (f"{family(kind)}:{verb}",)
    write = "channels:manage" if kind is ChannelKind.PUBLIC else f"{family(kind)}:write"
    return (write,) if verb == "write" else (write, f"{family(kind)}:write.{verb}")


def demand_scope(caller: Caller, kind: ChannelKind, verb: Verb) -> None:
    """Refuse with ``missing_scope`` unless the caller may do ``verb`` with this kind."""
    needed = accepted_scopes(kind, verb)
    if not caller.scopes.intersection(needed):
        provided = ",".join(sorted(caller.scopes))
        raise SlackError("missing_scope", needed=",".join(needed), provided=provided)


def seen_channel(service: SlackService, caller: Caller, channel_id: str, verb: Verb) -> Channel:
    """The conversation that the caller sees; ``channel_not_found`` or ``missing_scope`` otherwise."""
    channel = service.channel_seen_by(caller.user_id, channel_id)
    demand_scope(caller, channel.kind, verb)
    return channel


def own_channel(service: SlackService, caller: Caller, channel_id: str, verb: Verb) -> Channel:
    """The conversation that the caller is in; ``not_in_channel`` when it is only seen."""
    channel = seen_channel(service, caller, channel_id, verb)
    if caller.user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def demand_open(channel: Channel) -> None:
    """Refuse with ``is_archived``."""
    if channel.is_archived:
        raise SlackError("is_archived")


def demand_kind(channel: Channel, *kinds: ChannelKind) -> None:
    """Refuse with ``method_not_supported_for_channel_type`` unless the conversation is of one of the kinds."""
    if channel.kind not in kinds:
        raise SlackError("method_not_supported_for_channel_type")


def found_message(channel: Channel, ts: str) -> Message:
    """The message at this ts; ``message_not_found`` otherwise (a tombstone is none)."""
    message = channel.messages.get(ts)
    if message is None or message.subtype == "tombstone":
        raise SlackError("message_not_found")
    return message
