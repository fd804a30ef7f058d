"""``/calendrier/<secret>.ics``: the feed of one member, for their own calendar program."""

from __future__ import annotations

import re
from collections import OrderedDict
from datetime import datetime, timedelta

from flask import Flask, Response, request

from handlers.views.ics import to_ics
from programme.ports import Ports
from programme.usecases import calendars

MISSES, WINDOW, REMEMBERED = 20, timedelta(minutes=10), 1000
_SECRET = re.compile(r"[A-Za-z0-9_-]{20,64}")
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


def serve(web: Flask, ports: Ports) -> None:
    """Serve the feeds; a revoked, an unknown and a malformed address get the same answer."""
    misses = Misses()

    def feed(secret: str) -> Response:
        found = calendars.calendar_by_secret(ports, secret) if _SECRET.fullmatch(secret) else None
        if found is None:
            return _missed(misses, request.remote_addr or "", ports.clock.now())
        disposition = {"Content-Disposition": f'inline; filename="{calendars.FILE_NAME}"'}
        return Response(to_ics(found), 200, {**HEADERS, **disposition}, content_type="text/calendar; charset=utf-8")

    web.get("/calendrier/<secret>.ics", endpoint="calendar")(feed)


def _missed(misses: Misses, who: str, now: datetime) -> Response:
    if misses.too_many(who, now):
        return Response("later\n", 429, {**HEADERS, "Retry-After": str(int(WINDOW.total_seconds()))}, "text/plain")
    misses.add(who, now)
    return Response("not found\n", 404, {**HEADERS, "Cache-Control": "no-store"}, "text/plain")
