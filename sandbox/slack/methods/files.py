"""files.*: the external upload in two steps, info, list, delete."""

from __future__ import annotations

import math
from typing import Any

from sandbox.slack.errors import SlackError
from sandbox.slack.methods.access import demand_open
from sandbox.slack.methods.content import demand_valid_blocks
from sandbox.slack.methods.registry import Answer, Args, Caller, Method, table
from sandbox.slack.model import Channel, SlackFile
from sandbox.slack.objects import file_object
from sandbox.slack.service import SlackService
from sandbox.slack.sharing import delete_file, new_file, share_files

ALT_TEXT = 1000
CHANNELS = 100
LARGEST = 1024**3
PAGE = 100


def files_get_upload_url(service: SlackService, caller: Caller, args: Args) -> Answer:
    """files.getUploadURLExternal: where to POST the bytes."""
    if args["length"] <= 0 or not args["filename"]:
        raise SlackError("missing_argument")
    if args["length"] > LARGEST:
        raise SlackError("file_upload_size_restricted")
    if len(args.get("alt_txt", "")) > ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    file = new_file(service, caller.user_id, args["filename"], args["length"])
    file.alt_text = args.get("alt_txt")
    return {"upload_url": f"{service.base_url}/upload/v1/{file.id}", "file_id": file.id}


def files_complete_upload(service: SlackService, caller: Caller, args: Args) -> Answer:
    """files.completeUploadExternal: the uploaded files appear, in conversations if any is named."""
    entries = args["files"]
    files = [_uploaded(service, caller, entry) for entry in entries]
    if not files:
        raise SlackError("invalid_arguments", messages=["no fewer than 1 items required [json-pointer:/files]"])
    channels = _destinations(service, caller, args)
    if args.get("blocks"):
        demand_valid_blocks(args["blocks"])
    for file, entry in zip(files, entries, strict=True):
        file.title, file.complete = entry.get("title") or file.name, True
    comment = args.get("initial_comment", "")
    blocks = None if comment else args.get("blocks")
    for channel in channels:
        share_files(
            service,
            channel,
            caller.user_id,
            files,
            comment=comment,
            blocks=blocks,
            thread_ts=args.get("thread_ts") or None,
        )
    return {"files": [file_object(service, file) for file in files]}


def files_info(service: SlackService, caller: Caller, args: Args) -> Answer:
    """files.info."""
    file = _seen(service, caller, args["file"])
    paging = {"count": PAGE, "total": 0, "page": 1, "pages": 0}
    body = {"file": file_object(service, file), "comments": [], "paging": paging}
    return body | {"response_metadata": {"next_cursor": ""}}


def files_list(service: SlackService, caller: Caller, args: Args) -> Answer:
    """files.list: newest first, by page number."""
    files = [f for f in service.workspace.files.values() if _is_listed(service, caller, args, f)][::-1]
    size, number = max(args.get("count") or PAGE, 1), max(args.get("page") or 1, 1)
    shown = files[(number - 1) * size : number * size]
    paging = {"count": size, "total": len(files), "page": number, "pages": math.ceil(len(files) / size)}
    return {"files": [file_object(service, file) for file in shown], "paging": paging}


def files_delete(service: SlackService, caller: Caller, args: Args) -> Answer:
    """files.delete: the app's own files only."""
    file = _seen(service, caller, args["file"])
    if file.user != caller.user_id:
        raise SlackError("cant_delete_file")
    delete_file(service, file)
    return {}


def _uploaded(service: SlackService, caller: Caller, entry: Any) -> SlackFile:
    file_id = entry.get("id") if isinstance(entry, dict) else None
    file = service.workspace.files.get(str(file_id))
    if file is None or file.user != caller.user_id or file.content is None or file.complete:
        raise SlackError("file_not_found")
    return file


def _destinations(service: SlackService, caller: Caller, args: Args) -> list[Channel]:
    named = args.get("channel_id") or args.get("channels") or ""
    ids = [channel_id.strip() for channel_id in named.split(",") if channel_id.strip()]
    if len(ids) > CHANNELS:
        raise SlackError("channels_limit_exceeded")
    channels = [service.channel_of_member(caller.user_id, channel_id) for channel_id in ids]
    for channel in channels:
        demand_open(channel)
    thread = args.get("thread_ts")
    if thread and (len(channels) != 1 or thread not in channels[0].messages):
        raise SlackError("invalid_arguments", messages=["invalid thread [json-pointer:/thread_ts]"])
    return channels


def _seen(service: SlackService, caller: Caller, file_id: str) -> SlackFile:
    file = service.workspace.files.get(file_id)
    if file is None or not file.complete or not service.workspace.file_is_seen(caller.user_id, file):
        raise SlackError("file_not_found")
    if file.deleted:
        raise SlackError("file_deleted")
    return file


def _is_listed(service: SlackService, caller: Caller, args: Args, file: SlackFile) -> bool:
    if file.deleted or not file.complete or not service.workspace.file_is_seen(caller.user_id, file):
        return False
    in_channel = not args.get("channel") or args["channel"] in file.shares
    by_user = not args.get("user") or args["user"] == file.user
    after = not args.get("ts_from") or file.created >= float(args["ts_from"])
    before = not args.get("ts_to") or file.created <= float(args["ts_to"])
    return in_channel and by_user and after and before


METHODS = table(
    Method("files.getUploadURLExternal", files_get_upload_url),
    Method("files.completeUploadExternal", files_complete_upload),
    Method("files.info", files_info),
    Method("files.list", files_list),
    Method("files.delete", files_delete),
)
