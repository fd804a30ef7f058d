"""Events on their way to the shop: signed POSTs, tried again for three days of the sandbox's clock.

The signature carries the real time of the attempt, not the sandbox's: the libraries that verify it compare it
with the machine's time and refuse what is older than 300 seconds. The event's own ``created`` is on the
sandbox's clock.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import httpx

from sandbox.clock import Clock
from sandbox.faults import Fault, Faults
from sandbox.record import Recorder
from sandbox.stripe.store import Object

TIMEOUT_SECONDS = 10.0
GIVE_UP_AFTER = timedelta(days=3)
BACKOFF = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=12),
)
"""The waits after each failed attempt; the last one repeats."""


def signature(payload: bytes, secret: str, timestamp: int) -> str:
    """The ``Stripe-Signature`` header: HMAC-SHA256 of ``timestamp.payload``."""
    signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={signed}"


@dataclass(frozen=True)
class Target:
    """Where events go, and the secret that signs them."""

    url: str
    secret: str


@dataclass(frozen=True)
class Attempt:
    """One event for one target, at one of its attempts."""

    event: Object
    target: Target
    first_sent: datetime
    number: int = 1


class Webhooks:
    """Sends events one after the other; ``start`` must run for anything to leave."""

    def __init__(self, clock: Clock, recorder: Recorder, faults: Faults) -> None:
        self._clock = clock
        self._recorder = recorder
        self._faults = faults
        self._queue: asyncio.Queue[Attempt] = asyncio.Queue()
        self._held: list[Attempt] = []
        self._under_way = 0
        self.target: Target | None = None

    def send(self, event: Object, endpoints: Iterable[Object] = ()) -> None:
        """Send an event to the configured target and to the endpoints that want its type."""
        wanting = [e for e in endpoints if {"*", event["type"]} & set(e["enabled_events"])]
        targets = [Target(endpoint["url"], endpoint["_secret"]) for endpoint in wanting]
        if self.target is not None:
            targets.append(self.target)
        event["pending_webhooks"] = len(targets)
        for target in targets:
            self._send(Attempt(event, target, self._clock.now()))

    def reset(self) -> None:
        """Forget everything that is under way."""
        self._held.clear()
        while not self._queue.empty():
            self._queue.get_nowait()
            self._done()

    async def idle(self) -> None:
        """Return when no attempt is under way; waits for later attempts do not count."""
        await self._queue.join()

    @property
    def busy(self) -> bool:
        """Whether an attempt waits or is under way."""
        return self._under_way > 0

    async def start(self) -> None:
        """Deliver until cancelled."""
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False) as client:
            while True:
                attempt = await self._queue.get()
                try:
                    await self._deliver(client, attempt)
                finally:
                    self._done()

    def _send(self, attempt: Attempt) -> None:
        """Put one event on its way, or hold, repeat or delay it as the faults say."""
        faults = {fault.kind: fault for fault in self._faults.take("webhooks", attempt.event["type"])}
        if "drop" in faults:
            self._retry(attempt)
        elif "delay" in faults:
            self._clock.call_later(_seconds(faults["delay"]), lambda: self._put(attempt))
        elif "disorder" in faults:
            self._held.append(attempt)
        else:
            for _ in range(2 if "repeat" in faults else 1):
                self._put(attempt)
            self._release()

    def _put(self, attempt: Attempt) -> None:
        self._under_way += 1
        self._queue.put_nowait(attempt)

    def _done(self) -> None:
        self._under_way -= 1
        self._queue.task_done()

    def _release(self) -> None:
        for attempt in self._held:
            self._put(attempt)
        self._held.clear()

    async def _deliver(self, client: httpx.AsyncClient, attempt: Attempt) -> None:
        began = time.perf_counter()
        status = await self._post(client, attempt)
        self._recorder.record(
            service="webhook",
            method=attempt.event["type"],
            arguments={"event": attempt.event["id"], "url": attempt.target.url, "attempt": attempt.number},
            status=status,
            answer=None,
            ms=(time.perf_counter() - began) * 1000,
        )
        if 200 <= status < 300:
            attempt.event["pending_webhooks"] = max(0, attempt.event["pending_webhooks"] - 1)
        else:
            self._retry(attempt)

    async def _post(self, client: httpx.AsyncClient, attempt: Attempt) -> int:
        """The HTTP status of the answer; 0 when there is none."""
        payload = json.dumps(attempt.event, indent=2, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": signature(payload, attempt.target.secret, int(time.time())),
        }
        with contextlib.suppress(httpx.HTTPError):
            response = await client.post(attempt.target.url, content=payload, headers=headers)
            return response.status_code
        return 0

    def _retry(self, attempt: Attempt) -> None:
        """Try again later on the clock, until three days have passed."""
        due = self._clock.now() + BACKOFF[min(attempt.number, len(BACKOFF)) - 1]
        if due - attempt.first_sent <= GIVE_UP_AFTER:
            again = replace(attempt, number=attempt.number + 1)
            self._clock.call_at(due, lambda: self._put(again))


def _seconds(fault: Fault) -> timedelta:
    return timedelta(seconds=fault.seconds or 0.0)
