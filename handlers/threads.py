"""Messages in threads and direct messages: drafts of tutors, replies of authors, files dropped for the bot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from handlers.ids import Event
from handlers.payloads import plain
from programme.errors import AlreadyHandled, NotAllowed
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import files, threads
from programme.usecases.files import SharedFile
from programme.usecases.roles import caller_of
from programme.usecases.threads import ThreadMessage

WRITTEN = frozenset({None, "file_share", "thread_broadcast"})


def register(app: App) -> None:
    """Listen to every message that the bot may read; most are none of its business."""
    app.event(Event.MESSAGE)(message)


def message(event: dict[str, Any], body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Pass on what was written, changed or deleted; a person who may not write there is left in peace."""
    try:
        _dispatch(event, body["event_id"], ports, caller)
    except (AlreadyHandled, NotAllowed):
        return


def _dispatch(event: Mapping[str, Any], event_id: str, ports: Ports, caller: Caller) -> None:
    subtype = event.get("subtype")
    if subtype == "message_changed":
        _changed(event, event_id, ports)
    elif subtype == "message_deleted":
        _deleted(event, event_id, ports)
    elif subtype in WRITTEN and _by_a_person(event):
        _written(event, event_id, ports, caller)


def _by_a_person(event: Mapping[str, Any]) -> bool:
    return bool(event.get("user")) and not event.get("bot_id")


def _written(event: Mapping[str, Any], event_id: str, ports: Ports, caller: Caller) -> None:
    written = _message(event["channel"], event)
    if written.thread_ts:
        threads.message_written(ports, caller=caller, message=written, event_id=event_id)
    elif written.files and event.get("channel_type") == "im":
        files.submit_file(
            ports, caller=caller, source=written.source, files=written.files, text=written.text, event_id=event_id
        )


def _changed(event: Mapping[str, Any], event_id: str, ports: Ports) -> None:
    """An edit; a change that only redraws (a link preview, a reply count) brings the same text and files."""
    before, after = event.get("previous_message") or {}, event["message"]
    same = before.get("text") == after.get("text") and shared_files(before) == shared_files(after)
    if same or not _by_a_person(after):
        return
    edited = _message(event["channel"], after)
    threads.message_edited(ports, caller=caller_of(ports, after["user"]), message=edited, event_id=event_id)


def _deleted(event: Mapping[str, Any], event_id: str, ports: Ports) -> None:
    gone = event.get("previous_message") or {}
    if not _by_a_person(gone):
        return
    deleted = _message(event["channel"], {**gone, "ts": event["deleted_ts"]})
    threads.message_deleted(ports, caller=caller_of(ports, gone["user"]), message=deleted, event_id=event_id)


def _message(channel: str, facts: Mapping[str, Any]) -> ThreadMessage:
    return ThreadMessage(
        channel=channel,
        ts=facts["ts"],
        thread_ts=facts.get("thread_ts") or "",
        text=plain(facts.get("text") or ""),
        edited=(facts.get("edited") or {}).get("ts") or "",
        files=shared_files(facts),
    )


def shared_files(facts: Mapping[str, Any]) -> tuple[SharedFile, ...]:
    """The files that a message carries."""
    return tuple(
        SharedFile(id=file["id"], name=file.get("name") or "", size=file.get("size"))
        for file in facts.get("files") or ()
    )
