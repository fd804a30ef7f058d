"""The gate opens when the law says; the sixteen dates, which ping a whole group, come by day."""

from __future__ import annotations

from datetime import UTC, datetime

from programme.model.group import GroupState
from programme.model.outbox import OutboxStatus
from programme.usecases import agenda, delivery, timetables
from programme.usecases.board import refresh_board
from programme.usecases.channel_links import PLAN_LINK
from tests.conftest import World
from tests.usecases.waiting_room import four, gated, group, rows, sign_all


def fail(what: str, error: Exception) -> None:
    raise AssertionError(what) from error


def test_a_group_starts_at_the_laws_instant_and_hears_of_it_in_the_morning(world: World) -> None:
    night, morning = datetime(2026, 11, 23, 22, 30, tzinfo=UTC), datetime(2026, 11, 24, 7, tzinfo=UTC)
    gated_by_day(world)
    world.clock.instant = night
    sign_all(world.ports)
    assert group(world.ports).started_at == night
    delivered(world)
    assert not [post for post in world.workspace.posts if post.message.kind == "plan_published"]
    assert not [row for row in rows(world) if row.status is OutboxStatus.FAILED]
    links = world.workspace.bookmarks[group(world.ports).channel_id]
    assert PLAN_LINK not in links
    world.clock.instant = morning
    delivered(world)
    assert [post.message.kind for post in world.workspace.posts][-1] == "plan_published"
    assert PLAN_LINK in links


def test_a_move_in_the_night_redraws_the_dates_in_the_morning_and_holds_nothing_back(world: World) -> None:
    gated_by_day(world)
    world.clock.instant = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    sign_all(world.ports)
    with world.store.uow() as uow:
        timetables.redraw_plan(uow, uow.groups.in_states(GroupState.RUNNING)[0])
        refresh_board(world.ports, uow, uow.groups.in_states(GroupState.RUNNING)[0].id)
    delivered(world)
    assert "board" in world.workspace.edits[-1][2].kind
    edits = len(world.workspace.edits)
    world.clock.instant = datetime(2026, 11, 24, 7, tzinfo=UTC)
    delivered(world)
    assert [message.kind for *_, message in world.workspace.edits[edits:]] == ["plan_published"]


def gated_by_day(world: World) -> None:
    gated(world.ports, *four())
    delivered(world)


def delivered(world: World) -> None:
    agenda.run_due(world.ports, fail)
    delivery.deliver_all(world.ports)
