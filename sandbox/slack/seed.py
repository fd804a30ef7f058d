"""Reading the seed of a workspace from YAML: the team, the app's identity, the people, the channels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from sandbox.slack.model import SLACKBOT, AppInstall, Channel, ChannelKind, JsonObject, Manifest, Team, User
from sandbox.slack.workspace import Workspace


class SeedError(ValueError):
    """The seed cannot be read; the text says why."""


def load_workspace(path: Path, manifest: Manifest, epoch: int = 0) -> Workspace:
    """The workspace of a YAML file, created at ``epoch`` (seconds); raises ``SeedError``."""
    return build_workspace(yaml.safe_load(path.read_text(encoding="utf-8")), manifest, epoch)


def build_workspace(data: JsonObject, manifest: Manifest, epoch: int = 0) -> Workspace:
    """The workspace of already loaded YAML; raises ``SeedError``."""
    try:
        workspace = Workspace(Team(**data["team"]), _app(data.get("app") or {}, manifest))
        own = [_bot_user(workspace.app), {"id": SLACKBOT, "name": "slackbot", "real_name": "Slackbot"}]
        for entry in [*own, *data.get("users", [])]:
            user = User(**entry, updated=epoch)
            workspace.users[user.id] = user
        for entry in data.get("channels", []):
            channel = _channel(workspace, dict(entry), epoch)
            workspace.channels[channel.id] = channel
    except (KeyError, TypeError) as refusal:
        raise SeedError(f"the seed workspace cannot be read: {refusal}") from refusal
    return workspace


def _app(data: JsonObject, manifest: Manifest) -> AppInstall:
    identity: dict[str, Any] = {
        "app_id": "A0SANDBOX1",
        "bot_user_id": "U0SANDBOT1",
        "bot_id": "B0SANDBOX1",
        "name": manifest.name,
    }
    return AppInstall(**(identity | data), manifest=manifest)


def _bot_user(app: AppInstall) -> JsonObject:
    handle = "".join(letter for letter in app.manifest.bot_display_name.lower() if letter.isalnum())
    return {
        "id": app.bot_user_id,
        "name": handle or "bot",
        "real_name": app.manifest.bot_display_name,
        "is_bot": True,
        "bot_id": app.bot_id,
        "tz": "America/Los_Angeles",
        "locale": "en-US",
    }


def _channel(workspace: Workspace, entry: JsonObject, epoch: int) -> Channel:
    members = [_member(workspace, reference) for reference in entry.get("members", [])]
    creator = _member(workspace, entry["creator"]) if "creator" in entry else (members or [""])[0]
    kind = ChannelKind.PRIVATE if entry.get("private") else ChannelKind.PUBLIC
    channel = Channel(entry["id"], kind, entry["name"], creator, epoch, members)
    channel.is_general = bool(entry.get("general", False))
    for field in ("topic", "purpose"):
        if field in entry:
            setattr(channel, field, {"value": entry[field], "creator": creator, "last_set": epoch})
    return channel


def _member(workspace: Workspace, reference: str) -> str:
    if reference == "bot":
        return workspace.app.bot_user_id
    user = workspace.find_user(reference)
    if user is None:
        raise SeedError(f"nobody is called {reference}")
    return user.id
