"""The agenda followed live: started, stepped and ended by the group, in one post that is edited in place."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.errors import NotAllowed, Refusal
from programme.usecases import attendance, live
from programme.usecases.guide_pages import agenda_of
from tests.usecases.running import LEA, MAX, NOE, STRANGER, ZOE, begin, running, session, sign, three, until
from tests.usecases.waiting_room import groups, messages, rows

ALL = (LEA, MAX, NOE, ZOE)


def shown(world):
    return messages(world, "live_session")[-1]


def edits(world) -> list:
    return [row for row in rows(world, "live:") if row.effect["kind"] == "edit"]


def test_the_group_starts_steps_and_ends_one_post(world, ports) -> None:
    running(ports)
    first = begin(world, 1)
    steps = agenda_of(ports.content.guides.number(1), 120, 4)
    assert live.start(ports, caller=LEA, session_id=first.id) == 0
    assert (shown(world).title, shown(world).left) == (steps[0].title, steps[0].minutes)
    for number in range(len(steps) - 1):
        assert live.step_on(ports, caller=MAX, session_id=first.id, leaving=number) == number + 1
        assert shown(world).title == steps[number + 1].title
    assert shown(world).following == ""
    live.end(ports, caller=ZOE, session_id=first.id)

    assert shown(world).ended
    assert len([row for row in rows(world, "live:") if row.effect["kind"] == "post"]) == 1


def test_double_clicks_and_two_people_move_on_by_one_step(world, ports) -> None:
    running(ports)
    first = begin(world, 1)
    for caller in (LEA, LEA, MAX):
        live.start(ports, caller=caller, session_id=first.id)
    for caller in (LEA, MAX, LEA):
        assert live.step_on(ports, caller=caller, session_id=first.id, leaving=0) == 1
    for caller in (LEA, MAX):
        live.end(ports, caller=caller, session_id=first.id)

    assert len(rows(world, "live:")) == 3


def test_the_last_step_has_no_next(world, ports) -> None:
    running(ports)
    first = begin(world, 1)
    live.start(ports, caller=LEA, session_id=first.id)
    last = shown(world).steps - 1
    for number in range(last):
        live.step_on(ports, caller=LEA, session_id=first.id, leaving=number)
    assert live.step_on(ports, caller=LEA, session_id=first.id, leaving=last) == last


def test_only_the_group_and_only_during_the_session(world, ports) -> None:
    running(ports)
    first = session(ports, 1)
    with pytest.raises(Refusal, match="live_not_now"):
        live.start(ports, caller=LEA, session_id=first.id)
    begin(world, 1)
    for act in (
        lambda: live.start(ports, caller=STRANGER, session_id=first.id),
        lambda: live.step_on(ports, caller=STRANGER, session_id=first.id, leaving=0),
        lambda: live.end(ports, caller=STRANGER, session_id=first.id),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(Refusal, match="live_not_now"):
        live.step_on(ports, caller=LEA, session_id=first.id, leaving=0)
    live.start(ports, caller=LEA, session_id=first.id)
    live.end(ports, caller=LEA, session_id=first.id)
    with pytest.raises(Refusal, match="live_not_now"):
        live.step_on(ports, caller=LEA, session_id=first.id, leaving=0)


def test_the_time_left_follows_and_says_when_it_is_over(world, ports) -> None:
    running(ports)
    first = begin(world, 1, minutes=0)
    live.start(ports, caller=LEA, session_id=first.id)
    minutes = shown(world).minutes
    until(world, first.starts_at + timedelta(minutes=minutes - 2))
    assert shown(world).left == 2
    until(world, first.starts_at + timedelta(minutes=minutes))
    assert shown(world).left == 0
    until(world, first.starts_at + timedelta(minutes=minutes + 11))
    assert shown(world).left < 0


def test_an_agenda_that_nobody_steps_stops_by_itself(world, ports) -> None:
    running(ports)
    first = begin(world, 1, minutes=0)
    live.start(ports, caller=LEA, session_id=first.id)
    until(world, first.starts_at + timedelta(hours=4))
    assert shown(world).ended
    before = len(edits(world))
    until(world, first.starts_at + timedelta(hours=8))
    assert len(edits(world)) == before


def test_closing_the_sheet_ends_the_agenda(world, ports) -> None:
    running(ports)
    first = begin(world, 1)
    live.start(ports, caller=LEA, session_id=first.id)
    sign(ports, 1, *ALL)
    attendance.close_session(ports, caller=LEA, session_id=first.id)
    assert shown(world).ended


def test_three_people_follow_the_agenda_for_three(world, ports) -> None:
    running(ports, *three())
    first = begin(world, 1)
    live.start(ports, caller=LEA, session_id=first.id)
    assert shown(world).steps == len(agenda_of(ports.content.guides.number(1), 120, 3))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pauses=st.lists(st.integers(1, 1500), min_size=1, max_size=12))
def test_by_itself_the_post_changes_at_most_once_a_minute(world, ports, pauses) -> None:
    """Whatever the pace of the group, in seconds between its presses; each example is another session."""
    if not groups(ports):
        running(ports)
    number = next(n for n in range(1, 17) if session(ports, n).starts_at > world.clock.now())
    one = begin(world, number, minutes=0)
    live.start(ports, caller=LEA, session_id=one.id)
    pressed = []
    for leaving, pause in enumerate(pauses):
        until(world, world.clock.now() + timedelta(seconds=pause))
        try:
            live.step_on(ports, caller=LEA, session_id=one.id, leaving=leaving)
        except Refusal:
            break
        pressed.append(world.clock.now())
    live.end(ports, caller=LEA, session_id=one.id)
    pressed.append(world.clock.now())
    own = sorted(row.created_at for row in rows(world, f"live:{one.id}") if row.effect["kind"] == "edit")
    by_itself = [at for at in own if at not in pressed]
    assert all(later - earlier >= timedelta(minutes=1) for earlier, later in pairwise(by_itself))
    sign(ports, number, *ALL)
