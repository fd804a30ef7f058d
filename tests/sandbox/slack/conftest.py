"""The sandbox Slack with its delivery on a free loopback port, and a real Bolt app connected to it.

The Bolt app listens to everything; each test says what it does with what it gets (``bot.on``).
"""

from __future__ import annotations

import asyncio
import copy
import logging
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx
import pytest
import uvicorn
import yaml
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from starlette.applications import Starlette

from sandbox.clock import Clock
from sandbox.faults import Fault, Faults
from sandbox.record import Recorder
from sandbox.settings import DATA
from sandbox.slack.delivery import Delivery, delivery_routes
from sandbox.slack.manifest import load_manifest
from sandbox.slack.model import Manifest
from sandbox.slack.people import people_routes
from sandbox.slack.seed import build_workspace
from sandbox.slack.service import SlackService
from sandbox.slack.web_api import slack_routes
from sandbox.slack.workspace import Workspace

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECONDS = 10.0
Body = dict[str, Any]


def until(condition: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """Wait until the condition is true, and give its value; fails after ``seconds``."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.01)):
        value = condition()
        if value:
            return value
        pause.wait(0.01)
    pytest.fail("the awaited condition never came true")


class LoopServer(uvicorn.Server):
    """A server that says when it listens, and on which loop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()
        self.loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.loop = asyncio.get_running_loop()
        self.listening.set()


@dataclass
class Outside:
    """The sandbox, seen from a test."""

    service: SlackService
    delivery: Delivery
    clock: Clock
    faults: Faults
    recorder: Recorder
    base_url: str
    loop: asyncio.AbstractEventLoop
    control: httpx.Client

    def on_loop(self, action: Callable[[], Any]) -> Any:
        """Do something on the sandbox's loop, as everything there is done."""

        async def act() -> Any:
            result = action()
            return await result if asyncio.iscoroutine(result) else result

        return asyncio.run_coroutine_threadsafe(act(), self.loop).result(SECONDS)

    def restart(self) -> None:
        """The default workspace again; connections stay."""
        self.clock.set(START)
        self.faults.clear()
        self.recorder.clear()
        workspace = fresh_workspace()
        self.service.reset(workspace)
        self.delivery.reset(workspace)
        self.delivery.use_socket_mode()

    def act(self, name: str, person: str = "claire.martin", /, **data: Any) -> Body:
        """An act of a person, which must be allowed."""
        response = self.control.post(name, json={"person": person, **data})
        assert response.status_code == 200, response.text
        answer: Body = response.json()
        return answer

    def refused(self, name: str, person: str = "claire.martin", /, **data: Any) -> str:
        """The sentence with which an act of a person is refused."""
        response = self.control.post(name, json={"person": person, **data})
        assert response.status_code == 400, response.text
        return str(response.json()["error"])

    def read(self, name: str, person: str = "claire.martin", /, **query: Any) -> Body:
        """What a person reads."""
        response = self.control.get(name, params={"person": person, **query})
        assert response.status_code == 200, response.text
        answer: Body = response.json()
        return answer

    def fault(self, kind: str, method: str | None = None, **more: Any) -> None:
        """Switch on a fault of the deliveries, for one time if nothing else is said."""
        self.on_loop(lambda: self.faults.add(Fault("events", kind, method, **({"times": 1} | more))))

    def move(self, **duration: float) -> None:
        """Move the clock."""
        self.on_loop(lambda: self.clock.move(timedelta(**duration)))

    def client(self, token: str = "xoxb-sandbox") -> WebClient:
        """The app's Web API client."""
        return WebClient(token=token, base_url=f"{self.base_url}/api/", retry_handlers=[])

    def user_id(self, name: str) -> str:
        """The id of somebody of the default cast."""
        user = self.service.workspace.find_user(name)
        assert user is not None
        return user.id

    def connections(self) -> Body:
        """How the app is reached."""
        answer: Body = self.control.get("connections").json()
        return answer


@cache
def _seed() -> tuple[Body, Manifest]:
    data = yaml.safe_load((DATA / "workspace.yml").read_text(encoding="utf-8"))
    return data, load_manifest(DATA / "app_manifest.yml")


def fresh_workspace() -> Workspace:
    data, manifest = _seed()
    return build_workspace(copy.deepcopy(data), manifest, int(START.timestamp()))


Script = Callable[..., Any]


@dataclass
class Bot:
    """A Bolt app whose reactions a test writes; what it got is in ``received``."""

    app: App
    received: list[tuple[str, Body]] = field(default_factory=list)
    scripts: dict[str, Script] = field(default_factory=dict)

    def on(self, kind: str) -> Callable[[Script], Script]:
        """Register what to do on a kind of request; the kinds are those of ``listen``."""

        def register(script: Script) -> Script:
            self.scripts[kind] = script
            return script

        return register

    def of(self, kind: str) -> list[Body]:
        """The bodies received of one kind so far."""
        return [body for name, body in list(self.received) if name == kind]

    def events(self, event_type: str) -> list[Body]:
        """The inner events received of one type so far."""
        return [body["event"] for body in self.of("event") if body["event"]["type"] == event_type]

    def listen(self) -> None:
        """Listen to everything that Bolt can dispatch."""
        everything = re.compile(".*", re.DOTALL)
        for kind in ("command", "action", "view", "view_closed", "shortcut", "options", "event"):
            getattr(self.app, kind)(everything, middleware=[self._noting(kind)])(self._listener(kind))

    def _noting(self, kind: str) -> Script:
        """Note what came before it is acknowledged: Bolt answers events first, and runs their listeners later."""

        def note(body: Body, next: Callable[[], Any]) -> None:  # noqa: A002 - Bolt's name for it
            self.received.append((kind, body))
            next()

        return note

    def _listener(self, kind: str) -> Script:
        def react(ack: Any, body: Body, client: WebClient, respond: Any, request: Any) -> None:
            self.scripts.get(kind, lambda ack, *_: ack())(ack, body, client, respond)

        return react


def make_bot(base_url: str, **options: Any) -> Bot:
    quiet = logging.getLogger("bolt-under-test")
    quiet.setLevel(logging.CRITICAL)
    client = WebClient(token="xoxb-sandbox", base_url=f"{base_url}/api/")
    bot = Bot(App(client=client, logger=quiet, raise_error_for_unhandled_request=False, **options))
    bot.listen()
    return bot


def end(handler: SocketModeHandler, hang_up: Callable[[], Any]) -> None:
    """Close a connection from the sandbox's side first: the client would wait three seconds on its socket."""
    handler.client.auto_reconnect_enabled = handler.client.default_auto_reconnect_enabled = False
    hang_up()
    until(lambda: not handler.client.is_connected())
    handler.close()


@contextmanager
def connected(outside: Outside, bot: Bot) -> Iterator[SocketModeHandler]:
    """The bot on one more Socket Mode connection for as long as the block lasts."""
    before = outside.connections()["connections"]
    handler = SocketModeHandler(bot.app, "xapp-sandbox", ping_interval=1)
    handler.connect()
    until(lambda: outside.connections()["connections"] > before)
    try:
        yield handler
    finally:
        end(handler, lambda: outside.on_loop(outside.delivery.socket.close))


@contextmanager
def running_sandbox() -> Iterator[Outside]:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or each answer waits 40 ms for an ACK
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    clock, faults, workspace = Clock(START, running=False), Faults(), fresh_workspace()
    recorder = Recorder(clock)
    delivery = Delivery(clock, recorder, faults, workspace)
    service = SlackService(clock, recorder, faults, workspace, delivery, base_url=address)
    routes = [*slack_routes(service), *delivery_routes(service), *people_routes(service)]
    config = uvicorn.Config(Starlette(routes=routes), log_level="critical", lifespan="off", ws="websockets-sansio")
    server = LoopServer(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    assert server.listening.wait(SECONDS)
    assert server.loop is not None
    with httpx.Client(base_url=f"{address}/control/slack/", timeout=30, trust_env=False) as control:
        outside = Outside(service, delivery, clock, faults, recorder, address, server.loop, control)
        yield outside
        outside.on_loop(delivery.close)
    server.should_exit = True
    thread.join(SECONDS)
    listener.close()


@pytest.fixture(scope="session")
def _outside() -> Iterator[Outside]:
    with running_sandbox() as outside:
        yield outside


@pytest.fixture(scope="session")
def _lonely() -> Iterator[Outside]:
    with running_sandbox() as outside:
        yield outside


@pytest.fixture
def lonely(_lonely: Outside) -> Outside:
    """A sandbox to which no app connects by itself."""
    _lonely.on_loop(_lonely.restart)
    _lonely.delivery.socket.ack_seconds = _lonely.delivery.http.ack_seconds = 0.2
    until(lambda: not _lonely.connections()["connections"])
    return _lonely


@pytest.fixture
def outside(_outside: Outside) -> Outside:
    """The default workspace, fresh for each test; maybe no app is connected."""
    _outside.on_loop(_outside.restart)
    return _outside


@pytest.fixture(scope="session")
def _bot(_outside: Outside) -> Iterator[Bot]:
    bot = make_bot(_outside.base_url)
    with connected(_outside, bot):
        yield bot


@pytest.fixture
def bot(outside: Outside, _bot: Bot) -> Bot:
    """The connected Bolt app, without reactions and memories."""
    _bot.received.clear()
    _bot.scripts.clear()
    until(lambda: outside.connections()["connections"] == 1)
    return _bot


@pytest.fixture
def short_ack(outside: Outside) -> Iterator[None]:
    """Acknowledgements are awaited for a moment only."""
    waits = (outside.delivery.socket, outside.delivery.http)
    for wait in waits:
        wait.ack_seconds = 0.1
    yield
    for wait in waits:
        wait.ack_seconds = 3.0


def plain(text: str) -> Body:
    return {"type": "plain_text", "text": text}


def field_of(label: str, element: Body, block_id: str, **more: Any) -> Body:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


@pytest.fixture
def modal() -> Callable[..., Body]:
    """Makes a modal: with one required text field, or the blocks given."""

    def make(*blocks: Body, **more: Any) -> Body:
        text = field_of("Prénom", {"type": "plain_text_input", "action_id": "first_name"}, "name")
        return {
            "type": "modal",
            "callback_id": "profile",
            "title": plain("Profil"),
            "submit": plain("Valider"),
            "close": plain("Annuler"),
            "blocks": list(blocks) or [text],
            **more,
        }

    return make


@pytest.fixture
def fields() -> Callable[..., Body]:
    """Makes an input block: label, element, block_id."""
    return field_of


@pytest.fixture
def opened(outside: Outside, bot: Bot) -> Callable[[Body], Body]:
    """Opens a modal before Claire through a command, and gives what she sees."""

    def open_it(view: Body) -> Body:
        @bot.on("command")
        def _(ack: Any, body: Body, client: WebClient, _respond: Any) -> None:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=view)

        seen: Body = outside.act("command", command="/demo", wait=SECONDS)["modal"]
        return seen

    return open_it


@pytest.fixture(name="until")
def until_fixture() -> Callable[..., Any]:
    """Waits until a condition is true and gives its value."""
    return until


@pytest.fixture
def new_bot() -> Callable[..., Bot]:
    """Makes a Bolt app for a sandbox, not connected to it."""
    return lambda outside, **options: make_bot(outside.base_url, **options)


@pytest.fixture(name="end")
def end_fixture() -> Callable[[SocketModeHandler, Callable[[], Any]], None]:
    """Ends a Bolt connection quickly."""
    return end
