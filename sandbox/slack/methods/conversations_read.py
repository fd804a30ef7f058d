"""conversations.*, the reading half: info, list, members, history, replies."""

from __future__ import annotations

import re
from typing import Any

from sandbox.slack.errors import SlackError
from sandbox.slack.methods.access import demand_scope, own_channel, seen_channel
from sandbox.slack.methods.paging import page, strict_limit
from sandbox.slack.methods.registry import Answer, Args, Caller, Method, table
from sandbox.slack.model import Channel, ChannelKind, Message
from sandbox.slack.objects import channel_object, message_object
from sandbox.slack.service import SlackService

HISTORY_LIMIT = 999


def conversations_info(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.info."""
    channel = seen_channel(service, caller, args["channel"], "read")
    body = channel_object(service, channel, caller.user_id)
    if args.get("include_num_members"):
        body["num_members"] = len(channel.members)
    if args.get("include_locale"):
        body["locale"] = "fr-FR"
    if caller.user_id in channel.members:
        body["last_read"] = channel.last_read.get(caller.user_id, "0000000000.000000")
    return {"channel": body}


def conversations_list(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.list: public channels, and what else the bot is in, by ``types``."""
    kinds = kinds_of(caller, args)
    listed = [c for c in service.workspace.channels.values() if service.workspace.sees(caller.user_id, c)]
    return page_of_channels(service, caller, args, [c for c in listed if c.kind in kinds])


def kinds_of(caller: Caller, args: Args) -> set[ChannelKind]:
    """The kinds that ``types`` asks for (default: public); ``invalid_types``, ``missing_scope``."""
    names = [name.strip() for name in args.get("types", "").split(",") if name.strip()] or ["public_channel"]
    try:
        kinds = {ChannelKind(name) for name in names}
    except ValueError:
        raise SlackError("invalid_types") from None
    for kind in kinds:
        demand_scope(caller, kind, "read")
    return kinds


def page_of_channels(service: SlackService, caller: Caller, args: Args, channels: list[Channel]) -> Answer:
    """One page of a list of conversations."""
    shown = [c for c in channels if not (c.is_archived and args.get("exclude_archived"))]
    size = strict_limit(args.get("limit"), 100)
    items, following = page(shown, lambda c: c.id, args.get("cursor", ""), size)
    bodies = [channel_object(service, c, caller.user_id) for c in items]
    for body, channel in zip(bodies, items, strict=True):
        if not channel.is_direct:
            body["num_members"] = len(channel.members)
    return {"channels": bodies, "response_metadata": {"next_cursor": following}}


def conversations_members(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.members."""
    channel = seen_channel(service, caller, args["channel"], "read")
    size = strict_limit(args.get("limit"), 100)
    items, following = page(channel.members, str, args.get("cursor", ""), size)
    return {"members": items, "response_metadata": {"next_cursor": following}}


def conversations_history(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.history: newest first, without the replies inside threads (unless broadcast)."""
    channel = own_channel(service, caller, args["channel"], "history")
    shown = [m for m in channel.messages.values() if not m.is_reply or m.reply_broadcast]
    answer = _page_of_messages(service, _in_range(shown, args)[::-1], args, default=100)
    return answer | {"pin_count": len(channel.pins), "channel_actions_ts": None, "channel_actions_count": 0}


def conversations_replies(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.replies: the parent, then its replies, oldest first; ``ts`` may be any of them."""
    channel = own_channel(service, caller, args["channel"], "history")
    message = channel.messages.get(args["ts"])
    if message is None:
        raise SlackError("thread_not_found")
    root = channel.messages.get(message.thread_ts or message.ts, message)
    thread = [root, *_in_range(channel.replies(root.ts), args)]
    return _page_of_messages(service, thread, args, default=HISTORY_LIMIT)


def _page_of_messages(service: SlackService, messages: list[Message], args: Args, default: int) -> Answer:
    size = min(max(args.get("limit") or default, 1), HISTORY_LIMIT)
    items, following = page(messages, lambda m: m.ts, args.get("cursor", ""), size)
    wanted = bool(args.get("include_all_metadata"))
    answer: dict[str, Any] = {
        "messages": [_in_history(service, message, metadata=wanted) for message in items],
        "has_more": bool(following),
    }
    return answer | ({"response_metadata": {"next_cursor": following}} if following else {})


def _in_history(service: SlackService, message: Message, *, metadata: bool) -> dict[str, Any]:
    body = message_object(service, message, metadata=metadata)
    channel = service.workspace.channels[message.channel]
    if any(pin.ts == message.ts for pin in channel.pins):
        body["pinned_to"] = [channel.id]
    return body


def _in_range(messages: list[Message], args: Args) -> list[Message]:
    oldest = _bound(args.get("oldest"), "invalid_ts_oldest")
    latest = _bound(args.get("latest"), "invalid_ts_latest")
    inclusive = bool(args.get("inclusive"))

    def inside(message: Message) -> bool:
        ts = _micros(message.ts)
        after = oldest is None or ts > oldest or (inclusive and ts == oldest)
        before = latest is None or ts < latest or (inclusive and ts == latest)
        return after and before

    return [message for message in messages if inside(message)]


def _bound(text: str | None, error: str) -> int | None:
    if not text or text == "now":
        return None
    if re.fullmatch(r"\d{1,11}(\.\d{1,6})?", text) is None:
        raise SlackError(error)
    return _micros(text)


def _micros(ts: str) -> int:
    seconds, _, fraction = ts.partition(".")
    return int(seconds) * 1_000_000 + int(f"{fraction:0<6}")


METHODS = table(
    Method("conversations.info", conversations_info),
    Method("conversations.list", conversations_list),
    Method("conversations.members", conversations_members),
    Method("conversations.history", conversations_history),
    Method("conversations.replies", conversations_replies),
)
