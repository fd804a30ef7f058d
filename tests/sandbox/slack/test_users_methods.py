"""users.*, team.info, bots.info."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sandbox.slack.membership import deactivate_user


def _info(world, name, **more):
    return world.client.users_info(user=world.user_id(name), **more)["user"]


def test_a_user_has_a_zone_and_on_demand_a_locale(world):
    marie = _info(world, "marie.payet", include_locale=True)
    assert (marie["tz"], marie["tz_offset"], marie["locale"]) == ("Indian/Reunion", 4 * 3600, "fr-FR")
    assert "locale" not in _info(world, "marie.payet")


@pytest.mark.parametrize(("month", "hours", "label"), [(1, 1, "CET"), (7, 2, "CEST")])
def test_the_offset_follows_daylight_saving_time_at_the_sandbox_clock(world, month, hours, label):
    world.clock.set(datetime(2026, month, 15, 12, tzinfo=UTC))
    claire = _info(world, "claire.martin")
    assert (claire["tz_offset"], claire["tz_label"]) == (hours * 3600, label)


def test_an_email_needs_its_scope(with_scopes):
    world = with_scopes()
    assert _info(world, "claire.martin")["profile"]["email"] == "claire.martin@example.fr"
    world = with_scopes(without=("users:read.email",))
    assert "email" not in _info(world, "claire.martin")["profile"]
    assert world.form_error("users.lookupByEmail", email="claire.martin@example.fr") == "missing_scope"


def test_lookup_by_email_ignores_case_and_deactivated_accounts(world):
    found = world.client.users_lookupByEmail(email="Claire.Martin@example.fr")["user"]
    assert found["id"] == world.user_id("claire.martin")
    deactivate_user(world.service, world.service.user(found["id"]))
    assert world.form_error("users.lookupByEmail", email="claire.martin@example.fr") == "users_not_found"
    gone = _info(world, "claire.martin")
    assert gone["deleted"] is True
    assert "tz" not in gone


def test_everybody_is_listed_by_pages_with_slackbot_and_the_bot(world):
    seen, cursor = [], None
    while cursor != "":
        answer = world.client.users_list(limit=5, cursor=cursor)
        assert len(answer["members"]) <= 5
        seen += [member["id"] for member in answer["members"]]
        cursor = answer["response_metadata"]["next_cursor"]
    assert seen == list(world.service.workspace.users)
    assert {"USLACKBOT", "U0SANDBOT1"} < set(seen)


def test_users_conversations_shows_what_the_bot_sees_too(world):
    elise = world.user_id("elise.bernard")
    kinds = "public_channel,private_channel"
    mine = world.client.users_conversations(types=kinds)["channels"]
    hers = world.client.users_conversations(user=elise, types=kinds)["channels"]
    assert [c["name"] for c in mine] == ["e-tutorat", "bilan-admin"]
    assert [c["name"] for c in hers] == ["general", "e-tutorat", "bilan-admin"]


def test_unknown_people_are_not_found(world):
    assert world.form_error("users.info", user="U0NOBODY") == "user_not_found"
    assert world.form_error("users.conversations", user="U0NOBODY") == "user_not_found"


def test_profile_needs_its_own_scope(with_scopes):
    world = with_scopes("users.profile:read")
    profile = world.client.users_profile_get(user=world.user_id("nadia.roux"))["profile"]
    assert profile["title"] == "E-tutrice"
    assert world.form_error("users.info", user=world.user_id("nadia.roux")) == "missing_scope"


def test_team_and_bot(world):
    assert world.client.team_info()["team"]["domain"] == "ensemble1job"
    assert world.client.bots_info(bot="B0SANDBOX1")["bot"]["user_id"] == "U0SANDBOT1"
    assert world.form_error("bots.info", bot="B1") == "bot_not_found"
