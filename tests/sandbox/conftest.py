"""A sandbox Slack on a free loopback port, driven by the real client; the clock stands still until moved."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from starlette.applications import Starlette
from starlette.types import ASGIApp

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.record import Recorder
from sandbox.settings import DATA
from sandbox.slack.manifest import load_manifest
from sandbox.slack.model import Channel, JsonObject, Manifest
from sandbox.slack.seed import load_workspace
from sandbox.slack.service import SlackService
from sandbox.slack.web_api import slack_routes

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class ReadyServer(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


@contextmanager
def serving(app: ASGIApp, listener: socket.socket) -> Iterator[None]:
    """Run the app on this socket in a thread for as long as the block lasts."""
    server = ReadyServer(uvicorn.Config(app, log_level="critical", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    assert server.listening.wait(10)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)


class EventLog:
    """Takes the place of the delivery: keeps what would be sent."""

    def __init__(self) -> None:
        self.payloads: list[JsonObject] = []

    def send_event(self, event: JsonObject) -> None:
        self.payloads.append(event)

    def of(self, kind: str) -> list[JsonObject]:
        """The inner events of one type."""
        return [p["event"] for p in self.payloads if p["event"]["type"] == kind]


@dataclass
class World:
    """One Slack workspace, the client of its app, and what the app would be told."""

    service: SlackService
    clock: Clock
    faults: Faults
    recorder: Recorder
    base_url: str
    events: EventLog = field(default_factory=EventLog)

    @property
    def client(self) -> WebClient:
        """The app's client, with its bot token."""
        return self.client_with(self.service.app.bot_token)

    def client_with(self, token: str | None) -> WebClient:
        """A client with any token."""
        return WebClient(token=token, base_url=f"{self.base_url}/api/", retry_handlers=[])

    def refused(self, method: str, token: str = "xoxb-sandbox", **arguments: Any) -> JsonObject:
        """The body of a refusal; fails when the call passes."""
        with pytest.raises(SlackApiError) as refusal:
            self.client_with(token).api_call(method, json=arguments)
        answer = refusal.value.response.data
        assert isinstance(answer, dict)
        return answer

    def error(self, method: str, **arguments: Any) -> str:
        """The error code of a refusal of a JSON call."""
        return str(self.refused(method, **arguments)["error"])

    def form_error(self, method: str, **arguments: Any) -> str:
        """The error code of a refusal of a form call."""
        with pytest.raises(SlackApiError) as refusal:
            self.client.api_call(method, params=arguments)
        return str(refusal.value.response["error"])

    def user_id(self, name: str) -> str:
        """The id of somebody of the default cast."""
        user = self.service.workspace.find_user(name)
        assert user is not None
        return user.id

    def channel(self, reference: str) -> Channel:
        """A conversation by id or name."""
        channel = self.service.workspace.find_channel(reference)
        assert channel is not None
        return channel

    def move(self, seconds: float) -> None:
        """Move the clock."""
        self.clock.move(timedelta(seconds=seconds))

    def restart(self, manifest: Manifest | None = None) -> None:
        """The default workspace again, at the start of time."""
        self.clock.set(START)
        self.faults.clear()
        self.recorder.clear()
        self.events.payloads.clear()
        granted = manifest or load_manifest(DATA / "app_manifest.yml")
        workspace = load_workspace(Path(DATA / "workspace.yml"), granted, int(START.timestamp()))
        self.service.reset(workspace)


@pytest.fixture(scope="session")
def _world() -> Iterator[World]:
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    clock, faults, events = Clock(START, running=False), Faults(), EventLog()
    recorder = Recorder(clock)
    workspace = load_workspace(DATA / "workspace.yml", load_manifest(DATA / "app_manifest.yml"))
    service = SlackService(clock, recorder, faults, workspace, events, base_url=address)
    with serving(Starlette(routes=slack_routes(service)), listener):
        yield World(service, clock, faults, recorder, address, events)
    listener.close()


@pytest.fixture
def world(_world: World) -> World:
    """The default workspace, fresh for each test."""
    _world.restart()
    return _world


@pytest.fixture
def with_scopes(world: World) -> Callable[..., World]:
    """Start the world again with an app of exactly these scopes (and all events that they allow)."""

    def restart(*scopes: str, without: tuple[str, ...] = ()) -> World:
        full = load_manifest(DATA / "app_manifest.yml")
        granted = frozenset(scopes) if scopes else full.scopes - set(without)
        world.restart(Manifest(full.name, full.bot_display_name, granted, full.events))
        return world

    return restart
