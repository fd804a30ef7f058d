"""Capacity, absences and what nobody has taken: who is proposed, what moves, who is called."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from programme.errors import InvalidForm, NotAllowed
from programme.messages.documents import DocumentCard, ReviewAlert
from programme.messages.questions import QuestionCard
from programme.messages.tutoring import PromiseMoved, TutorAway, Unclaimed
from programme.model.people import Role
from programme.usecases import agenda, delivery, reviews, tutor_absences
from programme.usecases.tutor_absences import AbsenceAsked
from tests.usecases.tutoring import (
    AUTHOR,
    OTHER_TUTOR,
    PEER,
    TUTOR,
    asked,
    document,
    no_failure,
    pass_time,
    question,
    read_by,
    running,
    submitted,
    taken,
)
from tests.usecases.waiting_room import rows

MONDAY = date(2026, 11, 23)


def away(world, first: int = 0, last: int = 1, backup: str = "", caller=TUTOR):
    """Declare an absence by days from the Monday on which tests begin, and deliver."""
    form = AbsenceAsked(MONDAY + timedelta(days=first), MONDAY + timedelta(days=last), backup)
    absence = tutor_absences.declare(world.ports, caller=caller, asked=form)
    agenda.run_due(world.ports, no_failure)
    delivery.deliver_all(world.ports)
    return absence


def no_backup(world) -> None:
    """Nobody stands in for the first tutor by habit."""
    with world.ports.uow() as uow:
        uow.tutors.choose("UTUTOR1").backup_id = ""


def full(world, tutor: str = "UTUTOR1") -> None:
    """This tutor takes one at a time, and has it."""
    submitted(world, caller=PEER)
    with world.ports.uow() as uow:
        uow.tutors.choose(tutor).capacity = 1


def proposed(world) -> list[str]:
    return [card.proposed_tutor for card in read_by(world, "CTUTOR", DocumentCard)]


def test_what_arrives_beyond_capacity_goes_to_a_colleague(world) -> None:
    running(world)
    full(world)
    submitted(world)

    assert proposed(world) == ["UTUTOR1", "UTUTOR2"]
    assert asked(world).tutor_id == "UTUTOR2"


def test_a_second_version_goes_back_to_whoever_read_the_first(world) -> None:
    running(world)
    done = taken(world, by=OTHER_TUTOR)
    reviews.validate(world.ports, caller=OTHER_TUTOR, document_id=done.id)
    question_ = world.ports.content.worksheets.key("F01").questions[0]
    submitted(world, **{question_.id: question_.example + " Encore."})

    assert proposed(world) == ["UTUTOR2"]


def test_an_absence_with_backup_hands_over_on_the_first_morning(world) -> None:
    running(world)
    done, made = submitted(world), asked(world, caller=PEER)
    away(world, 1, 5, "UTUTOR2")
    assert document(world, done.id).tutor_id == "UTUTOR1"
    pass_time(world, days=1)

    assert document(world, done.id).tutor_id == question(world, made.id).tutor_id == "UTUTOR2"
    assert (document(world, done.id).due_at, question(world, made.id).due_at) == (done.due_at, made.due_at)
    told = read_by(world, "CTUTOR", TutorAway)
    assert [(one.backup_user, one.moved) for one in told] == [("UTUTOR2", 0), ("UTUTOR2", 2)]
    assert [card.proposed_tutor for card in read_by(world, "CTUTOR", DocumentCard)] == ["UTUTOR2"]
    assert [card.tutor_user for card in read_by(world, "CTUTOR", QuestionCard)] == ["UTUTOR2"]
    submitted(world, caller=PEER)
    assert proposed(world)[-1] == "UTUTOR2"


def test_an_absence_without_backup_moves_the_promises_and_says_so(world) -> None:
    running(world)
    no_backup(world)
    done = taken(world)
    away(world, 1, 2)

    assert document(world, done.id).due_at == datetime(2026, 11, 30, 17, tzinfo=UTC)  # Thursday, and two days
    assert [one.due_at for one in read_by(world, "DM1", PromiseMoved)] == [document(world, done.id).due_at]
    pass_time(world, days=5)
    assert read_by(world, "CTUTOR", ReviewAlert) == []
    pass_time(world, days=3)
    assert [one.late for one in read_by(world, "CADMIN", ReviewAlert)] == [True]


def test_two_absences_take_each_day_once(world) -> None:
    running(world)
    no_backup(world)
    done = taken(world)
    away(world, 1, 1)
    away(world, 2, 2)

    assert document(world, done.id).due_at == datetime(2026, 11, 30, 17, tzinfo=UTC)


def test_a_new_promise_counts_without_the_days_already_announced(world) -> None:
    running(world)
    no_backup(world)
    away(world, 1, 2)

    assert submitted(world).due_at == datetime(2026, 11, 30, 17, tzinfo=UTC)


def test_the_same_form_again_changes_nothing(world) -> None:
    running(world)
    no_backup(world)
    done = taken(world)
    away(world, 1, 2)
    before = len(rows(world))
    away(world, 1, 2)

    assert len(rows(world)) == before
    assert document(world, done.id).due_at == datetime(2026, 11, 30, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "backup", "field"),
    [
        (-1, 3, "", "first_day"),
        (3, 2, "", "last_day"),
        (1, 200, "", "last_day"),
        (1, 2, "UTUTOR1", "backup"),
        (1, 2, "UADMIN1", "backup"),
        (1, 2, "UM1", "backup"),
    ],
)
def test_a_wrong_absence_is_refused_and_changes_nothing(world, first, last, backup, field) -> None:
    running(world)
    before = len(rows(world))
    with pytest.raises(InvalidForm) as wrong:
        away(world, first, last, backup)

    assert set(wrong.value.fields) == {field}
    assert len(rows(world)) == before


def test_days_are_declared_once_and_a_backup_must_be_there(world) -> None:
    running(world)
    away(world, 1, 4, caller=OTHER_TUTOR)
    with pytest.raises(InvalidForm) as absent:
        away(world, 4, 6, "UTUTOR2")
    assert set(absent.value.fields) == {"backup"}
    with pytest.raises(InvalidForm) as again:
        away(world, 4, 6, caller=OTHER_TUTOR)
    assert set(again.value.fields) == {"first_day"}


def test_coming_back_early_ends_it(world) -> None:
    running(world)
    absence = away(world, 0, 4, "UTUTOR2")
    for _ in range(2):
        tutor_absences.come_back(world.ports, caller=TUTOR, absence_id=absence.id)
    with pytest.raises(NotAllowed):
        tutor_absences.come_back(world.ports, caller=OTHER_TUTOR, absence_id=absence.id)
    delivery.deliver_all(world.ports)

    assert [one.back for one in read_by(world, "CTUTOR", TutorAway)] == [False, True]
    submitted(world)
    assert proposed(world) == ["UTUTOR1"]


def test_an_absence_that_was_cancelled_hands_nothing_over(world) -> None:
    running(world)
    done = submitted(world)
    absence = away(world, 1, 4, "UTUTOR2")
    tutor_absences.come_back(world.ports, caller=TUTOR, absence_id=absence.id)
    pass_time(world, days=1)

    assert document(world, done.id).tutor_id == "UTUTOR1"


@pytest.mark.parametrize("caller", [AUTHOR, PEER])
def test_only_tutors_are_away(world, caller) -> None:
    running(world)
    with pytest.raises(NotAllowed):
        away(world, caller=caller)


def test_what_nobody_takes_is_called_for_then_told_to_the_admins(world) -> None:
    running(world)
    submitted(world)
    pass_time(world, days=1, hours=1)
    assert read_by(world, "CTUTOR", Unclaimed) == []
    pass_time(world, hours=3)
    (nag,) = read_by(world, "CTUTOR", Unclaimed)
    assert (nag.tutor_user, nag.backup_user) == ("UTUTOR1", "UTUTOR2")
    assert read_by(world, "CADMIN", Unclaimed) == []
    pass_time(world, days=1, hours=3)

    assert [one.tutor_user for one in read_by(world, "CADMIN", Unclaimed)] == ["UTUTOR1"]
    assert read_by(world, "CTUTOR", ReviewAlert) == []


def test_what_is_taken_calls_for_nobody(world) -> None:
    running(world)
    taken(world)
    pass_time(world, days=2, hours=20)

    assert read_by(world, "CTUTOR", Unclaimed) == read_by(world, "CADMIN", Unclaimed) == []


def test_a_tutor_who_left_the_channel_is_proposed_nothing(world) -> None:
    running(world)
    with world.ports.uow() as uow:
        uow.people.revoke(Role.TUTOR, "UTUTOR1")
    submitted(world)

    assert proposed(world) == ["UTUTOR2"]
