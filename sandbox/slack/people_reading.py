"""What a person reads: the sidebar, a conversation, the open modal, the home, the directory, a file."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from sandbox.slack.delivery import delivery_of
from sandbox.slack.elements import ActError
from sandbox.slack.model import SLACKBOT, Channel, JsonObject, Message, User
from sandbox.slack.people_common import (
    Data,
    conversation_name,
    conversations_of,
    find_message,
    find_place,
    visible_messages,
)
from sandbox.slack.reading import read_message, read_view
from sandbox.slack.service import SlackService

INBOX_MESSAGES = 20


def channels(service: SlackService, user: User, _: Data) -> JsonObject:
    """The conversations in the person's sidebar."""
    return {"channels": [_entry(service, user, channel) for channel in conversations_of(service, user)]}


def inbox(service: SlackService, user: User, query: Data) -> JsonObject:
    """Every conversation with its last messages (``limit``, default 20); nothing becomes read."""
    limit = _number(query, "limit", INBOX_MESSAGES)
    entries = []
    for channel in conversations_of(service, user):
        shown = [message for message in visible_messages(channel, user) if not message.is_reply]
        messages = [_shown(service, user, message) for message in shown[-limit:]]
        entries.append({**_entry(service, user, channel), "messages": messages})
    return {"channels": entries}


def read_conversation(service: SlackService, user: User, query: Data) -> JsonObject:
    """The messages of a conversation (``thread_ts``: of one thread), oldest first; they become read."""
    channel = find_place(service, user, query)
    messages = visible_messages(channel, user)
    thread_ts = query.get("thread_ts")
    if thread_ts:
        find_message(channel, user, thread_ts)
        messages = [message for message in messages if thread_ts in {message.ts, message.thread_ts}]
    if messages:
        channel.last_read[user.id] = messages[-1].ts
    shown = [_shown(service, user, message) for message in messages]
    return {"channel": _entry(service, user, channel), "messages": shown}


def view(service: SlackService, user: User, _: Data) -> JsonObject:
    """The open modal (and how many are under it) and the home as last published."""
    stack = service.workspace.modals.get(user.id) or []
    home = service.workspace.homes.get(user.id)
    return {
        "modal": read_view(service, stack[-1]) if stack else None,
        "depth": len(stack),
        "home": read_view(service, home) if home else None,
    }


def users(service: SlackService) -> JsonObject:
    """Everybody in the workspace."""
    keys = ("id", "name", "real_name", "email", "title", "tz", "is_bot", "is_admin", "is_restricted", "deleted")
    return {
        "users": [
            {key: getattr(user, key) for key in keys}
            for user in service.workspace.users.values()
            if user.id != SLACKBOT
        ]
    }


def file_bytes(service: SlackService, user: User, file_id: str) -> Response:
    """The bytes of a file that the person sees; raises ActError."""
    file = service.workspace.files.get(file_id)
    if file is None or file.content is None or not service.workspace.file_is_seen(user.id, file):
        raise ActError(f"{user.real_name} ne voit pas ce fichier.")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
    return Response(file.content, media_type=file.mimetype, headers=headers)


def _entry(service: SlackService, user: User, channel: Channel) -> JsonObject:
    last_read = channel.last_read.get(user.id, "")
    unread = [m for m in channel.messages.values() if m.ts > last_read and m.user != user.id]
    return {
        "id": channel.id,
        "name": conversation_name(service, channel, user),
        "kind": channel.kind.value,
        "with_bot": channel.is_direct and service.app.bot_user_id in channel.members,
        "topic": channel.topic.get("value", ""),
        "is_archived": channel.is_archived,
        "members": list(channel.members),
        "unread": len(unread),
    }


def _shown(service: SlackService, user: User, message: Message) -> JsonObject:
    states = delivery_of(service).message_answers.get((user.id, message.channel, message.ts))
    body = read_message(service, message, states)
    channel = service.workspace.channels[message.channel]
    return body | {"replies": len(channel.replies(message.ts))}


def _number(query: Data, key: str, default: int) -> int:
    text = str(query.get(key, default))
    if not text.isdecimal():
        raise ActError(f"« {key} » est un nombre entier.")
    return int(text)
