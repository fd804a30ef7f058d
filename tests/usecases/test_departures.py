"""A tutor leaves the tutors' channel, or their account is closed: nothing that waited for them is forgotten."""

from __future__ import annotations

import pytest

from programme.messages.documents import DocumentCard, ReviewHandedOver
from programme.messages.groups import GroupAlert
from programme.model.document import DocumentState
from programme.model.people import Role
from programme.usecases import channel_life, delivery, reviews, roles
from tests.usecases.tutoring import (
    OTHER_TUTOR,
    TUTOR,
    asked,
    document,
    event_id,
    question,
    read_by,
    running,
    submitted,
    taken,
)

OTHERS = ["UTUTOR2"]


def by_event(world) -> None:
    roles.change_role(world.ports, channel="CTUTOR", slack_user_id="UTUTOR1", joined=False, event_id=event_id())


def by_the_hourly_look(world) -> None:
    world.workspace.members["CTUTOR"] = OTHERS
    roles.refresh_roles(world.ports)


def by_a_closed_account(world) -> None:
    channel_life.person_changed(world.ports, slack_user_id="UTUTOR1", deleted=True)


WAYS = [by_event, by_the_hourly_look, by_a_closed_account]


def alerts(world) -> list[str]:
    return [one.what for one in read_by(world, "CADMIN", GroupAlert) if one.what == "tutor_gone"]


@pytest.mark.parametrize("leave", WAYS)
def test_what_waited_goes_to_another_tutor_who_is_called_once(world, leave) -> None:
    running(world)
    read, waiting = taken(world), asked(world)
    leave(world)
    leave(world)
    delivery.deliver_all(world.ports)

    assert document(world, read.id).tutor_id == question(world, waiting.id).tutor_id == "UTUTOR2"
    assert document(world, read.id).state is DocumentState.IN_REVIEW
    assert document(world, read.id).due_at == read.due_at
    assert [told.tutor_user for told in read_by(world, "CTUTOR", ReviewHandedOver)] == ["UTUTOR2"] * 2
    assert read_by(world, "CTUTOR", DocumentCard)[-1].tutor_user == "UTUTOR2"
    assert alerts(world) == ["tutor_gone"]
    reviews.validate(world.ports, caller=OTHER_TUTOR, document_id=read.id)
    assert document(world, read.id).state is DocumentState.VALIDATED


@pytest.mark.parametrize("leave", WAYS)
def test_a_closed_door_is_closed(world, leave) -> None:
    running(world)
    leave(world)
    assert roles.caller_of(world.ports, "UTUTOR1").roles == frozenset()


def test_what_is_with_the_author_or_with_others_stays_where_it_is(world) -> None:
    running(world)
    with world.ports.uow() as uow:
        uow.people.grant(Role.TUTOR, "UTUTOR3")
    done = taken(world)
    reviews.validate(world.ports, caller=TUTOR, document_id=done.id)
    roles.change_role(world.ports, channel="CTUTOR", slack_user_id="UTUTOR3", joined=False, event_id=event_id())
    by_event(world)
    delivery.deliver_all(world.ports)

    assert document(world, done.id).tutor_id == "UTUTOR1"
    assert read_by(world, "CTUTOR", ReviewHandedOver) == []


def test_with_nobody_left_it_waits_for_whoever_comes(world) -> None:
    running(world)
    waiting = submitted(world)
    for user in ("UTUTOR2", "UTUTOR1"):
        roles.change_role(world.ports, channel="CTUTOR", slack_user_id=user, joined=False, event_id=event_id())
    delivery.deliver_all(world.ports)
    assert document(world, waiting.id).state is DocumentState.RECEIVED
    assert read_by(world, "CTUTOR", ReviewHandedOver) == []

    roles.change_role(world.ports, channel="CTUTOR", slack_user_id="UTUTOR2", joined=True, event_id=event_id())
    reviews.take(world.ports, caller=OTHER_TUTOR, document_id=waiting.id)
    assert document(world, waiting.id).tutor_id == "UTUTOR2"


def test_a_second_departure_is_told_again(world) -> None:
    running(world)
    by_event(world)
    roles.change_role(world.ports, channel="CTUTOR", slack_user_id="UTUTOR1", joined=True, event_id=event_id())
    by_event(world)
    delivery.deliver_all(world.ports)
    assert alerts(world) == ["tutor_gone"] * 2
