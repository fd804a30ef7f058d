"""The stage: a sandbox and the bot, each a program of its own, pointed at one another."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx

from bot.demo.sandbox_api import DemoError, SandboxApi
from bot.demo.stories import read_stories

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 90.0
PAUSE = 0.1


def free_port() -> int:
    """Return a port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def bot_environment(sandbox: str, smtp_port: int, port: int, folder: Path) -> dict[str, str]:
    """Return the settings that point the bot at the sandbox."""
    return {
        **os.environ,
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
        "SLACK_APP_TOKEN": "xapp-sandbox",
        "SLACK_SIGNING_SECRET": "sandbox-signing-secret",
        "SLACK_API_URL": f"{sandbox}/api/",
        "SLACK_ADMIN_CHANNEL": "CADMIN0001",
        "SLACK_TUTOR_CHANNEL": "CTUTORS01",
        "STRIPE_SECRET_KEY": "sk_test_sandbox",
        "STRIPE_WEBHOOK_SECRET": "whsec_sandbox",
        "STRIPE_API_URL": f"{sandbox}/stripe",
        "SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
        "CLOCK_URL": sandbox,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "DATA_DIR": str(folder),
        "DATABASE_URL": "",
        "CONTENT_DIR": "",
        "LOG_LEVEL": "INFO",
    }


class Stage:
    """The two running programs and their logs, in ``folder``."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.bot_port = free_port()
        self.smtp_port = free_port()
        self.sandbox = f"http://127.0.0.1:{self.port}"
        self.api = SandboxApi(self.sandbox, wait_for_bot=self.wait_for_bot)
        self._bot_is_up = threading.Event()
        self._sandbox_program: subprocess.Popen[bytes] | None = None
        self._bot_program: subprocess.Popen[bytes] | None = None

    def start(self, now: datetime | None = None) -> None:
        """Start sandbox, then bot; DemoError names the log of the one that does not answer.

        With ``now`` time stands still at that instant before the bot first looks at the clock.
        """
        serve = ["serve", "--port", str(self.port), "--smtp-port", str(self.smtp_port)]
        manifest = ["--manifest", str(ROOT / "app_manifest.yml")]
        self._sandbox_program = self._spawn(
            "sandbox", [sys.executable, "-m", "sandbox", *serve, *manifest], dict(os.environ)
        )
        self._await("sandbox", self._sandbox_program, lambda: bool(self.api.get("/clock")))
        webhook = f"http://127.0.0.1:{self.bot_port}/stripe/webhook"
        self.api.post("/control/stripe/webhook", url=webhook, secret="whsec_sandbox")  # noqa: S106 - the sandbox's
        withdrawal = {
            "label": "Renoncer au contrat, sans Slack",
            "url": f"http://127.0.0.1:{self.bot_port}/retractation",
        }
        self.api.post("/control/page/links", links=[withdrawal])
        self.api.post("/control/page/stories", stories=read_stories())
        if now is not None:
            self.api.set_clock(now)
        self.start_bot()

    def start_bot(self) -> None:
        """Start the bot on what it may have left in ``folder``, and wait until it listens and follows the clock."""
        environment = bot_environment(self.sandbox, self.smtp_port, self.bot_port, self.folder)
        self._bot_program = self._spawn("bot", [sys.executable, "-m", "bot", "run"], environment)
        self._await("bot", self._bot_program, self._bot_is_ready)
        self._bot_is_up.set()

    def kill_bot(self) -> None:
        """Cut the bot's power: it ends at once, in the middle of whatever it does."""
        self._bot_is_up.clear()
        if self._bot_program is not None:
            self._bot_program.kill()
            self._bot_program.wait()

    def wait_for_bot(self) -> None:
        """Return once the bot is up."""
        if not self._bot_is_up.wait(START_SECONDS):
            raise DemoError(f"Le robot ne revient pas : voir {self.folder / 'bot.log'}")

    def _bot_is_ready(self) -> bool:
        connected = bool(self.api.get("/control/slack/connections")["connections"])
        return connected and "bilan" in self.api.settle()

    def _spawn(self, name: str, command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own programs
                command, env=environment, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )

    def _await(self, name: str, program: subprocess.Popen[bytes], is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        pause = threading.Event()
        while time.monotonic() < deadline and program.poll() is None:
            try:
                if is_ready():
                    return
            except (DemoError, httpx.TransportError):
                pass  # not yet
            pause.wait(PAUSE)
        raise DemoError(f"{name} ne répond pas : voir {self.folder / f'{name}.log'}")

    def stop(self) -> None:
        """End the bot, then the sandbox."""
        self.api.close()
        for program in (self._bot_program, self._sandbox_program):
            if program is None or program.poll() is not None:
                continue
            program.send_signal(signal.SIGTERM)
            try:
                program.wait(timeout=15)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
