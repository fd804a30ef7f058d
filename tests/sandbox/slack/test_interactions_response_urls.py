"""``response_url``: five answers in thirty minutes, ephemeral or not, replacing or deleting."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.webhook import WebhookClient

CLAIRE = "U0CLAIRE01"


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


BUTTON = {"type": "button", "action_id": "go", "text": plain("Continuer")}
BLOCKS = [{"type": "actions", "elements": [BUTTON]}]


@pytest.fixture
def command_url(outside: Any, bot: Any) -> WebhookClient:
    """The URL of a command that Claire typed in #general."""
    outside.act("command", command="/demo", channel="general", wait=0)
    return WebhookClient(bot.of("command")[0]["response_url"])


def general(outside: Any, person: str = "claire.martin") -> list[str]:
    messages = outside.read("messages", person, channel="general")["messages"]
    return [message["text"] for message in messages]


def test_an_answer_is_for_one_person_unless_it_says_otherwise(outside: Any, command_url: WebhookClient) -> None:
    assert command_url.send(text="pour vous").body == "ok"
    command_url.send(text="pour tout le monde", response_type="in_channel")
    assert general(outside) == ["pour vous", "pour tout le monde"]
    assert general(outside, "thomas.nguyen") == ["pour tout le monde"]
    lines = outside.recorder.lines(service="response_url")
    assert [line["status"] for line in lines] == [200, 200]
    assert lines[0]["arguments"]["text"] == "pour vous"


def test_the_sixth_use_is_refused(outside: Any, command_url: WebhookClient) -> None:
    for number in range(5):
        assert command_url.send(text=f"réponse {number}").status_code == 200
    refusal = command_url.send(text="de trop")
    assert (refusal.status_code, refusal.body) == (404, '{"ok":false,"error":"used_url"}')
    assert len(general(outside)) == 5


def test_thirty_minutes_of_the_clock_end_it(outside: Any, command_url: WebhookClient) -> None:
    outside.move(minutes=30)
    assert command_url.send(text="à temps").status_code == 200
    outside.move(seconds=1)
    refusal = command_url.send(text="trop tard")
    assert (refusal.status_code, refusal.body) == (404, '{"ok":false,"error":"expired_url"}')


def test_what_cannot_be_an_answer_is_refused_and_costs_no_use(outside: Any, command_url: WebhookClient) -> None:
    for _ in range(2):
        assert "no_text" in command_url.send(text="").body
        assert "invalid_blocks" in command_url.send(text="x", blocks=[{"type": "section"}]).body
        assert "invalid_response_type" in command_url.send(text="x", response_type="shout").body
        raw = outside.control.post(command_url.url, content=b"not json", headers={"content-type": "application/json"})
        assert (raw.status_code, raw.json()["error"]) == (400, "invalid_payload")
    assert command_url.send(text="enfin").status_code == 200


@pytest.fixture
def pressed(outside: Any, bot: Any) -> Any:
    """Presses the button of a message; gives its response_url."""

    def press(ephemeral: bool) -> WebhookClient:
        client = outside.client()
        client.conversations_join(channel="C0GENERAL1")
        if ephemeral:
            client.chat_postEphemeral(channel="C0GENERAL1", user=CLAIRE, text="x", blocks=BLOCKS)
        else:
            client.chat_postMessage(channel="C0GENERAL1", text="x", blocks=BLOCKS)
        outside.act("press", label="Continuer", wait=0)
        return WebhookClient(bot.of("action")[-1]["response_url"])

    return press


@pytest.mark.parametrize("ephemeral", [True, False], ids=["ephemeral", "posted"])
def test_the_message_that_was_pressed_can_be_replaced_then_deleted(outside: Any, pressed: Any, ephemeral: bool) -> None:
    url = pressed(ephemeral)
    assert url.send(text="c’est fait", replace_original=True).body == "ok"
    assert general(outside)[-1] == "c’est fait"
    assert outside.refused("press", label="Continuer")
    assert url.send(delete_original=True).body == "ok"
    assert "c’est fait" not in general(outside)
    assert "message_not_found" in url.send(text="encore", replace_original=True).body


def test_bolts_respond_uses_it(outside: Any, bot: Any) -> None:
    @bot.on("command")
    def _(ack: Any, _body: Any, _client: Any, respond: Any) -> None:
        ack()
        respond("par response_url")

    answer = outside.act("command", command="/demo", wait=5)
    assert [message["text"] for message in answer["messages"]] == ["par response_url"]
