"""What a person reads on the screen: blocks, messages and views as plain text and plain structures."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.slack.elements import has_state, initial_state, options_of, value_of
from sandbox.slack.model import JsonObject, Message, User, View
from sandbox.slack.objects import elements_of, file_object, message_object, reactions_object
from sandbox.slack.service import SlackService
from sandbox.slack.view_stack import view_object

States = Mapping[str, Mapping[str, JsonObject]]
_LINK = re.compile(r"<([^<>]+)>")
_STYLE = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)(.+?)(?<=\S)\1(?![\w*_~`])")


def readable(service: SlackService, text: str) -> str:
    """Slack markup as the eye reads it: mentions by name, links with their address, no styling marks."""
    shown = _LINK.sub(lambda found: _link(service, found[1]), text)
    return html.unescape(_STYLE.sub(r"\2", _STYLE.sub(r"\2", shown)))


def user_name(service: SlackService, user_id: str) -> str:
    """The name under which a person is shown."""
    user = service.workspace.users.get(user_id)
    return (user.display_name or user.real_name) if user else user_id


def _link(service: SlackService, content: str) -> str:
    target, _, label = content.partition("|")
    if target.startswith("@"):
        return f"@{user_name(service, target[1:])}"
    if target.startswith("#"):
        channel = service.workspace.channels.get(target[1:])
        return f"#{channel.name if channel else label or target[1:]}"
    if target.startswith("!"):
        return label or f"@{target[1:]}"
    address = target.removeprefix("mailto:")
    return f"{label} ({address})" if label and label != address else address


def text_of(service: SlackService, text: JsonObject | None) -> str:
    """A text object as read on the screen."""
    if not text:
        return ""
    return readable(service, text["text"]) if text["type"] == "mrkdwn" else str(text["text"])


def read_element(service: SlackService, element: JsonObject, state: JsonObject | None) -> JsonObject:
    """An interactive element: its label, its choices, what it holds."""
    body: JsonObject = {"type": element["type"], "action_id": element["action_id"]}
    if isinstance(element.get("text"), dict):
        body["label"] = text_of(service, element["text"])
    if element.get("placeholder"):
        body["placeholder"] = element["placeholder"]["text"]
    if options_of(element):
        body["options"] = [text_of(service, option["text"]) for option in options_of(element)]
    if has_state(element):
        body["value"] = _shown_value(service, value_of(state or initial_state(element)))
    body |= {key: element[key] for key in ("url", "style", "confirm") if element.get(key)}
    return body


def _shown_value(service: SlackService, value: Any) -> Any:
    if isinstance(value, list):
        return [_shown_value(service, one) for one in value]
    if isinstance(value, dict):
        return value["name"] if "name" in value else text_of(service, value["text"])
    if value in service.workspace.users:
        return user_name(service, value)
    channel = service.workspace.channels.get(value) if isinstance(value, str) else None
    return channel.name if channel else value


def read_block(service: SlackService, block: JsonObject, states: States) -> JsonObject:
    """A block: its texts and its elements, under readable keys."""
    own = states.get(block["block_id"], {})
    elements = [read_element(service, e, own.get(e["action_id"])) for e in elements_of(block)]
    body: JsonObject = {"type": block["type"], "block_id": block["block_id"]}
    text = _block_text(service, block)
    if text:
        body["text"] = text
    if block["type"] == "input":
        body |= {"label": block["label"]["text"], "optional": bool(block.get("optional"))}
        if block.get("hint"):
            body["hint"] = block["hint"]["text"]
    return body | ({"elements": elements} if elements else {})


def _block_text(service: SlackService, block: JsonObject) -> str:
    kind = block["type"]
    if kind in {"section", "header"}:
        texts = [block.get("text"), *(block.get("fields") or [])]
        return "\n".join(text_of(service, text) for text in texts if text)
    if kind == "context":
        return " ".join(e.get("alt_text") or text_of(service, e) for e in block["elements"])
    if kind == "image":
        return str(block["alt_text"])
    if kind == "markdown":
        return str(block["text"])
    if kind == "rich_text":
        return _rich_text(service, block)
    if kind == "table":
        return "\n".join(" | ".join(_cell(service, cell) for cell in row) for row in block["rows"])
    return ""


def _cell(service: SlackService, cell: JsonObject) -> str:
    return _rich_text(service, cell) if cell["type"] == "rich_text" else str(cell.get("text") or cell.get("value"))


def _rich_text(service: SlackService, node: JsonObject) -> str:
    if node["type"] == "user":
        return f"@{user_name(service, node['user_id'])}"
    if node["type"] == "channel":
        return _link(service, f"#{node['channel_id']}")
    if "elements" not in node:
        return str(node.get("text") or node.get("url") or node.get("name") or "")
    joint = "\n" if node["type"] in {"rich_text", "rich_text_list"} else ""
    return joint.join(_rich_text(service, one) for one in node["elements"])


def as_text(blocks: Iterable[JsonObject]) -> str:
    """Blocks already read (``read_block``), one after the other, for a terminal."""
    return "\n".join(line for block in blocks for line in _lines(block))


def _lines(block: JsonObject) -> list[str]:
    if block["type"] == "divider":
        return ["---"]
    lines = [f"# {block['text']}" if block["type"] == "header" else block["text"]] if block.get("text") else []
    if block["type"] == "input":
        lines.append(block["label"] + ("" if block["optional"] else " *"))
    shown = "  ".join(_element_line(element) for element in block.get("elements", []))
    return [*lines, shown] if shown else lines


def _element_line(element: JsonObject) -> str:
    if "value" not in element:
        return " ".join(f"[{label}]" for label in element.get("options") or [element.get("label", "…")])
    value = element["value"]
    shown = ", ".join(str(one) for one in value) if isinstance(value, list) else value
    choices = f" ({' / '.join(element['options'])})" if element.get("options") else ""
    return f"[{shown or element.get('placeholder') or '…'}]{choices}"


def read_message(service: SlackService, message: Message, states: States | None = None) -> JsonObject:
    """A message as its readers see it; ``raw`` is Slack's own object."""
    blocks = [read_block(service, block, states or {}) for block in message.blocks]
    files = [file_object(service, service.workspace.files[file_id]) for file_id in message.files]
    attached = [readable(service, str(a.get("text") or a.get("fallback") or "")) for a in message.attachments]
    shown = as_text(blocks) if blocks else readable(service, message.text)
    return {
        "ts": message.ts,
        "at": instant_of(message.ts).isoformat(),
        "user": message.user,
        "from": user_name(service, message.user),
        "text": "\n".join([shown, *attached]).strip(),
        "notification": readable(service, message.text),
        "blocks": blocks,
        "thread_ts": message.thread_ts,
        "subtype": message.subtype,
        "edited": message.edited is not None,
        "ephemeral": message.ephemeral_to is not None,
        "files": [{key: file.get(key) for key in ("id", "name", "mimetype", "size", "url_private")} for file in files],
        "reactions": reactions_object(message),
        "raw": message_object(service, message, metadata=True),
    }


def read_view(service: SlackService, view: View) -> JsonObject:
    """A modal or a home as its reader sees it; ``raw`` is Slack's own object."""
    blocks = [read_block(service, block, view.state) for block in view.payload["blocks"]]
    return {
        "id": view.id,
        "type": view.type,
        "callback_id": view.payload.get("callback_id", ""),
        "title": text_of(service, view.payload.get("title")),
        "submit": text_of(service, view.payload.get("submit")) or None,
        "close": text_of(service, view.payload.get("close")) or None,
        "text": as_text(blocks),
        "blocks": blocks,
        "raw": view_object(service, view),
    }


def instant_of(ts: str) -> datetime:
    """The instant of a ts, aware UTC."""
    return datetime.fromtimestamp(float(ts), UTC)


def local_instant(user: User, ts: str) -> datetime:
    """The instant of a ts where this person lives."""
    return instant_of(ts).astimezone(ZoneInfo(user.tz))
