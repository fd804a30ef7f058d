"""The judge of blocks, messages and views by Block Kit's structure and Slack's limits.

Known blocks: section, header, divider, context, actions, input, image, rich_text, markdown, table,
context_actions. Any other type (video, card, carousel, plan …) is refused as unsupported: stricter than Slack.
An empty ``blocks`` of a view is refused too.
"""

from __future__ import annotations

import json
from typing import Any

from sandbox.slack.block_elements import ELEMENTS
from sandbox.slack.block_judge import (
    Check,
    Judge,
    Shape,
    any_text,
    array,
    boolean,
    number,
    one_of,
    plain_text,
    string,
    typed,
)
from sandbox.slack.block_objects import IDENTIFIER, URL
from sandbox.slack.block_rich_text import RICH_TEXT
from sandbox.slack.model import JsonObject

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
MARKDOWN_CHARACTERS = 12_000
TABLE_ROWS, TABLE_COLUMNS, TABLES = 100, 20, 1

Value = Any

PICKERS = ("datepicker", "timepicker", "checkboxes", "radio_buttons")
SELECTS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
MULTI_SELECTS = tuple(f"multi_{name}" for name in SELECTS)
TYPED = ("plain_text_input", "number_input", "email_text_input", "url_text_input", "file_input")
IN_SECTION = ("button", "image", "overflow", *PICKERS, *SELECTS, *MULTI_SELECTS)
IN_ACTIONS = ("button", "overflow", "datetimepicker", *PICKERS, *SELECTS)
IN_INPUT = ("datetimepicker", *PICKERS, *SELECTS, *MULTI_SELECTS, *TYPED)

EVERYWHERE = frozenset({"actions", "context", "divider", "header", "image", "input", "rich_text", "section"})
BLOCKS_OF = {
    "message": EVERYWHERE | {"context_actions", "markdown", "table"},
    "modal": EVERYWHERE,
    "home": EVERYWHERE,
}


def check_blocks(blocks: Value, surface: str) -> list[str]:
    """What Slack would complain about in these blocks on ``message``, ``modal`` or ``home``; [] when fine."""
    judge = Judge(surface)
    _judge_blocks(judge, blocks, "/blocks")
    return judge.messages


def check_message(payload: Value) -> list[str]:
    """What Slack would complain about in a message payload; like Slack, silent about a missing ``text``."""
    judge = Judge("message")
    if not isinstance(payload, dict):
        judge.complain("must provide an object", "")
        return judge.messages
    if payload.get("text") is not None:
        string(40_000, 0)(judge, payload["text"], "/text")
    if payload.get("blocks") is not None:
        _judge_blocks(judge, payload["blocks"], "/blocks")
    return judge.messages


def check_view(view: Value) -> list[str]:
    """What Slack would complain about in a modal or a home view; [] when fine."""
    kind = view.get("type") if isinstance(view, dict) else None
    judge = Judge(str(kind))
    typed(VIEWS, VIEWS)(judge, view, "/view")
    return judge.messages


def view_too_large(view: JsonObject) -> bool:
    """Whether the view exceeds 250 kB (``view_too_large``)."""
    return len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES


def _judge_blocks(judge: Judge, value: Value, pointer: str) -> None:
    if not isinstance(value, list):
        judge.complain("must provide an array", pointer)
        return
    most = MESSAGE_BLOCKS if judge.surface == "message" else VIEW_BLOCKS
    if judge.surface != "message" and not value:
        judge.complain("no fewer than 1 items required", pointer)
    if len(value) > most:
        judge.complain(f"no more than {most} items allowed", pointer)
    for index, block in enumerate(value):
        judge.action_ids.clear()
        typed(BLOCKS, BLOCKS_OF[judge.surface])(judge, block, f"{pointer}/{index}")
        _judge_block_id(judge, block, f"{pointer}/{index}")


def _judge_block_id(judge: Judge, block: Value, pointer: str) -> None:
    block_id = block.get("block_id") if isinstance(block, dict) else None
    if not isinstance(block_id, str):
        return
    if block_id in judge.block_ids:
        judge.complain("Block ID needs to be unique", f"{pointer}/block_id")
    judge.block_ids.add(block_id)


def _elements(*allowed: str) -> Check:
    judged = typed({**ELEMENTS, "image": IMAGE_ELEMENT}, allowed)

    def check(judge: Judge, value: Value, pointer: str) -> None:
        judged(judge, value, pointer)
        if not isinstance(value, dict):
            return
        action_id = value.get("action_id")
        if isinstance(action_id, str) and action_id in judge.action_ids:
            judge.complain(f"`action_id` {action_id} already exists in this block", f"{pointer}/action_id")
        judge.action_ids.add(str(action_id))
        judge.action_ids.discard("None")
        _judge_focus_and_place(judge, value, pointer)

    return check


def _judge_focus_and_place(judge: Judge, element: JsonObject, pointer: str) -> None:
    judge.focused += element.get("focus_on_load") is True
    if element.get("focus_on_load") is True and judge.focused > 1:
        judge.complain("only one element can have focus_on_load", f"{pointer}/focus_on_load")
    if element.get("type") == "file_input" and judge.surface != "modal":
        judge.complain("unsupported type: file_input outside of a modal", f"{pointer}/type")
    if element.get("response_url_enabled") and judge.surface != "modal":
        judge.complain("response_url_enabled is for modals only", f"{pointer}/response_url_enabled")


def _section_rule(judge: Judge, value: Value, pointer: str) -> None:
    if value.get("text") is None and value.get("fields") is None:
        judge.complain("must define either `text` or `fields`", pointer)


def _image_rule(judge: Judge, value: Value, pointer: str) -> None:
    if (value.get("image_url") is None) == (value.get("slack_file") is None):
        judge.complain("must define either `image_url` or `slack_file`", pointer)


def _slack_file_rule(judge: Judge, value: Value, pointer: str) -> None:
    if (value.get("id") is None) == (value.get("url") is None):
        judge.complain("must define either `id` or `url`", pointer)


def _markdown_rule(judge: Judge, value: Value, pointer: str) -> None:
    judge.markdown_characters += len(value["text"]) if isinstance(value.get("text"), str) else 0
    if judge.markdown_characters > MARKDOWN_CHARACTERS:
        judge.complain(f"no more than {MARKDOWN_CHARACTERS} markdown characters in a message", f"{pointer}/text")


def _table_rule(judge: Judge, value: Value, pointer: str) -> None:
    judge.tables += 1
    if judge.tables > TABLES:
        judge.complain("only one table is allowed in a message", pointer)
    rows = value.get("rows")
    widths = {len(row) for row in rows if isinstance(row, list)} if isinstance(rows, list) else set()
    if len(widths) > 1:
        judge.complain("all rows must have the same number of cells", f"{pointer}/rows")


def _modal_rule(judge: Judge, value: Value, pointer: str) -> None:
    blocks = value.get("blocks")
    has_input = isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )
    if has_input and value.get("submit") is None:
        judge.complain("`submit` is required when an `input` block is within the `blocks` array", f"{pointer}/submit")


def _block(kind: str, required: dict[str, Check], rule: Check | None = None, **optional: Check) -> Shape:
    return Shape({"type": one_of(kind), **required}, {"block_id": IDENTIFIER, **optional}, rule)


SLACK_FILE = Shape({}, {"id": IDENTIFIER, "url": URL}, _slack_file_rule)
IMAGE_SOURCE: dict[str, Check] = {"image_url": URL, "slack_file": SLACK_FILE}
ALT_TEXT: dict[str, Check] = {"alt_text": string(2000)}
IMAGE_ELEMENT = Shape({"type": one_of("image"), **ALT_TEXT}, IMAGE_SOURCE, _image_rule)
TEXT_ELEMENTS: dict[str, Check] = {
    "plain_text": plain_text(3000),
    "mrkdwn": any_text(3000),
    "image": IMAGE_ELEMENT,
}
CELLS: dict[str, Check] = {
    "raw_text": Shape({"type": one_of("raw_text"), "text": string(3000)}),
    "raw_number": Shape({"type": one_of("raw_number"), "value": number}, {"text": string(3000)}),
    "rich_text": RICH_TEXT,
}
COLUMN = Shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})
BLOCKS: dict[str, Check] = {
    "section": _block(
        "section",
        {},
        _section_rule,
        text=any_text(3000),
        fields=array(any_text(2000), 10),
        accessory=_elements(*IN_SECTION),
        expand=boolean,
    ),
    "header": _block("header", {"text": plain_text(150)}),
    "divider": _block("divider", {}),
    "context": _block("context", {"elements": array(typed(TEXT_ELEMENTS, TEXT_ELEMENTS), 10)}),
    "actions": _block("actions", {"elements": array(_elements(*IN_ACTIONS), 25)}),
    "input": _block(
        "input",
        {"label": plain_text(2000), "element": _elements(*IN_INPUT)},
        hint=plain_text(2000),
        optional=boolean,
        dispatch_action=boolean,
    ),
    "image": _block("image", ALT_TEXT, _image_rule, title=plain_text(2000), **IMAGE_SOURCE),
    "rich_text": RICH_TEXT,
    "markdown": _block("markdown", {"text": string(MARKDOWN_CHARACTERS)}, _markdown_rule),
    "table": _block(
        "table",
        {"rows": array(array(typed(CELLS, CELLS), TABLE_COLUMNS), TABLE_ROWS)},
        _table_rule,
        column_settings=array(COLUMN, TABLE_COLUMNS),
    ),
    "context_actions": _block("context_actions", {"elements": array(_elements("feedback_buttons", "icon_button"), 5)}),
}
VIEW_FIELDS: dict[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
VIEWS: dict[str, Check] = {
    "modal": Shape(
        {"type": one_of("modal"), "title": plain_text(24), "blocks": _judge_blocks},
        {
            **VIEW_FIELDS,
            "submit": plain_text(24),
            "close": plain_text(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
        _modal_rule,
    ),
    "home": Shape({"type": one_of("home"), "blocks": _judge_blocks}, VIEW_FIELDS),
}
