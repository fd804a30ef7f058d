"""Slack's rate limits as data, kept before a call is made, so that Slack has nothing to refuse.

Limits are windows: at most so many calls within so many seconds, counted on the Clock port (Slack: rate limits by
method, workspace and app; tier 2 is 20 calls a minute, tier 3 50, tier 4 100). ``chat.postMessage`` is limited by
channel, one a second with short bursts, and over the workspace. A call that may not go yet raises Retryable with the
seconds to wait: nothing sleeps here, the outbox puts the effect off and goes on with other lanes.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from programme.errors import Retryable
from programme.ports import Clock

TIER_2, TIER_3, TIER_4, SPECIAL = 20, 50, 100, 600
POST: Final = "chat.postMessage"
CALLS_PER_MINUTE: Final[Mapping[str, int]] = {
    "auth.test": SPECIAL,
    "bookmarks.add": TIER_2,
    "bookmarks.edit": TIER_2,
    "bookmarks.list": TIER_3,
    "bookmarks.remove": TIER_2,
    "chat.delete": TIER_3,
    "chat.getPermalink": SPECIAL,
    POST: 300,
    "chat.update": TIER_3,
    "conversations.archive": TIER_2,
    "conversations.create": TIER_2,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.invite": TIER_3,
    "conversations.kick": TIER_3,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "conversations.setTopic": TIER_2,
    "files.completeUploadExternal": TIER_4,
    "files.delete": TIER_3,
    "files.getUploadURLExternal": TIER_4,
    "files.info": TIER_4,
    "pins.add": TIER_2,
    "users.conversations": TIER_2,
    "users.info": TIER_4,
    "views.publish": TIER_4,
}
"""Every method that the gateway calls; for ``chat.postMessage`` "several hundred" a workspace, taken as 300."""
POSTS_PER_CHANNEL, CHANNEL_SECONDS = 4, 4.0
"""One message a second and a channel, of which four may come at once."""
MINUTE = 60.0
MARGIN = 0.25
"""Seconds added to each window: two calls may travel at different speeds."""
MANY_WINDOWS = 2000


@dataclass
class _Window:
    """The instants (epoch seconds) of the calls of the last ``seconds``; at most ``limit`` of them."""

    limit: int
    seconds: float
    calls: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Return the seconds until one more call fits; 0 when it fits now. A clock set back forgets."""
        while self.calls and not 0 <= now - self.calls[0] < self.seconds:
            self.calls.popleft()
        return self.calls[0] + self.seconds - now if len(self.calls) >= self.limit else 0.0


class Pacing:
    """All windows of one workspace; safe to use from several threads."""

    def __init__(self, clock: Clock) -> None:
        """Count on ``clock``."""
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[tuple[str, str], _Window] = {}
        self._holds: dict[tuple[str, str], tuple[float, float]] = {}
        self._began: float | None = None

    def take(self, *methods: str, channel: str = "") -> None:
        """Count one call of each method, or none and raise Retryable; ``channel`` is where a post goes.

        Several methods are taken together when the first is of no use without the others.
        """
        with self._lock:
            now = self._clock.now().timestamp()
            self._began = now if self._began is None else self._began
            windows = [window for method in methods for window in self._windows_of(method, channel, now)]
            waits = [window.wait(now) for window in windows]
            waits += [self._held(key, now) for method in methods for key in ((method, ""), (method, channel))]
            longest = max(waits)
            if longest > 0:
                raise Retryable(f"{methods[0]}: paced", after=math.ceil(longest * 1000) / 1000)
            for window in windows:
                window.calls.append(now)
            self._forget_idle(now)

    def hold(self, method: str, seconds: float, *, channel: str = "") -> None:
        """Let no call of the method pass for so long: Slack answered 429 with this Retry-After."""
        with self._lock:
            now = self._clock.now().timestamp()
            self._holds[method, channel] = (now, now + seconds)

    def _held(self, key: tuple[str, str], now: float) -> float:
        since, until = self._holds.get(key, (0.0, 0.0))
        if since <= now < until:
            return until - now
        self._holds.pop(key, None)
        return 0.0

    def _windows_of(self, method: str, channel: str, now: float) -> list[_Window]:
        limit = CALLS_PER_MINUTE[method]
        windows = [self._window((method, ""), limit, MINUTE, spent=limit // 2, now=now)]
        if method == POST:
            key, limit = (method, channel), POSTS_PER_CHANNEL
            windows.append(self._window(key, limit, CHANNEL_SECONDS, spent=limit, now=now))
        return windows

    def _window(self, key: tuple[str, str], limit: int, seconds: float, *, spent: int, now: float) -> _Window:
        """The window of this key. One that opens just after the start counts what a process before us may have spent.

        A bot that was killed and started again within a second would otherwise post faster than Slack allows.
        """
        if key not in self._windows:
            window = _Window(limit, seconds + MARGIN)
            if self._began is not None and 0 <= now - self._began < window.seconds:
                window.calls.extend([self._began] * spent)
            self._windows[key] = window
        return self._windows[key]

    def _forget_idle(self, now: float) -> None:
        if len(self._windows) > MANY_WINDOWS:
            self._windows = {key: window for key, window in self._windows.items() if window.wait(now) or window.calls}
