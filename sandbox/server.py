"""The whole sandbox: its parts wired together, and the one web application in front of them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from sandbox.clock import Clock, show_instant
from sandbox.control import control_routes
from sandbox.faults import Faults
from sandbox.followers import Followers
from sandbox.mailbox import Mailbox
from sandbox.page.desk import Desk
from sandbox.page.live import NotingChanges
from sandbox.page.routes import page_routes
from sandbox.record import Recorder
from sandbox.settings import Settings
from sandbox.slack.delivery import Delivery, delivery_routes
from sandbox.slack.manifest import load_manifest
from sandbox.slack.people import people_routes
from sandbox.slack.seed import load_workspace
from sandbox.slack.service import SlackService
from sandbox.slack.web_api import slack_routes
from sandbox.slack.workspace import Workspace
from sandbox.stripe.routes import stripe_routes
from sandbox.stripe.service import StripeService
from sandbox.stripe.webhooks import Target, Webhooks


@dataclass
class Sandbox:
    """Every part, sharing one clock, one record and one set of faults."""

    settings: Settings
    base_url: str
    clock: Clock
    followers: Followers
    recorder: Recorder
    faults: Faults
    delivery: Delivery
    slack: SlackService
    stripe: StripeService
    mailbox: Mailbox
    smtp_port: int = 0
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        """Lay the page's desk over the parts."""
        self.desk = Desk(self)

    def reset(self) -> None:
        """Everything as it was at the start, but for connections, followers and webhook targets."""
        self.clock.reset(self.settings.start)
        workspace = _workspace(self.settings, self.clock)
        self.slack.reset(workspace)
        self.delivery.reset(workspace)
        self.stripe.reset()
        self.mailbox.clear()
        self.faults.clear()
        self.recorder.clear()
        self.desk.reset()

    def summary(self) -> dict[str, Any]:
        """What runs where, and how much is in it."""
        target = self.stripe.webhooks.target
        return {
            "clock": {
                "now": show_instant(self.clock.now()),
                "version": self.clock.version,
                "running": self.clock.running,
                "followers": self.followers.answer(),
            },
            "slack": {
                "api": f"{self.base_url}/api/",
                "team": self.slack.workspace.team.name,
                "users": len(self.slack.workspace.users),
                "channels": len(self.slack.workspace.channels),
                "connections": len(self.delivery.socket.connections),
            },
            "stripe": {"api": f"{self.base_url}/stripe", "webhook": target.url if target else None},
            "mail": {"smtp_port": self.smtp_port, "received": len(self.mailbox.mails())},
            "faults": self.faults.answer(),
        }


def build_sandbox(settings: Settings, base_url: str) -> Sandbox:
    """All parts, not started yet; ``base_url`` is where they will be reached."""
    clock, faults = Clock(settings.start), Faults(settings.faults_seed)
    recorder = Recorder(clock)
    workspace = _workspace(settings, clock)
    delivery = Delivery(clock, recorder, faults, workspace)
    webhooks = Webhooks(clock, recorder, faults)
    if settings.stripe_webhook_url is not None:
        webhooks.target = Target(settings.stripe_webhook_url, settings.stripe_webhook_secret)
    if settings.record is not None:
        recorder.write_to(settings.record)
    return Sandbox(
        settings=settings,
        base_url=base_url,
        clock=clock,
        followers=Followers(clock),
        recorder=recorder,
        faults=faults,
        delivery=delivery,
        slack=SlackService(clock, recorder, faults, workspace, delivery, base_url=base_url),
        stripe=StripeService(clock, recorder, faults, webhooks, settings.stripe_key, base_url),
        mailbox=Mailbox(clock, recorder, faults),
    )


def _workspace(settings: Settings, clock: Clock) -> Workspace:
    epoch = int((settings.start or clock.now()).timestamp())
    return load_workspace(settings.workspace, load_manifest(settings.manifest), epoch)


def build_app(sandbox: Sandbox) -> Starlette:
    """The web application; its lifespan starts and ends what runs in the background."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with _running(sandbox):
            yield

    routes = [
        *slack_routes(sandbox.slack),
        *delivery_routes(sandbox.slack),
        *people_routes(sandbox.slack),
        *stripe_routes(sandbox.stripe),
        *control_routes(sandbox),
        *page_routes(sandbox.desk),
    ]
    noting = Middleware(NotingChanges, changes=sandbox.desk.changes)
    return Starlette(routes=routes, middleware=[noting], lifespan=lifespan)


@contextlib.asynccontextmanager
async def _running(sandbox: Sandbox) -> AsyncIterator[None]:
    """Time passes, webhooks leave and mail comes in for as long as the block lasts."""
    sandbox.smtp_port = await sandbox.mailbox.start(sandbox.settings.host, sandbox.settings.smtp_port)
    tasks = [
        asyncio.create_task(sandbox.clock.keep_time()),
        asyncio.create_task(sandbox.stripe.webhooks.start()),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await sandbox.mailbox.stop()
        sandbox.recorder.close()


def bind(settings: Settings) -> tuple[socket.socket, str]:
    """The listening socket and the address that it is reached at; raises OSError when the port is taken.

    The protocol is named, because asyncio turns Nagle's delay (40 ms an answer) off only on sockets that say TCP.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
    except OSError:
        listener.close()
        raise
    return listener, f"http://{settings.host}:{listener.getsockname()[1]}"


class WebServer(uvicorn.Server):
    """The web server of a sandbox: quiet, and quick to end although programs wait on long polls."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(
            uvicorn.Config(
                build_app(sandbox),
                log_level="warning",
                access_log=False,
                lifespan="on",
                ws="websockets-sansio",
                timeout_graceful_shutdown=1,
            )
        )
        self._sandbox = sandbox

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the waiting programs go, then stop."""
        self._sandbox.followers.end()
        self._sandbox.desk.changes.end()
        self._sandbox.desk.mover.stop()
        self._sandbox.desk.tour.stop()
        await self._sandbox.delivery.close()
        await super().shutdown(sockets)


def run(settings: Settings) -> None:
    """Run the sandbox until it is interrupted; raises OSError when a port is taken."""
    listener, base_url = bind(settings)
    with listener:
        WebServer(build_sandbox(settings, base_url)).run(sockets=[listener])
