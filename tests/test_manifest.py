"""``app_manifest.yml`` is one that Slack accepts, and asks for what the program uses and nothing besides.

The shape is that of Slack's manifest schema, version 2, for the parts that we fill in: a key that Slack does not know,
or a text that is longer than it takes, would make the import fail on the operator's screen.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from sandbox.slack.events import EVENT_SCOPES

ROOT = Path(__file__).parent.parent
MANIFEST = yaml.safe_load((ROOT / "app_manifest.yml").read_text(encoding="utf-8"))
METHODS = json.loads((ROOT / "sandbox/slack/data/methods.json").read_text(encoding="utf-8"))
SCOPES = set(MANIFEST["oauth_config"]["scopes"]["bot"])
EVENTS = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
NO_SCOPE_OF_THEIR_OWN = {"commands": "slash commands", "files:read": "url_private", "users:read.email": "users.info"}
"""Scopes that no method's list shows: what they open instead."""


def text(longest: int, shortest: int = 1) -> dict[str, Any]:
    return {"type": "string", "minLength": shortest, "maxLength": longest}


def texts(most: int, longest: int) -> dict[str, Any]:
    return {"type": "array", "maxItems": most, "uniqueItems": True, "items": text(longest)}


def closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


FLAG = {"type": "boolean"}
COMMAND = closed(
    ["command", "description"],
    command=text(32, 2) | {"pattern": "^/"},
    description=text(2000),
    usage_hint=text(1000),
    should_escape=FLAG,
    url=text(3000),
)
SHORTCUT = closed(
    ["name", "type", "callback_id", "description"],
    name=text(24),
    type={"enum": ["message", "global"]},
    callback_id=text(255),
    description=text(150),
)
SCHEMA = closed(
    ["display_information"],
    _metadata=closed([], major_version={"const": 2}, minor_version={"type": "integer"}),
    display_information=closed(
        ["name"],
        name=text(35),
        description=text(140),
        long_description=text(4000, 175),
        background_color={"type": "string", "pattern": "^#([0-9a-fA-F]{3}){1,2}$"},
    ),
    features=closed(
        [],
        app_home=closed([], home_tab_enabled=FLAG, messages_tab_enabled=FLAG, messages_tab_read_only_enabled=FLAG),
        bot_user=closed(["display_name"], display_name=text(80), always_online=FLAG),
        slash_commands={"type": "array", "minItems": 1, "maxItems": 50, "items": COMMAND},
        shortcuts={"type": "array", "minItems": 1, "maxItems": 10, "items": SHORTCUT},
    ),
    oauth_config=closed([], scopes=closed([], bot=texts(255, 50), bot_optional=texts(255, 50))),
    settings=closed(
        [],
        event_subscriptions=closed([], bot_events=texts(100, 50), request_url=text(3500)),
        interactivity=closed(["is_enabled"], is_enabled=FLAG, request_url=text(3500)),
        org_deploy_enabled=FLAG,
        socket_mode_enabled=FLAG,
        token_rotation_enabled=FLAG,
    ),
)


def methods_in_use() -> set[str]:
    """The Web API methods that the gateway names and that the listeners call."""
    gateways = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot/gateways").glob("*.py"))
    handlers = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "handlers").rglob("*.py"))
    called = {name.replace("_", ".", 1) for name in re.findall(r"client\.([a-z]+_[a-zA-Z]+)\(", handlers)}
    return {name for name in re.findall(r'"([a-z]+\.[a-zA-Z.]+)"', gateways) if name in METHODS} | called


def test_slack_accepts_the_manifest() -> None:
    jsonschema.validate(MANIFEST, SCHEMA)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("features", "slash_commands", 0, "command"), "bilan"),
        (("display_information", "name"), "E" * 36),
        (("settings", "surprise"), True),
    ],
)
def test_the_shape_is_a_strict_one(path: tuple[Any, ...], value: Any) -> None:
    spoilt = json.loads(json.dumps(MANIFEST))
    place = spoilt
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spoilt, SCHEMA)


def test_every_method_in_use_has_its_scope() -> None:
    used = methods_in_use()
    assert {"chat.postMessage", "views.open"} <= used
    assert [name for name in used if METHODS[name]["scopes"] and not SCOPES & set(METHODS[name]["scopes"])] == []


def test_every_event_has_its_scope() -> None:
    assert [event for event in EVENTS if EVENT_SCOPES[event] and not SCOPES & set(EVENT_SCOPES[event])] == []


def test_every_scope_is_used() -> None:
    opened = {scope for name in methods_in_use() for scope in METHODS[name]["scopes"]}
    heard = {scope for event in EVENTS for scope in EVENT_SCOPES[event]}
    assert SCOPES - opened - heard - set(NO_SCOPE_OF_THEIR_OWN) == set()
