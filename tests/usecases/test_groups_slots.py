"""The vote for the weekly slot."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from programme.errors import NotFound, Refusal
from programme.journal import Action
from programme.model.agenda import DeadlineKind
from programme.model.group import GroupState
from programme.model.people import Caller
from programme.usecases import slots
from tests.usecases.waiting_room import Person, four, gated, group, messages, rows, seats_of, users, voting


def vote(ports, user: str, slot: str) -> tuple[str, ...]:
    return slots.vote(ports, caller=Caller(user), group_id=group(ports).id, slot=slot)


def close(ports) -> None:
    with ports.uow() as uow:
        slots.close_vote(ports, uow, group(ports).id)


def test_a_vote_is_counted_and_shown_without_names(world, ports) -> None:
    voting(ports)
    assert vote(ports, "UM1", "thu-evening") == ("thu-evening",)
    assert vote(ports, "UM1", "tue-evening") == ("tue-evening", "thu-evening")

    shown = messages(world, "slot_vote")[-1]
    assert shown.votes == {"tue-evening": 1, "thu-evening": 1, "sat-morning": 0}
    assert (shown.voters, shown.size, shown.chosen) == (1, 4, "")
    assert "UM1" not in shown.model_dump_json()


def test_a_second_click_takes_the_vote_back(world, ports) -> None:
    voting(ports)
    vote(ports, "UM1", "thu-evening")

    assert vote(ports, "UM1", "thu-evening") == ()
    assert messages(world, "slot_vote")[-1].voters == 0


def test_every_click_redraws_the_vote(world, ports) -> None:
    voting(ports)
    for _ in range(3):
        vote(ports, "UM1", "thu-evening")

    assert len(rows(world, "vote:")) == 4


def test_once_everybody_has_voted_the_best_slot_is_chosen(world, ports) -> None:
    voting(ports)
    for user, slot in zip(users(ports), ["sat-morning", "thu-evening", "tue-evening", "thu-evening"], strict=True):
        vote(ports, user, slot)

    found = group(ports)
    assert (found.state, found.slot, found.wall_time) == (GroupState.GATED, "thu-evening", time(19))
    assert messages(world, "slot_vote")[-1].chosen == "thu-evening"
    with ports.uow() as uow:
        kinds = {row.kind for row in uow.agenda.due(world.clock.now() + timedelta(days=9))}
    assert kinds == {DeadlineKind.GATE}


def test_among_equals_the_earliest_in_the_week_wins(ports) -> None:
    voting(ports)
    for user, slot in zip(users(ports), ["sat-morning", "thu-evening", "sat-morning", "thu-evening"], strict=True):
        vote(ports, user, slot)

    assert group(ports).slot == "thu-evening"


def test_at_its_end_the_vote_closes_with_the_votes_given(ports) -> None:
    voting(ports)
    vote(ports, "UM1", "sat-morning")
    close(ports)

    assert (group(ports).state, group(ports).slot) == (GroupState.GATED, "sat-morning")


def test_without_any_vote_the_earliest_slot_is_taken(ports) -> None:
    voting(ports)
    close(ports)

    assert group(ports).slot == "tue-evening"


def test_closing_twice_changes_nothing(world, ports) -> None:
    found = gated(ports)
    before = len(rows(world))
    close(ports)

    assert group(ports).slot == found.slot
    assert len(rows(world)) == before
    with ports.uow() as uow:
        assert Action.DEADLINE_SKIPPED in {line.action for line in uow.journal.of(found.id)}


def test_a_vote_after_the_end_is_refused(ports) -> None:
    found = gated(ports)

    with pytest.raises(Refusal, match="vote_closed"):
        vote(ports, "UM1", "sat-morning")
    assert seats_of(ports, found.id)["UM1"].votes == ("tue-evening",)


def test_only_members_vote_and_only_for_common_slots(ports) -> None:
    voting(ports)

    with pytest.raises(NotFound):
        vote(ports, "UTUTOR1", "sat-morning")
    with pytest.raises(NotFound):
        vote(ports, "UM1", "mon-lunch")


def test_the_zone_is_that_of_most_members(ports) -> None:
    elsewhere = {"time_zone": "America/Guadeloupe"}
    people = [*four()[:2], Person("UM3", profile=elsewhere), Person("UM4", profile=elsewhere), Person("UM5")]
    voting(ports, *people[1:4], Person("UM6", profile=elsewhere))
    close(ports)

    assert group(ports).zone == "America/Guadeloupe"
