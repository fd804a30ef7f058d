"""Live pages: every change of the sandbox wakes the open windows, which then fetch their page again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.types import ASGIApp, Receive, Scope, Send

CALM_SECONDS = 0.15
"""Changes that follow one another more quickly than this wake a window once."""
HEARTBEAT_SECONDS = 20.0


class Changes:
    """Counts the changes, and lets windows wait for the next one."""

    def __init__(self) -> None:
        self.count = 0
        self._next = asyncio.Event()
        self._ended = False

    def note(self) -> None:
        """Something has changed, or may have."""
        self.count += 1
        self._next.set()
        self._next = asyncio.Event()

    def end(self) -> None:
        """Let no window wait any more: the sandbox is about to stop."""
        self._ended = True
        self.note()

    async def stream(self) -> AsyncIterator[str]:
        """Server-sent events: the first when the window connects, then one for each bout of changes."""
        seen = -1
        while not self._ended:
            if seen == self.count and not await self._waited():
                yield ": calm\n\n"
                continue
            await asyncio.sleep(CALM_SECONDS if seen >= 0 else 0)
            seen = self.count
            yield f"id: {seen}\ndata: {seen}\n\n"

    async def _waited(self) -> bool:
        try:
            await asyncio.wait_for(self._next.wait(), HEARTBEAT_SECONDS)
        except TimeoutError:
            return False
        return True


class NotingChanges:
    """Middleware: every request that may change something is a change once it is answered."""

    def __init__(self, app: ASGIApp, changes: Changes) -> None:
        self.app = app
        self.changes = changes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        try:
            await self.app(scope, receive, send)
        finally:
            if scope["type"] == "http" and scope["method"] not in {"GET", "HEAD"}:
                self.changes.note()
