"""Check-ins: private, three answers that may be changed, two reminders, then a human; the group sees no name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from programme.errors import InvalidForm, NotAllowed, Refusal
from programme.messages.checkins import CheckInObstacle, CheckInRequest, CheckInSummary
from programme.model.group import SeatState
from programme.model.people import Caller
from programme.usecases import checkins, delivery
from tests.usecases.running import LEA, MAX, NOE, STRANGER, ZOE, hold, running, session, until
from tests.usecases.tutoring import read_by
from tests.usecases.waiting_room import group, messages, rows

PARIS = ZoneInfo("Europe/Paris")
EVERYBODY = (LEA, MAX, NOE, ZOE)


@pytest.fixture
def asked(world):
    """A group that has held its first session and is asked how it goes, two days after."""
    running(world.ports)
    hold(world, 1, *EVERYBODY)
    until(world, session(world.ports, 1).starts_at + timedelta(days=2))
    return world


def answer(world: Any, caller: Caller, check_in_id: str = "", **facts: Any) -> None:
    given_: dict[str, Any] = {"progress": 4, "work_done": "yes", "obstacle": "none", **facts}
    own = check_in_id or checkins.own_check_in(world.ports, caller=caller).check_in_id
    checkins.answer(world.ports, caller=caller, check_in_id=own, **given_)


def asks(world: Any, caller: Caller) -> list[Any]:
    """What was posted to ask this person, oldest first."""
    wanted = [row for row in rows(world, "checkin:") if row.effect["kind"] == "post"]
    return [row for row in wanted if row.effect["to"] == f"user:{caller.slack_user_id}"]


def one_day_later(world: Any, days: float = 1) -> None:
    until(world, world.clock.now() + timedelta(days=days))


def test_each_member_is_asked_in_private_two_days_after_at_18_00(asked) -> None:
    for caller in EVERYBODY:
        (row,) = asks(asked, caller)
        local = row.due_at.astimezone(PARIS)
        assert (local.date() - session(asked.ports, 1).day).days == 2
        assert (local.hour, local.minute) == (18, 0)
    assert not messages(asked, "check_in_summary")


def test_two_reminders_then_a_human_and_never_a_third(asked) -> None:
    for caller in (LEA, MAX, NOE):
        answer(asked, caller)
    one_day_later(asked)
    assert len(asks(asked, ZOE)) == 2
    one_day_later(asked)
    assert [row.effect["message"]["reminder"] for row in asks(asked, ZOE)] == [0, 1, 2]
    assert not messages(asked, "check_in_silence")
    one_day_later(asked)
    (silence,) = messages(asked, "check_in_silence")
    assert (silence.member_user, silence.number, silence.tutor_user) == ("UM4", 1, "UTUTOR1")
    one_day_later(asked, 1.5)
    assert len(asks(asked, ZOE)) == 3
    assert [len(asks(asked, caller)) for caller in (LEA, MAX, NOE)] == [1, 1, 1]


def test_an_answer_stops_the_reminders_and_closes_what_asked(asked) -> None:
    one_day_later(asked)
    answer(asked, LEA)
    one_day_later(asked, 3)
    assert len(asks(asked, LEA)) == 2
    assert "UM1" not in {silence.member_user for silence in messages(asked, "check_in_silence")}
    closed = [message for message in messages(asked, "check_in_request") if message.answered]
    assert [message.closed for message in closed] == [True, False], "the request, and its reminder with the button"


def test_an_answer_is_changed_after_sending_and_keeps_its_first_hour(asked) -> None:
    answer(asked, LEA, progress=2, work_done="no", obstacle="time", note="  Semaine chargée  ")
    first = checkins.own_check_in(asked.ports, caller=LEA)
    assert (first.progress, first.work_done, first.obstacle, first.note) == (2, "no", "time", "Semaine chargée")
    answered_at = stored(asked, first.check_in_id).answered_at
    asked.clock.move(hours=5)
    answer(asked, LEA, progress=5, obstacle="none", note="")
    changed = checkins.own_check_in(asked.ports, caller=LEA)
    assert (changed.progress, changed.obstacle, changed.note) == (5, "none", "")
    assert stored(asked, first.check_in_id).answered_at == answered_at


def stored(world: Any, check_in_id: str) -> Any:
    with world.store.reading() as uow:
        return uow.sessions.check_in(check_in_id)


def test_an_obstacle_goes_to_the_tutors_alone_and_follows_its_change(asked) -> None:
    answer(asked, LEA, obstacle="group", note="On parle peu")
    (told,) = messages(asked, "check_in_obstacle")
    assert (told.member_user, told.obstacle, told.note, told.tutor_user) == ("UM1", "group", "On parle peu", "UTUTOR1")
    answer(asked, LEA, obstacle="none")
    found = [row.effect for row in rows(asked, "obstacle:")]
    assert [effect["kind"] for effect in found] == ["post", "edit"]
    assert found[0]["to"] == "tutors"
    assert messages(asked, "check_in_obstacle")[-1].obstacle == "none"
    assert not [r for r in rows(asked) if "On parle peu" in str(r.effect) and r.effect.get("to", "tutors") != "tutors"]


def test_no_obstacle_tells_nobody(asked) -> None:
    answer(asked, LEA)
    assert not messages(asked, "check_in_obstacle")


def test_the_group_reads_its_week_once_without_a_name(asked) -> None:
    for caller, progress, work in ((LEA, 5, "yes"), (MAX, 2, "no"), (NOE, 3, "partly")):
        answer(asked, caller, progress=progress, work_done=work, obstacle="group", note="Secret")
    assert not messages(asked, "check_in_summary")
    answer(asked, ZOE, progress=5)
    (summary,) = messages(asked, "check_in_summary")
    assert (summary.answered, summary.asked, summary.average_progress) == (4, 4, 3.8)
    assert summary.work_done == {"yes": 2, "partly": 1, "no": 1}
    told = summary.model_dump_json()
    assert not [word for word in ("UM1", "UM2", "UM3", "UM4", "Camille", "Secret", "obstacle") if word in told]
    answer(asked, ZOE, progress=1)
    assert len(messages(asked, "check_in_summary")) == 1


@pytest.mark.parametrize(("callers", "summaries"), [((LEA, MAX), 0), ((LEA, MAX, NOE), 1)])
def test_a_summary_waits_for_the_silent_and_says_nothing_of_two(asked, callers, summaries) -> None:
    for caller in callers:
        answer(asked, caller)
    one_day_later(asked, 3)
    assert len(messages(asked, "check_in_summary")) == summaries


def test_who_has_left_keeps_nobody_waiting_for_the_summary(asked) -> None:
    answer(asked, LEA)
    answer(asked, MAX)
    leave(asked, ZOE)
    answer(asked, NOE)
    assert len(messages(asked, "check_in_summary")) == 1
    one_day_later(asked, 3)
    assert len(asks(asked, ZOE)) == 1
    assert not messages(asked, "check_in_silence")


def test_who_leaves_at_the_last_does_not_swallow_the_summary(asked) -> None:
    for caller in (LEA, MAX, NOE):
        answer(asked, caller)
    assert not messages(asked, "check_in_summary")
    leave(asked, ZOE)
    one_day_later(asked, 3)
    assert len(messages(asked, "check_in_summary")) == 1


def leave(world: Any, caller: Caller) -> None:
    found = group(world.ports).id
    with world.store.uow() as uow:
        member = uow.members.by_slack(caller.slack_user_id)
        seat = next(one for one in uow.groups.seats(found) if one.member_id == member.id)
        seat.state = SeatState.LEFT


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"progress": None}, "progress"),
        ({"progress": 6}, "progress"),
        ({"work_done": ""}, "work_done"),
        ({"obstacle": "boss"}, "obstacle"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_a_wrong_answer_changes_nothing(asked, facts, field) -> None:
    with pytest.raises(InvalidForm) as refused:
        answer(asked, LEA, **facts)
    assert set(refused.value.fields) == {field}
    assert checkins.own_check_in(asked.ports, caller=LEA).progress is None


def test_nobody_reads_or_answers_for_another(asked) -> None:
    of_lea = checkins.own_check_in(asked.ports, caller=LEA).check_in_id
    for caller in (MAX, STRANGER):
        with pytest.raises(NotAllowed):
            checkins.own_check_in(asked.ports, caller=caller, check_in_id=of_lea)
        with pytest.raises(NotAllowed):
            answer(asked, caller, of_lea)
    with pytest.raises(Refusal, match="check_in_none"):
        checkins.own_check_in(asked.ports, caller=STRANGER)


def test_only_the_latest_one_takes_answers(asked) -> None:
    first = checkins.own_check_in(asked.ports, caller=LEA).check_in_id
    hold(asked, 2, *EVERYBODY)
    until(asked, session(asked.ports, 2).starts_at + timedelta(days=2))
    with pytest.raises(Refusal, match="check_in_past"):
        answer(asked, LEA, first)
    assert checkins.own_check_in(asked.ports, caller=LEA).number == 2


def test_the_next_one_takes_the_button_from_those_before(asked) -> None:
    answer(asked, LEA)
    hold(asked, 2, *EVERYBODY)
    until(asked, session(asked.ports, 2).starts_at + timedelta(days=2))
    delivery.deliver_all(asked.ports)
    told = [(one.number, one.answered, one.closed) for one in read_by(asked, "DM1", CheckInRequest)]
    assert told[0] == (1, True, True)
    assert told[-1] == (2, False, False)
    assert {one.closed for one in read_by(asked, "DM2", CheckInRequest) if one.number == 1} == {True}


def test_asking_twice_asks_once(asked) -> None:
    with asked.store.uow() as uow:
        checkins.ask(asked.ports, uow, session(asked.ports, 1).id)
    assert [len(asks(asked, caller)) for caller in EVERYBODY] == [1, 1, 1, 1]


def test_a_request_that_comes_after_the_next_session_is_not_made(world) -> None:
    running(world.ports)
    hold(world, 1, *EVERYBODY)
    world.clock.instant = session(world.ports, 2).starts_at + timedelta(minutes=1)
    with world.store.uow() as uow:
        checkins.ask(world.ports, uow, session(world.ports, 1).id)
    assert not messages(world, "check_in_request")


def test_the_message_for_the_group_has_no_room_for_a_name_or_a_word() -> None:
    assert not set(CheckInSummary.model_fields) & (set(CheckInObstacle.model_fields) - {"kind", "number"})
