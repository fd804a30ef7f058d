"""Acts on files, whoever does them: announce, receive the bytes, share in a conversation, delete."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath

from sandbox.slack.messaging import Draft, post_message
from sandbox.slack.model import Channel, JsonObject, Message, SlackFile
from sandbox.slack.service import SlackService


def new_file(service: SlackService, owner_id: str, name: str, size: int, content: bytes | None = None) -> SlackFile:
    """A file that is announced (no content yet) or already there."""
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = SlackFile(
        id=service.workspace.new_id("F"),
        name=name,
        title=name,
        user=owner_id,
        created=service.epoch,
        mimetype=mimetype,
        filetype=PurePosixPath(name).suffix.removeprefix(".").lower() or "binary",
        declared_size=size,
        content=content,
        complete=content is not None,
    )
    service.workspace.files[file.id] = file
    return file


def share_files(
    service: SlackService,
    channel: Channel,
    author_id: str,
    files: list[SlackFile],
    *,
    comment: str = "",
    blocks: list[JsonObject] | None = None,
    thread_ts: str | None = None,
) -> Message:
    """Post files in a conversation: one ``file_share`` message; emits ``message`` and ``file_shared``."""
    draft = Draft(
        text=comment,
        blocks=blocks or [],
        thread_ts=thread_ts,
        files=[file.id for file in files],
        subtype="file_share",
    )
    for file in files:
        file.shares.setdefault(channel.id, [])
    message = post_message(service, channel, author_id, draft)
    for file in files:
        file.shares[channel.id].append(message.ts)
        service.emit(
            {
                "type": "file_shared",
                "channel_id": channel.id,
                "file_id": file.id,
                "user_id": author_id,
                "file": {"id": file.id},
            },
            channel,
        )
    return message


def delete_file(service: SlackService, file: SlackFile) -> None:
    """Delete everywhere; the messages keep a tombstone. Emits ``file_deleted`` if the bot saw the file."""
    seen = service.workspace.file_is_seen(service.app.bot_user_id, file)
    file.deleted, file.content = True, None
    if seen:
        service.emit({"type": "file_deleted", "file_id": file.id})
