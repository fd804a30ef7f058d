"""Moving sessions: seen before it is applied, once, and everything follows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.errors import NotAllowed, NotFound, Refusal
from programme.model.agenda import DeadlineKind
from programme.model.group import GroupState, SeatState
from programme.model.session import AttendanceState, SessionState
from programme.rules.planning import programme_window
from programme.usecases import attendance, moves, sessions
from programme.usecases.moves import Move
from tests.usecases.running import (
    LEA,
    MAX,
    NOE,
    RUN_POSTCODES,
    STRANGER,
    ZOE,
    begin,
    hold,
    lines,
    running,
    session,
    sessions_of,
    sign,
    three,
    until,
)
from tests.usecases.waiting_room import four, group, groups, messages, rows

CHRISTMAS = date(2026, 12, 25)
ALL = (LEA, MAX, NOE, ZOE)


def refused(key: str) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.key == key)


def to(ports, number: int, days: int = 0, wall: time = time(19), *, following: bool = False) -> Move:
    one = session(ports, number)
    return Move(one.id, one.day + timedelta(days=days), wall, following)


def move(ports, caller, wanted: Move) -> moves.Preview:
    seen = moves.preview(ports, caller=caller, move=wanted)
    return moves.apply(ports, caller=caller, move=wanted, fingerprint=seen.fingerprint)


def deadlines(world, number: int) -> dict[DeadlineKind, datetime]:
    found = session(world.ports, number).id
    with world.store.reading() as uow:
        due = uow.agenda.due(world.clock.now() + timedelta(days=400), limit=500)
        return {row.kind: row.due_at for row in due if row.subject == found}


def test_one_session_moves_and_everything_follows(world, ports) -> None:
    running(ports)
    before = sessions_of(ports)
    move(ports, LEA, to(ports, 3, 2, time(18, 30)))

    after = session(ports, 3)
    local = after.starts_at.astimezone(ZoneInfo("Europe/Paris"))
    assert (local.date(), local.time()) == (before[2].day + timedelta(days=2), time(18, 30))
    assert (after.sequence, session(ports, 4).sequence) == (1, 0)
    due = deadlines(world, 3)
    assert due[DeadlineKind.ATTENDANCE_OPEN] == after.starts_at
    assert due[DeadlineKind.GUIDE].astimezone(ZoneInfo("Europe/Paris")).date() == after.day - timedelta(days=2)
    assert due[DeadlineKind.CHECK_IN].astimezone(ZoneInfo("Europe/Paris")).date() == after.day + timedelta(days=2)
    assert [one.starts_at for one in sessions_of(ports)[3:]] == [one.starts_at for one in before[3:]]


def test_nobody_is_told_before_the_guide_has_gone_but_board_and_plan_are_redrawn(world, ports) -> None:
    running(ports)
    boards, plans = len(messages(world, "board")), len(messages(world, "plan_published"))
    seen = move(ports, LEA, to(ports, 3, 7, following=True))

    assert not seen.told
    assert messages(world, "sessions_moved") == []
    assert len(messages(world, "board")) == boards + 1
    shown = messages(world, "plan_published")
    assert len(shown) == plans + 1
    assert shown[-1].starts[2] == session(ports, 3).starts_at


def test_the_group_is_told_once_the_guide_has_gone_and_the_guide_is_redrawn(world, ports) -> None:
    running(ports)
    until(world, session(ports, 1).starts_at - timedelta(hours=20))
    posted = len([row for row in rows(world, "guide:") if row.effect["kind"] == "post"])
    seen = move(ports, MAX, to(ports, 1, 1))

    assert seen.told
    (told,) = messages(world, "sessions_moved")
    assert (told.by_user, told.moved[0].after) == ("UM2", session(ports, 1).starts_at)
    redrawn = [row for row in rows(world, "guide:") if row.effect["kind"] == "edit"]
    assert len(redrawn) == posted
    assert {row.effect["message"]["starts_at"] for row in redrawn} == {
        session(ports, 1).starts_at.isoformat().replace("+00:00", "Z")
    }


def test_all_that_follow_move_by_whole_weeks(ports) -> None:
    running(ports)
    before = [one.day for one in sessions_of(ports)]
    seen = move(ports, LEA, to(ports, 5, 14, following=True))

    assert [one.day for one in sessions_of(ports)] == before[:4] + [day + timedelta(days=14) for day in before[4:]]
    assert (len(seen.changes), seen.slack_weeks) == (12, 2)
    assert sessions.plan_of(ports, caller=LEA).slack_weeks == 2


@pytest.mark.parametrize(
    ("number", "days", "wall", "following", "key"),
    [
        (3, 35, time(19), True, "plan_past_limit"),
        (3, 8, time(19), False, "plan_not_increasing"),
        (3, 6, time(19), False, "plan_two_in_a_week"),
        (3, 0, time(19), False, "plan_unchanged"),
        (1, -10, time(8), False, "plan_in_the_past"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(ports, number, days, wall, following, key) -> None:
    running(ports)
    with refused(key):
        moves.preview(ports, caller=LEA, move=to(ports, number, days, wall, following=following))


def test_a_session_that_has_begun_stays(world, ports) -> None:
    running(ports)
    begin(world, 1)
    with refused("plan_session_begun"):
        moves.preview(ports, caller=LEA, move=to(ports, 1, 1))
    assert [one.number for one in moves.movables(ports, caller=LEA).sessions] == list(range(2, 17))


def test_two_members_at_once_move_once(ports) -> None:
    running(ports)
    wish, other = to(ports, 3, 7, following=True), to(ports, 4, 14, following=True)
    seen, seen_too = (
        moves.preview(ports, caller=LEA, move=wish),
        moves.preview(ports, caller=MAX, move=other),
    )
    moves.apply(ports, caller=LEA, move=wish, fingerprint=seen.fingerprint)
    before = [one.starts_at for one in sessions_of(ports)]
    with refused("plan_changed"):
        moves.apply(ports, caller=MAX, move=other, fingerprint=seen_too.fingerprint)
    assert [one.starts_at for one in sessions_of(ports)] == before


def test_a_second_press_and_the_same_wish_of_another_change_nothing_more(world, ports) -> None:
    running(ports)
    wish = to(ports, 3, 7, following=True)
    seen = moves.preview(ports, caller=LEA, move=wish)
    for caller in (LEA, LEA, MAX):
        moves.apply(ports, caller=caller, move=wish, fingerprint=seen.fingerprint)

    assert session(ports, 3).sequence == 1
    assert len(messages(world, "plan_published")) == 2


def test_only_members_of_the_group_move_its_sessions(ports) -> None:
    running(ports)
    wish = to(ports, 3, 7, following=True)
    found = group(ports).id
    with refused("not_in_group"):
        moves.preview(ports, caller=STRANGER, move=wish)
    with pytest.raises(NotFound):
        moves.preview(ports, caller=LEA, move=Move("ses_other", wish.day, wish.wall))
    with ports.uow() as uow:
        member = uow.members.by_slack("UM4")
        next(seat for seat in uow.groups.seats(found) if seat.member_id == member.id).state = SeatState.LEFT
    with pytest.raises((NotAllowed, Refusal)):
        moves.apply(ports, caller=ZOE, move=wish, fingerprint="")


def test_a_first_session_moved_before_it_takes_place_moves_the_window(ports) -> None:
    running(ports)
    move(ports, LEA, to(ports, 1, 14, following=True))

    assert group(ports).first_day == session(ports, 1).day
    assert sessions.plan_of(ports, caller=LEA).slack_weeks == 4


def test_an_absence_declared_for_the_old_date_is_lifted_and_said(world, ports) -> None:
    running(ports)
    attendance.declare_absence(ports, caller=ZOE, session_id=session(ports, 2).id, reason="Déplacement")
    seen = move(ports, LEA, to(ports, 2, 1))

    assert seen.told
    assert lines(ports, 2) == {}
    assert messages(world, "sessions_moved")[0].absences_lifted


def test_a_missed_session_is_proposed_again_in_the_same_week_and_caught_up(world, ports) -> None:
    running(ports)
    hold(world, 1, *ALL)
    missed = hold(world, 2, LEA, MAX)
    assert missed.state is SessionState.MISSED
    (proposal,) = messages(world, "catch_up_proposal")
    local = [date.astimezone(ZoneInfo("Europe/Paris")) for date in proposal.dates]
    assert [one.weekday() for one in local] == [3, 4, 5]
    assert {one.time() for one in local} == {missed.wall_time}

    move(ports, NOE, Move(missed.id, local[1].date(), missed.wall_time))
    again = session(ports, 2)
    assert (again.state, again.attempt, again.closed_at, lines(ports, 2)) == (SessionState.PLANNED, 2, None, {})
    assert messages(world, "catch_up_proposal")[-1].settled == "moved"
    assert messages(world, "attendance_sheet")[-1].moved_to == again.starts_at
    with refused("session_not_open"):
        sign(ports, 2, NOE)

    hold(world, 2, *ALL)
    assert session(ports, 2).state is SessionState.HELD
    assert len([row for row in rows(world, "sheet:") if row.effect["kind"] == "post"]) == 3
    assert lines(ports, 2)["UM3"].state is AttendanceState.SIGNED


def test_a_missed_session_can_push_all_that_follow(world, ports) -> None:
    running(ports)
    missed = hold(world, 1, LEA)
    third = session(ports, 3).day
    move(ports, LEA, Move(missed.id, missed.day + timedelta(days=7), missed.wall_time, following=True))

    assert session(ports, 3).day == third + timedelta(days=7)
    assert group(ports).first_day == missed.day - timedelta(days=0)
    assert sessions.plan_of(ports, caller=LEA).slack_weeks == 3


def test_the_window_stays_where_the_first_session_opened_it(world, ports) -> None:
    running(ports)
    missed = hold(world, 1, LEA)
    first_day = group(ports).first_day
    limit = sessions.plan_of(ports, caller=LEA).last_allowed_day
    move(ports, LEA, Move(missed.id, missed.day + timedelta(days=28), missed.wall_time, following=True))

    plan = sessions.plan_of(ports, caller=LEA)
    assert (group(ports).first_day, plan.last_allowed_day, plan.slack_weeks) == (first_day, limit, 0)


def test_late_signatures_close_the_proposal(world, ports) -> None:
    running(ports)
    hold(world, 1, LEA, MAX)
    sign(ports, 1, NOE)

    assert messages(world, "catch_up_proposal")[-1].settled == "held"
    with refused("plan_session_begun"):
        moves.preview(ports, caller=LEA, move=to(ports, 1, 2))


def test_a_missed_session_cannot_be_caught_up_once_the_next_has_begun(world, ports) -> None:
    running(ports)
    hold(world, 1, LEA)
    begin(world, 2)
    with refused("plan_session_begun"):
        moves.preview(ports, caller=LEA, move=to(ports, 1, 8))


@pytest.mark.parametrize(("people", "absences"), [(four, 2), (three, 1)])
def test_fewer_than_three_announced_is_a_reason_to_propose_another_date(world, ports, people, absences) -> None:
    running(ports, *people())
    second = session(ports, 2)
    for caller in ALL[:absences]:
        assert messages(world, "catch_up_proposal") == []
        attendance.declare_absence(ports, caller=caller, session_id=second.id, reason="Déplacement")

    (proposal,) = messages(world, "catch_up_proposal")
    assert (proposal.missed, proposal.number) == (False, 2)
    assert all(date > second.starts_at for date in proposal.dates)
    assert "UM1" not in proposal.model_dump_json()


def test_absences_announced_at_night_wake_nobody(world, ports) -> None:
    running(ports)
    until(world, session(ports, 1).starts_at - timedelta(hours=20))  # 23:00 the day before
    for caller in ALL[:2]:
        attendance.declare_absence(ports, caller=caller, session_id=session(ports, 1).id, reason="Grippe")
    (row,) = rows(world, "catch_up:")
    assert row.due_at == session(ports, 1).starts_at - timedelta(hours=11)
    assert row.lane.startswith("by_day:")


def test_the_tutor_and_the_admins_are_warned_before_it_is_too_late(world, ports) -> None:
    running(ports)
    move(ports, LEA, to(ports, 2, 21, following=True))
    warnings = messages(world, "margin_warning")
    assert [(one.slack_weeks, one.sessions_left) for one in warnings] == [(1, 16), (1, 16)]
    assert {row.lane for row in rows(world, "margin:")} == {"tutors", "admins"}
    move(ports, LEA, to(ports, 2, -7, following=True))
    move(ports, LEA, to(ports, 2, 7, following=True))
    assert len(messages(world, "margin_warning")) == 2
    move(ports, LEA, to(ports, 2, 7, following=True))
    assert [one.slack_weeks for one in messages(world, "margin_warning")] == [1, 1, 0, 0]


def play(world, numbers) -> None:
    for number in numbers:
        hold(world, number, *ALL)


def test_the_last_session_missed_waits_for_its_catch_up(world, ports) -> None:
    running(ports)
    play(world, range(1, 16))
    missed = hold(world, 16, LEA)
    assert group(ports).state is GroupState.RUNNING
    move(ports, LEA, Move(missed.id, missed.day + timedelta(days=7), missed.wall_time))
    hold(world, 16, *ALL)

    assert group(ports).state is GroupState.FINISHED
    assert messages(world, "programme_ended")[-1].held == 16


def test_the_last_session_that_nobody_catches_up_ends_the_programme(world, ports) -> None:
    running(ports)
    play(world, range(1, 16))
    missed = hold(world, 16, LEA)
    until(world, missed.starts_at + timedelta(days=15))

    assert group(ports).state is GroupState.FINISHED
    assert messages(world, "programme_ended")[-1].held == 15


def test_the_group_overseas_moves_in_its_own_time(ports) -> None:
    running(ports, *four(profile=RUN_POSTCODES))
    seen = move(ports, LEA, to(ports, 2, 1, time(7, 45)))

    local = session(ports, 2).starts_at.astimezone(ZoneInfo("Indian/Reunion"))
    assert (seen.zone, local.time(), local.date()) == ("Indian/Reunion", time(7, 45), session(ports, 2).day)


def test_a_holiday_is_named_in_the_preview(world, ports) -> None:
    world.clock.instant += timedelta(days=14)
    running(ports)
    christmas = next(one for one in sessions_of(ports) if 0 < (CHRISTMAS - one.day).days < 7)
    seen = moves.preview(ports, caller=LEA, move=Move(christmas.id, CHRISTMAS, time(19)))

    assert [change.holiday for change in seen.changes] == ["Noël"]


WISHES = st.lists(
    st.tuples(
        st.integers(1, 16), st.integers(-9, 16), st.sampled_from([time(9), time(19), time(20, 15)]), st.booleans()
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WISHES)
def test_whatever_is_moved_sixteen_remain_in_order_within_the_limit(world, ports, wishes) -> None:
    """The same group goes on from one example to the next."""
    if not groups(ports):
        running(ports)
    for number, days, wall, following in wishes:
        wish = to(ports, number, days, wall, following=following)
        try:
            move(ports, LEA, wish)
        except Refusal:
            continue
    found = sessions_of(ports)
    assert len(found) == 16
    starts = [one.starts_at for one in found]
    assert starts == sorted(set(starts))
    assert found[-1].day <= programme_window(group(ports).first_day).last_allowed_day
    for one in found:
        local = one.starts_at.astimezone(ZoneInfo(one.zone))
        assert (local.date(), local.time()) == (one.day, one.wall_time)
        assert deadlines(world, one.number)[DeadlineKind.ATTENDANCE_OPEN] == one.starts_at
