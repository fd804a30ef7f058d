"""HTTP mode: signed requests to a real Bolt app behind Flask."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, Response, request
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk.signature import SignatureVerifier
from websockets.sync.client import connect
from werkzeug.serving import make_server

from sandbox.slack.http_requests import sign

SECRET = "sandbox-signing-secret"


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Serves Flask apps on loopback; gives their address."""
    running = []

    def start(web: Flask) -> str:
        server = make_server("127.0.0.1", 0, web, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/slack/events"

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join(10)
        server.server_close()


def flask_app(view: Callable[[], Any]) -> Flask:
    web = Flask("app-under-test")
    web.add_url_rule("/slack/events", "slack", view, methods=["POST"])
    return web


@pytest.fixture
def http_bot(lonely: Any, new_bot: Any, serve: Any) -> Any:
    """A Bolt app that checks signatures, reached over HTTP."""
    bot = new_bot(lonely, signing_secret=SECRET)
    handler = SlackRequestHandler(bot.app)
    url = serve(flask_app(lambda: handler.handle(request)))
    lonely.delivery.http.ack_seconds = 3.0
    answer = lonely.act("mode", request_url=url)
    assert (answer["socket_mode"], answer["request_url"]) == (False, url)
    return bot


def test_events_commands_and_submissions_arrive_signed(lonely: Any, http_bot: Any, modal: Any) -> None:
    http_bot.on("event")(
        lambda ack, body, client, _: client.chat_postMessage(channel=body["event"]["channel"], text="reçu")
    )
    lonely.act("message", to_bot=True, text="bonjour é")
    assert [event["text"] for event in http_bot.events("message")][:1] == ["bonjour é"]

    def open_modal(ack: Any, body: Any, client: Any, _respond: Any) -> None:
        ack("voici")
        client.views_open(trigger_id=body["trigger_id"], view=modal())

    http_bot.on("command")(open_modal)
    assert lonely.act("command", command="/demo", text="é & ü", wait=5)["ack"] == {"text": "voici"}
    assert http_bot.of("command")[0]["text"] == "é & ü"
    lonely.act("fill", values={"Prénom": "Zoé"})
    http_bot.on("view")(lambda ack, *_: ack(response_action="errors", errors={"name": "Trop court."}))
    assert lonely.act("submit")["errors"] == {"name": "Trop court."}


def test_a_wrong_secret_is_not_let_in(lonely: Any, http_bot: Any) -> None:
    lonely.delivery.app.signing_secret = "another"
    assert lonely.act("command", command="/demo")["error"] == "http_client_error"
    assert http_bot.of("command") == []


def test_the_signature_is_slacks() -> None:
    body = b"token=x&command=%2Fdemo"
    headers = {"X-Slack-Request-Timestamp": "1700000000", "X-Slack-Signature": sign(SECRET, 1_700_000_000, body)}

    class Then:
        def now(self) -> float:
            return 1_700_000_010.0

    assert SignatureVerifier(SECRET, clock=Then()).is_valid_request(body, headers)  # type: ignore[arg-type]


@pytest.mark.parametrize(("answer", "status"), [("no challenge", 200), ("", 500)], ids=["another text", "an error"])
def test_a_url_that_misses_the_challenge_is_refused(lonely: Any, serve: Any, answer: str, status: int) -> None:
    url = serve(flask_app(lambda: Response(answer, status)))
    assert "challenge" in lonely.refused("mode", request_url=url)
    assert lonely.connections()["socket_mode"] is True


def test_a_plain_text_challenge_will_do(lonely: Any, serve: Any) -> None:
    url = serve(flask_app(lambda: request.get_json()["challenge"]))
    assert lonely.act("mode", request_url=url)["socket_mode"] is False


def failing(seen: list[Any], answer: Response) -> Flask:
    """Answers the challenge, then only failures; keeps the retry headers."""

    def view() -> Any:
        body = request.get_json(silent=True) or {}
        if body.get("type") == "url_verification":
            return {"challenge": body["challenge"]}
        seen.append((request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")))
        return answer

    return flask_app(view)


def test_failed_events_are_retried_with_number_and_reason(lonely: Any, serve: Any, until: Any) -> None:
    seen: list[Any] = []
    lonely.act("mode", request_url=serve(failing(seen, Response(status=503))))
    lonely.act("message", to_bot=True, text="essai")
    until(lambda: len(seen) == 2)
    for count in (3, 4):
        until(lambda: lonely.on_loop(lambda: any(not timer.cancelled for timer in lonely.clock._timers)))
        lonely.move(minutes=5)
        until(lambda count=count: len(seen) == count)
    assert seen == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]


def test_the_app_can_decline_retries(lonely: Any, serve: Any, until: Any) -> None:
    seen: list[Any] = []
    lonely.act("mode", request_url=serve(failing(seen, Response(status=503, headers={"X-Slack-No-Retry": "1"}))))
    lonely.act("message", to_bot=True, text="essai")
    until(lambda: not lonely.delivery._tasks)
    assert seen == [(None, None)]


def test_errors_of_commands_are_named_as_slack_names_them(lonely: Any, serve: Any) -> None:
    lonely.act("mode", request_url=serve(failing([], Response(status=503))))
    assert lonely.act("command", command="/demo")["error"] == "http_service_error"


def test_a_slow_app_times_out(lonely: Any, serve: Any) -> None:
    release = threading.Event()

    def view() -> Any:
        body = request.get_json(silent=True) or {}
        if "challenge" in body:
            return {"challenge": body["challenge"]}
        release.wait(10)
        return ""

    lonely.delivery.http.ack_seconds = 3.0
    lonely.act("mode", request_url=serve(flask_app(view)))
    lonely.delivery.http.ack_seconds = 0.1
    assert lonely.act("command", command="/demo")["error"] == "operation_timeout"
    release.set()


def test_nobody_at_the_address(lonely: Any, serve: Any) -> None:
    lonely.act("mode", request_url=serve(flask_app(lambda: request.get_json()["challenge"])))
    lonely.delivery.request_url = "http://127.0.0.1:9/slack/events"
    assert lonely.act("command", command="/demo")["error"] == "dispatch_failed"


def test_switching_to_http_ends_socket_mode(lonely: Any, serve: Any, until: Any) -> None:
    url = lonely.client("xapp-sandbox").apps_connections_open(app_token="xapp-sandbox")["url"]
    with connect(url, compression=None, proxy=None) as link:
        link.recv(timeout=10)
        lonely.act("mode", request_url=serve(flask_app(lambda: request.get_json()["challenge"])))
        assert '"link_disabled"' in link.recv(timeout=10)
    until(lambda: not lonely.connections()["connections"])
