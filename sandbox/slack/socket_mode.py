"""Socket Mode: WebSocket connections that the app opens, and over which Slack sends it payloads.

A connection starts with a single-use ticket (``apps.connections.open``). Each payload goes to exactly one of
the open connections, in turn; the acknowledgement may come back on any of them. Pings are the web server's
(uvicorn sends one every 20 s and answers the client's).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from dataclasses import dataclass
from typing import Any, Literal

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.slack.envelope import ACK_SECONDS, NO_RECEIVER, TIMEOUT, Ack, Envelope

MAX_CONNECTIONS = 10
CONNECTION_SECONDS = 3600
DEBUG_CONNECTION_SECONDS = 360
WARNING_SECONDS = 10.0
HOST = "applink-sandbox"

Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


@dataclass(eq=False)
class Connection:
    """One open connection; a draining one gets no new payload."""

    websocket: WebSocket
    draining: bool = False

    async def send(self, message: dict[str, Any]) -> None:
        """Send one JSON frame; raises RuntimeError or WebSocketDisconnect when the connection is gone."""
        await self.websocket.send_text(json.dumps(message, ensure_ascii=False))

    async def tell(self, message: dict[str, Any]) -> None:
        """Send one JSON frame, if it is still open."""
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # the app was quicker
            await self.send(message)

    async def close(self) -> None:
        """Close it, if it is still open."""
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # the app was quicker
            await self.websocket.close()


class SocketMode:
    """The tickets, the open connections and the payloads that wait for their acknowledgement."""

    def __init__(self, ack_seconds: float = ACK_SECONDS) -> None:
        self.ack_seconds = ack_seconds
        self.enabled = True
        self.connections: list[Connection] = []
        self._tickets: dict[str, str] = {}
        self._waiting: dict[str, asyncio.Future[dict[str, Any] | None]] = {}
        self._lingering: set[asyncio.Task[None]] = set()
        self.made = 0
        self._turn = 0

    def issue_ticket(self, app_id: str) -> str:
        """A ticket that opens one connection for this app."""
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = app_id
        return ticket

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one WebSocket from its handshake to its end: the endpoint ``/link/``."""
        app_id = websocket.query_params.get("app_id", "")
        if self._tickets.pop(websocket.query_params.get("ticket", ""), None) != app_id:
            await websocket.close()
            return
        await websocket.accept()
        connection = Connection(websocket)
        refusal = self._refusal()
        if refusal:
            await connection.tell(_disconnect_message(refusal))
            await connection.close()
            return
        seconds = _lifetime(websocket)
        self.connections.append(connection)
        self.made += 1
        ageing = asyncio.create_task(self._age(connection, seconds))
        try:
            await connection.tell(self._hello(app_id, seconds))
            await self._receive(connection)
        finally:
            ageing.cancel()
            self.connections.remove(connection)

    def _refusal(self) -> Reason | None:
        if not self.enabled:
            return "link_disabled"
        return "too_many_websockets" if len(self.connections) >= MAX_CONNECTIONS else None

    def _hello(self, app_id: str, seconds: float) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": HOST, "build_number": 1, "approximate_connection_time": int(seconds)},
            "connection_info": {"app_id": app_id},
        }

    async def _receive(self, connection: Connection) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # closed by the app or by us
            while True:
                self._acknowledge(await connection.websocket.receive_text())

    def _acknowledge(self, text: str) -> None:
        try:
            message = json.loads(text)
        except json.JSONDecodeError:
            return  # Slack ignores what it cannot read; the payload stays unacknowledged
        if not isinstance(message, dict):
            return
        future = self._waiting.get(str(message.get("envelope_id")))
        if future is not None and not future.done():
            payload = message.get("payload")
            future.set_result(payload if isinstance(payload, dict) else None)

    async def _age(self, connection: Connection, seconds: float) -> None:
        await asyncio.sleep(max(seconds - WARNING_SECONDS, 0))
        await connection.tell(_disconnect_message("warning"))
        await asyncio.sleep(WARNING_SECONDS)
        await self._end(connection, "refresh_requested")

    async def disconnect(self, reason: Reason = "refresh_requested") -> int:
        """Tell every connection to reconnect (a ``warning`` leaves it in use); answers how many were told."""
        told = [connection for connection in self.connections if not connection.draining]
        for connection in told:
            if reason == "warning":
                await connection.tell(_disconnect_message(reason))
            else:
                await self._end(connection, reason)
        return len(told)

    async def _end(self, connection: Connection, reason: Reason) -> None:
        connection.draining = True
        await connection.tell(_disconnect_message(reason))
        if reason == "refresh_requested":
            task = asyncio.create_task(self._close_later(connection))
            self._lingering.add(task)
            task.add_done_callback(self._lingering.discard)
        else:
            await connection.close()

    async def _close_later(self, connection: Connection) -> None:
        """Leave the app time to acknowledge what it has and to close by itself."""
        await asyncio.sleep(WARNING_SECONDS)
        await connection.close()

    async def close(self) -> None:
        """Close every connection without a word, as a network failure would."""
        for task in self._lingering:
            task.cancel()
        for connection in list(self.connections):
            connection.draining = True
            await connection.close()

    def _next_connection(self) -> Connection | None:
        usable = [connection for connection in self.connections if not connection.draining]
        if not usable:
            return None
        self._turn += 1
        return usable[self._turn % len(usable)]

    async def send(self, envelope: Envelope) -> Ack:
        """Send a payload over one connection and wait for its acknowledgement."""
        connection = self._next_connection()
        if connection is None:
            return Ack(error=NO_RECEIVER, reason="connection_failed")
        future: asyncio.Future[dict[str, Any] | None] = asyncio.get_running_loop().create_future()
        self._waiting[envelope.envelope_id] = future
        try:
            await connection.send(envelope.to_dict())
            return Ack(await asyncio.wait_for(future, self.ack_seconds))
        except TimeoutError:
            return Ack(error=TIMEOUT, reason="timeout")
        except (RuntimeError, WebSocketDisconnect):
            return Ack(error=NO_RECEIVER, reason="connection_failed")
        finally:
            del self._waiting[envelope.envelope_id]


def _disconnect_message(reason: Reason) -> dict[str, Any]:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}}


def _lifetime(websocket: WebSocket) -> float:
    debug = websocket.query_params.get("debug_reconnects") == "true"
    return DEBUG_CONNECTION_SECONDS if debug else CONNECTION_SECONDS
