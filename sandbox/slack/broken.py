"""A response that never comes: the connection is cut instead, as a lost network would."""

from __future__ import annotations

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class BrokenResponse(Response):
    """Cuts the connection. ``receive`` is a method of uvicorn's request cycle, which holds the transport."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Abort the transport; the loop then tells the server that the client is gone."""
        transport: asyncio.Transport = receive.__self__.transport  # type: ignore[attr-defined]
        transport.abort()
        await asyncio.sleep(0)
