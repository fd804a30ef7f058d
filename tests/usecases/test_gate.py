"""The gate opens by day: the sixteen dates ping a whole group."""

from __future__ import annotations

from datetime import UTC, datetime

from programme.model.group import GroupState
from programme.usecases import agenda
from tests.conftest import World
from tests.usecases.waiting_room import four, gated, group, sign_all


def fail(what: str, error: Exception) -> None:
    raise AssertionError(what) from error


def test_a_group_whose_conditions_hold_at_night_starts_in_the_morning(world: World) -> None:
    world.clock.instant = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    gated(world.ports, *four())
    sign_all(world.ports)
    assert group(world.ports).state is GroupState.GATED
    world.clock.instant = datetime(2026, 11, 24, 6, 59, tzinfo=UTC)
    agenda.run_due(world.ports, fail)
    assert group(world.ports).state is GroupState.GATED
    world.clock.move(minutes=1)
    agenda.run_due(world.ports, fail)
    assert group(world.ports).state is GroupState.RUNNING
