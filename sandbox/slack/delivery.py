"""From Slack to the app: events, commands and interactions, through Socket Mode or signed HTTP requests.

A payload counts as delivered when the app acknowledges it within three seconds of real time. Events that are
not are sent again at once, after one minute and after five minutes of the sandbox's clock; commands and
interactions are not: the person sees an error instead.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from starlette.routing import BaseRoute, WebSocketRoute

from sandbox.clock import Clock
from sandbox.slack.envelope import ACK_SECONDS, NO_RECEIVER, TIMEOUT, Ack, Envelope, EnvelopeKind, new_id
from sandbox.slack.http_requests import HttpRequests
from sandbox.slack.model import AppInstall, JsonObject
from sandbox.slack.response_urls import ResponseUrls, response_routes
from sandbox.slack.service import FaultsLike, RecorderLike, SlackService
from sandbox.slack.socket_mode import SocketMode
from sandbox.slack.triggers import Triggers
from sandbox.slack.workspace import Workspace

RETRY_DELAYS = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
HOLD_SECONDS = 1.0
Watcher = Callable[[Envelope, Ack], None]
MessageAnswers = dict[tuple[str, str, str], dict[str, dict[str, JsonObject]]]
"""What people chose in the menus of messages: by user, channel and ts, then block_id and action_id."""


class Delivery:
    """Sends every payload that the app gets, over Socket Mode or HTTP as the manifest says (or ``use_http``).

    ``triggers`` and ``response_urls`` are what commands and interactions hand out to the app.
    """

    def __init__(self, clock: Clock, recorder: RecorderLike, faults: FaultsLike, workspace: Workspace) -> None:
        self.clock = clock
        self.recorder = recorder
        self.faults = faults
        self.app: AppInstall = workspace.app
        self.socket = SocketMode()
        self.http = HttpRequests()
        self.triggers = Triggers()
        self.response_urls = ResponseUrls()
        self.message_answers: MessageAnswers = {}
        self.request_url = workspace.app.manifest.request_url
        self.interactivity_url = workspace.app.manifest.interactivity_url
        self.socket.enabled = workspace.app.manifest.socket_mode
        self.watchers: list[Watcher] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._first_attempts: set[asyncio.Future[None]] = set()
        self._held: list[asyncio.Event] = []

    def reset(self, workspace: Workspace) -> None:
        """Forget the events under way and serve this workspace; connections and mode stay."""
        for task in self._tasks:
            task.cancel()
        self.app = workspace.app
        self.triggers = Triggers()
        self.response_urls = ResponseUrls()
        self.message_answers.clear()

    async def close(self) -> None:
        """End everything that is under way."""
        for task in self._tasks:
            task.cancel()
        await self.socket.close()
        await self.http.close()

    async def use_http(self, request_url: str, interactivity_url: str | None = None) -> None:
        """Leave Socket Mode for these URLs, once the first has answered the challenge.

        Raises ``http_requests.VerificationError`` and changes nothing when it has not.
        """
        await self.http.verify(request_url, self.app.verification_token, self.app.signing_secret)
        self.request_url = request_url
        self.interactivity_url = interactivity_url or request_url
        self.socket.enabled = False
        await self.socket.disconnect("link_disabled")

    @property
    def reachable(self) -> bool:
        """Whether an app is there to be told anything (over HTTP: whether an address is known)."""
        return bool(self.socket.connections) if self.socket.enabled else self.request_url is not None

    def use_socket_mode(self) -> None:
        """Send everything over Socket Mode again; HTTP deliveries stop."""
        self.socket.enabled = True

    def send_event(self, event: JsonObject) -> None:
        """Deliver an ``event_callback`` payload in the background, with Slack's retries."""
        first = asyncio.get_running_loop().create_future()
        self._first_attempts.add(first)
        first.add_done_callback(self._first_attempts.discard)
        task = asyncio.create_task(self._deliver(event, first))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: _resolve(first))

    async def flush(self, timeout: float = ACK_SECONDS) -> None:
        """Wait until each event sent so far was acknowledged or failed once."""
        if self._first_attempts:
            await asyncio.wait(set(self._first_attempts), timeout=timeout)

    async def request(self, kind: EnvelopeKind, payload: JsonObject, *, wants_answer: bool = False) -> Ack:
        """Deliver a command or an interaction, once; ``wants_answer``: the acknowledgement may carry a payload."""
        return await self._attempt(Envelope(kind, payload, wants_answer))

    async def _deliver(self, event: JsonObject, first: asyncio.Future[None]) -> None:
        envelope = Envelope("events_api", event)
        ack = await self._attempt(envelope)
        _resolve(first)
        for number, delay in enumerate(RETRY_DELAYS, start=1):
            if ack.ok or ack.no_retry:
                return
            await self._wait(delay)
            ack = await self._attempt(Envelope("events_api", event, False, number, ack.reason))
        if not ack.ok:
            lost = {"ok": False, "error": ack.reason}
            self.recorder.record(service="slack", method="event lost", arguments=event, status=0, answer=lost, ms=0.0)

    async def _wait(self, delay: timedelta) -> None:
        """Wait on the sandbox's clock; no delay is no wait."""
        if not delay:
            return
        reached = asyncio.Event()
        timer = self.clock.call_later(delay, reached.set)
        try:
            await reached.wait()
        finally:
            timer.cancel()

    async def _attempt(self, envelope: Envelope) -> Ack:
        """One attempt, bent by the faults that are switched on for this payload."""
        faults = {fault.kind: fault for fault in self.faults.take("events", _name(envelope))}
        if "disorder" in faults:
            await self._hold(faults["disorder"].seconds)
        if "delay" in faults:
            await asyncio.sleep(faults["delay"].seconds or HOLD_SECONDS)
        if "drop" in faults:
            return Ack(error=TIMEOUT, reason="timeout" if self.socket.enabled else "http_timeout")
        ack = await self._send(envelope)
        if "repeat" in faults:
            await self._send(replace(envelope, retry_attempt=1, retry_reason="timeout", envelope_id=new_id()))
        if "disconnect" in faults:
            await self.socket.disconnect()
        self._release()
        return ack

    async def _hold(self, seconds: float | None) -> None:
        """Keep a payload back until another one has overtaken it, or the time is over."""
        overtaken = asyncio.Event()
        self._held.append(overtaken)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(overtaken.wait(), seconds or HOLD_SECONDS)

    def _release(self) -> None:
        for overtaken in self._held:
            overtaken.set()
        self._held.clear()

    async def _send(self, envelope: Envelope) -> Ack:
        ack = await self._carried(envelope)
        for watcher in self.watchers:
            watcher(envelope, ack)
        return ack

    async def _carried(self, envelope: Envelope) -> Ack:
        if self.socket.enabled:
            return await self.socket.send(envelope)
        url = self._url(envelope)
        if url is None:
            return Ack(error=NO_RECEIVER, reason="connection_failed")
        return await self.http.send(url, envelope, self.app.signing_secret)

    def _url(self, envelope: Envelope) -> str | None:
        """Where HTTP mode sends: a command to its own URL, an interaction to the interactivity URL."""
        if envelope.kind == "interactive":
            return self.interactivity_url
        if envelope.kind == "slash_commands":
            command = self.app.manifest.commands.get(envelope.payload["command"], {})
            return command.get("url") or self.request_url
        return self.request_url


def delivery_of(service: SlackService) -> Delivery:
    """The delivery behind a service; raises TypeError when the service only has a stand-in for it."""
    if not isinstance(service.delivery, Delivery):
        raise TypeError("this service has no delivery to an app")
    return service.delivery


def _name(envelope: Envelope) -> str:
    """What a fault's ``method`` is compared with: the event's type, the command, the interaction's type."""
    payload = envelope.payload
    inner = payload.get("event") or payload
    return str(inner.get("type") or payload.get("command"))


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def delivery_routes(service: SlackService) -> list[BaseRoute]:
    """The Socket Mode endpoint and the response URLs of a service with a real delivery."""
    delivery = delivery_of(service)
    link = WebSocketRoute("/link/", delivery.socket.serve)
    return [link, *response_routes(service, lambda: delivery.response_urls)]
