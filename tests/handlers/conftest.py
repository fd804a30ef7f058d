"""A real Bolt app with every listener, on a recording stand-in for the Web API; requests enter as in Socket Mode."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk import WebClient

from handlers.registration import register_all
from tests.conftest import World

USER = "ULEA"


class InlineExecutor(Executor):
    """Runs listeners at once, in the calling thread: nothing to wait for."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run now."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@dataclass
class RecordingApi:
    """What the bot called, and what it is answered."""

    url: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def answer(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Keep the call and give the prepared answer, or a plain success."""
        self.calls.append((method, arguments))
        plain = {"ok": True, "user_id": "UBOT", "bot_id": "BBOT", "team_id": "T1", "view": {"id": "V1", "hash": "h"}}
        return self.answers.get(method, plain)

    def called(self, method: str) -> list[dict[str, Any]]:
        """Return the arguments of each call of one method."""
        return [arguments for name, arguments in self.calls if name == method]


@pytest.fixture
def api() -> Iterator[RecordingApi]:
    """A loopback Web API for one test."""
    recording = RecordingApi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            is_json = "json" in (self.headers["Content-Type"] or "")
            arguments = json.loads(body) if is_json else {k: v[0] for k, v in parse_qs(body).items()}
            answer = json.dumps(recording.answer(self.path.rsplit("/", 1)[-1], arguments)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    recording.url = f"http://127.0.0.1:{server.server_port}/api/"
    yield recording
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Bolt:
    """Sends a person's acts into the app and shows what came back."""

    app: App
    api: RecordingApi
    world: World
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def send(self, payload: dict[str, Any]) -> BoltResponse:
        """Dispatch one Socket Mode payload."""
        return self.app.dispatch(BoltRequest(body=payload, mode="socket_mode"))

    def _base(self, user: str) -> dict[str, Any]:
        return {
            "team": {"id": "T1", "domain": "t"},
            "user": {"id": user, "team_id": "T1"},
            "api_app_id": "A1",
            "trigger_id": f"trigger.{next(self.numbers)}",
        }

    def command(self, command: str, text: str = "", user: str = USER, channel: str = "DLEA") -> BoltResponse:
        """Type a slash command."""
        return self.send(
            {
                "command": command,
                "text": text,
                "user_id": user,
                "team_id": "T1",
                "channel_id": channel,
                "api_app_id": "A1",
                "trigger_id": f"trigger.{next(self.numbers)}",
                "response_url": self.api.url + "response",
            }
        )

    def press(self, action: str, value: str = "", user: str = USER, **more: Any) -> BoltResponse:
        """Press a button of a message; ``more`` replaces or adds payload fields (``view``, ``actions``…)."""
        payload = {
            "type": "block_actions",
            **self._base(user),
            "container": {"type": "message", "message_ts": "1.1", "channel_id": "DLEA"},
            "channel": {"id": "DLEA"},
            "message": {"ts": "1.1", "blocks": []},
            "response_url": self.api.url + "response",
            "actions": [{"action_id": action, "block_id": "b", "type": "button", "value": value, "action_ts": "1.2"}],
        }
        return self.send({**payload, **more})

    def submit(
        self,
        callback_id: str,
        values: dict[str, dict[str, Any]],
        user: str = USER,
        metadata: str = "",
        blocks: list[dict[str, Any]] | None = None,
    ) -> BoltResponse:
        """Submit a modal; ``values`` maps a block id to the state of its element."""
        view = {
            "id": "V1",
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": metadata,
            "hash": "h",
            "blocks": blocks or [{"type": "input", "block_id": name} for name in values],
            "state": {"values": {name: {name: state} for name, state in values.items()}},
        }
        return self.send({"type": "view_submission", **self._base(user), "view": view})

    def event(self, event: dict[str, Any], event_id: str = "") -> BoltResponse:
        """Deliver an Events API event."""
        identifier = event_id or f"Ev{next(self.numbers)}"
        return self.send(
            {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": identifier, "event": event}
        )


@pytest.fixture
def bolt(world: World, api: RecordingApi) -> Bolt:
    """The whole app on the fresh world."""
    app = App(
        client=WebClient(token="xoxb-test", base_url=api.url),
        token="xoxb-test",
        token_verification_enabled=False,
        listener_executor=InlineExecutor(),
        process_before_response=True,
    )
    register_all(app, world.ports)
    return Bolt(app, api, world)
