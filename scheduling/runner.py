"""Runs the ticks: on APScheduler in real time, and at once when a clock that can be moved has moved."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from programme.ports import Ports
from programme.usecases import delivery
from scheduling.ticks import Tick

log = structlog.get_logger(__name__)

PARIS = "Europe/Paris"
ROUNDS = 200
IDLE_SECONDS = 10.0
SHORTEST_PAUSE = 0.05


class Runner:
    """Owns the scheduler and the deliverer thread.

    ``report`` receives unknown failures of a tick; ``work`` is set when something was written to the outbox.
    """

    def __init__(
        self, ports: Ports, ticks: tuple[Tick, ...], report: Callable[[str, Exception], object], work: threading.Event
    ) -> None:
        self._ports = ports
        self._ticks = ticks
        self._report = report
        self._named = {tick.name: tick for tick in ticks}
        self._locks = {tick.name: threading.Lock() for tick in ticks}
        self._last_run: dict[str, datetime] = {}
        self._work = work
        self._stopping = threading.Event()
        self._deliverer = threading.Thread(target=self._deliver, name="deliverer", daemon=True)
        self._scheduler = BackgroundScheduler(
            timezone=PARIS,
            executors={"default": ThreadPoolExecutor(len(ticks))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Start ticking and delivering."""
        for tick in self._ticks:
            seconds = tick.every.total_seconds()
            self._scheduler.add_job(self.run, "interval", seconds=seconds, args=[tick], id=tick.name)
        self._scheduler.start()
        self._deliverer.start()
        self._work.set()

    def stop(self) -> None:
        """Stop after the work in hand; what is left stays due in its rows."""
        self._stopping.set()
        self._work.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        if self._deliverer.is_alive():
            self._deliverer.join(timeout=10)

    def run(self, tick: Tick) -> None:
        """Run one tick, alone; a failure is reported and the next run tries again."""
        with self._locks[tick.name]:
            self._last_run[tick.name] = self._ports.clock.now()
            try:
                tick.run(self._ports)
            except Exception as error:  # noqa: BLE001 - a tick must never stop the scheduler
                self._report(f"tick:{tick.name}", error)

    def catch_up(self) -> datetime | None:
        """At the start and after a jump of the clock: run what has come, until nothing is due.

        Returns when the next thing is due. What another thread is sending is waited for: each tick runs alone.
        """
        for tick in self._ticks:
            if self._is_late(tick):
                self.run(tick)
        for _ in range(ROUNDS):
            self.run(self._named["deadlines"])
            self.run(self._named["delivery"])
            if delivery.is_quiet(self._ports):
                break
        return delivery.next_due(self._ports)

    def _is_late(self, tick: Tick) -> bool:
        last = self._last_run.get(tick.name)
        return last is None or self._ports.clock.now() - last >= max(tick.every, timedelta(seconds=1))

    def _deliver(self) -> None:
        """Deliver at each wake-up, and again when a row that was put off (pacing, back-off) may go."""
        self.catch_up()
        while not self._stopping.is_set():
            self._work.wait(timeout=self._pause())
            self._work.clear()
            if not self._stopping.is_set():
                self.run(self._named["delivery"])

    def _pause(self) -> float:
        with self._ports.reading() as uow:
            due = uow.outbox.next_due()
        ahead = (due - self._ports.clock.now()).total_seconds() if due else IDLE_SECONDS
        return min(max(ahead, SHORTEST_PAUSE), IDLE_SECONDS)
