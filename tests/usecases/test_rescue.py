"""A place falls free: somebody joins, two groups become one, a pause, three begin; nothing without consent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from programme.errors import NotAllowed, NotFound, Refusal
from programme.model.agenda import DeadlineKind
from programme.model.enrolment import EnrolmentStatus
from programme.model.group import GroupState, RescueKind, RescueState, SeatState
from programme.model.people import Caller
from programme.model.session import SessionState
from programme.rules.planning import programme_window
from programme.usecases import (
    agenda,
    channels,
    consent,
    delivery,
    gate,
    matching,
    pauses,
    reports,
    rescue,
    seats,
    sessions,
    slots,
)
from tests.usecases.waiting_room import (
    ADMIN,
    LYON,
    OTHER_ADMIN,
    Person,
    enrol,
    four,
    gated,
    group,
    groups,
    messages,
    opening,
    proposed,
    rows,
    seats_of,
    sign_all,
    users,
    voting,
)

WEEK = timedelta(weeks=1)


def running(world, *people: Person, held: int = 0):
    """A group that has begun and held so many sessions."""
    found = gated(world.ports, *people)
    for user in seats_of(world.ports, found.id):
        gate.sign_charter(world.ports, caller=Caller(user), group_id=found.id)
    with world.ports.uow() as uow:
        for session in uow.sessions.of_group(found.id)[:held]:
            session.state = SessionState.HELD
    if held:
        last = sessions_of(world, found.id)[held - 1]
        world.clock.instant = last.starts_at + timedelta(hours=20)
    return get(world, found.id)


def get(world, group_id: str):
    with world.ports.reading() as uow:
        return uow.groups.get(group_id)


def sessions_of(world, group_id: str):
    with world.ports.reading() as uow:
        return uow.sessions.of_group(group_id)


def member_id(ports, user: str) -> str:
    with ports.reading() as uow:
        return uow.members.by_slack(user).id


def leave(world, group_id: str, user: str, *, ended: bool = True) -> None:
    """The withdrawal of a member, as its use case does it."""
    with world.ports.uow() as uow:
        member = uow.members.by_slack(user)
        if ended:
            uow.enrolments.current(member.id).status = EnrolmentStatus.WITHDRAWN
        seat = next(seat for seat in uow.groups.seats(group_id) if seat.member_id == member.id)
        rescue.release_seat(world.ports, uow, uow.groups.get(group_id), seat)


def all_agree(ports, question) -> RescueState:
    state = question.state
    for asked in question.asked:
        with ports.reading() as uow:
            user = uow.members.get(asked).slack_user_id
        state = consent.answer(ports, caller=Caller(user), rescue_id=question.id, agree=True)
    return state


def card(world):
    return messages(world, "rescue_card")[-1]


def due(world, days: float = 400) -> dict:
    with world.ports.reading() as uow:
        found = uow.agenda.due(world.clock.now() + timedelta(days=days), limit=1000)
        return {(row.kind, row.subject): row.due_at for row in found}


def run_due(world) -> None:
    failures: list[object] = []
    agenda.run_due(world.ports, lambda what, error: failures.append((what, error)))
    assert failures == []


def test_the_group_only_learns_that_a_place_is_free(world, ports) -> None:
    found = running(world, held=3)
    enrol(
        ports,
        Person("UNEAR", place=(45.78, 4.84)),
        Person("UFAR", place=(47, 4.84)),
        Person("UBUSY", slots=("mon-lunch",)),
    )
    leave(world, found.id, "UM1")

    (told,) = messages(world, "place_free")
    assert (told.size, told.running) == (3, True)
    assert "UM1" not in told.model_dump_json()
    assert card(world).place_freed
    assert [choice.value for choice in card(world).newcomers] == [member_id(ports, "UNEAR")]
    assert [row.effect["user"] for row in rows(world, "remove:")] == ["UM1"]
    assert seats_of(ports, found.id)["UM1"].state is SeatState.LEFT
    assert group(ports).state is GroupState.RUNNING


def test_heads_of_queue_then_the_nearest_are_offered_first(world, ports) -> None:
    found = running(world)
    enrol(
        ports,
        Person("UA", place=(45.80, 4.84)),
        Person("UB", place=(45.77, 4.84)),
        Person("UC", place=(45.78, 4.84), profile={"avoided": ("UM2",)}),
    )
    leave(world, found.id, "UM1")

    assert [one.value for one in card(world).newcomers] == [member_id(ports, user) for user in ("UB", "UA")]


def test_a_replacement_joins_with_everybodys_consent_and_the_sessions_held_are_mapped(world, ports) -> None:
    found = running(world, held=5)
    enrol(ports, Person("UNEW", paid_days_ago=20))
    leave(world, found.id, "UM1")
    question = rescue.offer_place(ports, caller=ADMIN, group_id=found.id, member_id=member_id(ports, "UNEW"))
    asked = {request.joining for request in messages(world, "consent_request")}
    assert asked == {True, False}
    assert len(question.asked) == 4

    for user in ("UM2", "UM3", "UNEW"):
        assert consent.answer(ports, caller=Caller(user), rescue_id=question.id, agree=True) is RescueState.OPEN
    assert "UNEW" not in seats_of(ports, found.id)
    assert consent.answer(ports, caller=Caller("UM4"), rescue_id=question.id, agree=True) is RescueState.AGREED

    seat = seats_of(ports, found.id)["UNEW"]
    assert (seat.state, seat.first_session) == (SeatState.ACCEPTED, 6)
    assert messages(world, "catch_up") == []
    before = len(rows(world, "invite:"))
    gate.sign_charter(ports, caller=Caller("UNEW"), group_id=found.id)
    assert len(rows(world, "invite:")) == before + 1
    (told,) = messages(world, "catch_up")
    assert (told.held, told.next_number) == (5, 6)
    assert messages(world, "group_changed")[-1].users == ("UNEW",)


def test_who_came_late_is_not_absent_from_the_sessions_before(world, ports) -> None:
    found = running(world, held=5)
    enrol(ports, Person("UNEW", paid_days_ago=20))
    leave(world, found.id, "UM1")
    all_agree(ports, rescue.offer_place(ports, caller=ADMIN, group_id=found.id, member_id=member_id(ports, "UNEW")))
    world.clock.instant = sessions_of(world, found.id)[5].starts_at + timedelta(days=5)
    with ports.uow() as uow:
        reports.weekly_report(ports, uow, "2026-W01")
    (page,) = messages(world, "group_week_page")
    assert page.group.expected == 3 * 5


@pytest.mark.parametrize("who", ["UM2", "UNEW"])
def test_one_refusal_and_nothing_changes(world, ports, who) -> None:
    found = running(world)
    enrol(ports, Person("UNEW"))
    leave(world, found.id, "UM1")
    question = rescue.offer_place(ports, caller=ADMIN, group_id=found.id, member_id=member_id(ports, "UNEW"))
    for _ in range(2):
        assert consent.answer(ports, caller=Caller(who), rescue_id=question.id, agree=False) is RescueState.REFUSED

    assert set(seats_of(ports, found.id)) == {"UM1", "UM2", "UM3", "UM4"}
    assert messages(world, "consent_outcome")[-1].end == "refused"
    assert card(world).newcomers == ()
    with pytest.raises(Refusal, match="rescue_closed"):
        consent.answer(ports, caller=Caller("UM3"), rescue_id=question.id, agree=True)
    with ports.reading() as uow:
        assert uow.enrolments.current(member_id(ports, "UNEW")).status is EnrolmentStatus.ACTIVE


def test_silence_ends_the_question_after_a_reminder(world, ports) -> None:
    found = running(world)
    enrol(ports, Person("UNEW"))
    leave(world, found.id, "UM1")
    question = rescue.offer_place(ports, caller=ADMIN, group_id=found.id, member_id=member_id(ports, "UNEW"))
    consent.answer(ports, caller=Caller("UM2"), rescue_id=question.id, agree=True)
    with ports.uow() as uow:
        consent.remind(ports, uow, question.id)
    assert sum(request.reminder for request in messages(world, "consent_request")) == 3
    with ports.uow() as uow:
        consent.expire(ports, uow, question.id)
        consent.expire(ports, uow, question.id)

    assert messages(world, "consent_outcome")[-1].end == "expired"
    assert {request.answer for request in messages(world, "consent_request")[-6:]} == {"closed"}


def test_who_is_offered_a_place_is_not_proposed_elsewhere_meanwhile(world, ports) -> None:
    found = running(world)
    enrol(ports, *(Person(f"UN{number}") for number in range(4)))
    leave(world, found.id, "UM1")
    rescue.offer_place(ports, caller=ADMIN, group_id=found.id, member_id=member_id(ports, "UN0"))

    assert matching.propose_now(ports, ADMIN).groups == 0


def test_two_admins_at_once_ask_one_question(world, ports) -> None:
    found = running(world, held=1)
    enrol(ports, Person("UN1"), Person("UN2"))
    leave(world, found.id, "UM1")
    rescue.offer_place(ports, caller=ADMIN, group_id=found.id, member_id=member_id(ports, "UN1"))

    with pytest.raises(Refusal, match="rescue_open"):
        rescue.offer_place(ports, caller=OTHER_ADMIN, group_id=found.id, member_id=member_id(ports, "UN2"))
    with pytest.raises(Refusal, match="rescue_open"):
        rescue.propose_pause(ports, caller=OTHER_ADMIN, group_id=found.id, weeks=2)


def test_only_admins_rescue_and_only_those_asked_answer(world, ports) -> None:
    found = running(world, held=1)
    question = rescue.propose_pause(ports, caller=ADMIN, group_id=found.id, weeks=1)
    with pytest.raises(NotFound):
        consent.answer(ports, caller=Caller("USTRANGER"), rescue_id=question.id, agree=True)
    for act in (
        lambda: rescue.show(ports, caller=Caller("UM1"), number=1),
        lambda: rescue.offer_place(ports, caller=Caller("UM1"), group_id=found.id, member_id="x"),
        lambda: rescue.propose_merger(ports, caller=Caller("UM1"), group_id=found.id, other_id="x"),
        lambda: rescue.propose_pause(ports, caller=Caller("UM1"), group_id=found.id, weeks=1),
        lambda: rescue.propose_resumption(ports, caller=Caller("UM1"), group_id=found.id),
        lambda: rescue.propose_three(ports, caller=Caller("UM1"), group_id=found.id),
        lambda: rescue.free_seat(ports, caller=Caller("UM1"), group_id=found.id, member_id="x"),
        lambda: rescue.withdraw_question(ports, caller=Caller("UM1"), rescue_id=question.id),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_never_five(world, ports) -> None:
    found = running(world)
    enrol(ports, Person("UNEW"))

    assert rescue.show(ports, caller=ADMIN, number=1) == found.label
    assert card(world).newcomers == ()
    with pytest.raises(Refusal, match="newcomer_gone"):
        rescue.offer_place(ports, caller=ADMIN, group_id=found.id, member_id=member_id(ports, "UNEW"))


def test_a_begun_group_takes_nobody_before_the_law_allows_it(world, ports) -> None:
    found = running(world)
    enrol(ports, Person("UWAITS", early=False), Person("UNOMAIL", confirmed=False))
    leave(world, found.id, "UM1")

    assert card(world).newcomers == ()


def test_a_gated_group_waits_for_the_newcomers_legal_delay_and_charter(world, ports) -> None:
    found = gated(ports)
    sign_all_but(ports, found.id, "UM1")
    leave(world, found.id, "UM1")
    run_due(world)
    assert get(world, found.id).state is GroupState.GATED
    assert "seat" in messages(world, "board")[-1].awaited

    enrol(ports, Person("UNEW", early=False, paid_days_ago=3))
    all_agree(ports, rescue.offer_place(ports, caller=ADMIN, group_id=found.id, member_id=member_id(ports, "UNEW")))
    run_due(world)
    assert set(messages(world, "board")[-1].awaited) == {"charter", "legal_delay"}
    gate.sign_charter(ports, caller=Caller("UNEW"), group_id=found.id)
    assert get(world, found.id).state is GroupState.GATED
    assert (DeadlineKind.GATE, found.id) in due(world)

    world.clock.move(days=14)
    run_due(world)
    assert get(world, found.id).state is GroupState.RUNNING


def sign_all_but(ports, group_id: str, *absent: str) -> None:
    for user in set(seats_of(ports, group_id)) - set(absent):
        gate.sign_charter(ports, caller=Caller(user), group_id=group_id)


def test_three_begin_only_if_each_of_the_three_agrees(world, ports) -> None:
    found = gated(ports)
    sign_all_but(ports, found.id, "UM1")
    leave(world, found.id, "UM1")
    run_due(world)
    assert card(world).may_agree_to_three
    question = rescue.propose_three(ports, caller=ADMIN, group_id=found.id)
    assert question.kind is RescueKind.THREE
    for user in ("UM2", "UM3"):
        consent.answer(ports, caller=Caller(user), rescue_id=question.id, agree=True)
    run_due(world)
    assert get(world, found.id).state is GroupState.GATED

    consent.answer(ports, caller=Caller("UM4"), rescue_id=question.id, agree=True)
    run_due(world)
    assert get(world, found.id).state is GroupState.RUNNING


def test_another_departure_takes_the_agreement_of_the_three_back(world, ports) -> None:
    found = gated(ports, *(Person(f"UM{number}", 22) for number in range(3)))
    leave(world, found.id, "UM1")
    sign_all_but(ports, found.id, "UM1")
    run_due(world)

    assert get(world, found.id).state is GroupState.GATED


def two_pairs(world, *, held: int = 4):
    """Two groups of two, at the same point, near each other."""
    first = running(world, held=held)
    start = world.clock.instant
    world.clock.instant = sessions_of(world, first.id)[0].starts_at - timedelta(days=3)
    enrol(world.ports, *(Person(f"UN{number}") for number in range(1, 5)))
    matching.propose_now(world.ports, ADMIN)
    second = group(world.ports)
    seats.confirm_group(world.ports, caller=ADMIN, group_id=second.id, tutor_id="UTUTOR1")
    for user in users(world.ports):
        seats.answer_seat(world.ports, caller=Caller(user), group_id=second.id, accept=True)
    with world.ports.uow() as uow:
        channels.channel_opened(world.ports, uow, second.id, "COTHER", "bilan-002-lyon")
    for user in users(world.ports):
        slots.vote(world.ports, caller=Caller(user), group_id=second.id, slot=second.common_slots[0])
    sign_all(world.ports)
    with world.ports.uow() as uow:
        for session in uow.sessions.of_group(second.id)[:held]:
            session.state = SessionState.HELD
    world.clock.instant = start + timedelta(days=1)
    for user in ("UM1", "UM2"):
        leave(world, first.id, user)
    for user in ("UN1", "UN2"):
        leave(world, second.id, user)
    return get(world, first.id), get(world, second.id)


def test_two_small_groups_at_the_same_point_become_one(world, ports) -> None:
    first, second = two_pairs(world)
    rescue.show(ports, caller=ADMIN, number=first.number)
    assert [choice.value for choice in card(world).mergers] == [second.id]
    question = rescue.propose_merger(ports, caller=ADMIN, group_id=first.id, other_id=second.id)
    assert len(question.asked) == 4
    assert all_agree(ports, question) is RescueState.AGREED

    assert (get(world, first.id).state, get(world, first.id).merged_into) == (GroupState.DISSOLVED, second.id)
    taken = {user: seat for user, seat in seats_of(ports, second.id).items() if seat.state is SeatState.ACCEPTED}
    assert set(taken) == {"UM3", "UM4", "UN3", "UN4"}
    assert all(seat.charter_signed_at for seat in taken.values())
    assert taken["UM3"].first_session > 4
    assert messages(world, "channel_closing")[-1].joined == second.label
    world.clock.instant = due(world)[DeadlineKind.CHANNEL_ARCHIVE, first.id]
    with ports.uow() as uow:
        sessions.archive_channel(ports, uow, first.id)
    assert len(rows(world, f"archive:{first.id}")) == 1
    with ports.reading() as uow:
        assert uow.enrolments.current(member_id(ports, "UM3")).status is EnrolmentStatus.ACTIVE


def test_groups_at_different_points_or_too_many_are_not_merged(world, ports) -> None:
    first, second = two_pairs(world)
    with ports.uow() as uow:
        uow.sessions.of_group(second.id)[4].state = SessionState.HELD
    rescue.show(ports, caller=ADMIN, number=first.number)
    assert card(world).mergers == ()
    with pytest.raises(Refusal, match="merger_gone"):
        rescue.propose_merger(ports, caller=ADMIN, group_id=first.id, other_id=second.id)


def test_a_merger_that_became_impossible_meanwhile_is_cancelled(world, ports) -> None:
    first, second = two_pairs(world)
    question = rescue.propose_merger(ports, caller=ADMIN, group_id=first.id, other_id=second.id)
    with ports.uow() as uow:
        uow.sessions.of_group(second.id)[4].state = SessionState.HELD

    assert all_agree(ports, question) is RescueState.CANCELLED
    assert get(world, first.id).state is GroupState.RUNNING


def test_a_pause_moves_sessions_limit_and_everything_that_hangs_on_them(world, ports) -> None:
    found = running(world, held=3)
    before = sessions_of(world, found.id)
    limit = programme_window(found.first_day).last_allowed_day
    question = rescue.propose_pause(ports, caller=ADMIN, group_id=found.id, weeks=3)
    assert all_agree(ports, question) is RescueState.AGREED

    paused, after = get(world, found.id), sessions_of(world, found.id)
    assert (paused.state, paused.paused_days) == (GroupState.PAUSED, 21)
    assert programme_window(found.first_day, paused.paused_days).last_allowed_day == limit + 3 * WEEK
    assert [session.day for session in after[:3]] == [session.day for session in before[:3]]
    for old, new in zip(before[3:], after[3:], strict=True):
        assert new.day >= old.day + 3 * WEEK
        assert new.sequence == old.sequence + 1
        assert new.starts_at.astimezone().date() == new.day
    assert all(session.day not in paused.days_off for session in after[3:])
    instants = due(world)
    assert instants[DeadlineKind.ATTENDANCE_OPEN, after[3].id] == after[3].starts_at
    assert instants[DeadlineKind.GUIDE, after[3].id] < after[3].starts_at

    world.clock.instant = instants[DeadlineKind.PAUSE_END, found.id]
    with ports.uow() as uow:
        pauses.end_pause(ports, uow, found.id)
    assert get(world, found.id).state is GroupState.RUNNING
    assert [change.what for change in messages(world, "group_changed")] == ["pause", "resume"]


def test_pauses_last_eight_weeks_at_most_in_all(world, ports) -> None:
    found = running(world, held=1)
    with pytest.raises(Refusal, match="pause_too_long"):
        rescue.propose_pause(ports, caller=ADMIN, group_id=found.id, weeks=9)
    with ports.uow() as uow:
        uow.groups.get(found.id).paused_days = 7 * 6
    with pytest.raises(Refusal, match="pause_too_long"):
        rescue.propose_pause(ports, caller=ADMIN, group_id=found.id, weeks=3)
    rescue.propose_pause(ports, caller=ADMIN, group_id=found.id, weeks=2)


def test_a_group_resumes_early_with_everybodys_consent_and_gets_the_days_back(world, ports) -> None:
    found = running(world, held=3)
    before = sessions_of(world, found.id)
    all_agree(ports, rescue.propose_pause(ports, caller=ADMIN, group_id=found.id, weeks=4))
    world.clock.move(days=7)
    question = rescue.propose_resumption(ports, caller=ADMIN, group_id=found.id)
    assert all_agree(ports, question) is RescueState.AGREED

    resumed, after = get(world, found.id), sessions_of(world, found.id)
    assert (resumed.state, resumed.paused_days, resumed.paused_until) == (GroupState.RUNNING, 7, None)
    assert after[3].day == before[3].day + WEEK
    assert (DeadlineKind.PAUSE_END, found.id) not in due(world)


def test_before_its_first_session_a_group_moves_its_dates_instead(world, ports) -> None:
    found = running(world)
    rescue.show(ports, caller=ADMIN, number=1)

    assert card(world).pause_weeks == 0
    with pytest.raises(Refusal, match="pause_not_yet"):
        rescue.propose_pause(ports, caller=ADMIN, group_id=found.id, weeks=1)


def test_one_refusal_and_the_group_goes_on(world, ports) -> None:
    found = running(world, held=3)
    before = [session.day for session in sessions_of(world, found.id)]
    question = rescue.propose_pause(ports, caller=ADMIN, group_id=found.id, weeks=3)
    consent.answer(ports, caller=Caller("UM1"), rescue_id=question.id, agree=False)

    assert get(world, found.id).state is GroupState.RUNNING
    assert [session.day for session in sessions_of(world, found.id)] == before


def test_a_departure_cancels_the_question_about_other_people(world, ports) -> None:
    found = running(world, held=1)
    question = rescue.propose_pause(ports, caller=ADMIN, group_id=found.id, weeks=1)
    leave(world, found.id, "UM1")

    with ports.reading() as uow:
        assert uow.groups.rescue(question.id).state is RescueState.CANCELLED


def test_an_admin_frees_a_place_and_the_member_waits_again(world, ports) -> None:
    found = running(world)
    for _ in range(2):
        rescue.free_seat(ports, caller=ADMIN, group_id=found.id, member_id=member_id(ports, "UM1"))

    assert len(messages(world, "seat_given_back")) == 1
    with ports.reading() as uow:
        assert member_id(ports, "UM1") in {enrolment.member_id for enrolment in uow.enrolments.waiting()}
    with pytest.raises(NotFound):
        rescue.free_seat(ports, caller=ADMIN, group_id=found.id, member_id="mem_nobody")


def test_somebody_who_once_sat_there_takes_the_same_seat(world, ports) -> None:
    found = running(world)
    rescue.free_seat(ports, caller=ADMIN, group_id=found.id, member_id=member_id(ports, "UM1"))
    all_agree(ports, rescue.offer_place(ports, caller=ADMIN, group_id=found.id, member_id=member_id(ports, "UM1")))

    assert len(seats_of(ports, found.id)) == 4
    assert seats_of(ports, found.id)["UM1"].state is SeatState.ACCEPTED


def test_the_last_one_gone_closes_the_group(world, ports) -> None:
    found = running(world)
    for user in ("UM1", "UM2", "UM3", "UM4"):
        leave(world, found.id, user)

    assert get(world, found.id).state is GroupState.DISSOLVED
    assert (DeadlineKind.CHANNEL_ARCHIVE, found.id) in due(world)


@pytest.mark.parametrize("stage", [proposed, opening, voting])
def test_a_place_freed_at_any_stage_loses_nobody(world, ports, stage) -> None:
    found = stage(ports, *four())
    leave(world, found.id, "UM1")

    states = {user: seat.state for user, seat in seats_of(ports, found.id).items()}
    assert states["UM1"] in {SeatState.EXPIRED, SeatState.LEFT}
    with ports.reading() as uow:
        waiting = {uow.members.get(one.member_id).slack_user_id for one in uow.enrolments.waiting()}
    seated = {user for user, state in states.items() if state is SeatState.ACCEPTED}
    assert waiting | seated == {"UM2", "UM3", "UM4"}


def test_a_newcomer_in_the_vote_narrows_it_to_what_suits_all(world, ports) -> None:
    found = voting(ports)
    enrol(ports, Person("UNEW", slots=("thu-evening", "sun-lunch")))
    leave(world, found.id, "UM1")
    all_agree(ports, rescue.offer_place(ports, caller=ADMIN, group_id=found.id, member_id=member_id(ports, "UNEW")))

    assert get(world, found.id).common_slots == ("thu-evening",)
    assert set(messages(world, "slot_vote")[-1].votes) == {"thu-evening"}


def test_an_admin_takes_a_question_back(world, ports) -> None:
    found = running(world, held=1)
    question = rescue.propose_pause(ports, caller=ADMIN, group_id=found.id, weeks=1)
    for _ in range(2):
        rescue.withdraw_question(ports, caller=ADMIN, rescue_id=question.id)

    assert [outcome.end for outcome in messages(world, "consent_outcome")] == ["cancelled"]
    with pytest.raises(Refusal, match="rescue_closed"):
        consent.answer(ports, caller=Caller("UM1"), rescue_id=question.id, agree=True)


def test_everything_about_a_rescue_can_be_sent(world, ports) -> None:
    found = running(world, held=2)
    enrol(ports, Person("UNEW", place=LYON))
    leave(world, found.id, "UM1")
    all_agree(ports, rescue.offer_place(ports, caller=ADMIN, group_id=found.id, member_id=member_id(ports, "UNEW")))
    delivery.deliver_all(ports)

    assert [row.key for row in rows(world) if row.status.value == "failed"] == []
    assert len(groups(ports)) == 1
