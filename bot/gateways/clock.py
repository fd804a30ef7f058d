"""The present: the machine's own, or that of a sandbox whose clock can be moved (``programme.ports.Clock``).

A program that lives on another clock is told of every change by a long poll, does what has become due, and reports so;
whoever moves the clock can wait for that.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog

log = structlog.get_logger(__name__)

CALL_SECONDS = 10.0
POLL_SECONDS = 2.0
"""A long poll is this short so that a program told to stop notices in time."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class _Reading:
    """What the clock said, and the machine's own seconds at that moment."""

    now: datetime
    running: bool
    read_at: float

    def carried_on(self) -> datetime:
        """The instant now, if nobody has moved the clock since."""
        passed = time.monotonic() - self.read_at if self.running else 0.0
        return self.now + timedelta(seconds=passed)


class FollowedClock:
    """The clock at ``url``, followed under ``name``; safe to use from several threads."""

    def __init__(self, url: str, name: str, *, poll_seconds: float = POLL_SECONDS) -> None:
        """Nothing is asked yet; ``poll_seconds`` is the length of one long poll."""
        self._http = _Connections(url)
        self._name = name
        self._poll_seconds = poll_seconds
        self._last: _Reading | None = None

    def now(self) -> datetime:
        """Ask the clock. While it does not answer, its last answer is carried on; OSError if there never was one."""
        try:
            answer = self._http.call("GET", "/clock")
        except (OSError, HTTPException) as error:
            if self._last is None:
                raise ConnectionError(f"the clock at {self._http.url} does not answer") from error
            return self._last.carried_on()
        self._last = _Reading(_instant(answer["now"]), bool(answer["running"]), time.monotonic())
        return self._last.now

    def follow(self, on_change: Callable[[], datetime | None], stop: threading.Event) -> None:
        """Until ``stop``: after each change do all that is due, then report it settled.

        ``on_change`` does the work and returns the instant of the next one, if any. Should it or the clock fail, the
        loop waits, a little longer each time, and looks at everything again.
        """
        version, pause = 0, FIRST_PAUSE
        while not stop.is_set():
            try:
                version = self._turn(version, on_change)
                pause = FIRST_PAUSE
            except Exception:  # whatever failed, the clock must be followed
                log.exception("clock_not_followed", url=self._http.url, next_try_seconds=pause)
                version = 0
                stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        self._leave()

    def close(self) -> None:
        """Close the connections that are kept open; asking again opens new ones."""
        self._http.close()

    def _turn(self, version: int, on_change: Callable[[], datetime | None]) -> int:
        """One long poll, and one settlement if the version has changed; returns the version that is settled."""
        asked = {"after": version, "name": self._name, "timeout": self._poll_seconds}
        answer = self._http.call("GET", f"/clock/follow?{urlencode(asked)}", seconds=self._poll_seconds + CALL_SECONDS)
        found = int(answer["version"])
        if found != version:  # smaller, too: the clock was started again
            due = on_change()
            report = {"name": self._name, "version": found, "next_due": due.isoformat() if due else None}
            self._http.call("POST", "/clock/settled", report)
        return found

    def _leave(self) -> None:
        """Say that nobody needs to wait for us any more; if the clock is gone, nobody does."""
        try:
            self._http.call("POST", "/clock/leave", {"name": self._name})
        except (OSError, HTTPException) as error:
            log.info("clock_is_gone", error=type(error).__name__)
        self.close()


class _Connections:
    """Connections to one server, kept open and lent to one thread at a time."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._address = parts.netloc
        self._prefix = parts.path
        self._idle: list[HTTPConnection] = []
        self._lock = threading.Lock()

    def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, seconds: float = CALL_SECONDS
    ) -> dict[str, Any]:
        """Ask and return the JSON answer; OSError or HTTPException when there is none.

        The server may have closed a connection that was kept: every call can be repeated, so a new one is tried once.
        """
        with self._lock:
            kept = self._idle.pop() if self._idle else None
        if kept is not None:
            try:
                return self._ask(kept, method, path, body, seconds)
            except (OSError, HTTPException):
                pass
        return self._ask(self._kind(self._address), method, path, body, seconds)

    def _ask(
        self, connection: HTTPConnection, method: str, path: str, body: dict[str, Any] | None, seconds: float
    ) -> dict[str, Any]:
        """Ask on this connection; it is kept for later unless something goes wrong."""
        try:
            connection.timeout = seconds
            if connection.sock is not None:
                connection.sock.settimeout(seconds)
            content = json.dumps(body) if body is not None else None
            connection.request(method, self._prefix + path, content, {"Content-Type": "application/json"})
            found = _answer(connection.getresponse())
        except BaseException:
            connection.close()
            raise
        with self._lock:
            self._idle.append(connection)
        return found

    def close(self) -> None:
        """Close every connection that nobody uses."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()


def _answer(response: HTTPResponse) -> dict[str, Any]:
    content = response.read()
    if response.status != 200:
        raise HTTPException(f"HTTP {response.status}: {content[:200]!r}")
    try:
        answer: dict[str, Any] = json.loads(content)
    except ValueError as error:
        raise HTTPException("the answer is not JSON") from error
    return answer


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
