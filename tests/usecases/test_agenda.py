"""Deadlines: each once, in its own transaction; one that fails stops no other; a moved one waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from programme.messages.common import FailureCard
from programme.messages.orders import PaymentLinkExpired
from programme.model.agenda import DeadlineKind
from programme.model.order import OrderStatus
from programme.usecases import agenda, delivery
from tests.builders import current, ordered
from tests.conftest import World

NAMES = ("ULEA", "UPAUL")


def ignore(_what: str, _error: Exception) -> None:
    """Failures are expected here."""


def fail(what: str, error: Exception) -> None:
    raise AssertionError(what) from error


def test_nothing_happens_before_its_instant(world: World) -> None:
    ordered(world, "ULEA")
    assert agenda.run_due(world.ports, fail) == 0
    world.clock.move(hours=23)
    assert agenda.run_due(world.ports, fail) == 1
    assert agenda.run_due(world.ports, fail) == 0


def test_a_bot_that_was_away_does_it_once_and_late(world: World) -> None:
    ordered(world, "ULEA")
    world.clock.move(days=10)
    agenda.run_due(world.ports, fail)
    agenda.run_due(world.ports, fail)
    delivery.deliver_all(world.ports)
    assert len(world.workspace.said(PaymentLinkExpired)) == 1


def test_a_failing_deadline_is_put_off_and_stops_no_other(world: World) -> None:
    ordered(world, "ULEA")
    with world.store.uow() as uow:
        uow.agenda.put(DeadlineKind.CHECKOUT_EXPIRY, "ord_unknown:1", world.clock.now())
    world.clock.move(hours=23)
    failures: list[str] = []
    assert agenda.run_due(world.ports, lambda what, _error: failures.append(what)) == 2
    delivery.deliver_all(world.ports)
    assert failures == ["checkout_expiry:ord_unknown:1"]
    assert len(world.workspace.said(PaymentLinkExpired)) == 1


def test_after_three_failures_the_admins_are_told_once(world: World) -> None:
    with world.store.uow() as uow:
        uow.agenda.put(DeadlineKind.CHECKOUT_EXPIRY, "ord_unknown:1", world.clock.now())
    for _ in range(6):
        agenda.run_due(world.ports, ignore)
        world.clock.move(hours=1)
    delivery.deliver_all(world.ports)
    [card] = world.workspace.said(FailureCard, "CADMIN")
    assert card.what == "checkout_expiry"


def test_a_moved_deadline_waits_for_its_new_instant(world: World) -> None:
    order = ordered(world, "ULEA")
    subject = f"{order.id}:1"
    with world.store.uow() as uow:
        uow.agenda.put(DeadlineKind.CHECKOUT_EXPIRY, subject, world.clock.now() + timedelta(days=3))
    world.clock.move(days=2)
    assert agenda.run_due(world.ports, fail) == 0
    world.clock.move(days=1)
    assert agenda.run_due(world.ports, fail) == 1
    assert current(world, order.id).status is OrderStatus.PLACED


@pytest.mark.parametrize("starts", [1, 3])
def test_what_recurs_is_set_once_however_often_the_bot_starts(world: World, starts: int) -> None:
    for _ in range(starts):
        agenda.ensure_recurring(world.ports)
    with world.store.reading() as uow:
        due = uow.agenda.due(world.clock.now() + timedelta(days=1))
    assert [row.kind for row in due].count(DeadlineKind.MATCHING) == 1


def test_what_recurs_goes_on_by_itself(world: World) -> None:
    agenda.ensure_recurring(world.ports)
    for _ in range(15):
        world.clock.move(days=1)
        agenda.run_due(world.ports, fail)
    with world.store.reading() as uow:
        kinds = {row.kind for row in uow.agenda.due(world.clock.now() + timedelta(days=8))}
    assert kinds == {
        DeadlineKind.MATCHING,
        DeadlineKind.WEEKLY_REPORT,
        DeadlineKind.WAITING_ROOM,
        DeadlineKind.TUTOR_MORNING,
        DeadlineKind.RETENTION,
        DeadlineKind.EVIDENCE_ANCHOR,
    }
