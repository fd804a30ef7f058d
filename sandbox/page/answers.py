"""From the browser's forms to the answers of the people's controls.

A control is called ``answer/<block_id>/<action_id>``; a hidden ``asked`` field of that name says that it was on
the page, because a browser says nothing of an empty list of boxes.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData, UploadFile

from sandbox.slack.elements import value_of
from sandbox.slack.model import JsonObject, User
from sandbox.slack.objects import elements_of

PREFIX = "answer/"


def elements_in(blocks: list[JsonObject]) -> Iterator[tuple[JsonObject, JsonObject]]:
    """Every interactive element, with its block."""
    for block in blocks:
        for element in elements_of(block):
            yield block, element


def find_element(blocks: list[JsonObject], key: str) -> tuple[JsonObject, JsonObject] | None:
    """The element of this ``<block_id>/<action_id>``, if it is still there."""
    block_id, _, action_id = (unquote(part) for part in key.partition("/"))
    for block, element in elements_in(blocks):
        if (block["block_id"], element["action_id"]) == (block_id, action_id):
            return block, element
    return None


async def answer_in(form: FormData, key: str, element: JsonObject, user: User) -> Any:
    """What the person put in this element, as the people's controls take it; "" or [] empties it."""
    name, kind = f"{PREFIX}{key}", element["type"]
    if kind == "file_input":
        return await files_in(form, name)
    if kind == "checkboxes" or kind.startswith("multi_"):
        return [str(value) for value in form.getlist(name) if value != ""]
    value = str(form.get(name) or "")
    if kind == "datetimepicker" and value:
        return _instant(value, user)
    if kind == "external_select" and value:
        return {"query": str(form.get(f"query/{key}") or value), "choose": value}
    return value.replace("\r\n", "\n")


async def files_in(form: FormData, name: str) -> list[JsonObject]:
    """The files that the person chose, as the people's controls take them."""
    chosen = [one for one in form.getlist(name) if isinstance(one, UploadFile) and one.filename]
    return [
        {"name": str(file.filename), "content_base64": base64.b64encode(await file.read()).decode()} for file in chosen
    ]


def holds(state: JsonObject, element: JsonObject, answer: Any) -> bool:
    """Whether the element already holds this answer."""
    value = value_of(state)
    if element["type"] == "file_input":
        return not answer
    answer = answer["choose"] if isinstance(answer, dict) else answer
    if isinstance(answer, list):
        return sorted(_names(value)) == sorted(answer)
    if isinstance(value, dict):
        return bool(answer in {value.get("value"), value["text"]["text"]})
    return str(value if value is not None else "") == str(answer)


def _names(value: Any) -> list[str]:
    return [one["value"] if isinstance(one, dict) else str(one) for one in value or []]


def _instant(value: str, user: User) -> str:
    """The local moment that a browser sends, as an instant."""
    try:
        return datetime.fromisoformat(value).replace(tzinfo=ZoneInfo(user.tz)).isoformat()
    except ValueError:
        return value
