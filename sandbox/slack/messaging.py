"""Acts on messages, whoever does them: post, post ephemerally, edit, delete, react, pin.

Nothing here asks for permission: who may do what is decided by the caller (a Web API method for the app,
the people's controls for a human). Every act leaves its events.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.slack.events import CHANNEL_TYPES
from sandbox.slack.model import SLACKBOT, Channel, JsonObject, Message, Pin
from sandbox.slack.objects import fill_ids, message_object
from sandbox.slack.service import SlackService


@dataclass
class Draft:
    """The content of a message to be posted. ``text`` is Slack markup, stored exactly as given."""

    text: str = ""
    blocks: list[JsonObject] = field(default_factory=list)
    attachments: list[JsonObject] = field(default_factory=list)
    metadata: JsonObject | None = None
    thread_ts: str | None = None
    reply_broadcast: bool = False
    files: list[str] = field(default_factory=list)
    subtype: str | None = None
    username: str | None = None
    icons: JsonObject | None = None
    extra: JsonObject = field(default_factory=dict)


def post_message(service: SlackService, channel: Channel, author_id: str, draft: Draft) -> Message:
    """Post as a person or as the bot user; emits ``message`` (and ``app_mention``)."""
    message = _compose(service, channel, author_id, draft)
    channel.messages[message.ts] = message
    if message.thread_ts in channel.messages:
        channel.messages[message.thread_ts].thread_ts = message.thread_ts
    _emit_message(service, channel, message)
    return message


def post_ephemeral(service: SlackService, channel: Channel, author_id: str, viewer_id: str, draft: Draft) -> Message:
    """Show a message to one viewer only; no event, not in the history."""
    message = _compose(service, channel, author_id, draft)
    message.ephemeral_to = viewer_id
    channel.ephemerals.append(message)
    return message


def edit_message(
    service: SlackService,
    channel: Channel,
    message: Message,
    *,
    text: str | None = None,
    blocks: list[JsonObject] | None = None,
    attachments: list[JsonObject] | None = None,
    metadata: JsonObject | None = None,
    by_person: bool = False,
) -> Message:
    """Replace what is given (None keeps); emits ``message_changed``. A person's edit marks it as edited."""
    before = message_object(service, message)
    message.text = message.text if text is None else text
    message.blocks = message.blocks if blocks is None else fill_ids(service.workspace, blocks)
    message.attachments = message.attachments if attachments is None else attachments
    message.metadata = message.metadata if metadata is None else metadata
    ts = service.new_ts()
    if by_person or text is not None or blocks is not None:
        message.edited = {"user": message.user, "ts": ts}
    _emit_change(
        service,
        channel,
        ts,
        {
            "subtype": "message_changed",
            "message": message_object(service, message),
            "previous_message": before,
        },
    )
    return message


def delete_message(service: SlackService, channel: Channel, message: Message) -> None:
    """Delete; a parent with replies leaves a tombstone. Emits ``message_deleted``."""
    before = message_object(service, message)
    channel.pins = [pin for pin in channel.pins if pin.ts != message.ts]
    del channel.messages[message.ts]
    if channel.replies(message.ts):
        stone = Message(message.ts, channel.id, SLACKBOT, "This message was deleted.", subtype="tombstone")
        stone.thread_ts = message.ts
        channel.messages = dict(sorted({**channel.messages, stone.ts: stone}.items(), key=_order))
    ts = service.new_ts()
    change = {"subtype": "message_deleted", "deleted_ts": message.ts, "previous_message": before}
    _emit_change(service, channel, ts, change)


def add_reaction(service: SlackService, channel: Channel, message: Message, user_id: str, name: str) -> bool:
    """Add an emoji; False when this user already has it there. Emits ``reaction_added``."""
    users = message.reactions.setdefault(name, [])
    if user_id in users:
        return False
    users.append(user_id)
    _emit_reaction(service, channel, message, ("reaction_added", user_id, name))
    return True


def remove_reaction(service: SlackService, channel: Channel, message: Message, user_id: str, name: str) -> bool:
    """Remove an emoji; False when this user does not have it there. Emits ``reaction_removed``."""
    users = message.reactions.get(name, [])
    if user_id not in users:
        return False
    users.remove(user_id)
    if not users:
        del message.reactions[name]
    _emit_reaction(service, channel, message, ("reaction_removed", user_id, name))
    return True


def pin_message(service: SlackService, channel: Channel, message: Message, user_id: str) -> bool:
    """Pin; False when it is already pinned. Emits ``pin_added``."""
    if any(pin.ts == message.ts for pin in channel.pins):
        return False
    channel.pins.insert(0, Pin(message.ts, service.epoch, user_id))
    _emit_pin(service, "pin_added", channel, message, user_id)
    return True


def unpin_message(service: SlackService, channel: Channel, message: Message, user_id: str) -> bool:
    """Unpin; False when it is not pinned. Emits ``pin_removed``."""
    kept = [pin for pin in channel.pins if pin.ts != message.ts]
    if len(kept) == len(channel.pins):
        return False
    channel.pins = kept
    _emit_pin(service, "pin_removed", channel, message, user_id)
    return True


def post_notice(
    service: SlackService, channel: Channel, user_id: str, subtype: str, text: str, **extra: object
) -> None:
    """A message that Slack itself leaves in the history (``channel_join``, ``channel_topic`` …)."""
    post_message(service, channel, user_id, Draft(text=text, subtype=subtype, extra=dict(extra)))


def _compose(service: SlackService, channel: Channel, author_id: str, draft: Draft) -> Message:
    by_app = author_id == service.app.bot_user_id and draft.subtype in {None, "bot_message", "file_share"}
    ts = service.new_ts()
    return Message(
        ts=ts,
        channel=channel.id,
        user=author_id,
        text=draft.text,
        blocks=fill_ids(service.workspace, draft.blocks),
        attachments=draft.attachments,
        metadata=draft.metadata,
        subtype=draft.subtype or ("thread_broadcast" if draft.reply_broadcast and draft.thread_ts else None),
        bot_id=service.app.bot_id if by_app else None,
        app_id=service.app.app_id if by_app else None,
        username=draft.username,
        icons=draft.icons,
        thread_ts=draft.thread_ts,
        reply_broadcast=draft.reply_broadcast,
        files=list(draft.files),
        client_msg_id=None if by_app or draft.subtype else f"sandbox-{ts}",
        extra=draft.extra,
    )


def _order(item: tuple[str, Message]) -> tuple[int, int]:
    seconds, _, micros = item[0].partition(".")
    return int(seconds), int(micros)


def _emit_message(service: SlackService, channel: Channel, message: Message) -> None:
    event = message_object(service, message)
    event |= {"channel": channel.id, "channel_type": CHANNEL_TYPES[channel.kind], "event_ts": message.ts}
    service.emit(event, channel)
    by_person = message.bot_id is None and message.subtype is None
    if by_person and not channel.is_direct and f"<@{service.app.bot_user_id}>" in message.text:
        mention = {key: value for key, value in event.items() if key != "channel_type"}
        service.emit(mention | {"type": "app_mention"}, channel)


def _emit_change(service: SlackService, channel: Channel, ts: str, change: JsonObject) -> None:
    event = {"type": "message", "hidden": True, "channel": channel.id, "ts": ts, "event_ts": ts}
    service.emit(event | {"channel_type": CHANNEL_TYPES[channel.kind]} | change, channel)


def _emit_reaction(service: SlackService, channel: Channel, message: Message, reaction: tuple[str, str, str]) -> None:
    kind, user_id, name = reaction
    item = {"type": "message", "channel": channel.id, "ts": message.ts}
    event = {"type": kind, "user": user_id, "reaction": name, "item_user": message.user, "item": item}
    service.emit(event, channel)


def _emit_pin(service: SlackService, kind: str, channel: Channel, message: Message, user_id: str) -> None:
    item = {"type": "message", "channel": channel.id, "message": message_object(service, message)}
    service.emit({"type": kind, "user": user_id, "channel_id": channel.id, "item": item}, channel)
