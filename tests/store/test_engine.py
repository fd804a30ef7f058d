"""Concurrent read-modify-write on SQLite loses nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from programme.model.member import Member
from tests.conftest import World


def test_no_update_is_lost_between_threads(world: World) -> None:
    with world.store.uow() as uow:
        uow.members.add(Member("mem_1", "U1", world.clock.now(), radius_km=0))

    def increment(_turn: int) -> None:
        with world.store.uow() as uow:
            uow.members.get("mem_1").radius_km += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(increment, range(200)))
    with world.store.reading() as uow:
        assert uow.members.get("mem_1").radius_km == 200


def test_a_reader_does_not_wait_for_a_writer(world: World) -> None:
    with world.store.uow() as writing:
        writing.members.add(Member("mem_1", "U1", world.clock.now()))
        with world.store.reading() as reading:
            assert reading.members.by_slack("U1") is None


def test_what_is_changed_while_reading_is_dropped(world: World) -> None:
    with world.store.uow() as uow:
        uow.members.add(Member("mem_1", "U1", world.clock.now()))
    with world.store.reading() as uow:
        uow.members.get("mem_1").first_name = "Léa"
    with world.store.reading() as uow:
        assert uow.members.get("mem_1").first_name == ""
