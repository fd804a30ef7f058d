"""One message leads each member to the end, edited in place; what they write there is theirs alone."""

from __future__ import annotations

from datetime import UTC, time, timedelta

import pytest

from programme.effects import load
from programme.errors import Refusal
from programme.messages.last_steps import LastSteps
from programme.model.group import GroupState
from programme.rules.instants import at_local
from programme.usecases import delivery, documents, home, worksheet_prints
from tests.conftest import World
from tests.usecases.finished import EVERYBODY, finished, steps_read
from tests.usecases.running import LEA, MAX, ZOE, until
from tests.usecases.tutoring import filled, sent, submitted
from tests.usecases.waiting_room import group, rows

SECRET = "Ce que je n’ai dit qu’à cette page, et qui ne doit en sortir pour personne d’autre que moi. " * 2


def test_each_member_gets_one_message_by_day_and_it_is_edited_in_place(world: World) -> None:
    found = finished(world)
    for caller in EVERYBODY:
        assert steps_read(world, caller) == home.compose(world.ports, caller.slack_user_id).last_steps
    assert len(world.workspace.said(LastSteps)) == 4
    closes_on = steps_read(world, LEA).closes_on
    assert closes_on == (found.finished_at + timedelta(days=14)).date()
    until(world, found.finished_at + timedelta(days=20))
    delivery.deliver_all(world.ports)
    assert len(world.workspace.said(LastSteps)) == 4
    assert home.compose(world.ports, LEA.slack_user_id).last_steps == steps_read(world, LEA)


def test_the_synthesis_is_followed_from_its_first_page_to_its_last(world: World) -> None:
    finished(world)
    assert (steps_read(world, LEA).synthesis, steps_read(world, LEA).synthesis_state) == ("F16", "open")
    filled(world, "F16", caller=LEA, pages=1)
    assert steps_read(world, LEA).synthesis_state == "begun"
    submitted(world, "F16", caller=LEA)
    assert steps_read(world, LEA).synthesis_state == "kept"
    assert steps_read(world, MAX).synthesis_state == "open"


def test_the_synthesis_reaches_nobody_but_its_owner(world: World) -> None:
    finished(world)
    document = submitted(world, "F16", caller=LEA, moi=SECRET)
    worksheet_prints.send_version(world.ports, caller=LEA, document_id=document.id, form="docx")
    until(world, world.clock.now() + timedelta(days=15))
    delivery.deliver_all(world.ports)
    with world.store.reading() as uow:
        assert uow.documents.get(document.id).handed_in == 0
    naming = [row for row in rows(world) if document.id in row.key or SECRET[:40] in str(row.effect)]
    assert naming
    assert {getattr(load(row.effect), "to", "user:UM1") for row in naming} == {"user:UM1"}
    assert {row.lane for row in naming} <= {"user:UM1", "files:UM1", "home:UM1"}
    for caller in (MAX, ZOE):
        assert document.id not in {one.document_id for one in documents.my_documents(world.ports, caller)}


def test_once_the_channel_is_closed_the_synthesis_can_still_be_written_and_nothing_else(world: World) -> None:
    found = finished(world)
    until(world, found.finished_at + timedelta(days=15))
    assert group(world.ports).state is GroupState.ARCHIVED
    opened = filled(world, "F16", caller=LEA)
    assert sent(world, opened, caller=LEA).versions == 1
    assert steps_read(world, LEA).synthesis_state == "kept"
    with pytest.raises(Refusal, match="programme_over"):
        filled(world, "F15", caller=LEA)
    listed = [one.worksheet for one in documents.my_documents(world.ports, ZOE)]
    assert listed == ["F16"]
    with pytest.raises(Refusal, match="programme_over"):
        documents.hand_in(world.ports, caller=LEA, document_id=_own(world))


def test_nothing_can_be_written_any_more_once_the_works_are_gone(world: World) -> None:
    found = finished(world)
    last = steps_read(world, LEA).work_until
    assert last is not None
    until(world, at_local(last, time(23, 30), found.zone).astimezone(UTC))
    filled(world, "F16", caller=LEA, pages=1)
    until(world, world.clock.now() + timedelta(hours=1))
    with pytest.raises(Refusal, match="programme_over"):
        filled(world, "F16", caller=LEA, pages=1)
    assert [one.worksheet for one in documents.my_documents(world.ports, LEA)] == []
    steps = home.compose(world.ports, LEA.slack_user_id).last_steps
    assert steps is not None
    assert steps.over


def _own(world: World) -> str:
    return next(one.document_id for one in documents.my_documents(world.ports, LEA) if one.worksheet == "F16")
