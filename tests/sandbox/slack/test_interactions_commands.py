"""Slash commands, from the person's keyboard to what the person sees."""

from __future__ import annotations

from typing import Any

import pytest


def test_a_command_reaches_the_app_with_every_field(outside: Any, bot: Any) -> None:
    outside.act("command", command="/demo", text="go", wait=0)
    [body] = bot.of("command")
    assert body["command"] == "/demo"
    assert body["text"] == "go"
    assert body["channel_name"] == "directmessage"
    assert body["user_id"] == outside.user_id("claire.martin")
    assert body["user_name"] == "claire.martin"
    expected = {"token", "team_id", "team_domain", "channel_id", "api_app_id", "is_enterprise_install"}
    assert expected | {"response_url", "trigger_id"} <= set(body)


@pytest.mark.parametrize(
    ("person", "channel", "name"),
    [("claire.martin", "general", "general"), ("nadia.roux", "e-tutorat", "privategroup")],
)
def test_the_channel_is_named_as_slack_names_it(outside: Any, bot: Any, person: str, channel: str, name: str) -> None:
    outside.act("command", person, command="/demo", channel=channel, wait=0)
    assert bot.of("command")[0]["channel_name"] == name


def test_the_acknowledgement_shows_an_ephemeral_message_to_one_person(outside: Any, bot: Any) -> None:
    bot.on("command")(lambda ack, *_: ack("Bonjour *Claire*"))
    answer = outside.act("command", command="/demo", channel="general")
    assert answer["error"] is None
    [message] = answer["messages"]
    assert (message["text"], message["ephemeral"]) == ("Bonjour Claire", True)
    shown = outside.read("messages", "claire.martin", channel="general")["messages"]
    assert "Bonjour Claire" in {one["text"] for one in shown}
    others = outside.read("messages", "thomas.nguyen", channel="general")["messages"]
    assert "Bonjour Claire" not in {one["text"] for one in others}


def test_an_in_channel_acknowledgement_is_seen_by_all(outside: Any, bot: Any) -> None:
    bot.on("command")(lambda ack, *_: ack(text="À vous", response_type="in_channel"))
    outside.act("command", command="/demo", channel="general")
    others = outside.read("messages", "thomas.nguyen", channel="general")["messages"]
    assert others[-1]["text"] == "À vous"


def test_an_acknowledgement_with_bad_blocks_is_refused_and_recorded(outside: Any, bot: Any) -> None:
    bot.on("command")(lambda ack, *_: ack(blocks=[{"type": "section"}], text="x"))
    answer = outside.act("command", command="/demo")
    assert answer["error"] == "invalid_blocks"
    [line] = outside.recorder.lines(method="ack /demo")
    assert line["answer"]["error"] == "invalid_blocks"
    assert line["answer"]["messages"]


def test_a_command_nobody_acknowledges_ends_in_operation_timeout(outside: Any, bot: Any, short_ack: None) -> None:
    bot.on("command")(lambda ack, *_: None)
    answer = outside.act("command", command="/demo")
    assert answer["error"] == "operation_timeout"
    [message] = answer["messages"]
    assert message["from"] == "Slackbot"
    assert "operation_timeout" in message["text"]


def test_a_command_with_no_app_connected_fails_at_once(lonely: Any) -> None:
    assert lonely.act("command", command="/demo")["error"] == "dispatch_failed"


def test_names_are_escaped_where_the_manifest_asks_for_it(outside: Any, bot: Any) -> None:
    outside.act("command", "nadia.roux", command="/demo", text="@claire.martin #general #e-tutorat", wait=0)
    text = bot.of("command")[0]["text"]
    assert text == f"<@{outside.user_id('claire.martin')}|claire.martin> <#C0GENERAL1|general> <#CTUTORS01|>"


def test_an_invisible_channel_stays_as_typed(outside: Any, bot: Any) -> None:
    outside.act("command", "claire.martin", command="/demo", text="#e-tutorat", wait=0)
    assert bot.of("command")[0]["text"] == "#e-tutorat"


def test_what_slack_does_not_offer_is_refused(outside: Any, bot: Any) -> None:
    assert "/autre" in outside.refused("command", command="/autre")
    assert "fils" in outside.refused("command", command="/demo", channel="general", thread_ts="1.1")
    assert "e-tutorat" in outside.refused("command", "claire.martin", command="/demo", channel="e-tutorat")
    assert "nobody" in outside.refused("command", "nobody", command="/demo")
    assert bot.of("command") == []


def test_a_command_can_open_a_modal_before_the_person(outside: Any, bot: Any, modal: Any) -> None:
    @bot.on("command")
    def _(ack: Any, body: Any, client: Any, _respond: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal())

    answer = outside.act("command", command="/demo", wait=5)
    assert answer["modal"]["title"] == "Profil"
    assert "Prénom *" in answer["modal"]["text"]
