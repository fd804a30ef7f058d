"""Pages behind a secret address: what every answer carries, and the patience with those who guess."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from flask import Response

MISSES, WINDOW, REMEMBERED = 20, timedelta(minutes=10), 1000
HEADERS = {
    "Cache-Control": "private, max-age=900",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


class Misses:
    """Counts wrong addresses by caller: whoever tries many is told to come back later.

    A right address is always served: behind a proxy all callers look alike, and nobody may shut the others out.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def too_many(self, who: str, now: datetime) -> bool:
        """Whether this caller has missed too often of late."""
        since, count = self._seen.get(who, (now, 0))
        return count >= MISSES and now - since < WINDOW

    def add(self, who: str, now: datetime) -> None:
        """Note a wrong address; the oldest callers are forgotten."""
        since, count = self._seen.pop(who, (now, 0))
        self._seen[who] = (since, count + 1) if now - since < WINDOW else (now, 1)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)


def missed(misses: Misses, who: str, now: datetime) -> Response:
    """Answer a wrong address."""
    if misses.too_many(who, now):
        return Response("later\n", 429, {**HEADERS, "Retry-After": str(int(WINDOW.total_seconds()))}, "text/plain")
    misses.add(who, now)
    return Response("not found\n", 404, {**HEADERS, "Cache-Control": "no-store"}, "text/plain")
