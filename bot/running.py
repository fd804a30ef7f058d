"""Runs the bot until it is told to stop; starts without Slack, Stripe or mail and keeps trying."""

from __future__ import annotations

import signal
import threading

import structlog
import waitress
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk.errors import SlackApiError, SlackClientError
from waitress.server import BaseWSGIServer

from bot.gateways.clock import FollowedClock
from bot.wiring import Bot
from programme.usecases import agenda, channel_life, guide_editions, roles
from store.migrate import migrate

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
CONCURRENCY = 16
CONNECTING = 0.05


class Running:
    """The threads of one running bot."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.stopping = threading.Event()
        self._socket: SocketModeHandler | None = None
        self._server: BaseWSGIServer | None = None
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Bring the database up to date, then start everything; returns at once."""
        migrate(self.bot.engine)
        guide_editions.recall(self.bot.ports)
        agenda.ensure_recurring(self.bot.ports)
        self._serve_web()
        self.bot.runner.start()
        self._spawn(self._meet_slack, "slack")
        if isinstance(self.bot.clock, FollowedClock):
            self._spawn(self._follow_clock, "clock")

    def wait(self) -> None:
        """Block until a signal asks to stop."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stopping.set())
        self.stopping.wait()

    def stop(self) -> None:
        """Stop in order: no new requests, then the work in hand, then the database."""
        self.stopping.set()
        if self._socket is not None:
            self._socket.close()  # type: ignore[no-untyped-call]
        if self._server is not None:
            self._server.close()
        self.bot.runner.stop()
        for thread in self._threads:
            thread.join(timeout=5)
        self.bot.engine.dispose()
        log.info("stopped")

    def _spawn(self, target: object, name: str) -> None:
        thread = threading.Thread(target=target, name=name, daemon=True)  # type: ignore[arg-type]
        thread.start()
        self._threads.append(thread)

    def _serve_web(self) -> None:
        self._server = waitress.create_server(self.bot.web, host="127.0.0.1", port=self.bot.settings.port, threads=8)
        self._spawn(self._server.run, "web")
        log.info("web_started", port=self._server.effective_port)

    def _meet_slack(self) -> None:
        """Connect in Socket Mode, or only say hello in HTTP mode; try for ever, less and less often."""
        pause = FIRST_PAUSE
        while not self.stopping.is_set():
            try:
                self._connect()
            except (SlackApiError, SlackClientError, OSError) as error:
                log.warning("slack_is_away", error=type(error).__name__, next_try_seconds=pause)
                self.stopping.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                roles.refresh_roles(self.bot.ports)
                channel_life.watch(self.bot.ports)
                log.info("ready")
                return

    def _connect(self) -> None:
        if self.bot.settings.socket_mode:
            token = self.bot.settings.slack_app_token.get_secret_value()
            handler = SocketModeHandler(self.bot.slack, token, concurrency=CONCURRENCY)
            self._socket = handler
            handler.connect()  # type: ignore[no-untyped-call]
            while not handler.client.is_connected() and not self.stopping.wait(CONNECTING):
                pass  # the client connects in a thread of its own, and tries again by itself
        else:
            self.bot.slack.client.auth_test()

    def _follow_clock(self) -> None:
        clock = self.bot.clock
        if isinstance(clock, FollowedClock):
            clock.follow(self.bot.runner.catch_up, self.stopping)
