"""One transaction: all or nothing, and a wake-up only for what was really written."""

from __future__ import annotations

import pytest

from programme.effects import PublishHome
from programme.errors import AlreadyHandled
from programme.model.enrolment import Enrolment
from programme.model.evidence import first_broken
from programme.model.member import Member
from tests.conftest import World

HOME = PublishHome(slack_user_id="U1")


def test_an_exception_rolls_everything_back(world: World) -> None:
    def fail() -> None:
        with world.store.uow() as uow:
            uow.members.add(Member("mem_1", "U1", world.clock.now()))
            uow.outbox.put("k", HOME, lane="x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with world.store.reading() as uow:
        assert uow.members.by_slack("U1") is None
        assert uow.outbox.get("k") is None
    assert world.wakes == []


def test_a_commit_that_wrote_an_effect_wakes_the_deliverer(world: World) -> None:
    with world.store.uow() as uow:
        uow.members.add(Member("mem_1", "U1", world.clock.now()))
    assert world.wakes == []
    with world.store.uow() as uow:
        uow.outbox.put("k", HOME, lane="x")
    assert world.wakes == ["wake"]


def test_a_key_is_written_once_for_ever(world: World) -> None:
    with world.store.uow() as uow:
        assert uow.outbox.put("k", HOME, lane="x")
    with world.store.uow() as uow:
        assert not uow.outbox.put("k", PublishHome(slack_user_id="U2"), lane="x")
        row = uow.outbox.get("k")
        assert row is not None
        assert row.effect["slack_user_id"] == "U1"


def test_an_event_is_handled_once(world: World) -> None:
    with world.store.uow() as uow:
        uow.inbox.claim("slack", "Ev1")
    with pytest.raises(AlreadyHandled), world.store.uow() as uow:
        uow.inbox.claim("slack", "Ev1")


def test_the_evidence_chain_shows_where_it_was_touched(world: World) -> None:
    now = world.clock.now()
    with world.store.uow() as uow:
        uow.members.add(Member("mem_1", "U1", now))
        uow.enrolments.add(Enrolment("enr_1", "mem_1", now))
        for number in range(3):
            uow.enrolments.record(enrolment_id="enr_1", kind="test", at=now, facts={"n": number})
    with world.store.reading() as uow:
        chain = uow.enrolments.evidence()
        assert first_broken(chain) is None
        assert first_broken([chain[0], chain[2]]) is chain[2]
        chain[1].facts = {"n": 9}
        assert first_broken(chain) is chain[1]
