"""Moving the clock as time would pass: from one thing that is due to the next, never over several at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sandbox.clock_control import ClockControl
from sandbox.followers import NotSettledError
from sandbox.slack.elements import ActError

if TYPE_CHECKING:
    from sandbox.server import Sandbox

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
SETTLE_SECONDS = 60
PLAY_SECONDS = 1.5
PATIENCE_SECONDS = 2.0
Tell = Callable[[str, bool], None]
MAX_STOPS = 2000
"""Stops on the way after which a move is taken for endless."""


class Mover:
    """The hand on the clock of one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._control = ClockControl(sandbox.clock, sandbox.followers, sandbox.stripe.webhooks)
        self._play: asyncio.Task[None] | None = None
        self._move: asyncio.Task[None] | None = None

    @property
    def playing(self) -> bool:
        """Whether the clock goes from one thing to the next by itself."""
        return self._play is not None and not self._play.done()

    @property
    def moving(self) -> bool:
        """Whether a button's move is still on its way."""
        return self._move is not None and not self._move.done()

    async def act(self, name: str, tell: Tell) -> None:
        """What a button of the clock does; a move that takes long goes on in the background.

        ``tell`` gets the sentence that there is to say in the end, and whether something went wrong.
        """
        self.stop()
        if name == "play":
            self._play = asyncio.create_task(self._go_on())
        elif name == "run":
            self._control.run({})
        elif name == "freeze":
            self._control.freeze({})
        else:
            self._move = asyncio.create_task(self._go_and_tell(name, tell))
            await asyncio.wait({self._move}, timeout=PATIENCE_SECONDS)

    async def _go_and_tell(self, name: str, tell: Tell) -> None:
        try:
            said = await self.go(name)
        except ActError as refusal:
            tell(str(refusal), True)
        else:
            if said:
                tell(said, False)

    async def go(self, name: str) -> str:
        """Move forward by a named step, or to the ``next`` thing; answers a sentence when nothing moved."""
        if name == "next":
            return "" if await self._next() else "Rien n’est prévu : aucun programme n’a annoncé la suite."
        if name not in STEPS:
            raise ActError("L’horloge ne connaît pas ce bouton.")
        await self._forward(self._sandbox.clock.now() + STEPS[name])
        return ""

    async def settle(self) -> None:
        """Wait until every program has done what is due now. Raises ActError when one is late."""
        try:
            await self._control.wait_settled({"timeout": SETTLE_SECONDS})
        except NotSettledError as late:
            raise ActError(f"Un programme n’a pas tout fait : {late}.") from late

    def stop(self) -> None:
        """Stop playing and moving."""
        for task in (self._play, self._move):
            if task is not None:
                task.cancel()
        self._play = self._move = None

    async def _go_on(self) -> None:
        with contextlib.suppress(ActError):
            while await self._next():
                await asyncio.sleep(PLAY_SECONDS)

    async def _next(self) -> bool:
        due = self._sandbox.followers.next_due()
        if due is None:
            return False
        await self._to(due)
        return True

    async def _forward(self, target: datetime) -> None:
        for _ in range(MAX_STOPS):
            due = self._sandbox.followers.next_due()
            if due is None or due >= target:
                break
            await self._to(due)
        await self._to(target)

    async def _to(self, instant: datetime) -> None:
        seconds = max((instant - self._sandbox.clock.now()).total_seconds(), 0.0)
        try:
            await self._control.move({"seconds": seconds, "wait": True, "timeout": SETTLE_SECONDS})
        except NotSettledError as late:
            raise ActError(f"L’horloge a avancé, mais un programme n’a pas tout fait : {late}.") from late
