"""The stage: a sandbox and the bot, each a program of its own, pointed at one another; Ctrl-C ends both."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from rich.console import Console
from rich.progress import Progress

ROOT = Path(__file__).parent.parent.parent
FOLDER = Path("demo-data")
START_SECONDS = 60.0
console = Console()


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
        self._programs: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start sandbox, then bot; RuntimeError names the log of the one that does not answer."""
        serve = ["serve", "--port", str(self.port), "--smtp-port", str(self.smtp_port)]
        manifest = ["--manifest", str(ROOT / "app_manifest.yml")]
        self._spawn("sandbox", [sys.executable, "-m", "sandbox", *serve, *manifest], dict(os.environ))
        self._await(f"{self.sandbox}/clock", "sandbox")
        environment = bot_environment(self.sandbox, self.smtp_port, self.bot_port, self.folder)
        self._spawn("bot", [sys.executable, "-m", "bot", "run"], environment)
        self._await(f"http://127.0.0.1:{self.bot_port}/healthz", "bot")

    def _spawn(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            program = subprocess.Popen(  # noqa: S603 - our own programs
                command, env=environment, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        self._programs.append(program)

    def _await(self, address: str, name: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        pause = threading.Event()
        while time.monotonic() < deadline and self._programs[-1].poll() is None:
            try:
                with urlopen(address, timeout=2):  # noqa: S310 - loopback
                    return
            except (URLError, OSError):
                pause.wait(0.1)
        raise RuntimeError(f"{name} ne répond pas : voir {self.folder / f'{name}.log'}")

    def stop(self) -> None:
        """End the bot, then the sandbox."""
        for program in reversed(self._programs):
            program.send_signal(signal.SIGTERM)
            try:
                program.wait(timeout=15)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
        self._programs.clear()


def play(*, port: int) -> int:
    """Set the stage and keep it up until Ctrl-C; returns the exit code."""
    stage = Stage(FOLDER / time.strftime("%Y%m%d-%H%M%S"), port)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    try:
        with Progress(console=console, transient=True) as progress:
            progress.add_task("Le bac à sable et le robot démarrent…", total=None)
            stage.start()
        _invite(stage)
        stopping.wait()
    except RuntimeError as error:
        console.print(str(error), style="red", markup=False)
        return 1
    finally:
        stage.stop()
    return 0


def _invite(stage: Stage) -> None:
    """Say what a person can do now."""
    command = f"{Path(sys.executable).parent / 'bilan-sandbox'} --url {stage.sandbox}"
    console.print("[bold]Le robot tourne.[/bold] Dans un autre terminal :")
    for act in ("people", 'type claire.martin "/bilan-inscription"', "read claire.martin", "clock next", "mail"):
        console.print(f"  {command} {act}", markup=False, soft_wrap=True)
    console.print("Ctrl-C arrête tout.")
