"""conversations.*, the acting half: create, people in and out, names and topics, archive, direct messages."""

from __future__ import annotations

import re

from sandbox.slack import membership
from sandbox.slack.errors import SlackError
from sandbox.slack.methods.access import demand_kind, demand_open, demand_scope, own_channel, seen_channel
from sandbox.slack.methods.registry import Answer, Args, Caller, Method, table
from sandbox.slack.model import Channel, ChannelKind
from sandbox.slack.objects import channel_object
from sandbox.slack.service import SlackService

NAME_LENGTH = 80
TOPIC_LENGTH = 250
INVITED_AT_ONCE = 100
MPIM_USERS = 8
CHANNELS = (ChannelKind.PUBLIC, ChannelKind.PRIVATE)


def conversations_create(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.create."""
    private = bool(args.get("is_private"))
    demand_scope(caller, ChannelKind.PRIVATE if private else ChannelKind.PUBLIC, "write")
    _demand_free_name(service, args["name"])
    channel = membership.create_channel(service, caller.user_id, args["name"], private=private)
    return {"channel": channel_object(service, channel, caller.user_id)}


def conversations_rename(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.rename: the creator only, since the bot is no admin."""
    channel = _own_open_channel(service, caller, args["channel"])
    if channel.creator != caller.user_id or channel.is_general:
        raise SlackError("not_authorized")
    if args["name"] != channel.name:
        _demand_free_name(service, args["name"])
        membership.rename_channel(service, channel, caller.user_id, args["name"])
    return {"channel": channel_object(service, channel, caller.user_id)}


def conversations_archive(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.archive: for good, as far as the bot is concerned."""
    channel = own_channel(service, caller, args["channel"], "write")
    demand_kind(channel, *CHANNELS)
    if channel.is_general:
        raise SlackError("cant_archive_general")
    if channel.is_archived:
        raise SlackError("already_archived")
    membership.archive_channel(service, channel, caller.user_id)
    return {}


def conversations_unarchive(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.unarchive: not with a bot token."""
    channel = seen_channel(service, caller, args["channel"], "write")
    demand_kind(channel, *CHANNELS)
    if not channel.is_archived:
        raise SlackError("not_archived")
    raise SlackError("not_in_channel" if channel.is_public else "channel_not_found")


def conversations_set_topic(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.setTopic."""
    channel = _channel_to_describe(service, caller, args["channel"], args["topic"])
    membership.set_topic(service, channel, caller.user_id, args["topic"])
    return {"channel": channel_object(service, channel, caller.user_id)}


def conversations_set_purpose(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.setPurpose."""
    channel = _channel_to_describe(service, caller, args["channel"], args["purpose"])
    membership.set_purpose(service, channel, caller.user_id, args["purpose"])
    return {"purpose": args["purpose"], "channel": channel_object(service, channel, caller.user_id)}


def conversations_invite(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.invite: all or nobody, unless ``force`` lets the valid ones in."""
    channel = own_channel(service, caller, args["channel"], "invites")
    demand_kind(channel, *CHANNELS)
    demand_open(channel)
    users = list(dict.fromkeys(args["users"]))
    if not users:
        raise SlackError("no_user")
    if len(users) > INVITED_AT_ONCE:
        complaint = f"no more than {INVITED_AT_ONCE} items allowed [json-pointer:/users]"
        raise SlackError("invalid_arguments", messages=[complaint])
    refusals = {user: _why_not_invited(service, caller, channel, user) for user in users}
    errors = [{"user": user, "ok": False, "error": code} for user, code in refusals.items() if code]
    if errors and (not args.get("force") or len(errors) == len(users)):
        raise SlackError(str(errors[0]["error"]), errors=errors)
    for user in (user for user, code in refusals.items() if not code):
        membership.add_member(service, channel, user, inviter_id=caller.user_id)
    answer: Answer = {"channel": channel_object(service, channel, caller.user_id)}
    return answer | ({"errors": errors} if errors else {})


def conversations_kick(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.kick."""
    channel = own_channel(service, caller, args["channel"], "write")
    demand_kind(channel, *CHANNELS)
    user = service.user(args["user"])
    if user.id == caller.user_id:
        raise SlackError("cant_kick_self")
    if channel.is_general:
        raise SlackError("cant_kick_from_general")
    if not membership.remove_member(service, channel, user.id, actor_id=caller.user_id):
        raise SlackError("not_in_channel")
    return {"errors": {}}


def conversations_join(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.join: public channels only."""
    channel = service.channel_seen_by(caller.user_id, args["channel"])
    demand_kind(channel, ChannelKind.PUBLIC)
    demand_open(channel)
    joined = membership.add_member(service, channel, caller.user_id)
    answer: Answer = {"channel": channel_object(service, channel, caller.user_id)}
    if joined:
        return answer
    warning = "already_in_channel"
    return answer | {"warning": warning, "response_metadata": {"warnings": [warning]}}


def conversations_leave(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.leave."""
    channel = seen_channel(service, caller, args["channel"], "write")
    demand_kind(channel, *CHANNELS)
    demand_open(channel)
    if caller.user_id not in channel.members:
        return {"not_in_channel": True}
    if channel.is_general:
        raise SlackError("cant_leave_general")
    if len(channel.members) == 1 and not channel.is_public:
        raise SlackError("last_member")
    membership.remove_member(service, channel, caller.user_id)
    return {}


def conversations_open(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.open: the IM with one person, the group IM with two to eight, or an old one by its id."""
    if args.get("channel"):
        channel = seen_channel(service, caller, args["channel"], "write")
        demand_kind(channel, ChannelKind.IM, ChannelKind.MPIM)
        return _opened(service, caller, args, channel, was_open=True)
    users = list(dict.fromkeys(args.get("users", [])))
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > MPIM_USERS:
        raise SlackError("too_many_users")
    kind = ChannelKind.IM if len(users) == 1 else ChannelKind.MPIM
    demand_scope(caller, kind, "write")
    _demand_reachable(service, caller, users)
    known = _known_direct(service, caller, users)
    if known is None and args.get("prevent_creation"):
        raise SlackError("channel_not_found")
    if kind is ChannelKind.IM:
        channel = membership.open_im(service, caller.user_id, users[0])
    else:
        channel = membership.open_mpim(service, caller.user_id, users)
    return _opened(service, caller, args, channel, was_open=known is not None)


def conversations_close(service: SlackService, caller: Caller, args: Args) -> Answer:
    """conversations.close: direct messages only; nothing is lost."""
    channel = seen_channel(service, caller, args["channel"], "write")
    demand_kind(channel, ChannelKind.IM, ChannelKind.MPIM)
    return {}


def _known_direct(service: SlackService, caller: Caller, users: list[str]) -> Channel | None:
    if len(users) == 1:
        return service.workspace.im_between(caller.user_id, users[0])
    return service.workspace.mpim_of({caller.user_id, *users})


def _opened(service: SlackService, caller: Caller, args: Args, channel: Channel, *, was_open: bool) -> Answer:
    full = args.get("return_im") or channel.kind is ChannelKind.MPIM
    body = channel_object(service, channel, caller.user_id) if full else {"id": channel.id}
    return {"channel": body} | ({"no_op": True, "already_open": True} if was_open else {})


def _demand_reachable(service: SlackService, caller: Caller, users: list[str]) -> None:
    for user_id in users:
        user = service.user(user_id)
        if user.deleted:
            raise SlackError("user_disabled")
        if user.id == caller.user_id:
            raise SlackError("invalid_user_combination")


def _why_not_invited(service: SlackService, caller: Caller, channel: Channel, user_id: str) -> str | None:
    user = service.workspace.users.get(user_id)
    if user is None:
        return "user_not_found"
    if user.id == caller.user_id:
        return "cant_invite_self"
    if user.id in channel.members:
        return "already_in_channel"
    if user.deleted:
        return "cant_invite"
    in_one = any(not c.is_direct for c in service.workspace.channels_of(user.id))
    return "ura_max_channels" if user.is_ultra_restricted and in_one else None


def _own_open_channel(service: SlackService, caller: Caller, channel_id: str) -> Channel:
    channel = own_channel(service, caller, channel_id, "write")
    demand_kind(channel, *CHANNELS)
    demand_open(channel)
    return channel


def _channel_to_describe(service: SlackService, caller: Caller, channel_id: str, text: str) -> Channel:
    channel = own_channel(service, caller, channel_id, "topic")
    demand_kind(channel, *CHANNELS, ChannelKind.MPIM)
    demand_open(channel)
    if len(text) > TOPIC_LENGTH:
        raise SlackError("too_long")
    return channel


def _demand_free_name(service: SlackService, name: str) -> None:
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > NAME_LENGTH:
        raise SlackError("invalid_name_maxlength")
    if re.fullmatch(r"[a-z0-9_-]+", name) is None:
        raise SlackError("invalid_name_specials")
    if re.search(r"[a-z0-9]", name) is None:
        raise SlackError("invalid_name_punctuation")
    if service.workspace.name_taken(name):
        raise SlackError("name_taken")


METHODS = table(
    Method("conversations.create", conversations_create),
    Method("conversations.rename", conversations_rename),
    Method("conversations.archive", conversations_archive),
    Method("conversations.unarchive", conversations_unarchive),
    Method("conversations.setTopic", conversations_set_topic),
    Method("conversations.setPurpose", conversations_set_purpose),
    Method("conversations.invite", conversations_invite),
    Method("conversations.kick", conversations_kick),
    Method("conversations.join", conversations_join),
    Method("conversations.leave", conversations_leave),
    Method("conversations.open", conversations_open),
    Method("conversations.close", conversations_close),
)
