"""``/donnees/<secret>.zip``: the copy of somebody's data, behind an address that expires."""

from __future__ import annotations

import re

from flask import Flask, Response, request

from handlers.misses import HEADERS, Misses, missed
from programme.ports import Ports
from programme.usecases import data_export

_SECRET = re.compile(r"[A-Za-z0-9_-]{20,64}")


def serve(web: Flask, ports: Ports) -> None:
    """Serve the copies; an expired, an unknown and a malformed address get the same answer."""
    misses = Misses()

    def copy(secret: str) -> Response:
        content = data_export.fetch(ports, secret) if _SECRET.fullmatch(secret) else None
        if content is None:
            return missed(misses, request.remote_addr or "", ports.clock.now())
        named = {"Content-Disposition": f'attachment; filename="{data_export.FILE_NAME}"', "Cache-Control": "no-store"}
        return Response(content, 200, {**HEADERS, **named}, content_type="application/zip")

    web.get("/donnees/<secret>.zip", endpoint="personal_data")(copy)
