"""Plays whole programmes on the moved clock, from the first command to the archived channels."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.demo.cast import cast, staff
from bot.demo.programme import Company
from bot.demo.sandbox_api import DemoError, Posted
from bot.demo.stage import Stage
from programme.content import load_content

BEGINNING = datetime(2026, 9, 7, 8, 0, tzinfo=ZoneInfo("Europe/Paris"))
"""A Monday from which sixteen weeks cross a clock change and the end of the year."""
BETWEEN_ENROLMENTS = timedelta(minutes=7)
SESSIONS = 16
STEPS_PER_GROUP = 5000
"""Moves of the clock after which a play is taken for endless."""

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Plot:
    """What is played: how many groups, drawn from which seed, and how often the bot's power is cut."""

    groups: int = 1
    seed: int = 1
    cuts: int = 0

    @property
    def acts(self) -> int:
        """How many steps the progress bar counts: an enrolment a person, a session a week."""
        return self.groups * (4 + SESSIONS) + 1


class Player:
    """One play on one stage."""

    def __init__(self, stage: Stage, plot: Plot, progress: Progress) -> None:
        """``progress`` receives how many acts have been played since it was last called."""
        self.stage = stage
        self.plot = plot
        self.progress = progress
        self.draw = random.Random(plot.seed)  # noqa: S311 - a play, not a secret
        tutors, admins = staff(stage.api)
        parts = cast(stage.api, plot.groups, self.draw)
        self.company = Company(stage.api, load_content(), self.draw, tutors, admins, parts)
        self._archived = 0

    def play(self) -> Company:
        """Play to the end; DemoError when it cannot be reached."""
        with self._power_cuts():
            for part in self.company.parts:
                self.company.enrol(part)
                self.progress(1)
                self._go_to(self.stage.api.now() + BETWEEN_ENROLMENTS)
            self._live()
        return self.company

    def _live(self) -> None:
        """React to what the bot says, then go to the next thing that it has to do, until every channel is archived."""
        for _ in range(STEPS_PER_GROUP * self.plot.groups):
            due = self._next_due()
            posts = self.stage.api.new_posts()
            if posts:
                self._react(posts)
            elif self._is_over():
                return
            elif due is None:
                raise DemoError("Le robot n’a plus rien à faire, et le programme n’est pas fini.")
            else:
                self._go_to(due)
        raise DemoError("Le programme ne finit pas.")

    def _react(self, posts: list[Posted]) -> None:
        held = self.company.counts["sessions"]
        for post in posts:
            self.company.react(post)
        self.progress(self.company.counts["sessions"] - held)

    def _is_over(self) -> bool:
        archived = self.stage.api.record(method="conversations.archive")
        return sum(bool(line["answer"].get("ok")) for line in archived) >= self.plot.groups

    def _next_due(self) -> datetime | None:
        """When the bot next has something to do; one that has just been killed tells once it is back."""
        for _ in range(self.plot.cuts + 1):
            self.stage.wait_for_bot()
            due = self.stage.api.next_due()
            if due is not None:
                return due
        return None

    def _go_to(self, instant: datetime) -> None:
        self.stage.wait_for_bot()
        self.stage.api.move_to(max(instant, self.stage.api.now()))

    @contextmanager
    def _power_cuts(self) -> Iterator[None]:
        """Kill the bot now and then while the play goes on, and start it again at once."""
        stopping = threading.Event()
        cutter = threading.Thread(target=self._cut, args=[stopping], name="cuts")
        cutter.start()
        try:
            yield
        finally:
            stopping.set()
            cutter.join()

    def _cut(self, stopping: threading.Event) -> None:
        pauses = random.Random(self.plot.seed + 1)  # noqa: S311
        for _ in range(self.plot.cuts):
            if stopping.wait(pauses.uniform(0.5, 3.0)):
                return
            self.stage.kill_bot()
            self.stage.start_bot()
            self.company.counts["cuts"] += 1


@dataclass(frozen=True)
class Played:
    """A finished play and how long it took, in real seconds."""

    company: Company
    seconds: float


def play(stage: Stage, plot: Plot, progress: Progress) -> Played:
    """Set time to the beginning, start both programs and play."""
    began = time.monotonic()
    stage.start(BEGINNING)
    company = Player(stage, plot, progress).play()
    return Played(company, time.monotonic() - began)
