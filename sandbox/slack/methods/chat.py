"""chat.*: post, post ephemerally, update, delete, permalink."""

from __future__ import annotations

from typing import Any

from sandbox.slack.errors import SlackError
from sandbox.slack.membership import open_im
from sandbox.slack.messaging import Draft, delete_message, edit_message, post_ephemeral, post_message
from sandbox.slack.methods.access import demand_open, found_message
from sandbox.slack.methods.content import check_content, draft_of
from sandbox.slack.methods.registry import Answer, Args, Caller, Method, table
from sandbox.slack.model import SLACKBOT, Channel, ChannelKind, Message
from sandbox.slack.objects import message_object
from sandbox.slack.service import SlackService

POSTED_TEXT = 40_000
UPDATED_TEXT = 4_000


def chat_post_message(service: SlackService, caller: Caller, args: Args) -> Answer:
    """chat.postMessage: into a conversation, or to a person (U…), whose IM is then opened."""
    channel = _destination(service, caller, args["channel"])
    _demand_customize(caller, args)
    check_content(args)
    draft = draft_of(args)
    draft.text = draft.text[:POSTED_TEXT]
    _demand_parent(channel, draft)
    message = post_message(service, channel, caller.user_id, draft)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": message_object(service, message, metadata=True),
    }


def chat_post_ephemeral(service: SlackService, caller: Caller, args: Args) -> Answer:
    """chat.postEphemeral: seen by one member of the conversation only."""
    channel = _destination(service, caller, args["channel"], open_direct=False)
    _demand_customize(caller, args)
    check_content(args)
    if len(args.get("text", "")) > POSTED_TEXT:
        raise SlackError("msg_too_long")
    if args["user"] not in channel.members:
        raise SlackError("user_not_in_channel")
    draft = draft_of(args)
    _demand_parent(channel, draft)
    message = post_ephemeral(service, channel, caller.user_id, args["user"], draft)
    return {"message_ts": message.ts}


def chat_update(service: SlackService, caller: Caller, args: Args) -> Answer:
    """chat.update: only the app's own messages; what is not given stays."""
    channel = service.channel_seen_by(caller.user_id, args["channel"])
    message = found_message(channel, args["ts"])
    if message.bot_id != caller.app.bot_id:
        raise SlackError("cant_update_message")
    if channel.is_archived:
        raise SlackError("is_inactive")
    check_content({"text": message.text, **args} if "metadata" in args else args)
    if len(args.get("text", "")) > UPDATED_TEXT:
        raise SlackError("msg_too_long")
    _demand_same_kind_of_blocks(message, args.get("blocks"))
    draft = draft_of(args)
    marked_down = "markdown_text" in args
    edit_message(
        service,
        channel,
        message,
        text=draft.text if marked_down else args.get("text"),
        blocks=draft.blocks if marked_down else args.get("blocks"),
        attachments=args.get("attachments"),
        metadata=args.get("metadata"),
    )
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message_object(service, message, metadata=True),
    }


def chat_delete(service: SlackService, caller: Caller, args: Args) -> Answer:
    """chat.delete: only the app's own messages."""
    channel = service.channel_seen_by(caller.user_id, args["channel"])
    message = found_message(channel, args["ts"])
    if message.bot_id != caller.app.bot_id:
        raise SlackError("cant_delete_message")
    delete_message(service, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def chat_get_permalink(service: SlackService, caller: Caller, args: Args) -> Answer:
    """chat.getPermalink."""
    channel = service.channel_seen_by(caller.user_id, args["channel"])
    message = found_message(channel, args["message_ts"])
    address = f"https://{service.workspace.team.domain}.slack.com/archives/{channel.id}"
    address += f"/p{message.ts.replace('.', '')}"
    if message.is_reply:
        address += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": address}


def _destination(service: SlackService, caller: Caller, reference: str, *, open_direct: bool = True) -> Channel:
    channel = _named_channel(service, caller, reference, open_direct=open_direct)
    demand_open(channel)
    if channel.kind is ChannelKind.IM and not caller.app.manifest.messages_tab:
        raise SlackError("messages_tab_disabled")
    public_allowed = channel.is_public and "chat:write.public" in caller.scopes
    if caller.user_id not in channel.members and not public_allowed:
        raise SlackError("not_in_channel")
    return channel


def _named_channel(service: SlackService, caller: Caller, reference: str, *, open_direct: bool) -> Channel:
    """The conversation of an id, a #name or a person's id; everything unseen is ``channel_not_found``."""
    workspace = service.workspace
    person = workspace.users.get(reference)
    if person is not None and open_direct:
        if person.deleted or person.is_bot or person.id == SLACKBOT:
            raise SlackError("channel_not_found")
        return open_im(service, caller.user_id, person.id)
    channel = workspace.find_channel(reference)
    if channel is None:
        raise SlackError("channel_not_found")
    return service.channel_seen_by(caller.user_id, channel.id)


def _demand_customize(caller: Caller, args: Args) -> None:
    if args.get("as_user"):
        raise SlackError("as_user_not_supported")
    customized = any(args.get(name) for name in ("username", "icon_url", "icon_emoji"))
    if customized and "chat:write.customize" not in caller.scopes:
        provided = ",".join(sorted(caller.scopes))
        raise SlackError("missing_scope", needed="chat:write.customize", provided=provided)


def _demand_parent(channel: Channel, draft: Draft) -> None:
    """A reply needs the ts of a thread's parent: neither of nothing nor of another reply."""
    if draft.thread_ts is None:
        return
    parent = channel.messages.get(draft.thread_ts)
    if parent is None or parent.is_reply:
        raise SlackError("cannot_reply_to_message")


def _demand_same_kind_of_blocks(message: Message, blocks: list[dict[str, Any]] | None) -> None:
    """A message of rich_text cannot become one of other blocks."""
    kinds = {block.get("type") for block in message.blocks}
    if blocks and kinds == {"rich_text"} and {block.get("type") for block in blocks} != {"rich_text"}:
        raise SlackError("block_mismatch")


METHODS = table(
    Method("chat.postMessage", chat_post_message),
    Method("chat.postEphemeral", chat_post_ephemeral),
    Method("chat.update", chat_update),
    Method("chat.delete", chat_delete),
    Method("chat.getPermalink", chat_get_permalink),
)
