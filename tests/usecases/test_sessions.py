"""Guides, the plan as members see it, and the end of the programme."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from programme.errors import Refusal
from programme.journal import Action
from programme.model.enrolment import Enrolment, EnrolmentStatus
from programme.model.group import GroupState, SeatState
from programme.model.session import SessionState
from programme.usecases import home, sessions
from tests.usecases.running import (
    LEA,
    MAX,
    NOE,
    RUN_POSTCODES,
    STRANGER,
    ZOE,
    begin,
    hold,
    running,
    session,
    sessions_of,
    three,
    until,
)
from tests.usecases.waiting_room import Person, four, gated, group, messages, rows, seats_of

PARIS = ZoneInfo("Europe/Paris")


def guides(world) -> list:
    return [row for row in rows(world, "guide:") if row.lane.startswith("group:")]


def test_the_guide_goes_out_two_days_before_at_six_in_the_evening(world, ports) -> None:
    running(ports)
    first = session(ports, 1)
    due = datetime.combine(first.day - timedelta(days=2), datetime.min.time(), PARIS).replace(hour=18)

    until(world, due - timedelta(minutes=1))
    assert guides(world) == []
    until(world, due)
    assert len(guides(world)) >= 1
    assert session(ports, 1).guide_posted_at == due.astimezone(UTC)
    assert {message.number for message in messages(world, "session_guide")} == {1}


def test_the_hour_is_that_of_the_group_wherever_it_lives(world, ports) -> None:
    running(ports, *four(profile=RUN_POSTCODES))
    first = session(ports, 1)

    assert first.zone == "Indian/Reunion"
    assert first.starts_at.astimezone(ZoneInfo(first.zone)).time() == first.wall_time
    until(world, first.starts_at - timedelta(hours=2))
    posted = session(ports, 1).guide_posted_at
    assert posted is not None
    assert posted.astimezone(ZoneInfo("Indian/Reunion")).hour == 18
    assert messages(world, "session_guide")[0].zone == "Indian/Reunion"


def test_a_guide_is_posted_once_even_when_the_deadline_comes_again(world, ports) -> None:
    running(ports)
    begin(world, 1)
    before = len(guides(world))
    with ports.uow() as uow:
        sessions.post_guide(ports, uow, session(ports, 1).id)

    assert len(guides(world)) == before


def test_a_guide_that_comes_a_day_after_its_session_is_skipped(world, ports) -> None:
    running(ports)
    first = session(ports, 1)
    world.clock.instant = first.starts_at + timedelta(hours=24)
    with ports.uow() as uow:
        sessions.post_guide(ports, uow, first.id)

    assert guides(world) == []
    assert session(ports, 1).guide_posted_at is None
    with ports.reading() as uow:
        assert Action.DEADLINE_SKIPPED in [entry.action for entry in uow.journal.of(first.id)]


def test_each_member_has_one_role_and_roles_turn(world, ports) -> None:
    running(ports)
    first, second = session(ports, 1), session(ports, 2)

    assert len(set(first.roles.values())) == 4
    assert all(first.roles[role] != second.roles[role] for role in first.roles)


def test_roles_are_shared_out_again_when_somebody_has_left(world, ports) -> None:
    running(ports)
    with ports.uow() as uow:
        gone = next(seat for seat in uow.groups.seats(group(ports).id) if seat.state is SeatState.ACCEPTED)
        gone.state = SeatState.LEFT
        left = uow.members.get(gone.member_id).slack_user_id
    begin(world, 1)

    roles = messages(world, "session_guide")[0].roles
    assert len(roles) == 3
    assert left not in roles.values()


def test_a_guide_already_out_stays_one_command_away(world, ports) -> None:
    running(ports)
    begin(world, 2)

    assert sessions.send_guide(ports, caller=LEA, number=1, request="t1") == 1
    assert sessions.send_guide(ports, caller=LEA, number=None, request="t2") == 2
    assert {row.lane for row in rows(world, f"guide:{group(ports).id}:01:copy")} == {"user:UM1"}


def test_the_same_request_sends_one_copy(world, ports) -> None:
    running(ports)
    begin(world, 1)
    sessions.send_guide(ports, caller=LEA, number=1, request="t1")
    before = len(rows(world))
    sessions.send_guide(ports, caller=LEA, number=1, request="t1")

    assert len(rows(world)) == before


@pytest.mark.parametrize(("number", "key"), [(0, "guide_number"), (17, "guide_number"), (9, "guide_locked")])
def test_a_guide_that_is_not_out_or_does_not_exist_is_refused(world, ports, number, key) -> None:
    running(ports)
    begin(world, 1)
    with pytest.raises(Refusal) as refusal:
        sessions.send_guide(ports, caller=LEA, number=number, request="t1")

    assert refusal.value.key == key


@pytest.mark.parametrize("number", [None, 1])
def test_before_the_first_guide_there_is_none_to_send(ports, number) -> None:
    running(ports)
    with pytest.raises(Refusal) as refusal:
        sessions.send_guide(ports, caller=LEA, number=number, request="t1")

    assert refusal.value.key == "guide_locked"


def test_a_stranger_gets_neither_guide_nor_plan(world, ports) -> None:
    running(ports)
    begin(world, 1)
    for act in (
        lambda: sessions.send_guide(ports, caller=STRANGER, number=1, request="t1"),
        lambda: sessions.plan_of(ports, caller=STRANGER),
    ):
        with pytest.raises(Refusal) as refusal:
            act()
        assert refusal.value.key == "not_in_group"


def test_the_plan_shows_sixteen_dates_and_the_weeks_to_spare(world, ports) -> None:
    running(ports)
    plan = sessions.plan_of(ports, caller=LEA)

    assert [one.number for one in plan.appointments] == list(range(1, 17))
    assert plan.slack_weeks == 4
    assert (plan.last_allowed_day - session(ports, 1).day).days == 20 * 7 - 1


def test_before_the_start_there_is_no_plan(ports) -> None:
    gated(ports)
    with pytest.raises(Refusal) as refusal:
        sessions.plan_of(ports, caller=LEA)

    assert refusal.value.key == "plan_none"


def test_a_missed_session_takes_a_week_of_slack(world, ports) -> None:
    running(ports)
    hold(world, 1, LEA, MAX)
    world.clock.instant = session(ports, 2).starts_at - timedelta(hours=1)

    assert session(ports, 1).state is SessionState.MISSED
    assert sessions.plan_of(ports, caller=LEA).slack_weeks == 3


def test_a_group_of_three_has_three_roles_and_its_own_agenda(world, ports) -> None:
    running(ports, *three())
    begin(world, 1)

    assert set(messages(world, "session_guide")[0].roles) == {"animateur", "gardien_du_temps", "scribe"}


def play_to_the_end(world) -> None:
    for one in sessions_of(world.ports):
        hold(world, one.number, LEA, MAX, NOE, ZOE)


def test_sixteen_sessions_end_the_programme_and_close_the_channel_two_weeks_later(world, ports) -> None:
    running(ports)
    play_to_the_end(world)

    found = group(ports)
    assert found.state is GroupState.FINISHED
    (ended,) = messages(world, "programme_ended")
    assert ended.held == 16
    assert found.finished_at is not None
    facts = home.compose(ports, LEA.slack_user_id)
    assert (facts.over, facts.waiting, facts.waiting_since) == (True, None, None)
    with ports.reading() as uow:
        assert uow.enrolments.waiting() == []
    until(world, found.finished_at + timedelta(days=14))
    assert group(ports).state is GroupState.ARCHIVED
    assert len(rows(world, "archive:")) == 1
    with ports.reading() as uow:
        states = {uow.enrolments.current(seat.member_id).status for seat in seats_of(ports, found.id).values()}
    assert states == {EnrolmentStatus.FINISHED}
    assert not home.compose(ports, LEA.slack_user_id).over
    assert sessions.send_guide(ports, caller=LEA, number=3, request="later") == 3


def test_whoever_comes_back_after_a_programme_waits_for_a_group_again(world, ports) -> None:
    running(ports)
    play_to_the_end(world)
    until(world, group(ports).finished_at + timedelta(days=14))
    now = world.clock.now()
    with ports.uow() as uow:
        member = uow.members.by_slack(LEA.slack_user_id)
        uow.enrolments.add(Enrolment("enr_again", member.id, now, ordered_at=now, paid_at=now))
    with ports.reading() as uow:
        assert [one.id for one in uow.enrolments.waiting()] == ["enr_again"]


def test_the_wall_time_holds_over_both_clock_changes(ports) -> None:
    running(ports, *[Person(f"UM{n}") for n in range(1, 5)])

    local = {one.starts_at.astimezone(ZoneInfo(one.zone)).time() for one in sessions_of(ports)}
    assert local == {session(ports, 1).wall_time}
