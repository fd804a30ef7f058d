"""Programs that live on the sandbox clock: who they are, and whether they have done all that was due.

A follower asks for the next version of the clock (a long poll), does what is due at that time, and reports
itself settled, with the instant of its next due work. Whoever moves the clock can wait for that.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.clock import Clock, show_instant

SILENT_SECONDS = 120.0
"""Real seconds without a sign of life after which a follower is taken for gone."""


class NotSettledError(Exception):
    """Some followers did not settle in time; the text names them."""


@dataclass
class Follower:
    """One program: the last version that it has settled, and when it has something to do again."""

    name: str
    seen_at: float
    polls: int = 0
    away: bool = False
    settled_version: int = 0
    next_due: datetime | None = None

    def answer(self) -> dict[str, Any]:
        """What the control routes show of it."""
        return {
            "settled_version": self.settled_version,
            "next_due": show_instant(self.next_due) if self.next_due else None,
        }


class Followers:
    """All followers of one clock."""

    def __init__(self, clock: Clock, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._monotonic = monotonic
        self._followers: dict[str, Follower] = {}
        self._changed = asyncio.Event()
        self._ended = False
        clock.subscribe(self._wake)

    def end(self) -> None:
        """Let nobody wait any more: the sandbox is about to stop."""
        self._ended = True
        self._wake()

    def _wake(self) -> None:
        """Wake everybody who waits; whoever comes later waits on a new event."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def follow(self, name: str, after: int, timeout_seconds: float) -> None:
        """Return once the clock's version is greater than ``after``, or when the time is up."""
        follower = self._follower(name)
        follower.polls += 1
        try:
            await self._until(lambda: self.clock.version > after, timeout_seconds)
        finally:
            follower.polls -= 1
            follower.seen_at = self._monotonic()

    def settled(self, name: str, version: int, next_due: datetime | None) -> None:
        """Note that the follower has done all that was due at this version."""
        if not 0 < version <= self.clock.version:
            raise ValueError(f"the clock has had no version {version}")
        follower = self._follower(name)
        follower.settled_version, follower.next_due = version, next_due
        self._wake()

    def lost(self, name: str) -> None:
        """The connection of a waiting follower broke: nobody waits for it until it comes back."""
        follower = self._followers.get(name)
        if follower is not None and not follower.polls:
            follower.away = True
            self._wake()

    def leave(self, name: str) -> None:
        """Forget a follower that ends."""
        self._followers.pop(name, None)
        self._wake()

    async def wait(self, version: int, timeout_seconds: float) -> None:
        """Return once every follower has settled ``version`` or a later one; raises NotSettledError."""
        if not await self._until(lambda: not self._late(version), timeout_seconds):
            names = ", ".join(self._late(version))
            raise NotSettledError(f"not settled after {timeout_seconds:g} s: {names}")

    def next_due(self) -> datetime | None:
        """The earliest instant at which a follower has something to do."""
        return min((f.next_due for f in self._present() if f.next_due), default=None)

    def answer(self) -> dict[str, dict[str, Any]]:
        """Every follower by name, as the control routes show them."""
        return {follower.name: follower.answer() for follower in self._present()}

    def _late(self, version: int) -> list[str]:
        return [f.name for f in self._present() if f.settled_version < version]

    def _present(self) -> list[Follower]:
        horizon = self._monotonic() - SILENT_SECONDS
        return [f for f in self._followers.values() if not f.away and (f.polls or f.seen_at >= horizon)]

    def _follower(self, name: str) -> Follower:
        if not name:
            raise ValueError("a follower needs a name")
        follower = self._followers.setdefault(name, Follower(name, self._monotonic()))
        follower.seen_at, follower.away = self._monotonic(), False
        return follower

    async def _until(self, condition: Callable[[], bool], timeout_seconds: float) -> bool:
        """Wait for the condition, looked at after every change; False when the time is up."""
        deadline = self._monotonic() + timeout_seconds
        while not condition():
            left = deadline - self._monotonic()
            if left <= 0 or self._ended:
                return False
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                return condition()
        return True
