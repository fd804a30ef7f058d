"""The attendance sheet: who signs, who attests, when it closes, what it leads to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from programme.errors import InvalidForm, NotAllowed, Refusal
from programme.model.evidence import first_broken
from programme.model.group import GroupState, SeatState
from programme.model.people import Caller
from programme.model.session import AttendanceState, SessionState
from programme.usecases import attendance
from tests.usecases.running import (
    LEA,
    MAX,
    NOE,
    STRANGER,
    ZOE,
    begin,
    hold,
    lines,
    running,
    session,
    sign,
    three,
    until,
)
from tests.usecases.waiting_room import group, messages, rows

ALL = (LEA, MAX, NOE, ZOE)
TUTOR = Caller("UTUTOR1")


def refused(key: str) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.key == key)


def sheet(world):
    return messages(world, "attendance_sheet")[-1]


def absent(ports, number: int, caller: Caller, reason: str = "Empêchement familial") -> None:
    attendance.declare_absence(ports, caller=caller, session_id=session(ports, number).id, reason=reason)


def attest(ports, number: int, caller: Caller) -> int:
    return attendance.attest(ports, caller=caller, session_id=session(ports, number).id)


def close(ports, number: int, caller: Caller = LEA) -> SessionState:
    return attendance.close_session(ports, caller=caller, session_id=session(ports, number).id)


def test_the_sheet_opens_at_the_hour_of_the_session(world, ports) -> None:
    running(ports)
    until(world, session(ports, 1).starts_at - timedelta(seconds=1))
    assert rows(world, "sheet:") == []
    until(world, session(ports, 1).starts_at)

    (row,) = rows(world, "sheet:")
    assert row.lane == f"group:{group(ports).id}"
    assert set(sheet(world).awaited_users) == {caller.slack_user_id for caller in ALL}


def test_nobody_signs_before_the_hour(ports) -> None:
    running(ports)
    with refused("session_not_open"):
        sign(ports, 1, LEA)


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        (0, AttendanceState.SIGNED),
        (24, AttendanceState.SIGNED),
        (24.01, AttendanceState.LATE),
        (14 * 24, AttendanceState.LATE),
    ],
)
def test_a_signature_counts_in_time_for_a_day_and_late_for_two_weeks(world, ports, hours, state) -> None:
    running(ports)
    first = begin(world, 1, minutes=0)
    world.clock.instant = first.starts_at + timedelta(hours=hours)

    assert attendance.sign(ports, caller=LEA, session_id=first.id) is state
    assert lines(ports, 1)["UM1"].state is state


def test_after_two_weeks_nothing_can_be_signed_or_attested(world, ports) -> None:
    running(ports)
    first = begin(world, 1)
    sign(ports, 1, LEA, MAX)
    world.clock.instant = first.starts_at + timedelta(days=14, seconds=1)
    with refused("session_closed"):
        sign(ports, 1, NOE)
    with refused("session_closed"):
        attest(ports, 1, LEA)


def test_a_double_click_signs_once(world, ports) -> None:
    running(ports)
    begin(world, 1)
    sign(ports, 1, LEA)
    with refused("already_signed"):
        sign(ports, 1, LEA)
    assert set(lines(ports, 1)) == {"UM1"}


@pytest.mark.parametrize("caller", [STRANGER, TUTOR])
def test_only_members_of_the_group_touch_the_sheet(world, ports, caller) -> None:
    running(ports)
    begin(world, 1)
    for act in (sign, absent, attest, close):
        with pytest.raises(NotAllowed):
            act(ports, 1, caller)


def test_who_has_left_the_group_signs_no_more(world, ports) -> None:
    running(ports)
    begin(world, 1)
    found = group(ports).id
    with ports.uow() as uow:
        member = uow.members.by_slack("UM4")
        next(s for s in uow.groups.seats(found) if s.member_id == member.id).state = SeatState.LEFT
    with pytest.raises(NotAllowed):
        sign(ports, 1, ZOE)


def test_two_others_attest_a_signature(world, ports) -> None:
    running(ports)
    begin(world, 1)
    sign(ports, 1, LEA, MAX, NOE)
    assert (attest(ports, 1, MAX), sheet(world).attested_users) == (2, ())
    assert (attest(ports, 1, NOE), sheet(world).attested_users) == (2, ("UM1",))
    with refused("nothing_to_attest"):
        attest(ports, 1, NOE)
    assert "UM1" not in {lines(ports, 1)["UM1"].attested_by}


def test_only_who_signed_attests_and_never_oneself(world, ports) -> None:
    running(ports)
    begin(world, 1)
    sign(ports, 1, LEA)
    with refused("attest_unsigned"):
        attest(ports, 1, MAX)
    with refused("cannot_attest_self"):
        attest(ports, 1, LEA)


def test_signatures_given_in_time_can_be_attested_after_the_sheet_is_closed(world, ports) -> None:
    running(ports)
    begin(world, 1)
    sign(ports, 1, *ALL)
    close(ports, 1)

    assert attest(ports, 1, MAX) == 3
    assert attest(ports, 1, NOE) == 3
    assert {"UM1", "UM4"} <= set(sheet(world).attested_users)


def test_an_absence_is_declared_before_or_during_with_a_reason_that_the_group_never_sees(world, ports) -> None:
    running(ports)
    absent(ports, 1, LEA)
    begin(world, 1)
    absent(ports, 1, MAX, "Garde d’enfant")
    with pytest.raises(InvalidForm):
        absent(ports, 1, NOE, "  ")

    assert set(sheet(world).absent_users) == {"UM1", "UM2"}
    assert "Garde" not in sheet(world).model_dump_json()
    assert lines(ports, 1)["UM2"].reason == "Garde d’enfant"


def test_who_comes_after_all_signs_and_who_signed_by_mistake_takes_it_back(world, ports) -> None:
    running(ports)
    absent(ports, 1, LEA)
    begin(world, 1)
    sign(ports, 1, LEA, MAX)
    attest(ports, 1, MAX)
    absent(ports, 1, LEA)

    line = lines(ports, 1)["UM1"]
    assert (line.state, line.attested_by) == (AttendanceState.ABSENT, ())


def test_a_sheet_closes_by_hand_once_everybody_has_answered(world, ports) -> None:
    running(ports)
    begin(world, 1)
    sign(ports, 1, LEA, MAX, NOE)
    with refused("sheet_incomplete"):
        close(ports, 1)
    absent(ports, 1, ZOE)

    assert close(ports, 1) is SessionState.HELD
    assert close(ports, 1, MAX) is SessionState.HELD
    assert session(ports, 1).closed_by == "UM1"


def test_a_sheet_closes_by_itself_after_a_day(world, ports) -> None:
    running(ports)
    first = begin(world, 1)
    sign(ports, 1, LEA, MAX, NOE)
    until(world, first.starts_at + timedelta(hours=24) - timedelta(seconds=1))
    assert session(ports, 1).state is SessionState.PLANNED
    until(world, first.starts_at + timedelta(hours=24))

    assert (session(ports, 1).state, session(ports, 1).closed_by) == (SessionState.HELD, "bot")
    assert sheet(world).closed


def test_a_bot_that_was_away_still_leaves_half_a_day_to_sign(world, ports) -> None:
    running(ports)
    first = session(ports, 1)
    world.clock.instant = first.starts_at + timedelta(hours=20)
    until(world, world.clock.instant)
    sign(ports, 1, LEA)
    until(world, first.starts_at + timedelta(hours=25))
    assert session(ports, 1).closed_at is None
    until(world, first.starts_at + timedelta(hours=32))
    assert session(ports, 1).closed_at is not None


def test_two_of_four_are_too_few_and_the_tutor_is_told(world, ports) -> None:
    running(ports)
    hold(world, 1, LEA, MAX)

    assert session(ports, 1).state is SessionState.MISSED
    (told,) = messages(world, "session_missed")
    assert (told.present, told.size, told.recovered) == (2, 4, False)


def test_late_signatures_make_a_session_count_after_all(world, ports) -> None:
    running(ports)
    hold(world, 1, LEA, MAX)
    sign(ports, 1, NOE)

    assert session(ports, 1).state is SessionState.HELD
    assert messages(world, "session_missed")[-1].recovered


def test_two_of_three_are_enough(world, ports) -> None:
    running(ports, *three())
    assert hold(world, 1, LEA, MAX).state is SessionState.HELD


def test_the_second_absence_in_a_row_is_told_to_the_tutor_once(world, ports) -> None:
    running(ports)
    hold(world, 1, LEA, MAX, NOE)
    assert messages(world, "absence_alert") == []
    hold(world, 2, LEA, MAX, NOE)
    hold(world, 3, LEA, MAX, NOE)

    (alert,) = messages(world, "absence_alert")
    assert (alert.member_user, alert.numbers) == ("UM4", (1, 2))
    assert rows(world, "absences:")[0].lane == "tutors"


def test_a_signature_between_two_absences_breaks_the_row(world, ports) -> None:
    running(ports)
    hold(world, 1, LEA, MAX, NOE)
    hold(world, 2, *ALL)
    hold(world, 3, LEA, MAX, NOE)

    assert messages(world, "absence_alert") == []


def test_the_sheet_of_a_dissolved_group_is_no_more(world, ports) -> None:
    running(ports)
    found = begin(world, 1).group_id
    with ports.uow() as uow:
        uow.groups.get(found).state = GroupState.DISSOLVED
    with refused("session_past"):
        sign(ports, 1, LEA)


def test_own_sheets_show_the_current_session_and_the_next(world, ports) -> None:
    running(ports)
    begin(world, 1)
    sign(ports, 1, LEA)
    sign(ports, 1, MAX)
    current, coming = attendance.own_sheets(ports, caller=LEA)

    assert (current.number, current.state, current.to_attest, current.missing) == (1, AttendanceState.SIGNED, 1, 2)
    assert (coming.number, coming.begun, coming.state) == (2, False, None)


def facts(world, kind: str) -> list[dict]:
    with world.store.reading() as uow:
        return [record.facts for record in uow.enrolments.evidence() if record.kind == kind]


def test_each_act_of_the_sheet_is_a_link_of_the_evidence_chain(world, ports) -> None:
    running(ports)
    begin(world, 1)
    sign(ports, 1, LEA, MAX, NOE)
    attest(ports, 1, LEA)
    absent(ports, 1, ZOE, "Raison tue")
    close(ports, 1)

    assert [fact["by"] for fact in facts(world, "attendance_signed")] == ["UM1", "UM2", "UM3"]
    assert len(facts(world, "attendance_attested")) == 2
    assert len(facts(world, "absence_declared")) == 1
    closed = facts(world, "session_closed")
    assert [fact["presence"] for fact in closed].count("signed") == 3
    assert {fact["state"] for fact in closed} == {"held"}
    with world.store.reading() as uow:
        chain = uow.enrolments.evidence()
    assert first_broken(chain) is None
    assert "tue" not in str([record.facts for record in chain])


def test_an_absence_can_still_be_explained_when_the_sheet_has_closed(world, ports) -> None:
    running(ports)
    first = hold(world, 1, LEA, MAX, NOE)
    absent(ports, 1, ZOE, "Train supprimé")
    assert (lines(ports, 1)["UM4"].state, session(ports, 1).state) == (AttendanceState.ABSENT, SessionState.HELD)
    with refused("session_closed"):
        absent(ports, 1, LEA)
    world.clock.instant = first.starts_at + timedelta(days=14, seconds=1)
    with refused("session_closed"):
        absent(ports, 1, ZOE)
