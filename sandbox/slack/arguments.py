"""The arguments of a Web API call: read from query, form or JSON body, then judged by the method's types.

Like Slack: unknown arguments are ignored, wrong types are ``invalid_arguments``, a JSON body counts only for
methods that document it, and structured fields may be JSON-encoded strings.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from starlette.requests import Request

from sandbox.slack.errors import SlackError

Raw = dict[str, Any]


@dataclass(frozen=True)
class MethodSpec:
    """What Slack documents about a method: scopes (any one suffices), tier, and the types of its arguments."""

    scopes: tuple[str, ...]
    tier: int | None
    json: bool
    required: tuple[str, ...]
    args: Mapping[str, str]


def load_specs() -> dict[str, MethodSpec]:
    """The documented methods, from the packaged ``data/methods.json``."""
    text = (resources.files("sandbox.slack") / "data" / "methods.json").read_text(encoding="utf-8")
    return {
        name: MethodSpec(tuple(entry["scopes"]), entry["tier"], entry["json"], tuple(entry["required"]), entry["args"])
        for name, entry in json.loads(text).items()
    }


async def read_arguments(request: Request, *, json_accepted: bool) -> Raw:
    """Everything the caller sent, untyped; raises ``invalid_json``, ``json_not_object``, ``invalid_post_type``."""
    raw: Raw = dict(request.query_params)
    if request.method != "POST":
        return raw
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        body = _json_body(await request.body())
        return raw | body if json_accepted else raw
    if kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        async with request.form() as form:
            return raw | {name: value for name, value in form.items() if isinstance(value, str)}
    if await request.body():
        raise SlackError("invalid_post_type")
    return raw


def _json_body(body: bytes) -> Raw:
    try:
        content = json.loads(body or b"{}")
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(content, dict):
        raise SlackError("json_not_object")
    return content


def token_of(request: Request, raw: Raw) -> str | None:
    """The token: the Bearer header, else the ``token`` argument (taken out of ``raw``)."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    field = raw.pop("token", None)
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return field if isinstance(field, str) and field else None


def parse_arguments(spec: MethodSpec, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The known arguments with their types; raises ``invalid_arguments`` (or the format error of a field)."""
    complaints = [f"missing required field: {name}" for name in spec.required if raw.get(name) is None]
    args: dict[str, Any] = {}
    for name, kind in spec.args.items():
        if raw.get(name) is None:
            continue
        try:
            args[name] = _READERS[kind](raw[name])
        except ValueError as wrong:
            if name in _FORMAT_ERRORS:
                raise SlackError(_FORMAT_ERRORS[name]) from None
            complaints.append(f"{wrong} [json-pointer:/{name}]")
    if complaints:
        raise SlackError("invalid_arguments", messages=complaints)
    return args


_FORMAT_ERRORS = {
    "blocks": "invalid_blocks_format",
    "attachments": "invalid_attachments",
    "metadata": "invalid_metadata_format",
}


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise ValueError("must provide a string")


def _boolean(value: Any) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False, "": False}
    if isinstance(value, bool):
        return value
    if str(value).lower() in known:
        return known[str(value).lower()]
    raise ValueError("must provide a boolean")


def _integer(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    raise ValueError("must provide an integer")


def _list(value: Any) -> list[str]:
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return value
    if isinstance(value, str):
        return [entry.strip() for entry in value.split(",") if entry.strip()]
    raise ValueError("must provide a comma-separated string")


def _decoded(value: Any, kind: type) -> Any:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise ValueError("must be valid JSON") from None
    if isinstance(value, kind):
        return value
    raise ValueError("must provide an array" if kind is list else "must provide an object")


def _array(value: Any) -> list[Any]:
    return list(_decoded(value, list))


def _blocks(value: Any) -> list[Any]:
    blocks = _decoded(value, list)
    if not all(isinstance(block, dict) for block in blocks):
        raise ValueError("must provide an array of objects")
    return list(blocks)


def _object(value: Any) -> dict[str, Any]:
    return dict(_decoded(value, dict))


_READERS: dict[str, Callable[[Any], Any]] = {
    "string": _string,
    "boolean": _boolean,
    "integer": _integer,
    "list": _list,
    "blocks": _blocks,
    "json_array": _array,
    "json_object": _object,
}
