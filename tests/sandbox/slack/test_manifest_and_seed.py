"""The app manifest and the seed workspace: what is read, what is refused."""

from __future__ import annotations

import copy

import pytest
import yaml

from sandbox.settings import DATA
from sandbox.slack.manifest import ManifestError, load_manifest, parse_manifest
from sandbox.slack.seed import SeedError, build_workspace


@pytest.fixture
def manifest():
    return yaml.safe_load((DATA / "app_manifest.yml").read_text(encoding="utf-8"))


@pytest.fixture
def seed():
    return yaml.safe_load((DATA / "workspace.yml").read_text(encoding="utf-8"))


def test_the_packaged_manifest_grants_what_it_lists():
    granted = load_manifest(DATA / "app_manifest.yml")
    assert (granted.name, granted.socket_mode, granted.home_tab) == ("Sandbox app", True, True)
    assert list(granted.commands) == ["/demo"]
    assert {shortcut["type"] for shortcut in granted.shortcuts.values()} == {"message", "global"}
    assert "message.im" in granted.events
    assert "chat:write" in granted.scopes


def _without_scope(data, scope):
    data["oauth_config"]["scopes"]["bot"].remove(scope)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda m: _without_scope(m, "im:history"), "message.im needs scope"),
        (lambda m: _without_scope(m, "commands"), "need the scope commands"),
        (lambda m: m["settings"]["event_subscriptions"]["bot_events"].append("moon_rise"), "unknown bot event"),
        (lambda m: m["features"]["slash_commands"][0].update(command="demo"), "bad slash command"),
        (lambda m: m["features"]["slash_commands"][0].pop("description"), "needs a description"),
        (lambda m: m["features"]["shortcuts"][0].update(name="x" * 25), "too long"),
        (lambda m: m["features"]["shortcuts"][0].pop("callback_id"), "needs a callback_id"),
        (lambda m: m["display_information"].update(name=""), "display_information.name"),
        (lambda m: m.update(features=[1]), "features is not a mapping"),
    ],
)
def test_a_manifest_that_slack_would_refuse_is_refused(manifest, spoil, sentence):
    data = copy.deepcopy(manifest)
    spoil(data)
    with pytest.raises(ManifestError, match=sentence):
        parse_manifest(data)


def test_the_default_cast(seed, manifest):
    workspace = build_workspace(seed, parse_manifest(manifest))
    people = [user for user in workspace.users.values() if user.email]
    assert len(people) == 12
    assert {user.tz for user in people} == {"Europe/Paris", "Indian/Reunion"}
    assert sum(user.is_admin for user in people) == 2
    for channel_id in ("CTUTORS01", "CADMIN0001"):
        channel = workspace.channels[channel_id]
        assert not channel.is_public
        assert workspace.app.bot_user_id in channel.members


def test_a_seed_with_a_stranger_is_refused(seed, manifest):
    seed["channels"][0]["members"].append("nobody")
    with pytest.raises(SeedError, match="nobody is called nobody"):
        build_workspace(seed, parse_manifest(manifest))
    seed["users"][0]["shoe_size"] = 40
    with pytest.raises(SeedError, match="shoe_size"):
        build_workspace(seed, parse_manifest(manifest))
