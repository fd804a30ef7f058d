"""``/calendrier/<secret>.ics``: the feed of one member, for their own calendar program."""

from __future__ import annotations

import re

from flask import Flask, Response, request

from handlers.misses import HEADERS, Misses, missed
from handlers.views.ics import to_ics
from programme.ports import Ports
from programme.usecases import calendars

_SECRET = re.compile(r"[A-Za-z0-9_-]{20,64}")


def serve(web: Flask, ports: Ports) -> None:
    """Serve the feeds; a revoked, an unknown and a malformed address get the same answer."""
    misses = Misses()

    def feed(secret: str) -> Response:
        found = calendars.calendar_by_secret(ports, secret) if _SECRET.fullmatch(secret) else None
        if found is None:
            return missed(misses, request.remote_addr or "", ports.clock.now())
        disposition = {"Content-Disposition": f'inline; filename="{calendars.FILE_NAME}"'}
        return Response(to_ics(found), 200, {**HEADERS, **disposition}, content_type="text/calendar; charset=utf-8")

    web.get("/calendrier/<secret>.ics", endpoint="calendar")(feed)
