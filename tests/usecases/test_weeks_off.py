"""Weeks in which the group chose not to meet, and its other choices."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from programme.errors import InvalidForm, Refusal
from programme.model.agenda import DeadlineKind
from programme.rules.rescheduling import monday_of
from programme.usecases import group_settings, moves, weeks_off
from programme.usecases.group_settings import GroupSettings
from tests.usecases.running import LEA, MAX, NOE, STRANGER, begin, hold, running, session, sessions_of, until
from tests.usecases.waiting_room import gated, group, messages, rows, sign_all


def refused(key: str) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.key == key)


def choose(ports, caller, *mondays):
    seen = weeks_off.preview(ports, caller=caller, mondays=mondays)
    return weeks_off.choose(ports, caller=caller, mondays=mondays, fingerprint=seen.fingerprint if seen else "")


def test_weeks_chosen_before_the_start_are_left_free_by_the_plan(ports) -> None:
    gated(ports)
    third = weeks_off.weeks(ports, caller=LEA).choices[3]
    assert weeks_off.preview(ports, caller=LEA, mondays=[third]) is None
    assert choose(ports, LEA, third) == (third,)
    sign_all(ports)

    assert third not in {monday_of(one.day) for one in sessions_of(ports)}
    assert len(sessions_of(ports)) == 16


def test_weeks_chosen_later_move_what_they_must(world, ports) -> None:
    running(ports)
    begin(world, 1)
    fifth = session(ports, 5)
    seen = weeks_off.preview(ports, caller=LEA, mondays=[monday_of(fifth.day)])
    assert seen is not None
    assert [change.number for change in seen.changes] == list(range(5, 17))
    choose(ports, LEA, monday_of(fifth.day))

    assert session(ports, 5).day == fifth.day + timedelta(days=7)
    assert session(ports, 4).sequence == 0
    assert weeks_off.weeks(ports, caller=MAX).chosen == (monday_of(fifth.day),)


def test_freeing_a_week_again_moves_nothing(world, ports) -> None:
    running(ports)
    week = monday_of(session(ports, 5).day)
    choose(ports, LEA, week)
    before = [one.starts_at for one in sessions_of(ports)]
    choose(ports, LEA)

    assert group(ports).weeks_off == ()
    assert [one.starts_at for one in sessions_of(ports)] == before


def test_too_many_weeks_are_refused_before_and_after_the_start(world, ports) -> None:
    gated(ports)
    choices = weeks_off.weeks(ports, caller=LEA).choices
    with refused("weeks_off_many"):
        choose(ports, LEA, *choices[12:22])
    assert group(ports).weeks_off == ()
    sign_all(ports)
    first = monday_of(session(ports, 2).day)
    with refused("plan_past_limit"):
        choose(ports, LEA, *(first + timedelta(weeks=n) for n in range(5)))


def test_a_stale_choice_is_refused_and_a_repeated_one_is_not(ports) -> None:
    running(ports)
    week, other = monday_of(session(ports, 5).day), monday_of(session(ports, 9).day)
    seen = weeks_off.preview(ports, caller=LEA, mondays=[week])
    assert seen is not None
    choose(ports, MAX, other)
    with refused("plan_changed"):
        weeks_off.choose(ports, caller=LEA, mondays=[week], fingerprint=seen.fingerprint)
    assert choose(ports, MAX, other) == (other,)


def test_a_move_of_all_that_follow_leaves_the_weeks_free(ports) -> None:
    running(ports)
    week = monday_of(session(ports, 8).day)
    choose(ports, LEA, week)
    third = session(ports, 3)
    wish = moves.Move(third.id, third.day + timedelta(days=7), third.wall_time, following=True)
    seen = moves.preview(ports, caller=LEA, move=wish)
    moves.apply(ports, caller=LEA, move=wish, fingerprint=seen.fingerprint)

    assert week not in {monday_of(one.day) for one in sessions_of(ports)}


def test_a_stranger_chooses_nothing(ports) -> None:
    running(ports)
    with refused("not_in_group"):
        weeks_off.weeks(ports, caller=STRANGER)
    with refused("not_in_group"):
        group_settings.settings_of(ports, caller=STRANGER)


def change(ports, caller, **changes) -> GroupSettings:
    now = group_settings.settings_of(ports, caller=caller)
    wanted = GroupSettings(**({**now.__dict__, **changes}))
    return group_settings.change(ports, caller=caller, wanted=wanted)


def test_the_guide_comes_when_the_group_chose(world, ports) -> None:
    running(ports)
    change(ports, LEA, guide_lead_days=1, guide_hour=9)
    first = session(ports, 1)
    until(world, first.starts_at - timedelta(minutes=1))

    posted = session(ports, 1).guide_posted_at
    assert posted is not None
    local = posted.astimezone(ZoneInfo("Europe/Paris"))
    assert (local.date(), local.hour) == (first.day - timedelta(days=1), 9)
    assert messages(world, "plan_published")[-1].guide_hour == 9


def test_the_choice_of_before_the_start_holds_after_it(world, ports) -> None:
    gated(ports)
    change(ports, LEA, minutes=90, guide_lead_days=4, guide_hour=8, video_url="https://visio.example/groupe")
    sign_all(ports)

    assert {one.minutes for one in sessions_of(ports)} == {90}
    with ports.reading() as uow:
        due = uow.agenda.due(world.clock.now() + timedelta(days=300), limit=500)
    guide = next(row for row in due if row.kind is DeadlineKind.GUIDE and row.subject == session(ports, 1).id)
    local = guide.due_at.astimezone(ZoneInfo("Europe/Paris"))
    assert (local.date(), local.hour) == (session(ports, 1).day - timedelta(days=4), 8)


def test_another_length_reaches_what_is_to_come_and_the_posted_guide(world, ports) -> None:
    running(ports)
    hold(world, 1, LEA, MAX, NOE)
    until(world, session(ports, 2).starts_at - timedelta(hours=10))
    change(ports, LEA, minutes=150)

    assert [one.minutes for one in sessions_of(ports)[:3]] == [120, 150, 150]
    assert [one.sequence for one in sessions_of(ports)[:3]] == [0, 1, 1]
    assert messages(world, "session_guide")[-1].minutes == 150
    (told,) = messages(world, "group_settings_changed")
    assert (told.by_user, told.minutes) == ("UM1", 150)


def test_saving_without_a_change_says_nothing(world, ports) -> None:
    running(ports)
    change(ports, LEA)
    change(ports, LEA, minutes=90)
    change(ports, MAX, minutes=90)

    assert len(rows(world, "settings:")) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://visio.example/a",
        "https://visio",
        "javascript:alert(1)",
        "https://a.example/|<!channel>",
        "https://moi:secret@a.example/",
        "https://a.example/a b",
        "https://a.example/" + "a" * 500,
    ],
)
def test_only_a_plain_secure_address_is_a_video_link(ports, url) -> None:
    running(ports)
    with pytest.raises(InvalidForm) as refusal:
        change(ports, LEA, video_url=url)
    assert refusal.value.fields == {"video_url": "video_url_wrong"}


@pytest.mark.parametrize(("field", "value"), [("minutes", 60), ("guide_lead_days", 0), ("guide_hour", 22)])
def test_choices_outside_the_contract_or_at_night_are_refused(ports, field, value) -> None:
    running(ports)
    with pytest.raises(InvalidForm) as refusal:
        change(ports, LEA, **{field: value})
    assert set(refusal.value.fields) == {field}
