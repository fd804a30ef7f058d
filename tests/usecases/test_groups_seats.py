"""The admin's decision and the members' answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from programme.errors import InvalidForm, NotAllowed, NotFound, Refusal
from programme.journal import Action
from programme.model.agenda import DeadlineKind
from programme.model.enrolment import EnrolmentStatus
from programme.model.group import GroupState, SeatState
from programme.model.people import Caller
from programme.usecases import seats
from tests.usecases.waiting_room import (
    ADMIN,
    OTHER_ADMIN,
    Person,
    group,
    messages,
    offered,
    opening,
    proposed,
    rows,
    seats_of,
    users,
)


def deadlines(ports, days: int = 30) -> dict[DeadlineKind, object]:
    with ports.uow() as uow:
        return {row.kind: row.due_at for row in uow.agenda.due(ports.clock.now() + timedelta(days=days))}


def run(ports, handler, group_id: str) -> None:
    with ports.uow() as uow:
        handler(ports, uow, group_id)


def answer(ports, user: str, *, accept: bool) -> GroupState:
    return seats.answer_seat(ports, caller=Caller(user), group_id=group(ports).id, accept=accept)


def test_confirming_offers_the_seats_for_five_days(world, ports) -> None:
    found = offered(ports)

    assert (found.state, found.tutor_id, found.decided_by) == (GroupState.OFFERED, "UTUTOR1", "UADMIN1")
    assert found.offer_expires_at == world.clock.now() + timedelta(days=5)
    assert deadlines(ports) == {
        DeadlineKind.OFFER_REMINDER: world.clock.now() + timedelta(days=3),
        DeadlineKind.OFFER_EXPIRY: world.clock.now() + timedelta(days=5),
    }
    offers = rows(world, "offer:")
    assert sorted(row.lane for row in offers) == [f"user:{user}" for user in users(ports)]
    card = messages(world, "group_proposal_card")[-1]
    assert (card.decision, card.decided_by, card.tutor_user) == ("confirmed", "UADMIN1", "UTUTOR1")


def test_an_offer_made_late_in_the_evening_does_not_end_at_night(world, ports) -> None:
    world.clock.move(hours=12)  # 22:00 in Paris
    found = offered(ports)

    assert found.offer_expires_at == world.clock.now() + timedelta(days=5, hours=10)


def test_the_second_click_of_the_same_admin_changes_nothing(world, ports) -> None:
    found = offered(ports)
    before = len(rows(world))

    seats.confirm_group(ports, caller=ADMIN, group_id=found.id, tutor_id="UTUTOR2")

    assert len(rows(world)) == before
    assert group(ports).tutor_id == "UTUTOR1"
    with pytest.raises(Refusal, match="group_state"):
        seats.confirm_group(ports, caller=OTHER_ADMIN, group_id=found.id)


def test_without_a_choice_the_proposed_tutor_follows_the_group(ports) -> None:
    found = proposed(ports)
    seats.confirm_group(ports, caller=ADMIN, group_id=found.id)

    assert group(ports).tutor_id == found.tutor_id == "UTUTOR1"


def test_only_a_tutor_can_follow_a_group(world, ports) -> None:
    found = proposed(ports)

    with pytest.raises(Refusal, match="tutor_missing"):
        seats.confirm_group(ports, caller=ADMIN, group_id=found.id, tutor_id="UM1")
    assert group(ports).state is GroupState.PROPOSED
    assert rows(world, "offer:") == []


def test_a_proposal_whose_member_has_left_cannot_be_confirmed(ports) -> None:
    found = proposed(ports)
    with ports.uow() as uow:
        member = uow.members.by_slack("UM1")
        uow.enrolments.current(member.id).status = EnrolmentStatus.WITHDRAWN

    with pytest.raises(Refusal, match="group_member_gone"):
        seats.confirm_group(ports, caller=ADMIN, group_id=found.id)


def test_only_admins_decide(ports) -> None:
    found = proposed(ports)

    with pytest.raises(NotAllowed):
        seats.confirm_group(ports, caller=Caller("UM1"), group_id=found.id)
    with pytest.raises(NotAllowed):
        seats.reject_group(ports, caller=Caller("UM1"), group_id=found.id, reason="non")


def test_a_rejection_frees_the_members_and_says_why(world, ports) -> None:
    found = proposed(ports)
    for _ in range(2):
        seats.reject_group(ports, caller=ADMIN, group_id=found.id, reason="  Trop loin  ")

    assert group(ports).state is GroupState.REJECTED
    assert {seat.state for seat in seats_of(ports, found.id).values()} == {SeatState.RELEASED}
    card = messages(world, "group_proposal_card")[-1]
    assert (card.decision, card.reason) == ("rejected", "Trop loin")
    assert len(rows(world, f"proposal:{found.id}")) == 2
    with ports.uow() as uow:
        assert len(uow.enrolments.waiting()) == 4


def test_a_rejection_needs_a_reason(ports) -> None:
    found = proposed(ports)

    with pytest.raises(InvalidForm) as refused:
        seats.reject_group(ports, caller=ADMIN, group_id=found.id, reason=" ")
    assert refused.value.fields == {"reason": "rejection_reason_missing"}
    assert group(ports).state is GroupState.PROPOSED


def test_a_decided_proposal_cannot_be_rejected(ports) -> None:
    found = offered(ports)

    with pytest.raises(Refusal, match="group_state"):
        seats.reject_group(ports, caller=ADMIN, group_id=found.id, reason="trop tard")


def test_when_the_last_one_accepts_the_channel_opens(world, ports) -> None:
    found = opening(ports)

    assert found.state is GroupState.OPENING
    assert all(seat.joined_at == world.clock.now() for seat in seats_of(ports, found.id).values())
    (row,) = rows(world, "channel:")
    assert (row.effect["kind"], row.effect["name"]) == ("open_group_channel", "bilan-001-lyon")
    assert row.lane == f"group:{found.id}"
    (outcome,) = messages(world, "group_outcome")
    assert outcome.formed
    assert deadlines(ports) == {}


def test_three_acceptances_do_not_open_a_group_of_four(world, ports) -> None:
    offered(ports)
    states = [answer(ports, user, accept=True) for user in users(ports)[:3]]

    assert states == [GroupState.OFFERED] * 3
    assert rows(world, "channel:") == []


def test_accepting_a_group_of_three_is_agreeing_to_three(world, ports) -> None:
    found = opening(ports, *(Person(f"UM{number}", 22) for number in range(3)))

    assert found.state is GroupState.OPENING
    assert all(seat.agrees_to_three for seat in seats_of(ports, found.id).values())
    assert {offer.size for offer in messages(world, "seat_offer")} == {3}


def test_accepting_a_group_of_four_agrees_to_nothing_else(ports) -> None:
    found = opening(ports)

    assert not any(seat.agrees_to_three for seat in seats_of(ports, found.id).values())


def test_the_same_answer_twice_is_one_answer(world, ports) -> None:
    found = offered(ports)
    for _ in range(2):
        answer(ports, "UM1", accept=True)

    with ports.uow() as uow:
        answered = [line for line in uow.journal.of(found.id) if line.action is Action.SEAT_ANSWERED]
    assert len(answered) == 1
    with pytest.raises(Refusal, match="seat_answered"):
        answer(ports, "UM1", accept=False)


def test_a_click_after_the_group_has_opened_is_harmless(ports) -> None:
    opening(ports)

    assert answer(ports, "UM1", accept=True) is GroupState.OPENING


def test_one_refusal_dissolves_the_offer_for_all(world, ports) -> None:
    found = offered(ports)
    answer(ports, "UM1", accept=True)
    answer(ports, "UM2", accept=False)

    assert group(ports).state is GroupState.DISSOLVED
    states = {user: seat.state for user, seat in seats_of(ports, found.id).items()}
    assert states == {
        "UM1": SeatState.RELEASED,
        "UM2": SeatState.DECLINED,
        "UM3": SeatState.RELEASED,
        "UM4": SeatState.RELEASED,
    }
    assert sorted(row.lane for row in rows(world, "withdrawn:")) == ["user:UM1", "user:UM3", "user:UM4"]
    last_of = {row.lane: row.effect["message"]["answer"] for row in rows(world, "offer:")}
    assert last_of == {
        "user:UM1": "withdrawn",
        "user:UM2": "declined",
        "user:UM3": "withdrawn",
        "user:UM4": "withdrawn",
    }
    (outcome,) = messages(world, "group_outcome")
    assert (outcome.formed, outcome.detail) == (False, "declined")
    assert deadlines(ports) == {}


def test_nobody_can_accept_a_dissolved_offer(ports) -> None:
    offered(ports)
    answer(ports, "UM2", accept=False)

    with pytest.raises(Refusal, match="seat_answered"):
        answer(ports, "UM1", accept=True)


def test_a_stranger_has_no_seat(ports) -> None:
    offered(ports)

    with pytest.raises(NotFound):
        answer(ports, "USTRANGER", accept=True)


def test_someone_whose_contract_has_ended_cannot_accept(ports) -> None:
    offered(ports)
    with ports.uow() as uow:
        uow.enrolments.current(uow.members.by_slack("UM1").id).status = EnrolmentStatus.WITHDRAWN

    with pytest.raises(Refusal, match="enrolment_ended"):
        answer(ports, "UM1", accept=True)


def test_only_those_who_have_not_answered_are_reminded(world, ports) -> None:
    found = offered(ports)
    answer(ports, "UM1", accept=True)
    run(ports, seats.remind_offers, found.id)

    reminders = [row for row in rows(world, "offer:") if row.key.endswith(":reminder")]
    assert sorted(row.lane for row in reminders) == ["user:UM2", "user:UM3", "user:UM4"]


def test_an_answer_also_closes_the_reminder(world, ports) -> None:
    found = offered(ports)
    run(ports, seats.remind_offers, found.id)
    answer(ports, "UM2", accept=True)

    edits = [row.effect["post_key"] for row in rows(world, "offer:") if row.effect["kind"] == "edit"]
    member = seats_of(ports, found.id)["UM2"].member_id
    assert sorted(edits) == [f"offer:{found.id}:{member}", f"offer:{found.id}:{member}:reminder"]


def test_silence_dissolves_the_offer(world, ports) -> None:
    found = offered(ports)
    answer(ports, "UM1", accept=True)
    run(ports, seats.expire_offers, found.id)

    assert group(ports).state is GroupState.DISSOLVED
    states = {user: seat.state for user, seat in seats_of(ports, found.id).items()}
    assert states["UM1"] is SeatState.RELEASED
    assert {states[user] for user in ("UM2", "UM3", "UM4")} == {SeatState.EXPIRED}
    assert [row.lane for row in rows(world, "withdrawn:")] == ["user:UM1"]
    assert messages(world, "group_outcome")[0].detail == "expired"


@pytest.mark.parametrize("handler", [seats.remind_offers, seats.expire_offers])
def test_a_deadline_of_a_closed_offer_is_skipped(world, ports, handler) -> None:
    found = opening(ports)
    before = len(rows(world))
    run(ports, handler, found.id)

    assert group(ports).state is GroupState.OPENING
    assert len(rows(world)) == before
    with ports.uow() as uow:
        assert Action.DEADLINE_SKIPPED in {line.action for line in uow.journal.of(found.id)}


def test_a_reminder_after_the_end_is_not_sent(world, ports) -> None:
    found = offered(ports)
    world.clock.move(days=6)
    run(ports, seats.remind_offers, found.id)

    assert not [row for row in rows(world) if row.key.endswith(":reminder")]
