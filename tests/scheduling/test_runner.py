"""The runner: wakes up for work, survives failures, and catches up after a jump of the clock."""

from __future__ import annotations

import threading
from datetime import timedelta

from programme.effects import Post
from programme.messages.common import Notice
from programme.ports import Ports
from programme.usecases import agenda
from scheduling.runner import Runner
from scheduling.ticks import Tick, table
from tests.builders import ordered
from tests.conftest import World


def fail(what: str, error: Exception) -> None:
    raise AssertionError(what) from error


def test_every_tick_has_a_name_a_reason_and_a_short_period() -> None:
    ticks = table(fail)
    assert len({tick.name for tick in ticks}) == len(ticks)
    assert all(tick.why and timedelta(seconds=5) <= tick.every <= timedelta(hours=1) for tick in ticks)


def test_a_commit_is_delivered_at_once(world: World) -> None:
    work, sent = threading.Event(), threading.Event()
    post = world.workspace.post

    def watched(*arguments: object, **named: object) -> object:
        receipt = post(*arguments, **named)  # type: ignore[arg-type]
        sent.set()
        return receipt

    world.workspace.post = watched  # type: ignore[method-assign, assignment]
    runner = Runner(world.ports, table(fail), fail, work)
    runner.start()
    with world.store.uow() as uow:
        uow.outbox.put("k", Post(to="user:ULEA", message=Notice(text_key="x")), lane="user:ULEA")
    work.set()
    assert sent.wait(5)
    runner.stop()


def test_a_failing_tick_is_reported_and_the_next_ones_run(world: World) -> None:
    def explode(_ports: Ports) -> None:
        raise RuntimeError

    seen: list[str] = []
    ticks = (*table(fail), Tick("broken", timedelta(minutes=1), explode, "a test"))
    runner = Runner(world.ports, ticks, lambda what, _error: seen.append(what), threading.Event())
    runner.catch_up()
    assert seen == ["tick:broken"]


def test_after_a_jump_everything_due_is_done_and_the_next_instant_is_told(world: World) -> None:
    order = ordered(world, "ULEA")
    agenda.ensure_recurring(world.ports)
    runner = Runner(world.ports, table(fail), fail, threading.Event())
    first = runner.catch_up()
    world.clock.move(hours=24)
    assert runner.catch_up() > first  # type: ignore[operator]
    assert [post.message.kind for post in world.workspace.posts][:2] == ["payment_link", "payment_link_expired"]
    assert order.checkout_id
