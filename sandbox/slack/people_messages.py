"""What people do among themselves and to the workspace: write, react, come, go, manage channels and accounts."""

from __future__ import annotations

import re
import zoneinfo
from typing import Any

from sandbox.slack import membership, messaging
from sandbox.slack.delivery import delivery_of
from sandbox.slack.elements import ActError
from sandbox.slack.membership import open_im
from sandbox.slack.model import Channel, JsonObject, Message, User
from sandbox.slack.people_common import (
    Data,
    demand_writable,
    find_message,
    find_person,
    find_place,
    need,
)
from sandbox.slack.people_modals import upload
from sandbox.slack.reading import read_message
from sandbox.slack.service import SlackService
from sandbox.slack.sharing import share_files

CHANNEL_NAME = re.compile(r"[a-z0-9_-]{1,80}")
CHANGEABLE = frozenset({"real_name", "display_name", "email", "title", "tz", "locale", "is_restricted", "is_admin"})


async def write(service: SlackService, user: User, data: Data) -> JsonObject:
    """Write in a conversation or a thread, with files if any; answers once the app took the event."""
    channel = _conversation(service, user, data)
    demand_writable(service, user, channel)
    thread_ts = data.get("thread_ts")
    if thread_ts and find_message(channel, user, thread_ts).ephemeral_to:
        raise ActError("On ne répond pas à un message éphémère.")
    text = typed(service, user, str(data.get("text", "")))
    files = [upload(service, user, entry) for entry in data.get("files") or []]
    if files:
        message = share_files(service, channel, user.id, files, comment=text, thread_ts=thread_ts)
    elif text:
        draft = messaging.Draft(text=text, thread_ts=thread_ts, reply_broadcast=bool(data.get("reply_broadcast")))
        message = messaging.post_message(service, channel, user.id, draft)
    else:
        raise ActError("Un message a un texte ou un fichier.")
    return await _told(service, channel, message)


def _conversation(service: SlackService, user: User, data: Data) -> Channel:
    if data.get("to"):
        return open_im(service, user.id, find_person(service, data["to"]).id)
    return find_place(service, user, data)


def typed(service: SlackService, user: User, text: str) -> str:
    """What the client sends for a typed text: escaped, with mentions of people and channels as links."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def linked(found: re.Match[str]) -> str:
        if found[1] == "@":
            other = service.workspace.find_user(found[2])
            return f"<@{other.id}>" if other else found[0]
        channel = service.workspace.find_channel(found[2])
        seen = channel is not None and service.workspace.sees(user.id, channel)
        return f"<#{channel.id}|{channel.name}>" if channel and seen else found[0]

    return re.sub(r"(?<![\w&])([@#])([\w.-]*\w)", linked, escaped)


async def _told(service: SlackService, channel: Channel, message: Message) -> JsonObject:
    await delivery_of(service).flush()
    return {"channel": channel.id, "ts": message.ts, "message": read_message(service, message)}


def _own(service: SlackService, user: User, data: Data) -> tuple[Channel, Message]:
    channel = find_place(service, user, data)
    message = find_message(channel, user, need(data, "ts"))
    if message.user != user.id or message.ephemeral_to:
        raise ActError(f"Ce message n’est pas de {user.real_name}.")
    return channel, message


async def edit(service: SlackService, user: User, data: Data) -> JsonObject:
    """Change the text of one's own message."""
    channel, message = _own(service, user, data)
    demand_writable(service, user, channel)
    text = typed(service, user, str(need(data, "text")))
    messaging.edit_message(service, channel, message, text=text, by_person=True)
    return await _told(service, channel, message)


async def delete(service: SlackService, user: User, data: Data) -> JsonObject:
    """Delete one's own message."""
    channel, message = _own(service, user, data)
    messaging.delete_message(service, channel, message)
    return await _done(service)


async def react(service: SlackService, user: User, data: Data) -> JsonObject:
    """Add an emoji (``name``) to a message, or take it back (``remove``)."""
    channel = find_place(service, user, data)
    demand_writable(service, user, channel)
    message = find_message(channel, user, need(data, "ts"))
    if message.ephemeral_to:
        raise ActError("On ne réagit pas à un message éphémère.")
    change = messaging.remove_reaction if data.get("remove") else messaging.add_reaction
    changed = change(service, channel, message, user.id, str(need(data, "name")).strip(":"))
    return await _done(service, changed=changed)


async def join(service: SlackService, user: User, data: Data) -> JsonObject:
    """Join a public channel."""
    channel = find_place(service, user, data)
    if not channel.is_public or channel.is_archived:
        raise ActError("On n’entre seul que dans un canal public et ouvert.")
    return await _done(service, changed=membership.add_member(service, channel, user.id))


async def leave(service: SlackService, user: User, data: Data) -> JsonObject:
    """Leave a channel."""
    channel = _channel_of(service, user, data)
    if channel.is_general:
        raise ActError("Personne ne quitte le canal général.")
    return await _done(service, changed=membership.remove_member(service, channel, user.id))


async def invite(service: SlackService, user: User, data: Data) -> JsonObject:
    """Invite somebody (``user``; "bot" for the app) into a channel."""
    channel = _channel_of(service, user, data)
    other = _somebody(service, need(data, "user"))
    return await _done(service, changed=membership.add_member(service, channel, other.id, user.id))


async def kick(service: SlackService, user: User, data: Data) -> JsonObject:
    """Remove somebody (``user``; "bot" for the app) from a channel; its creator and admins may."""
    channel = _channel_of(service, user, data)
    _demand_manager(user, channel)
    if channel.is_general:
        raise ActError("Personne n’est retiré du canal général.")
    other = _somebody(service, need(data, "user"))
    return await _done(service, changed=membership.remove_member(service, channel, other.id, user.id))


async def create(service: SlackService, user: User, data: Data) -> JsonObject:
    """Create a channel (``name``, ``private``)."""
    name = _free_name(service, data)
    channel = membership.create_channel(service, user.id, name, private=bool(data.get("private")))
    return await _done(service, channel=channel.id)


async def rename(service: SlackService, user: User, data: Data) -> JsonObject:
    """Rename a channel; its creator and admins may."""
    channel = _channel_of(service, user, data)
    _demand_manager(user, channel)
    membership.rename_channel(service, channel, user.id, _free_name(service, data))
    return await _done(service)


async def topic(service: SlackService, user: User, data: Data) -> JsonObject:
    """Write another topic above a channel; every full member of it may."""
    channel = _channel_of(service, user, data)
    if channel.is_archived:
        raise ActError(f"Le canal « {channel.name} » est archivé.")
    if user.is_restricted or user.is_ultra_restricted:
        raise ActError("Les invités n’écrivent pas le sujet d’un canal.")
    membership.set_topic(service, channel, user.id, typed(service, user, str(data.get("topic", ""))))
    return await _done(service)


async def archive(service: SlackService, user: User, data: Data) -> JsonObject:
    """Archive a channel."""
    channel = _channel_of(service, user, data)
    if channel.is_general or channel.is_archived:
        raise ActError("Ce canal ne s’archive pas.")
    membership.archive_channel(service, channel, user.id)
    return await _done(service)


async def unarchive(service: SlackService, user: User, data: Data) -> JsonObject:
    """Open an archived channel again: people can, apps cannot."""
    channel = find_place(service, user, data)
    if not channel.is_archived:
        raise ActError("Ce canal n’est pas archivé.")
    membership.unarchive_channel(service, channel, user.id)
    return await _done(service)


async def deactivate(service: SlackService, user: User, data: Data) -> JsonObject:
    """Somebody's account is deactivated."""
    membership.deactivate_user(service, user)
    return await _done(service)


async def change_profile(service: SlackService, user: User, data: Data) -> JsonObject:
    """Change fields of a person: tz, locale, real_name, email …"""
    changes = {key: value for key, value in data.items() if key in CHANGEABLE}
    _check_zone(changes.get("tz"))
    membership.change_user(service, user, **changes)
    return await _done(service, changed=sorted(changes))


async def add_user(service: SlackService, data: Data) -> JsonObject:
    """Somebody new comes into the workspace (``name``, ``real_name``, ``email`` …)."""
    handle = str(need(data, "name"))
    if service.workspace.find_user(handle):
        raise ActError(f"« {handle} » existe déjà.")
    _check_zone(data.get("tz"))
    fields: dict[str, Any] = {key: data[key] for key in CHANGEABLE if key in data}
    user_id = str(data.get("id") or service.workspace.new_id("U"))
    user = User(user_id, handle, **({"real_name": handle} | fields))
    membership.add_user(service, user)
    return await _done(service, user=user.id)


def _channel_of(service: SlackService, user: User, data: Data) -> Channel:
    channel = find_place(service, user, data)
    if channel.is_direct or user.id not in channel.members:
        raise ActError(f"{user.real_name} n’est pas dans ce canal.")
    return channel


def _somebody(service: SlackService, reference: Any) -> User:
    if reference == "bot":
        return service.workspace.bot
    return find_person(service, reference)


def _demand_manager(user: User, channel: Channel) -> None:
    if not (user.is_admin or user.is_owner or channel.creator == user.id):
        raise ActError("Seules les personnes qui l’ont créé ou qui administrent l’espace le peuvent.")


def _free_name(service: SlackService, data: Data) -> str:
    name = str(need(data, "name")).removeprefix("#")
    if not CHANNEL_NAME.fullmatch(name) or not name.strip("-_"):
        raise ActError("Un nom de canal a des minuscules, des chiffres, - et _ (80 au plus).")
    if service.workspace.name_taken(name):
        raise ActError(f"Le nom « {name} » est pris.")
    return name


def _check_zone(zone: Any) -> None:
    if zone is not None and zone not in zoneinfo.available_timezones():
        raise ActError(f"« {zone} » n’est pas un fuseau horaire.")


async def _done(service: SlackService, **extra: Any) -> JsonObject:
    await delivery_of(service).flush()
    return {"done": True, **extra}
