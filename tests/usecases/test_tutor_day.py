"""A tutor's day: the queue by clock, the load, the groups, the absences, and one digest a day at their hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from programme.errors import InvalidForm, Refusal
from programme.messages.tutoring import TutorDay
from programme.model.document import DocumentState
from programme.usecases import agenda, delivery, home, tutor_day
from tests.usecases.test_tutor_absences import away
from tests.usecases.tutoring import (
    AUTHOR,
    OTHER_TUTOR,
    PEER,
    TUTOR,
    asked,
    document,
    no_failure,
    pass_time,
    read_by,
    running,
    submitted,
    taken,
)


def digests(world, tutor: str = "TUTOR1") -> list[TutorDay]:
    return read_by(world, f"D{tutor}", TutorDay)


def until(world, instant: datetime) -> None:
    """Let time pass an hour at a time, as the bot lives through it."""
    while world.clock.now() < instant:
        world.clock.instant = min(instant, world.clock.now() + timedelta(hours=1))
        agenda.run_due(world.ports, no_failure)
        delivery.deliver_all(world.ports)


def november(day: int, hour: int) -> datetime:
    """An hour of Paris in November 2026."""
    return datetime(2026, 11, day, hour - 1, tzinfo=UTC)


def test_the_queue_comes_by_clock_with_load_groups_and_absences(world) -> None:
    found = running(world)
    taken(world)
    world.clock.move(days=1)
    asked(world, caller=PEER)
    away(world, 5, 6, caller=OTHER_TUTOR)
    day = tutor_day.my_day(world.ports, caller=TUTOR)

    assert [(line.question, line.begun, line.author_user) for line in day.lines] == [
        (False, True, "UM1"),
        (True, False, "UM2"),
    ]
    assert (day.load, day.capacity, day.more) == (2, 12, 0)
    assert [(line.label, line.next_number) for line in day.groups] == [(found.label, 1)]
    assert [one.tutor_user for one in day.away] == ["UTUTOR2"]
    assert tutor_day.my_day(world.ports, caller=OTHER_TUTOR).lines == ()


def test_taking_the_next_takes_the_one_due_first(world) -> None:
    running(world)
    with pytest.raises(Refusal) as nothing:
        tutor_day.take_next(world.ports, caller=TUTOR)
    assert nothing.value.key == "queue_empty"
    first = submitted(world)
    world.clock.move(days=1)
    second = submitted(world, caller=PEER)
    tutor_day.take_next(world.ports, caller=TUTOR)

    assert document(world, first.id).state is DocumentState.IN_REVIEW
    assert document(world, second.id).state is DocumentState.RECEIVED


def test_one_digest_a_working_day_at_the_chosen_hour(world) -> None:
    running(world)
    agenda.ensure_recurring(world.ports)
    tutor_day.choose(world.ports, caller=TUTOR, capacity="12", digest_hour="17", backup="")
    submitted(world)
    submitted(world, caller=PEER)
    until(world, november(24, 16))
    assert digests(world) == []
    until(world, november(24, 17))

    (told,) = digests(world)
    assert (told.digest, told.load) == (True, 2)
    until(world, november(24, 23))
    assert len(digests(world)) == 1
    assert digests(world, "TUTOR2") == []  # nothing waits for them


def test_no_digest_on_days_off_when_away_or_without_anything(world) -> None:
    running(world)
    agenda.ensure_recurring(world.ports)
    until(world, november(24, 12))
    assert digests(world) == []
    taken(world)
    away(world, 2, 4)  # Wednesday to Friday
    until(world, november(29, 23))  # Sunday

    assert digests(world) == []
    until(world, november(30, 12))
    assert len(digests(world)) == 1


def test_a_bot_that_slept_tells_by_day_and_once(world) -> None:
    running(world)
    agenda.ensure_recurring(world.ports)
    taken(world)
    pass_time(world, days=1, hours=4)  # Tuesday, 14:00
    assert len(digests(world)) == 1
    world.clock.instant = november(25, 22)
    agenda.run_due(world.ports, no_failure)
    delivery.deliver_all(world.ports)

    assert len(digests(world)) == 1


def test_no_card_calls_a_tutor(world) -> None:
    running(world)
    submitted(world)
    asked(world)

    assert [post for post in world.workspace.posts if post.channel == "DTUTOR1"] == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"capacity": "0"}, "capacity"),
        ({"capacity": "61"}, "capacity"),
        ({"capacity": "x"}, "capacity"),
        ({"digest_hour": "7"}, "digest_hour"),
        ({"digest_hour": "20"}, "digest_hour"),
        ({"backup": "UTUTOR1"}, "backup"),
        ({"backup": "UM1"}, "backup"),
    ],
)
def test_wrong_settings_change_nothing(world, changed, field) -> None:
    form = {"capacity": "8", "digest_hour": "10", "backup": "UTUTOR2"}
    tutor_day.choose(world.ports, caller=TUTOR, **form)
    with pytest.raises(InvalidForm) as wrong:
        tutor_day.choose(world.ports, caller=TUTOR, **(form | changed))

    assert set(wrong.value.fields) == {field}
    kept = tutor_day.settings_of(world.ports, caller=TUTOR)
    assert (kept.capacity, kept.digest_hour, kept.backup_id) == (8, 10, "UTUTOR2")


def test_the_home_of_a_tutor_is_their_day(world) -> None:
    running(world)
    submitted(world)
    assert home.compose(world.ports, "UTUTOR1").tutoring == tutor_day.my_day(world.ports, caller=TUTOR)
    assert home.compose(world.ports, AUTHOR.slack_user_id).tutoring is None
