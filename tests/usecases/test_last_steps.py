"""One message leads each member to the end, edited in place; what they write there is theirs alone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, time, timedelta

import pytest

from programme.effects import load
from programme.errors import Refusal
from programme.messages.last_steps import LastSteps
from programme.messages.nudges import Digest
from programme.model.group import GroupState
from programme.model.nudge import Topic
from programme.model.people import Caller
from programme.rules.instants import at_local, day_in
from programme.usecases import (
    data_export,
    delivery,
    documents,
    home,
    material,
    quiet_wishes,
    retention,
    surveys,
    worksheet_prints,
)
from tests.conftest import World
from tests.usecases.finished import EVERYBODY, finished, member_of, steps_read
from tests.usecases.running import LEA, MAX, NOE, ZOE, until
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
    for days, over in ((20, False), (50, True)):
        until(world, found.finished_at + timedelta(days=days))
        assert steps_read(world, LEA).over is over
        assert home.compose(world.ports, LEA.slack_user_id).last_steps == steps_read(world, LEA)
    assert len(world.workspace.said(LastSteps)) == 4


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


def test_six_months_after_the_end_nobody_is_written_to_more_than_they_should(world: World) -> None:
    """One does everything, one nothing, one stops the surveys, one leaves the workspace: what each reads by day."""
    found = finished(world)
    assert found.finished_at is not None
    _do_everything(world, LEA)
    quiet_wishes.stop(world.ports, caller=NOE, topic=Topic.SURVEY)
    with world.ports.uow() as uow:
        uow.members.get(member_of(world.ports, ZOE).id).active = False
    read_before = {caller: len(_posts(world, caller)) for caller in EVERYBODY}
    for day in range(1, 201):
        until(world, found.finished_at + timedelta(days=day))
        delivery.deliver_all(world.ports)
        retention.run(world.ports)

    later = {caller: _posts(world, caller)[read_before[caller] :] for caller in EVERYBODY}
    kinds = {caller: Counter(kind for kind in posts if kind != "check_in_request") for caller, posts in later.items()}
    assert kinds == {
        LEA: {"survey_request": 4},
        MAX: {"survey_request": 5, "material_request": 1},
        NOE: {"material_request": 1},
        ZOE: {},
    }
    steps = steps_read(world, LEA)
    assert (steps.survey_answered, steps.synthesis_state, steps.exported, steps.material_how) == (
        True,
        "kept",
        True,
        "returned",
    )


def _do_everything(world: World, caller: Caller) -> None:
    steps = steps_read(world, caller)
    answers = {one.id: next(iter(one.options)) for one in world.ports.content.surveys["end"].questions}
    surveys.answer(world.ports, caller=caller, survey_id=steps.survey, answers=answers)
    submitted(world, "F16", caller=caller)
    data_export.ask(world.ports, caller=caller)
    delivery.deliver_all(world.ports)
    today = day_in(world.clock.now())
    material.declare(
        world.ports, caller=caller, declaration_id=steps.material, how="returned", day=today, items=("paper",)
    )
    delivery.deliver_all(world.ports)


def _posts(world: World, caller: Caller) -> list[str]:
    """What was posted to this person, part by part."""
    channel = "D" + caller.slack_user_id[1:]
    posts = [post.message for post in world.workspace.posts if post.channel == channel]
    return [part.kind for one in posts for part in (one.parts if isinstance(one, Digest) else (one,))]
