"""Proposals: who may be in one, what the card says, and that a failed one does not come back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from programme.errors import NotAllowed
from programme.model.agenda import DeadlineKind
from programme.model.enrolment import EnrolmentStatus
from programme.model.group import GroupState, SeatState
from programme.model.people import Caller, Role, SlackPerson
from programme.usecases import matching, seats
from tests.usecases.waiting_room import (
    ADMIN,
    LYON,
    Person,
    enrol,
    four,
    group,
    groups,
    messages,
    offered,
    proposed,
    rows,
    seats_of,
    users,
)


def test_four_who_fit_are_proposed_to_the_admins(world, ports) -> None:
    found = proposed(ports)

    assert (found.state, found.place, found.number) == (GroupState.PROPOSED, "Lyon", 1)
    assert {seat.state for seat in seats_of(ports, found.id).values()} == {SeatState.PROPOSED}
    (card,) = messages(world, "group_proposal_card")
    assert card.members[0].startswith("Camille ")
    assert len(card.members) == 4
    assert card.common_slots == ("tue-evening", "thu-evening", "sat-morning")
    assert rows(world, "proposal:")[0].lane == "admins"


def test_a_run_reports_groups_and_waiting(ports) -> None:
    enrol(ports, *four(), Person("UM5"), Person("UM6"))

    assert matching.propose_now(ports, ADMIN) == matching.Matching(groups=1, waiting=2)
    assert matching.propose_now(ports, ADMIN) == matching.Matching(groups=0, waiting=2)


def test_only_an_admin_forms_groups(ports) -> None:
    enrol(ports, *four())

    with pytest.raises(NotAllowed):
        matching.propose_now(ports, Caller("UTUTOR1", frozenset({Role.TUTOR})))
    assert groups(ports) == []


def test_never_five(ports) -> None:
    enrol(ports, *(Person(f"UM{number:02d}") for number in range(9)))

    matching.propose_now(ports, ADMIN)

    assert [len(seats_of(ports, found.id)) for found in groups(ports)] == [4, 4]


@pytest.mark.parametrize("unfit", ["inactive", "withdrawn", "unpaid"])
def test_only_paid_active_and_not_withdrawn_people_are_proposed(ports, unfit) -> None:
    enrol(ports, *four())
    with ports.uow() as uow:
        member = uow.members.by_slack("UM1")
        enrolment = uow.enrolments.current(member.id)
        member.active = unfit != "inactive"
        enrolment.status = EnrolmentStatus.WITHDRAWN if unfit == "withdrawn" else EnrolmentStatus.ACTIVE
        enrolment.paid_at = None if unfit == "unpaid" else enrolment.paid_at

    matching.propose_now(ports, ADMIN)

    assert groups(ports) == []


def test_someone_one_does_not_want_to_be_with_is_known_by_slack_user(ports) -> None:
    enrol(ports, *four()[:3], Person("UM4", profile={"avoided": ("UM1",)}))

    matching.propose_now(ports, ADMIN)

    assert groups(ports) == []


@pytest.mark.parametrize(("days", "count"), [(20.9, 0), (21, 1)])
def test_three_only_after_three_weeks_for_all(ports, days, count) -> None:
    enrol(ports, Person("UM1", 40), Person("UM2", 30), Person("UM3", days))

    matching.propose_now(ports, ADMIN)

    assert len(groups(ports)) == count


def test_the_daily_run_sets_the_next_morning(world, ports) -> None:
    world.clock.instant = datetime(2026, 11, 23, 6, 30, 5, tzinfo=UTC)  # 07:30:05 in Paris
    enrol(ports, *four())
    with ports.uow() as uow:
        matching.propose_groups(ports, uow, "2026-11-23")

    assert len(groups(ports)) == 1
    with ports.uow() as uow:
        (deadline,) = uow.agenda.due(world.clock.now() + timedelta(days=2))
    assert (deadline.kind, deadline.subject) == (DeadlineKind.MATCHING, "2026-11-24")
    assert deadline.due_at == datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


def test_the_tutor_with_the_fewest_groups_is_proposed(world, ports) -> None:
    offered(ports)
    with ports.uow() as uow:
        uow.people.save(SlackPerson("UTUTOR2", "Dominique"))
    enrol(ports, *(Person(f"UN{number}") for number in range(4)))
    matching.propose_now(ports, ADMIN)

    card = messages(world, "group_proposal_card")[-1]
    assert [(tutor.user, tutor.name, tutor.groups) for tutor in card.tutors] == [
        ("UTUTOR2", "Dominique", 0),
        ("UTUTOR1", "", 1),
    ]
    assert group(ports).tutor_id == "UTUTOR2"


def test_two_proposals_of_one_run_get_different_tutors(ports) -> None:
    enrol(ports, *(Person(f"UM{number}") for number in range(8)))
    matching.propose_now(ports, ADMIN)

    assert sorted(found.tutor_id for found in groups(ports)) == ["UTUTOR1", "UTUTOR2"]


def test_those_who_were_let_down_come_first_and_who_declined_gives_way(ports) -> None:
    first = offered(ports, *four())
    seats.answer_seat(ports, caller=Caller("UM1"), group_id=first.id, accept=False)
    enrol(ports, Person("UM5", paid_days_ago=300))
    matching.propose_now(ports, ADMIN)

    assert users(ports) == ["UM2", "UM3", "UM4", "UM5"]


def test_a_failed_proposal_does_not_come_back_for_three_weeks(world, ports) -> None:
    first = proposed(ports)
    seats.reject_group(ports, caller=ADMIN, group_id=first.id, reason="Attendre quelqu’un de plus près")

    matching.propose_now(ports, ADMIN)
    assert len(groups(ports)) == 1

    world.clock.move(days=21)
    matching.propose_now(ports, ADMIN)
    assert len(groups(ports)) == 2


def test_who_waits_far_away_is_not_mixed_in(ports) -> None:
    enrol(ports, *four()[:3], Person("UM4", place=(LYON[0] + 1, LYON[1])))
    matching.propose_now(ports, ADMIN)

    assert groups(ports) == []
