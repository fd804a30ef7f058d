"""Acts on conversations and people, whoever does them: create, join, leave, rename, archive, new people.

As in ``messaging``, permission is the caller's business; every act leaves its messages and events.
"""

from __future__ import annotations

from typing import Any

from sandbox.slack.messaging import post_notice
from sandbox.slack.model import Channel, ChannelKind, JsonObject, User
from sandbox.slack.objects import user_object
from sandbox.slack.service import SlackService


def create_channel(service: SlackService, creator_id: str, name: str, *, private: bool) -> Channel:
    """A new public or private channel with its creator inside; emits ``channel_created`` if public."""
    kind = ChannelKind.PRIVATE if private else ChannelKind.PUBLIC
    channel = Channel(service.workspace.new_id("C"), kind, name, creator_id, service.epoch)
    service.workspace.channels[channel.id] = channel
    if channel.is_public:
        created = {"id": channel.id, "name": name, "created": channel.created, "creator": creator_id}
        service.emit({"type": "channel_created", "channel": created | {"is_channel": True}})
    add_member(service, channel, creator_id)
    return channel


def add_member(service: SlackService, channel: Channel, user_id: str, inviter_id: str | None = None) -> bool:
    """Let somebody in (by joining, or invited); False when already inside. Emits ``member_joined_channel``."""
    if user_id in channel.members:
        return False
    channel.members.append(user_id)
    inviter = {"inviter": inviter_id} if inviter_id else {}
    if not channel.is_direct:
        post_notice(service, channel, user_id, "channel_join", f"<@{user_id}> has joined the channel", **inviter)
    _emit_member(service, "member_joined_channel", channel, user_id, **inviter)
    return True


def remove_member(service: SlackService, channel: Channel, user_id: str, actor_id: str | None = None) -> bool:
    """Let somebody out (leaving, or removed by ``actor_id``); False when not inside.

    The others' departure reaches the app as ``member_left_channel``, its own as ``channel_left``/``group_left``.
    """
    if user_id not in channel.members:
        return False
    if user_id == service.app.bot_user_id:
        kind = "channel_left" if channel.is_public else "group_left"
        service.emit({"type": kind, "channel": channel.id, "actor_id": actor_id or user_id}, channel)
        channel.members.remove(user_id)
    else:
        channel.members.remove(user_id)
        _emit_member(service, "member_left_channel", channel, user_id)
    if not channel.is_direct:
        post_notice(service, channel, user_id, "channel_leave", f"<@{user_id}> has left the channel")
    return True


def rename_channel(service: SlackService, channel: Channel, user_id: str, name: str) -> None:
    """Rename; emits ``channel_rename`` or ``group_rename``."""
    old_name, channel.name = channel.name, name
    channel.previous_names = [old_name, *channel.previous_names]
    text = f'<@{user_id}> has renamed the channel from "{old_name}" to "{name}"'
    post_notice(service, channel, user_id, "channel_name", text, old_name=old_name, name=name)
    renamed = {"id": channel.id, "name": name, "name_normalized": name, "created": channel.created}
    event = {"type": _event_name(channel, "rename"), "channel": renamed | {"is_channel": True, "is_mpim": False}}
    service.emit(event, _scope(channel))


def archive_channel(service: SlackService, channel: Channel, user_id: str) -> None:
    """Archive; emits ``channel_archive`` or ``group_archive``."""
    post_notice(service, channel, user_id, "channel_archive", f"<@{user_id}> archived the channel")
    channel.is_archived = True
    event = {"type": _event_name(channel, "archive"), "channel": channel.id, "user": user_id, "is_moved": 0}
    service.emit(event, _scope(channel))


def unarchive_channel(service: SlackService, channel: Channel, user_id: str) -> None:
    """Open an archived channel again (a person only); emits ``channel_unarchive`` or ``group_unarchive``."""
    channel.is_archived = False
    post_notice(service, channel, user_id, "channel_unarchive", f"<@{user_id}> un-archived the channel")
    event = {"type": _event_name(channel, "unarchive"), "channel": channel.id, "user": user_id}
    service.emit(event, _scope(channel))


def set_topic(service: SlackService, channel: Channel, user_id: str, topic: str) -> None:
    """Set the topic; leaves a ``channel_topic`` message."""
    channel.topic = {"value": topic, "creator": user_id, "last_set": service.epoch}
    text = f"<@{user_id}> set the channel topic: {topic}"
    post_notice(service, channel, user_id, "channel_topic", text, topic=topic)


def set_purpose(service: SlackService, channel: Channel, user_id: str, purpose: str) -> None:
    """Set the purpose; leaves a ``channel_purpose`` message."""
    channel.purpose = {"value": purpose, "creator": user_id, "last_set": service.epoch}
    text = f"<@{user_id}> set the channel description: {purpose}"
    post_notice(service, channel, user_id, "channel_purpose", text, purpose=purpose)


def open_im(service: SlackService, first_id: str, second_id: str) -> Channel:
    """The IM of two users (with oneself: once), opened now if it never was."""
    known = service.workspace.im_between(first_id, second_id)
    if known is not None:
        return known
    members = list(dict.fromkeys([first_id, second_id]))
    channel = Channel(service.workspace.new_id("D"), ChannelKind.IM, "", first_id, service.epoch, members)
    service.workspace.channels[channel.id] = channel
    return channel


def open_mpim(service: SlackService, opener_id: str, user_ids: list[str]) -> Channel:
    """The group IM of these users with the opener, opened now if it never was."""
    members = list(dict.fromkeys([opener_id, *user_ids]))
    known = service.workspace.mpim_of(set(members))
    if known is not None:
        return known
    names = "--".join(service.workspace.users[member].name for member in members)
    channel_id = service.workspace.new_id("C")
    channel = Channel(channel_id, ChannelKind.MPIM, f"mpdm-{names}-1", opener_id, service.epoch, members)
    service.workspace.channels[channel.id] = channel
    return channel


def add_user(service: SlackService, user: User) -> User:
    """A new person comes into the workspace and into #general; emits ``team_join``."""
    service.workspace.users[user.id] = user
    user.updated = service.epoch
    _emit_user(service, "team_join", user)
    guest = user.is_restricted or user.is_ultra_restricted
    for channel in list(service.workspace.channels.values()):
        if channel.is_general and not guest:
            add_member(service, channel, user.id)
    return user


def change_user(service: SlackService, user: User, **changes: Any) -> User:
    """Change fields of a person (tz, locale, real_name …); emits ``user_change``."""
    for name, value in changes.items():
        if not hasattr(user, name):
            raise AttributeError(f"a user has no {name}")
        setattr(user, name, value)
    user.updated = service.epoch
    _emit_user(service, "user_change", user)
    return user


def deactivate_user(service: SlackService, user: User) -> None:
    """Deactivate an account: out of every channel, ``deleted``; emits the departures and ``user_change``."""
    for channel in service.workspace.channels_of(user.id):
        if not channel.is_direct:
            remove_member(service, channel, user.id)
    change_user(service, user, deleted=True)


def _event_name(channel: Channel, verb: str) -> str:
    return f"channel_{verb}" if channel.is_public else f"group_{verb}"


def _scope(channel: Channel) -> Channel | None:
    """Events about a public channel itself reach the app everywhere; about a private one only inside."""
    return None if channel.is_public else channel


def _emit_member(service: SlackService, kind: str, channel: Channel, user_id: str, **extra: str) -> None:
    event: JsonObject = {
        "type": kind,
        "user": user_id,
        "channel": channel.id,
        "channel_type": "C" if channel.is_public else "G",
        "team": service.workspace.team.id,
    }
    service.emit(event | extra, channel)


def _emit_user(service: SlackService, kind: str, user: User) -> None:
    body = user_object(service, user, service.app.manifest.scopes, locale=True)
    service.emit({"type": kind, "user": body, "cache_ts": service.epoch})
