"""The clock: runs, stands still, is moved; and does on time what was put on it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.clock import Clock, parse_instant, show_instant

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Seconds:
    """Real seconds that a test lets pass."""

    def __init__(self) -> None:
        self.value = 1000.0

    def __call__(self) -> float:
        return self.value


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def clock(seconds):
    return Clock(START, monotonic=seconds)


def test_it_runs(clock, seconds):
    seconds.value += 90
    assert clock.now() == START + timedelta(seconds=90)
    assert clock.running


def test_it_begins_now_without_a_start():
    assert abs(Clock().now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_it_is_moved_and_goes_on(clock, seconds):
    clock.move(HOUR)
    seconds.value += 1
    assert clock.now() == START + HOUR + timedelta(seconds=1)


def test_it_is_set_to_any_instant(clock):
    paris = timezone(timedelta(hours=1))
    clock.set(datetime(2025, 1, 1, 1, 0, tzinfo=paris))
    assert clock.now() == datetime(2025, 1, 1, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_it_stands_still_and_runs_again(clock, seconds):
    clock.freeze()
    seconds.value += 500
    assert clock.now() == START
    clock.move(HOUR)
    seconds.value += 500
    assert clock.now() == START + HOUR
    clock.run()
    seconds.value += 1
    assert clock.now() == START + HOUR + timedelta(seconds=1)


def test_it_does_not_move_back(clock):
    with pytest.raises(ValueError, match="forward only"):
        clock.move(timedelta(seconds=-1))


def test_naive_instants_are_refused(clock):
    with pytest.raises(ValueError, match="time zone"):
        clock.set(datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        parse_instant("2026-01-01T00:00:00")


def test_every_change_has_a_version_and_is_told(clock):
    told = []
    clock.subscribe(lambda: told.append(clock.version))
    clock.move(HOUR)
    clock.set(START)
    clock.freeze()
    clock.run()
    clock.bump()
    assert told == [2, 3, 4, 5, 6]


def test_what_is_due_is_done_in_order_when_it_is_moved(clock):
    done = []
    clock.call_later(2 * HOUR, lambda: done.append("second"))
    clock.call_later(HOUR, lambda: done.append("first"))
    clock.call_later(3 * HOUR, lambda: done.append("third"))
    clock.move(HOUR - timedelta(seconds=1))
    assert done == []
    clock.move(HOUR + timedelta(seconds=1))
    assert done == ["first", "second"]


def test_a_cancelled_timer_is_not_done(clock):
    done = []
    timer = clock.call_later(HOUR, lambda: done.append("never"))
    timer.cancel()
    clock.move(2 * HOUR)
    assert done == []


def test_what_is_done_may_put_more_on_the_clock(clock):
    done = []
    clock.call_later(HOUR, lambda: clock.call_at(clock.now(), lambda: done.append("at once")))
    clock.move(HOUR)
    assert done == ["at once"]


def test_reset_forgets_the_timers(clock, seconds):
    done = []
    clock.call_later(HOUR, lambda: done.append("never"))
    clock.freeze()
    clock.reset(START)
    clock.move(2 * HOUR)
    assert (done, clock.running) == ([], True)


def test_what_is_due_is_done_as_time_passes():
    async def watch():
        clock = Clock(START)
        reached = asyncio.Event()
        keeping = asyncio.create_task(clock.keep_time())
        clock.call_later(timedelta(milliseconds=5), reached.set)
        await asyncio.wait_for(reached.wait(), 10)
        keeping.cancel()

    asyncio.run(watch())


@given(st.lists(st.integers(0, 1000), max_size=8), st.lists(st.integers(0, 400), max_size=8))
def test_each_timer_is_done_once_when_its_time_has_come(delays, moves):
    clock = Clock(START, running=False)
    done = []
    for delay in delays:
        clock.call_later(timedelta(seconds=delay), lambda delay=delay: done.append(delay))
    for move in moves:
        clock.move(timedelta(seconds=move))
    clock.run_due()
    assert done == sorted(delay for delay in delays if delay <= sum(moves))


@given(st.datetimes(timezones=st.just(UTC)))
def test_instants_are_written_and_read_back(instant):
    assert show_instant(instant).endswith("Z")
    assert parse_instant(show_instant(instant)) == instant
