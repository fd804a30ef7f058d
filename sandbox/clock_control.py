"""The controls of the clock: set, move, freeze, run; and waiting until everybody has done what was due."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.clock import Clock, parse_instant, show_instant
from sandbox.followers import Followers, NotSettledError
from sandbox.stripe.webhooks import Webhooks

DEFAULT_TIMEOUT = 30.0
LONGEST_TIMEOUT = 600.0
Data = Mapping[str, Any]
Answer = dict[str, Any]


class ClockControl:
    """What the routes about the clock do."""

    def __init__(self, clock: Clock, followers: Followers, webhooks: Webhooks) -> None:
        self.clock = clock
        self.followers = followers
        self.webhooks = webhooks

    def show(self, _: Data) -> Answer:
        """The clock now."""
        version, running = self.clock.version, self.clock.running
        return {"now": show_instant(self.clock.now()), "version": version, "running": running}

    async def follow(self, request: Request) -> Response:
        """Answer once the version is greater than ``after``, or after ``timeout`` seconds.

        A program that hangs up while it waits (it was killed) is not waited for until it comes back.
        """
        query = request.query_params
        name = query.get("name", "")
        try:
            waiting = self.followers.follow(name, int(query.get("after", 0)), _timeout(query))
            if not await _unless_disconnected(request, waiting):
                self.followers.lost(name)
        except ValueError as refusal:
            return JSONResponse({"error": str(refusal)}, 400)
        return JSONResponse(self.show(query))

    def settled(self, data: Data) -> Answer:
        """A follower has done all that was due: {"name", "version", "next_due"}."""
        due = data.get("next_due")
        self.followers.settled(str(data.get("name", "")), int(data["version"]), parse_instant(due) if due else None)
        return self.show(data)

    def leave(self, data: Data) -> Answer:
        """A follower ends: {"name"}."""
        self.followers.leave(str(data.get("name", "")))
        return self.show(data)

    def set(self, data: Data) -> Answer:
        """Go to any instant: {"now"}."""
        self.clock.set(parse_instant(str(data.get("now"))))
        return self.show(data)

    def freeze(self, data: Data) -> Answer:
        """Stop time."""
        self.clock.freeze()
        return self.show(data)

    def run(self, data: Data) -> Answer:
        """Let time pass."""
        self.clock.run()
        return self.show(data)

    async def move(self, data: Data) -> Answer:
        """Go forward: {"seconds"} or {"to"} or {"next": true}; {"wait": true} for the followers."""
        target = self._target(data)
        if target is None:
            return {**self.show(data), "moved": False}
        self.clock.move(max(target - self.clock.now(), timedelta(0)))
        if data.get("wait"):
            await self._settle(_timeout(data))
        return {**self.show(data), "moved": True, "followers": self.followers.answer()}

    def _target(self, data: Data) -> datetime | None:
        if sum(name in data for name in ("seconds", "to", "next")) != 1:
            raise ValueError("give one of seconds, to and next")
        if "seconds" in data:
            seconds = float(data["seconds"])
            if seconds < 0:
                raise ValueError("the clock moves forward only; set it to go back")
            return self.clock.now() + timedelta(seconds=seconds)
        if "to" in data:
            target = parse_instant(str(data["to"]))
            if target < self.clock.now():
                raise ValueError("the clock moves forward only; set it to go back")
            return target
        return self.followers.next_due()

    async def wait_settled(self, data: Data) -> Answer:
        """Wait until every follower has looked once more at what is due now."""
        self.clock.bump()
        await self._settle(_timeout(data))
        return {**self.show(data), "followers": self.followers.answer()}

    async def _settle(self, seconds: float) -> None:
        """Webhooks leave, then followers settle, until nothing is under way any more.

        A webhook may give a follower something to do: the version is bumped after each batch.
        """
        deadline = time.monotonic() + seconds
        while True:
            if self.webhooks.busy:
                await self._webhooks_idle(deadline - time.monotonic())
                self.clock.bump()
            await self.followers.wait(self.clock.version, max(deadline - time.monotonic(), 0.0))
            if not self.webhooks.busy:
                return

    async def _webhooks_idle(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.webhooks.idle(), max(seconds, 0.0))
        except TimeoutError as error:
            raise NotSettledError("webhooks are still under way") from error


async def _unless_disconnected(request: Request, waiting: Coroutine[Any, Any, None]) -> bool:
    """Wait to the end, or until the caller hangs up; answers whether it came to the end."""
    task = asyncio.create_task(waiting)
    gone = asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
    if task.done():
        await task
        return True
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    return False


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        continue


def _timeout(data: Data) -> float:
    seconds = float(data.get("timeout", DEFAULT_TIMEOUT))
    if not 0 <= seconds <= LONGEST_TIMEOUT:
        raise ValueError(f"timeout must be between 0 and {LONGEST_TIMEOUT:g}")
    return seconds
