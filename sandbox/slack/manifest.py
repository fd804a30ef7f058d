"""Reading an app manifest (Slack's schema, version 2) and refusing what Slack would refuse in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from sandbox.slack.events import EVENT_SCOPES
from sandbox.slack.model import JsonObject, Manifest

MAX_COMMANDS = 50
MAX_COMMAND_LENGTH = 32
MAX_SHORTCUTS = 10
MAX_SHORTCUT_NAME = 24
MAX_APP_NAME = 35
MAX_EVENTS = 100


class ManifestError(ValueError):
    """The manifest would not be accepted; the text says why."""


def load_manifest(path: Path) -> Manifest:
    """The manifest of a YAML file; raises ``ManifestError``."""
    return parse_manifest(yaml.safe_load(path.read_text(encoding="utf-8")))


def parse_manifest(data: JsonObject) -> Manifest:
    """The manifest of already loaded YAML; raises ``ManifestError``."""
    if not isinstance(data, dict):
        raise ManifestError("the manifest is not a mapping")
    features, settings = _section(data, "features"), _section(data, "settings")
    subscriptions, home = _section(settings, "event_subscriptions"), _section(features, "app_home")
    interactivity = _section(settings, "interactivity")
    scopes = frozenset(_section(_section(data, "oauth_config"), "scopes").get("bot") or [])
    name = str(_section(data, "display_information").get("name", ""))
    _demand(0 < len(name) <= MAX_APP_NAME, f"display_information.name must have 1 to {MAX_APP_NAME} characters")
    return Manifest(
        name=name,
        bot_display_name=str(_section(features, "bot_user").get("display_name", name)),
        scopes=scopes,
        events=_events(subscriptions.get("bot_events") or [], scopes),
        commands=_commands(features.get("slash_commands") or [], scopes),
        shortcuts=_shortcuts(features.get("shortcuts") or [], scopes),
        socket_mode=bool(settings.get("socket_mode_enabled", False)),
        request_url=subscriptions.get("request_url"),
        interactivity_url=interactivity.get("request_url"),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", False)),
        messages_tab_read_only=bool(home.get("messages_tab_read_only_enabled", False)),
    )


def _section(data: JsonObject, key: str) -> dict[str, Any]:
    section = data.get(key) or {}
    _demand(isinstance(section, dict), f"{key} is not a mapping")
    return dict(section)


def _demand(condition: bool, sentence: str) -> None:
    if not condition:
        raise ManifestError(sentence)


def _events(names: list[str], scopes: frozenset[str]) -> frozenset[str]:
    _demand(len(names) <= MAX_EVENTS, f"more than {MAX_EVENTS} bot_events")
    for name in names:
        _demand(name in EVENT_SCOPES, f"unknown bot event {name}")
        needed = EVENT_SCOPES[name]
        _demand(not needed or bool(scopes.intersection(needed)), f"bot event {name} needs scope {needed}")
    return frozenset(names)


def _commands(entries: list[JsonObject], scopes: frozenset[str]) -> dict[str, JsonObject]:
    _demand(len(entries) <= MAX_COMMANDS, f"more than {MAX_COMMANDS} slash commands")
    _demand(not entries or "commands" in scopes, "slash commands need the scope commands")
    for entry in entries:
        command = str(entry.get("command", ""))
        well_formed = command.startswith("/") and 1 < len(command) <= MAX_COMMAND_LENGTH and " " not in command
        _demand(well_formed, f"bad slash command {command!r}")
        _demand(bool(entry.get("description")), f"slash command {command} needs a description")
    return {str(entry["command"]): dict(entry) for entry in entries}


def _shortcuts(entries: list[JsonObject], scopes: frozenset[str]) -> dict[str, JsonObject]:
    _demand(len(entries) <= MAX_SHORTCUTS, f"more than {MAX_SHORTCUTS} shortcuts")
    _demand(not entries or "commands" in scopes, "shortcuts need the scope commands")
    for entry in entries:
        name = str(entry.get("name", ""))
        _demand(0 < len(name) <= MAX_SHORTCUT_NAME, f"shortcut name {name!r} is empty or too long")
        _demand(entry.get("type") in {"message", "global"}, f"shortcut {name} has no known type")
        _demand(bool(entry.get("callback_id")), f"shortcut {name} needs a callback_id")
    return {str(entry["callback_id"]): dict(entry) for entry in entries}
