"""How Slack writes its objects: users, channels, messages, files, and the ids it gives to nameless blocks."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sandbox.slack.model import Bookmark, Channel, ChannelKind, JsonObject, Message, SlackFile, User
from sandbox.slack.workspace import Workspace

if TYPE_CHECKING:
    from sandbox.slack.service import SlackService

INTERACTIVE = frozenset(
    {
        "button", "static_select", "external_select", "users_select", "conversations_select", "channels_select",
        "multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select",
        "multi_channels_select", "overflow", "datepicker", "timepicker", "datetimepicker", "checkboxes",
        "radio_buttons", "plain_text_input", "number_input", "email_text_input", "url_text_input", "file_input",
        "rich_text_input", "workflow_button", "feedback_buttons", "icon_button",
    }
)  # fmt: skip


def elements_of(block: JsonObject) -> list[JsonObject]:
    """The interactive elements that sit in a block: accessory, element, elements."""
    inside = [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]
    return [e for e in inside if isinstance(e, dict) and e.get("type") in INTERACTIVE]


def fill_ids(workspace: Workspace, blocks: Iterable[JsonObject]) -> list[JsonObject]:
    """A copy of the blocks in which every block has a block_id and every interactive element an action_id."""
    filled = copy.deepcopy(list(blocks))
    for block in filled:
        if not block.get("block_id"):
            block["block_id"] = workspace.new_id("b")
        for element in elements_of(block):
            if not element.get("action_id"):
                element["action_id"] = workspace.new_id("a")
    return filled


def user_object(service: SlackService, user: User, scopes: frozenset[str], locale: bool = False) -> JsonObject:
    """A user; the e-mail only with ``users:read.email``; tz_offset is the zone's at the sandbox clock."""
    here = service.now.astimezone(ZoneInfo(user.tz))
    first, _, last = user.real_name.partition(" ")
    profile = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.display_name,
        "display_name_normalized": user.display_name,
        "first_name": first,
        "last_name": last,
        "title": user.title,
        "team": service.workspace.team.id,
    }
    if user.email and "users:read.email" in scopes and not user.is_bot:
        profile["email"] = user.email
    if user.is_bot:
        profile |= {"bot_id": user.bot_id or "", "api_app_id": service.app.app_id}
    body = {
        "id": user.id,
        "team_id": service.workspace.team.id,
        "name": user.name,
        "deleted": user.deleted,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
    }
    if user.deleted:
        return body
    offset = here.utcoffset()
    body |= {
        "tz": user.tz,
        "tz_label": here.tzname() or user.tz,
        "tz_offset": int(offset.total_seconds() if offset else 0),
    }
    body |= {"real_name": user.real_name, "color": "9f69e7", "is_email_confirmed": not user.is_bot}
    body |= {"is_admin": user.is_admin, "is_owner": user.is_owner, "is_primary_owner": False}
    body |= {"is_restricted": user.is_restricted, "is_ultra_restricted": user.is_ultra_restricted}
    return body | ({"locale": user.locale} if locale else {})


def channel_object(service: SlackService, channel: Channel, viewer_id: str) -> JsonObject:
    """A conversation as the viewer gets it: IMs carry ``user``, the others name, topic and purpose."""
    body: JsonObject = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.kind is ChannelKind.IM,
        "is_org_shared": False,
        "context_team_id": service.workspace.team.id,
        "updated": channel.created * 1000,
    }
    if channel.kind is ChannelKind.IM:
        others = [member for member in channel.members if member != viewer_id]
        return body | {"user": others[0] if others else viewer_id, "is_user_deleted": False, "priority": 0}
    return body | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind is not ChannelKind.MPIM,
        "is_group": False,
        "is_mpim": channel.kind is ChannelKind.MPIM,
        "is_private": not channel.is_public,
        "is_general": channel.is_general,
        "is_member": viewer_id in channel.members,
        "is_shared": False,
        "is_ext_shared": False,
        "is_pending_ext_shared": False,
        "creator": channel.creator,
        "unlinked": 0,
        "topic": dict(channel.topic),
        "purpose": dict(channel.purpose),
        "previous_names": list(channel.previous_names),
        "shared_team_ids": [service.workspace.team.id],
    }


def bot_profile(service: SlackService) -> JsonObject:
    """The ``bot_profile`` that Slack adds to an app's messages."""
    return {
        "id": service.app.bot_id,
        "app_id": service.app.app_id,
        "user_id": service.app.bot_user_id,
        "name": service.app.name,
        "deleted": False,
        "updated": 0,
        "team_id": service.workspace.team.id,
    }


def message_object(service: SlackService, message: Message, *, metadata: bool = False) -> JsonObject:
    """A message of the history; ``metadata`` says whether the reader asked for it."""
    body: JsonObject = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    body |= {"team": service.workspace.team.id} if message.subtype in {None, "bot_message", "file_share"} else {}
    optional = {
        "subtype": message.subtype,
        "client_msg_id": message.client_msg_id,
        "bot_id": message.bot_id,
        "app_id": message.app_id,
        "username": message.username,
        "icons": message.icons,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "edited": message.edited,
        "metadata": message.metadata if metadata else None,
        "bot_profile": bot_profile(service) if message.bot_id else None,
        "files": _files(service, message),
        "reactions": reactions_object(message),
    }
    body |= {key: copy.deepcopy(value) for key, value in optional.items() if value}
    if message.files:
        body |= {"upload": False, "display_as_bot": False}
    return body | _thread_fields(service, message) | message.extra


def _files(service: SlackService, message: Message) -> list[JsonObject]:
    return [file_object(service, service.workspace.files[file_id]) for file_id in message.files]


def reactions_object(message: Message) -> list[JsonObject]:
    """The reactions of a message, in the order in which each emoji first came."""
    return [{"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()]


def _thread_fields(service: SlackService, message: Message) -> JsonObject:
    if message.thread_ts is None:
        return {}
    channel = service.workspace.channels[message.channel]
    if message.is_reply:
        parent = channel.messages.get(message.thread_ts)
        return {"thread_ts": message.thread_ts, "parent_user_id": parent.user if parent else ""}
    replies = channel.replies(message.ts)
    users = list(dict.fromkeys(reply.user for reply in replies))
    if not replies:
        return {"thread_ts": message.ts}
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users[:5],
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def file_object(service: SlackService, file: SlackFile) -> JsonObject:
    """A file; the private addresses want the bot token in the Authorization header."""
    if file.deleted:
        return {"id": file.id, "mode": "tombstone", "created": file.created}
    address = f"{service.base_url}/files-pri/{service.workspace.team.id}-{file.id}"
    channels = service.workspace.channels
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": file.filetype,
        "pretty_type": file.filetype.upper(),
        "user": file.user,
        "user_team": service.workspace.team.id,
        "size": len(file.content or b""),
        "mode": "hosted",
        "is_external": False,
        "is_public": any(channels[channel_id].is_public for channel_id in file.shares),
        "public_url_shared": False,
        "url_private": f"{address}/{file.name}",
        "url_private_download": f"{address}/download/{file.name}",
        "permalink": f"https://{service.workspace.team.domain}.slack.com/files/{file.user}/{file.id}/{file.name}",
        "alt_txt": file.alt_text,
        "channels": [c for c in file.shares if channels[c].kind is ChannelKind.PUBLIC],
        "groups": [c for c in file.shares if channels[c].kind in {ChannelKind.PRIVATE, ChannelKind.MPIM}],
        "ims": [c for c in file.shares if channels[c].kind is ChannelKind.IM],
        "has_rich_preview": False,
        "file_access": "visible",
    }


def bookmark_object(bookmark: Bookmark) -> JsonObject:
    """A bookmark of a channel."""
    return {
        "id": bookmark.id,
        "channel_id": bookmark.channel_id,
        "title": bookmark.title,
        "link": bookmark.link,
        "emoji": f":{bookmark.emoji.strip(':')}:" if bookmark.emoji else "",
        "icon_url": "",
        "type": "link",
        "entity_id": None,
        "date_created": bookmark.created,
        "date_updated": bookmark.updated,
        "rank": "i",
        "last_updated_by_user_id": bookmark.created_by,
        "shortcut_id": None,
        "app_id": None,
    }
