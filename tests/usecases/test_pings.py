"""The one place from which people are written to: what waits, what does not, and where its edits go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from programme.errors import InvalidForm
from programme.messages.checkins import CheckInRequest
from programme.messages.groups import CharterRequest, SeatOffer
from programme.messages.nudges import Digest
from programme.messages.waiting import WaitingWord
from programme.model.nudge import NudgeState, Topic
from programme.model.people import Caller, SlackPerson
from programme.usecases import agenda, delivery, pings, quiet_wishes
from tests.conftest import World
from tests.usecases.running import until
from tests.usecases.waiting_room import Person, enrol, rows

LEA = Caller("ULEA")
DAY = datetime(2026, 11, 25, 11, tzinfo=UTC)  # Wednesday noon in Paris
NIGHT = datetime(2026, 11, 25, 21, tzinfo=UTC)
MORNING = datetime(2026, 11, 26, 7, tzinfo=UTC)


@pytest.fixture
def lea(world: World) -> World:
    world.clock.instant = DAY
    enrol(world.ports, Person("ULEA"))
    return world


def check_in(**facts: Any) -> CheckInRequest:
    return CheckInRequest(check_in_id="chk_1", number=3, **facts)


def word() -> WaitingWord:
    return WaitingWord(since=DAY.date(), weeks=2, near=None, sharing=None, by_slot=(), advice=())


def offer(expires_at: datetime, **facts: Any) -> SeatOffer:
    return SeatOffer(
        group_id="grp_1",
        size=4,
        place="Lyon",
        worst_km=4,
        common_slots=("tue-evening",),
        expires_at=expires_at,
        zone="Europe/Paris",
        reminder=True,
        **facts,
    )


def routine(world: World, key: str, message: Any, **more: Any) -> None:
    with world.store.uow() as uow:
        pings.routine(uow, "ULEA", key, message, world.clock.now(), **more)


def timely(world: World, key: str) -> None:
    with world.store.uow() as uow:
        pings.timely(uow, "ULEA", key, CharterRequest(group_id=f"grp_{key}"), world.clock.now())


def legal(world: World, key: str) -> None:
    with world.store.uow() as uow:
        pings.legal(uow, "ULEA", key, CharterRequest(group_id=f"grp_{key}"))


def update(world: World, key: str, message: Any) -> None:
    with world.store.uow() as uow:
        pings.update(uow, "ULEA", key, message)


def said(world: World) -> list[str]:
    """The keys of what has reached Léa, oldest first."""
    delivery.deliver_all(world.ports)
    return [post.key for post in world.workspace.posts if post.channel == "DLEA"]


def at(world: World, instant: datetime) -> list[str]:
    """What has reached her by then."""
    until(world, instant)
    return said(world)


def state(world: World, key: str) -> NudgeState:
    with world.store.reading() as uow:
        return uow.nudges.get(key).state


def test_what_the_law_demands_never_waits_behind_what_is_put_off(lea) -> None:
    lea.clock.instant = NIGHT
    timely(lea, "charter")
    routine(lea, "nudge", check_in())
    legal(lea, "refund")
    assert said(lea) == ["refund"]
    assert at(lea, MORNING - timedelta(seconds=1)) == ["refund"]
    assert set(at(lea, MORNING)) == {"refund", "charter", "nudge"}


def test_the_edit_of_what_is_put_off_waits_behind_it_and_holds_nothing_back(lea) -> None:
    lea.clock.instant = NIGHT
    timely(lea, "charter")
    update(lea, "charter", CharterRequest(group_id="grp_charter", signed=True))
    legal(lea, "refund")
    assert said(lea) == ["refund"]
    assert at(lea, MORNING) == ["refund", "charter"]
    assert [edit[2].signed for edit in lea.workspace.edits] == [True]


def test_an_edit_at_night_of_what_was_said_by_day_goes_at_once(lea) -> None:
    timely(lea, "charter")
    assert said(lea) == ["charter"]
    lea.clock.instant = NIGHT
    timely(lea, "other")
    update(lea, "charter", CharterRequest(group_id="grp_charter", signed=True))
    delivery.deliver_all(lea.ports)
    assert len(lea.workspace.edits) == 1


def test_what_is_asked_for_at_night_is_answered_at_night(lea) -> None:
    lea.clock.instant = NIGHT
    with lea.store.uow() as uow:
        pings.answer(uow, "ULEA", "guide", CharterRequest(group_id="grp_1"))
    assert said(lea) == ["guide"]


def test_files_follow_what_they_belong_to_into_the_morning(lea) -> None:
    with lea.store.uow() as uow:
        pings.answer(uow, "ULEA", "receipt", CharterRequest(group_id="grp_1"))
    lea.clock.instant = NIGHT
    with lea.store.uow() as uow:
        pings.timely(uow, "ULEA", "remarks", CharterRequest(group_id="grp_2"), NIGHT, in_reply_to="receipt")
        pings.timely_files(uow, "ULEA", "remarks:files", [], NIGHT, in_reply_to="receipt")
    assert {row.lane for row in rows(lea, "remarks")} == {"by_day:ULEA"}
    assert said(lea) == ["receipt"]
    assert at(lea, MORNING) == ["receipt", "remarks"]


def test_one_routine_post_a_day_and_what_else_is_due_in_one_digest(lea) -> None:
    routine(lea, "first", check_in())
    assert said(lea) == ["first"]
    lea.clock.move(hours=1)
    routine(lea, "second", word())
    routine(lea, "third", offer(DAY + timedelta(days=4)))
    assert said(lea) == ["first"]
    assert at(lea, MORNING - timedelta(seconds=1)) == ["first"]
    seen = at(lea, MORNING)
    assert len(seen) == 2
    digest = lea.workspace.posts[-1].message
    assert isinstance(digest, Digest)
    assert {part.kind for part in digest.parts} == {"waiting_word", "seat_offer"}
    assert len(at(lea, MORNING + timedelta(days=3))) == 2


def test_a_part_of_a_digest_is_edited_in_its_place(lea) -> None:
    routine(lea, "first", check_in())
    routine(lea, "second", word())
    routine(lea, "third", offer(DAY + timedelta(days=4)))
    at(lea, MORNING)
    update(lea, "third", offer(DAY + timedelta(days=4), answer="accepted"))
    delivery.deliver_all(lea.ports)
    (channel, ts, edited) = lea.workspace.edits[-1]
    assert (channel, ts) == ("DLEA", lea.workspace.posts[-1].ts)
    assert {getattr(part, "answer", None) for part in edited.parts} == {None, "accepted"}
    assert len(edited.parts) == 2


def test_what_was_answered_before_it_left_does_not_leave(lea) -> None:
    routine(lea, "first", word())
    routine(lea, "second", check_in())
    update(lea, "second", check_in(answered=True))
    assert state(lea, "second") is NudgeState.DROPPED
    assert at(lea, MORNING + timedelta(days=2)) == ["first"]
    update(lea, "second", check_in(answered=True))
    assert not lea.workspace.edits


def test_a_later_one_of_the_same_topic_replaces_what_waits(lea) -> None:
    routine(lea, "first", word())
    routine(lea, "ask", check_in())
    routine(lea, "ask:reminder:1", check_in(reminder=1))
    assert at(lea, MORNING) == ["first", "ask:reminder:1"]


def test_the_same_key_says_one_thing_once(lea) -> None:
    for _ in range(2):
        routine(lea, "ask", check_in())
    assert at(lea, MORNING + timedelta(days=2)) == ["ask"]


def test_until_monday_and_what_cannot_wait_that_long_comes_all_the_same(lea) -> None:
    assert quiet_wishes.snooze(lea.ports, caller=LEA) == datetime(2026, 11, 30, 7, tzinfo=UTC)
    routine(lea, "ask", check_in())
    routine(lea, "offer", offer(DAY + timedelta(days=2)), before=DAY + timedelta(days=2))
    assert said(lea) == ["offer"]
    legal(lea, "refund")
    timely(lea, "charter")
    assert said(lea) == ["offer", "refund", "charter"]
    assert len(at(lea, datetime(2026, 11, 30, 6, 59, tzinfo=UTC))) == 3
    assert at(lea, datetime(2026, 11, 30, 7, tzinfo=UTC))[-1] == "ask"


def test_a_pause_taken_while_something_waits_holds_it_and_its_end_lets_it_go(lea) -> None:
    routine(lea, "first", word())
    routine(lea, "second", check_in())
    quiet_wishes.snooze(lea.ports, caller=LEA)
    assert at(lea, MORNING + timedelta(hours=1)) == ["first"]
    quiet_wishes.choose(lea.ports, caller=LEA, hour=None, wanted=[topic.value for topic in Topic], snoozed=False)
    assert at(lea, MORNING + timedelta(hours=1)) == ["first", "second"]


def test_what_is_stopped_does_not_come_even_if_it_waited_and_the_rest_does(lea) -> None:
    routine(lea, "first", word())
    routine(lea, "second", check_in())
    quiet_wishes.stop(lea.ports, caller=LEA, topic=Topic.CHECK_IN)
    quiet_wishes.stop(lea.ports, caller=LEA, topic=Topic.CHECK_IN)
    lea.clock.instant = MORNING + timedelta(days=1)
    routine(lea, "third", check_in(reminder=1))
    routine(lea, "fourth", word())
    assert at(lea, MORNING + timedelta(days=3)) == ["first", "fourth"]
    quiet_wishes.choose(lea.ports, caller=LEA, hour=None, wanted=["check_in"], snoozed=False)
    routine(lea, "fifth", check_in(reminder=2))
    routine(lea, "sixth", word())
    assert at(lea, MORNING + timedelta(days=5))[2:] == ["fifth"]


def test_an_hour_of_ones_own_moves_what_waits(lea) -> None:
    everything = [topic.value for topic in Topic]
    routine(lea, "first", word())
    routine(lea, "second", check_in())
    quiet_wishes.choose(lea.ports, caller=LEA, hour=18, wanted=everything, snoozed=False)
    assert at(lea, MORNING + timedelta(hours=9)) == ["first"]
    assert at(lea, MORNING + timedelta(hours=10)) == ["first", "second"]
    for hour in (7, 20, -1):
        with pytest.raises(InvalidForm):
            quiet_wishes.choose(lea.ports, caller=LEA, hour=hour, wanted=everything, snoozed=False)
    assert quiet_wishes.mine(lea.ports, caller=LEA)[0].hour == 18


def test_hours_are_those_of_the_persons_clock(world) -> None:
    world.clock.instant = DAY  # 22:00 in Nouméa
    enrol(world.ports, Person("ULEA", profile={"time_zone": "Pacific/Noumea"}))
    routine(world, "ask", check_in())
    timely(world, "charter")
    assert said(world) == []
    assert set(at(world, datetime(2026, 11, 25, 21, tzinfo=UTC))) == {"ask", "charter"}


def test_who_is_no_member_has_the_zone_that_slack_tells(world) -> None:
    with world.store.uow() as uow:
        uow.people.save(SlackPerson("UTUTOR1", time_zone="America/Martinique"))
        assert pings.zone_of(uow, "UTUTOR1") == "America/Martinique"
        assert pings.zone_of(uow, "UNOBODY") == "Europe/Paris"


def test_a_late_bot_sends_what_waited_once(lea) -> None:
    routine(lea, "first", word())
    routine(lea, "second", check_in())
    said(lea)
    lea.clock.instant = MORNING + timedelta(days=2, hours=14)  # it was down, and it is night
    agenda.run_due(lea.ports, _fail)
    assert said(lea) == ["first"]
    assert at(lea, MORNING + timedelta(days=3)) == ["first", "second"]


def _fail(what: str, error: Exception) -> None:
    raise AssertionError(what) from error
