"""The record of every call that the sandbox receives: one JSON object each, secrets masked."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from sandbox.clock import Clock, real_now, show_instant

MAX_LINES = 200_000
MAX_TEXT = 20_000

_SECRET = re.compile(r"(xox[a-z]-|xapp-|[sr]k_(?:test|live)_|whsec_)[\w-]+")
_SECRET_KEYS = frozenset({"token", "authorization", "secret", "signing_secret", "client_secret"})


class Recorder:
    """Keeps the last ``max_lines`` calls in memory, and all of them in a file once one is named."""

    def __init__(self, clock: Clock, *, max_lines: int = MAX_LINES) -> None:
        self._clock = clock
        self._lines: deque[dict[str, Any]] = deque(maxlen=max_lines)
        self._count = 0
        self._file: TextIO | None = None
        self._listeners: list[Callable[[], None]] = []

    @property
    def count(self) -> int:
        """The number of the last call."""
        return self._count

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after every call kept."""
        self._listeners.append(listener)

    def record(
        self, *, service: str, method: str, arguments: Mapping[str, Any], status: int, answer: Any, ms: float
    ) -> None:
        """Keep one call: ``ms`` is how long its answer took, in real milliseconds."""
        self._count += 1
        line = {
            "n": self._count,
            "at": show_instant(self._clock.now()),
            "real_at": show_instant(real_now()),
            "service": service,
            "method": method,
            "arguments": masked(arguments),
            "status": status,
            "answer": masked(answer),
            "ms": round(ms, 1),
        }
        self._lines.append(line)
        if self._file is not None:
            self._file.write(_as_line(line))
            self._file.flush()
        for listener in self._listeners:
            listener()

    def lines(self, *, since: int = 0, method: str | None = None, service: str | None = None) -> list[dict[str, Any]]:
        """The calls after number ``since``, oldest first, of one method or service if named."""
        return [
            line
            for line in self._after(since)
            if method in {None, line["method"]} and service in {None, line["service"]}
        ]

    def write_to(self, path: Path) -> int:
        """Write all calls so far to a new file, and every later one; answers how many were written."""
        self.close()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8")
        self._file.writelines(_as_line(line) for line in self._lines)
        self._file.flush()
        return len(self._lines)

    def clear(self) -> None:
        """Forget the calls in memory; numbers go on, and the file keeps what it has."""
        self._lines.clear()

    def close(self) -> None:
        """Stop writing to the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _after(self, since: int) -> Iterator[dict[str, Any]]:
        first = self._lines[0]["n"] if self._lines else 0
        return islice(self._lines, max(0, since + 1 - first), None)


def _as_line(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def masked(value: Any) -> Any:
    """A JSON-ready copy: secrets masked, long texts cut, bytes counted."""
    if isinstance(value, str):
        return _masked_text(value)
    if isinstance(value, Mapping):
        return {str(key): _masked_entry(str(key), entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(entry) for entry in value]
    if isinstance(value, bytes | bytearray):
        return f"<{len(value)} bytes>"
    if value is None or isinstance(value, bool | int | float):
        return value
    return _masked_text(str(value))


def _masked_entry(key: str, value: Any) -> Any:
    if key.lower() in _SECRET_KEYS and isinstance(value, str) and value:
        kept = _masked_text(value)
        return kept if kept != value else "***"
    return masked(value)


def _masked_text(text: str) -> str:
    text = _SECRET.sub(r"\1***", text)
    if len(text) > MAX_TEXT:
        return f"{text[:MAX_TEXT]}… ({len(text)} characters)"
    return text
