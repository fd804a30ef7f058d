"""Delivery: once, in order, never lost; and what happens when the outside fails."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.effects import Edit, Post
from programme.errors import Permanent, Retryable
from programme.messages.common import FailureCard, Notice
from programme.model.heartbeat import Beat
from programme.model.outbox import OutboxStatus
from programme.usecases import delivery
from tests.conftest import World


def notice(text: str) -> Notice:
    return Notice(text_key=text)


def put(world: World, key: str, *, to: str = "user:ULEA", lane: str = "") -> None:
    with world.store.uow() as uow:
        uow.outbox.put(key, Post(to=to, message=notice(key)), lane=lane or to)


def texts(world: World) -> list[str]:
    return [post.message.text_key for post in world.workspace.posts if isinstance(post.message, Notice)]


def status(world: World, key: str) -> OutboxStatus:
    with world.store.reading() as uow:
        row = uow.outbox.get(key)
        assert row is not None
        return row.status


def test_a_lane_keeps_its_order(world: World) -> None:
    for key in "abc":
        put(world, key)
    assert delivery.deliver_all(world.ports) == 3
    assert texts(world) == ["a", "b", "c"]
    assert not delivery.deliver_next(world.ports)


def test_after_a_backup_was_put_back_nothing_is_said_again(world: World) -> None:
    """The database knows as due what was said after the backup was made."""
    put(world, "a")
    delivery.deliver_all(world.ports)
    with world.store.uow() as uow:
        row = uow.outbox.get("a")
        assert row is not None
        row.status, row.attempts, row.receipt_ts = OutboxStatus.DUE, 0, ""
        uow.overview.beat(Beat.RESTORED, world.clock.now())
    put(world, "b")
    delivery.deliver_all(world.ports)
    assert texts(world) == ["a", "b"]
    assert status(world, "a") is OutboxStatus.SENT


def test_a_refused_call_holds_its_lane_and_no_other(world: World) -> None:
    put(world, "a")
    put(world, "b")
    put(world, "c", to="user:UPAUL")
    world.workspace.fail_next = [Retryable("ratelimited", after=30)]
    delivery.deliver_all(world.ports)
    assert texts(world) == ["c"]
    world.clock.move(seconds=31)
    delivery.deliver_all(world.ports)
    assert texts(world) == ["c", "a", "b"]


def test_a_lost_answer_is_looked_for_before_anything_is_said_again(world: World) -> None:
    put(world, "a")
    world.workspace.lose_answer = [Retryable("timeout", uncertain=True)]
    delivery.deliver_all(world.ports)
    world.clock.move(minutes=5)
    delivery.deliver_all(world.ports)
    assert texts(world) == ["a"]
    assert status(world, "a") is OutboxStatus.SENT


def test_what_nobody_foresaw_is_reported_once_and_tried_again_with_patience(world: World) -> None:
    put(world, "a")
    put(world, "c", to="user:UPAUL")
    world.workspace.fail_next = [ZeroDivisionError()]
    with pytest.raises(ZeroDivisionError):
        delivery.deliver_all(world.ports)
    delivery.deliver_all(world.ports)
    assert texts(world) == ["c"]
    world.clock.move(seconds=3)
    world.workspace.fail_next = [ZeroDivisionError()]
    assert delivery.deliver_all(world.ports) == 1
    assert status(world, "a") is OutboxStatus.DUE
    world.clock.move(seconds=5)
    delivery.deliver_all(world.ports)
    assert texts(world) == ["c", "a"]


def test_a_crash_between_sending_and_recording_repeats_nothing(world: World) -> None:
    put(world, "a")
    world.workspace.lose_answer = [KeyboardInterrupt()]  # type: ignore[list-item]
    with pytest.raises(KeyboardInterrupt):
        delivery.deliver_next(world.ports)
    assert status(world, "a") is OutboxStatus.SENDING
    delivery.deliver_all(world.ports)
    assert status(world, "a") is OutboxStatus.SENDING
    world.clock.move(seconds=61)
    delivery.deliver_all(world.ports)
    assert texts(world) == ["a"]
    assert status(world, "a") is OutboxStatus.SENT


def test_what_can_never_go_is_told_to_the_admins_once(world: World) -> None:
    put(world, "a")
    world.workspace.fail_next = [Permanent("channel_not_found")]
    delivery.deliver_all(world.ports)
    assert status(world, "a") is OutboxStatus.FAILED
    [card] = world.workspace.said(FailureCard, "CADMIN")
    assert card.reference == "a"


def test_a_failure_card_that_fails_breeds_no_other(world: World) -> None:
    put(world, "a")
    world.workspace.fail_next = [Permanent("x"), Permanent("y")]
    assert delivery.deliver_all(world.ports) == 2
    assert delivery.is_quiet(world.ports)


def test_a_day_of_failures_ends_with_a_human(world: World) -> None:
    put(world, "a")
    for _ in range(120):
        world.workspace.fail_next = [Retryable("down")]
        delivery.deliver_next(world.ports)
        world.clock.move(minutes=15)
    world.workspace.fail_next = []
    delivery.deliver_all(world.ports)
    assert status(world, "a") is OutboxStatus.FAILED
    assert len(world.workspace.said(FailureCard, "CADMIN")) == 1


def test_what_waited_for_days_is_not_given_up_at_its_first_failure(world: World) -> None:
    put(world, "a")
    world.clock.move(days=3)
    world.workspace.fail_next = [Retryable("down")]
    delivery.deliver_all(world.ports)
    world.clock.move(minutes=1)
    delivery.deliver_all(world.ports)
    assert texts(world) == ["a"]


def test_an_edit_finds_its_post(world: World) -> None:
    put(world, "a")
    with world.store.uow() as uow:
        uow.outbox.put("a:edit", Edit(post_key="a", message=notice("new")), lane="user:ULEA")
    delivery.deliver_all(world.ports)
    assert world.workspace.edits == [("DLEA", world.workspace.posts[0].ts, notice("new"))]


def test_a_row_behind_another_of_its_lane_is_not_counted_as_due(world: World) -> None:
    put(world, "a")
    put(world, "b")
    world.workspace.fail_next = [Retryable("ratelimited", after=30)]
    delivery.deliver_next(world.ports)
    with world.store.reading() as uow:
        due = uow.outbox.next_due()
    assert due is not None
    assert (due - world.clock.now()).total_seconds() == 30


FAULTS = st.sampled_from(["fine", "refused", "lost", "crash"])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(faults=st.lists(FAULTS, max_size=12), run=st.uuids())
def test_any_mix_of_faults_says_each_thing_once_and_in_order(world: World, faults: list[str], run: object) -> None:
    keys = [f"{run}:{number}" for number in range(4)]
    for key in keys:
        put(world, key, to=f"user:U{run}")
    for fault in faults:
        world.workspace.fail_next = [Retryable("503")] if fault == "refused" else []
        world.workspace.lose_answer = {
            "lost": [Retryable("timeout", uncertain=True)],
            "crash": [KeyboardInterrupt()],
        }.get(fault, [])  # type: ignore[assignment]
        with suppress(KeyboardInterrupt):
            delivery.deliver_next(world.ports)
        world.clock.move(minutes=20)
    world.workspace.fail_next, world.workspace.lose_answer = [], []
    delivery.deliver_all(world.ports)
    assert [text for text in texts(world) if text in keys] == keys
