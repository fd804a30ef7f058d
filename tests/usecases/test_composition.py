"""The proposal card: its reasons, its picture, its end, and how an admin changes who is in it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from programme.errors import InvalidForm, NotAllowed, Refusal
from programme.model.agenda import DeadlineKind
from programme.model.group import GroupState, SeatState
from programme.model.people import Caller
from programme.usecases import composition, delivery, matching, seats
from tests.usecases.waiting_room import (
    ADMIN,
    OTHER_ADMIN,
    Person,
    enrol,
    four,
    group,
    groups,
    messages,
    proposed,
    rows,
    seats_of,
)

NEAR, FAR = (45.80, 4.84), (46.5, 4.84)


def member_id(ports, user: str) -> str:
    with ports.reading() as uow:
        return uow.members.by_slack(user).id


def change(ports, found, *users: str, caller=ADMIN, shown=None) -> None:
    shown = shown or composition.composition(ports, caller=ADMIN, group_id=found.id)
    ids = [member_id(ports, user) for user in users]
    composition.recompose(ports, caller=caller, group_id=found.id, member_ids=ids, fingerprint=shown.fingerprint)


def in_it(ports, found) -> set[str]:
    return {user for user, seat in seats_of(ports, found.id).items() if seat.state is SeatState.PROPOSED}


def test_the_card_gives_its_reasons_and_its_end(world, ports) -> None:
    found = proposed(ports, *four(paid_days_ago=23))

    card = messages(world, "group_proposal_card")[-1]
    assert (card.score.closeness, card.score.slots, card.score.total) == (70, 18, 88)
    assert (card.score.longest_wait_days, card.score.heads_of_queue) == (23, 0)
    assert card.expires_at == found.proposed_at + timedelta(days=7)


def test_the_picture_lies_in_the_thread_of_the_card_and_can_be_read_aloud(world, ports) -> None:
    proposed(ports, *four()[:3], Person("UM4", place=NEAR))
    delivery.deliver_all(ports)

    ((title, drawn, slots),) = ports.pictures.maps
    assert title == "Groupe 001 – Lyon"
    assert sorted({km for _, _, km in drawn.distances}) == [1, 5]
    assert slots == "mardi soir, jeudi soir, samedi matin"
    ((channel, thread, alt),) = world.workspace.pictures
    assert "4 personnes" in alt
    assert "5 km" in alt
    assert "Camille" not in alt
    card = next(post for post in world.workspace.posts if post.message.kind == "group_proposal_card")
    assert (channel, thread) == ("CADMIN", card.ts)


def test_a_proposal_that_nobody_decides_ends_and_its_people_come_again(world, ports) -> None:
    found = proposed(ports)
    world.clock.move(days=7)
    with ports.uow() as uow:
        assert DeadlineKind.PROPOSAL_EXPIRY in {row.kind for row in uow.agenda.due(world.clock.now())}
        seats.expire_proposal(ports, uow, found.id)
        seats.expire_proposal(ports, uow, found.id)
    assert group(ports).state is GroupState.REJECTED
    assert messages(world, "group_proposal_card")[-1].decision == "expired"

    assert matching.propose_now(ports, ADMIN).groups == 1


def test_a_decided_proposal_does_not_expire(world, ports) -> None:
    found = proposed(ports)
    seats.confirm_group(ports, caller=ADMIN, group_id=found.id)
    with ports.reading() as uow:
        kinds = {row.kind for row in uow.agenda.due(world.clock.now() + timedelta(days=30))}
    assert DeadlineKind.PROPOSAL_EXPIRY not in kinds


def test_an_admin_swaps_somebody(world, ports) -> None:
    found = proposed(ports)
    enrol(ports, Person("UM5", place=NEAR), Person("UFAR", place=FAR))
    shown = composition.composition(ports, caller=ADMIN, group_id=found.id)
    assert [one.member_id for one in shown.others] == [member_id(ports, "UM5")]

    change(ports, found, "UM1", "UM2", "UM3", "UM5")
    assert in_it(ports, found) == {"UM1", "UM2", "UM3", "UM5"}
    card = messages(world, "group_proposal_card")[-1]
    assert (len(card.members), card.changed_by) == (4, "UADMIN1")
    assert card.worst_km == pytest.approx(4.4, abs=0.2)
    assert len(rows(world, f"map:{found.id}")) == 2
    with ports.reading() as uow:
        assert {uow.members.get(one.member_id).slack_user_id for one in uow.enrolments.waiting()} == {"UM4", "UFAR"}


def test_an_admin_removes_and_adds_and_the_offer_counts_who_is_in(world, ports) -> None:
    found = proposed(ports)
    change(ports, found, "UM1", "UM2", "UM3")
    assert in_it(ports, found) == {"UM1", "UM2", "UM3"}
    change(ports, found, "UM1", "UM2", "UM3", "UM4")
    change(ports, found, "UM2", "UM3", "UM4")
    seats.confirm_group(ports, caller=ADMIN, group_id=found.id)

    offers = messages(world, "seat_offer")
    assert {offer.size for offer in offers} == {3}
    assert len(offers) == 3
    seats.answer_seat(ports, caller=Caller("UM2"), group_id=found.id, accept=False)
    states = {user: seat.state for user, seat in seats_of(ports, found.id).items()}
    assert states == {
        "UM1": SeatState.LEFT,
        "UM2": SeatState.DECLINED,
        "UM3": SeatState.RELEASED,
        "UM4": SeatState.RELEASED,
    }


@pytest.mark.parametrize(
    "users", [("UM1", "UM2"), ("UM1", "UM2", "UM3", "UFAR"), ("UM1", "UM2", "UM3", "UM4", "UM5"), ("UM1", "UM2", "UX")]
)
def test_what_the_rule_forbids_is_refused(world, ports, users) -> None:
    found = proposed(ports)
    enrol(ports, Person("UM5"), Person("UFAR", place=FAR), Person("UX", profile={"avoided": ("UM1",)}))
    with pytest.raises(InvalidForm) as refused:
        change(ports, found, *users)

    assert refused.value.fields == {"members": "composition_impossible"}
    assert in_it(ports, found) == {"UM1", "UM2", "UM3", "UM4"}


def test_two_admins_at_once(world, ports) -> None:
    found = proposed(ports)
    enrol(ports, Person("UM5"), Person("UM6"))
    shown = composition.composition(ports, caller=ADMIN, group_id=found.id)
    for _ in range(2):
        change(ports, found, "UM1", "UM2", "UM3", "UM5", shown=shown)
    with pytest.raises(Refusal, match="proposal_changed"):
        change(ports, found, "UM1", "UM2", "UM3", "UM6", caller=OTHER_ADMIN, shown=shown)
    seats.reject_group(ports, caller=ADMIN, group_id=found.id, reason="non")
    with pytest.raises(Refusal, match="group_state"):
        change(ports, found, "UM1", "UM2", "UM3", "UM5", caller=OTHER_ADMIN, shown=shown)
    assert len(groups(ports)) == 1


def test_only_admins_look_and_change(ports) -> None:
    found = proposed(ports)
    with pytest.raises(NotAllowed):
        composition.composition(ports, caller=Caller("UM1"), group_id=found.id)
    with pytest.raises(NotAllowed):
        composition.recompose(ports, caller=Caller("UM1"), group_id=found.id, member_ids=["a"], fingerprint="")
