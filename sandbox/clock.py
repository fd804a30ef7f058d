"""The clock of the sandbox: it runs like a real one, and can be set, moved forward and frozen.

Every change gets a new ``version``, so that programs living on this clock know that time has moved
(see ``sandbox.followers``). Parts of the sandbox put what they have to do later on the clock with
``call_at``: it happens when the clock gets there, whether by running or by being moved.

Everything happens on the event loop; nothing here is safe to touch from another thread.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

LONGEST_SLEEP = 3600.0
"""Seconds of real time after which the clock looks at its timers again, whatever it computed."""


def real_now() -> datetime:
    """The machine's own time, aware UTC."""
    return datetime.now(UTC)


@dataclass(order=True)
class Timer:
    """Something to do at an instant of the clock."""

    instant: datetime
    number: int
    action: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Never do it."""
        self.cancelled = True


class Clock:
    """A clock that can be moved; ``now()`` is an aware UTC datetime.

    ``start`` is where it begins (default: the real time); ``monotonic`` gives the seconds that make it run.
    """

    def __init__(
        self,
        start: datetime | None = None,
        *,
        running: bool = True,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._base = require_aware(start) if start else real_now()
        self._base_at = monotonic()
        self._running = running
        self._version = 1
        self._listeners: list[Callable[[], None]] = []
        self._timers: list[Timer] = []
        self._numbers = itertools.count()
        self._changed = asyncio.Event()

    @property
    def version(self) -> int:
        """Grows by one with every set, move, freeze, run and bump."""
        return self._version

    @property
    def running(self) -> bool:
        """Whether time passes by itself."""
        return self._running

    def now(self) -> datetime:
        """The present instant of the sandbox."""
        if not self._running:
            return self._base
        return self._base + timedelta(seconds=self._monotonic() - self._base_at)

    def set(self, instant: datetime) -> None:
        """Go to any instant, before or after the present; raises ValueError when it is naive."""
        self._jump(require_aware(instant))

    def move(self, by: timedelta) -> None:
        """Go forward; raises ValueError when ``by`` is negative."""
        if by < timedelta(0):
            raise ValueError("the clock moves forward only; set it to go back")
        self._jump(self.now() + by)

    def freeze(self) -> None:
        """Stop at the present instant."""
        self._base, self._running = self.now(), False
        self._change()

    def run(self) -> None:
        """Let time pass again, from the present instant."""
        self._base, self._base_at, self._running = self.now(), self._monotonic(), True
        self._change()

    def bump(self) -> None:
        """A new version at the same instant: followers look once more at what is due."""
        self._change()

    def reset(self, start: datetime | None = None) -> None:
        """Run again from ``start`` (default: the real time), with no timers."""
        self._timers.clear()
        self._running = True
        self._jump(require_aware(start) if start else real_now())

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after every new version."""
        self._listeners.append(listener)

    def call_at(self, instant: datetime, action: Callable[[], None]) -> Timer:
        """Do ``action`` when the clock has reached ``instant``; a past instant means: at the next chance."""
        timer = Timer(require_aware(instant), next(self._numbers), action)
        heapq.heappush(self._timers, timer)
        self._changed.set()
        return timer

    def call_later(self, delay: timedelta, action: Callable[[], None]) -> Timer:
        """Do ``action`` when ``delay`` has passed on the clock."""
        return self.call_at(self.now() + delay, action)

    def run_due(self) -> None:
        """Do what is due by now, in order of instants; actions may put more on the clock."""
        while self._timers and (self._timers[0].cancelled or self._timers[0].instant <= self.now()):
            timer = heapq.heappop(self._timers)
            if not timer.cancelled:
                timer.action()

    async def keep_time(self) -> None:
        """Do what becomes due as time passes; runs until cancelled."""
        while True:
            self._changed.clear()
            self.run_due()
            try:
                await asyncio.wait_for(self._changed.wait(), self._seconds_to_next())
            except TimeoutError:
                continue

    def _seconds_to_next(self) -> float:
        if not self._running or not self._timers:
            return LONGEST_SLEEP
        wait = (self._timers[0].instant - self.now()).total_seconds()
        return min(max(wait, 0.0), LONGEST_SLEEP)

    def _jump(self, instant: datetime) -> None:
        self._base, self._base_at = instant.astimezone(UTC), self._monotonic()
        self._change()

    def _change(self) -> None:
        self._version += 1
        self._changed.set()
        self.run_due()
        for listener in self._listeners:
            listener()


def require_aware(instant: datetime) -> datetime:
    """The instant in UTC; raises ValueError when it has no zone."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone")
    return instant.astimezone(UTC)


def parse_instant(text: str) -> datetime:
    """An ISO 8601 instant with a zone, as UTC; raises ValueError otherwise."""
    return require_aware(datetime.fromisoformat(text))


def show_instant(instant: datetime) -> str:
    """The instant as ISO 8601 UTC with a final Z."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
