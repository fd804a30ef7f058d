"""Bodies, tokens, scopes, arguments, headers, faults and the record of the Web API."""

from __future__ import annotations

import json

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from sandbox.faults import Fault

BEARER = {"Authorization": "Bearer xoxb-sandbox"}
ADMIN = "CADMIN0001"


def test_auth_test_tells_who_the_app_is(world):
    answer = world.client.auth_test()
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == ("T0SANDBOX1", "U0SANDBOT1", "B0SANDBOX1")


def test_headers_carry_the_scopes_and_a_request_id(world):
    answer = world.client.team_info()
    assert "team:read" in answer.headers["x-oauth-scopes"].split(",")
    assert answer.headers["x-accepted-oauth-scopes"] == "team:read"
    assert answer.headers["x-slack-req-id"]


@pytest.mark.parametrize(
    ("token", "error"),
    [(None, "not_authed"), ("xoxb-wrong", "invalid_auth"), ("xapp-sandbox", "not_allowed_token_type")],
)
def test_tokens_are_told_apart(world, token, error):
    with pytest.raises(SlackApiError) as refusal:
        world.client_with(token).team_info()
    assert refusal.value.response["error"] == error


def test_the_token_may_come_as_a_field(world):
    answer = httpx.post(f"{world.base_url}/api/team.info", data={"token": "xoxb-sandbox"})
    assert answer.json()["ok"] is True


def test_an_unknown_method_is_named(world):
    assert world.refused("chat.sing") == {"ok": False, "error": "unknown_method", "req_method": "chat.sing"}


def test_a_missing_scope_is_told_with_what_is_needed(with_scopes):
    world = with_scopes("chat:write")
    answer = world.refused("pins.add", channel=ADMIN, timestamp="1.1")
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "pins:write", "chat:write")


def test_a_missing_argument_is_named(world):
    answer = world.refused("conversations.history")
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


def test_a_wrong_type_is_refused_but_an_unknown_argument_is_ignored(world):
    answer = world.refused("chat.postMessage", channel=ADMIN, text=5)
    assert answer["response_metadata"]["messages"] == ["[ERROR] must provide a string [json-pointer:/text]"]
    assert world.client.api_call("chat.postMessage", json={"channel": ADMIN, "text": "a", "colour": "red"})["ok"]


def test_json_that_is_none_is_refused(world):
    headers = BEARER | {"Content-Type": "application/json"}
    address = f"{world.base_url}/api/chat.postMessage"
    assert httpx.post(address, content=b"{", headers=headers).json()["error"] == "invalid_json"
    assert httpx.post(address, content=b"[]", headers=headers).json()["error"] == "json_not_object"
    text = BEARER | {"Content-Type": "text/plain"}
    assert httpx.post(address, content=b"text=a", headers=text).json()["error"] == "invalid_post_type"


def test_a_json_body_counts_only_where_slack_documents_it(world):
    answer = world.refused("conversations.info", channel=ADMIN)
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]
    assert world.client.conversations_info(channel=ADMIN)["channel"]["name"] == "bilan-admin"


@pytest.mark.parametrize("kind", ["form", "multipart", "json"])
def test_the_three_kinds_of_body_say_the_same(world, kind):
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*é*"}}]
    metadata = {"event_type": "seen", "event_payload": {"n": 1}}
    encoded = {"channel": ADMIN, "text": "é", "blocks": json.dumps(blocks), "metadata": json.dumps(metadata)}
    given = {
        "form": {"data": encoded},
        "multipart": {"files": {name: (None, value) for name, value in encoded.items()}},
        "json": {"json": {"channel": ADMIN, "text": "é", "blocks": blocks, "metadata": metadata}},
    }[kind]
    answer = httpx.post(f"{world.base_url}/api/chat.postMessage", headers=BEARER, **given).json()
    assert answer["ok"] is True
    assert answer["message"]["blocks"][0]["text"]["text"] == "*é*"
    assert answer["message"]["metadata"] == metadata


def test_broken_json_inside_a_form_has_the_error_of_its_field(world):
    assert world.form_error("chat.postMessage", channel=ADMIN, blocks="[{") == "invalid_blocks_format"
    assert world.form_error("chat.postMessage", channel=ADMIN, text="a", metadata="no") == "invalid_metadata_format"
    assert world.form_error("conversations.members", channel=ADMIN, limit="many") == "invalid_arguments"


def test_every_call_is_recorded_without_its_token(world):
    httpx.post(f"{world.base_url}/api/team.info", data={"token": "xoxb-sandbox", "team": "T1"})
    line = world.recorder.lines()[-1]
    assert (line["service"], line["method"], line["status"]) == ("slack", "team.info", 200)
    assert line["arguments"] == {"team": "T1"}
    assert line["answer"]["error"] == "team_not_found"


def test_faults_refuse_break_or_lose_a_call(world):
    for kind in ("5xx", "429", "disconnect", "drop"):
        world.faults.add(Fault("slack", kind, "chat.postMessage", times=1, seconds=7))
        given = {"headers": BEARER, "data": {"channel": ADMIN, "text": kind}}
        if kind in {"5xx", "429"}:
            answer = httpx.post(f"{world.base_url}/api/chat.postMessage", **given)
            assert (answer.status_code, answer.json()["ok"]) == ({"5xx": 503, "429": 429}[kind], False)
            assert kind == "5xx" or answer.headers["Retry-After"] == "7"
        else:
            with pytest.raises(httpx.TransportError):
                httpx.post(f"{world.base_url}/api/chat.postMessage", **given)
    posted = [message.text for message in world.channel(ADMIN).messages.values()]
    assert posted == ["drop"], "a dropped answer means that the call was done"


def test_a_delayed_call_is_still_done(world):
    world.faults.add(Fault("slack", "delay", "team.*", times=1, seconds=0.05))
    assert world.client.team_info()["ok"]
    assert world.recorder.lines()[-1]["ms"] >= 50
