"""The content of a message as the chat methods take it: judged, then made a draft."""

from __future__ import annotations

import json
from typing import Any

from sandbox.slack.block_kit import check_blocks
from sandbox.slack.errors import SlackError
from sandbox.slack.messaging import Draft
from sandbox.slack.methods.registry import Args
from sandbox.slack.model import JsonObject

MARKDOWN_TEXT = 12_000
ATTACHMENTS = 100
METADATA_BYTES = 8_192


def check_content(args: Args) -> None:
    """Refuse an empty, contradictory, oversized or malformed message with Slack's error for it."""
    if args.get("markdown_text") and (args.get("text") or args.get("blocks")):
        raise SlackError("markdown_text_conflict")
    if len(args.get("markdown_text", "")) > MARKDOWN_TEXT:
        raise SlackError("msg_too_long")
    if not any(args.get(name) for name in ("text", "blocks", "attachments", "markdown_text")):
        raise SlackError("no_text")
    if len(args.get("attachments", [])) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    if "blocks" in args:
        demand_valid_blocks(args["blocks"])
    if "metadata" in args:
        _demand_valid_metadata(args["metadata"])


def demand_valid_blocks(blocks: Any) -> None:
    """Refuse with ``invalid_blocks`` and every complaint about the blocks."""
    complaints = check_blocks(blocks, "message")
    if complaints:
        raise SlackError("invalid_blocks", messages=complaints, errors=complaints)


def draft_of(args: Args) -> Draft:
    """The draft of checked arguments; ``markdown_text`` becomes a markdown block."""
    markdown = args.get("markdown_text")
    blocks = [{"type": "markdown", "text": markdown}] if markdown else args.get("blocks", [])
    return Draft(
        text=markdown or args.get("text", ""),
        blocks=blocks,
        attachments=args.get("attachments", []),
        metadata=args.get("metadata"),
        thread_ts=args.get("thread_ts") or None,
        reply_broadcast=args.get("reply_broadcast", False),
        username=args.get("username"),
        icons=_icons(args),
    )


def _icons(args: Args) -> JsonObject | None:
    if args.get("icon_emoji"):
        return {"emoji": args["icon_emoji"]}
    return {"image_48": args["icon_url"]} if args.get("icon_url") else None


def _demand_valid_metadata(metadata: JsonObject) -> None:
    named = isinstance(metadata.get("event_type"), str) and metadata["event_type"]
    if not named or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata, ensure_ascii=False).encode()) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
