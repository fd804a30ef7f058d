"""Slack's rate limits, counted on the sandbox clock, so that moving the clock refills every window.

A method of tier n may be called its tier's number of times within any 60 seconds. chat.postMessage is special:
one message a second and a channel, with the short bursts that Slack allows taken as four (at most 4 messages
within any 4 seconds), and 300 a minute over the whole workspace ("several hundred").
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

TIERS = {1: 1, 2: 20, 3: 50, 4: 100, 5: 600}
MINUTE = 60.0
POSTS_PER_CHANNEL, CHANNEL_WINDOW = 4, 4.0
POSTS_PER_WORKSPACE = 300


@dataclass
class _Window:
    """The calls of the last ``seconds``; at most ``limit`` of them."""

    limit: int
    seconds: float
    calls: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until another call fits; 0 when one fits now."""
        while self.calls and not 0 <= now - self.calls[0] < self.seconds:
            self.calls.popleft()
        if len(self.calls) < self.limit:
            return 0.0
        return self.calls[0] + self.seconds - now


class RateLimits:
    """All windows of one workspace and app."""

    def __init__(self) -> None:
        self._windows: dict[str, _Window] = {}

    def retry_after(self, method: str, tier: int | None, now: float, channel: str = "") -> int | None:
        """Count a call at ``now`` (epoch seconds): None when it passes, else whole seconds to wait.

        A refused call is not counted.
        """
        windows = self._windows_of(method, tier, channel)
        wait = max((window.wait(now) for window in windows), default=0.0)
        if wait > 0:
            return max(1, math.ceil(wait))
        for window in windows:
            window.calls.append(now)
        return None

    def _windows_of(self, method: str, tier: int | None, channel: str) -> list[_Window]:
        if method == "chat.postMessage":
            return [
                self._window(f"{method} {channel}", POSTS_PER_CHANNEL, CHANNEL_WINDOW),
                self._window(method, POSTS_PER_WORKSPACE, MINUTE),
            ]
        return [] if tier is None else [self._window(method, TIERS[tier], MINUTE)]

    def _window(self, key: str, limit: int, seconds: float) -> _Window:
        return self._windows.setdefault(key, _Window(limit, seconds))
