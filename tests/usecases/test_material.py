"""The method's material: given back or destroyed, declared once, kept as evidence, reminded once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from datetime import UTC, date, timedelta

import pytest

from programme.errors import InvalidForm, NotAllowed, NotFound
from programme.journal import Action
from programme.messages.material import MaterialRequest
from programme.messages.personal_data import DataExportReady
from programme.model.agenda import DeadlineKind
from programme.model.ending import EndKind
from programme.model.evidence import Evidence, first_broken
from programme.model.material import MaterialDeclaration, MaterialEnd
from programme.model.people import Caller
from programme.rules.instants import day_in
from programme.usecases import data_export, delivery, erasure, home, kits, material, retention, termination
from tests.conftest import World
from tests.usecases.finished import EVERYBODY, enrolment_of, finished, member_of, people, steps_read, wrote
from tests.usecases.running import LEA, MAX, NOE, ZOE, running, until
from tests.usecases.tutoring import read_by
from tests.usecases.waiting_room import ADMIN, enrol

DAY = timedelta(days=1)
ALL = ("paper", "copies", "files")


def asked(world: World, caller: Caller) -> MaterialDeclaration:
    with world.store.reading() as uow:
        found = uow.material.of_enrolment(enrolment_of(world.ports, caller).id)
    assert found is not None
    return found


def declare(
    world: World, caller: Caller, how: str = "destroyed", day: date | None = None, items: Collection[str] = ALL
) -> None:
    material.declare(
        world.ports,
        caller=caller,
        declaration_id=asked(world, caller).id,
        how=how,
        day=day or day_in(world.clock.now()),
        items=items,
    )
    delivery.deliver_all(world.ports)


def links(world: World, caller: Caller) -> list[Evidence]:
    with world.store.reading() as uow:
        assert first_broken(uow.enrolments.evidence()) is None
        every = uow.enrolments.evidence(enrolment_of(world.ports, caller).id)
    return [one for one in every if one.kind == "material_declared"]


def requests(world: World, caller: Caller) -> list[MaterialRequest]:
    delivery.deliver_all(world.ports)
    return read_by(world, "D" + caller.slack_user_id[1:], MaterialRequest)


def test_each_member_declares_with_the_last_steps_and_it_is_kept_as_evidence(world: World) -> None:
    finished(world)
    assert (steps_read(world, LEA).material, steps_read(world, LEA).material_how) == (asked(world, LEA).id, "")
    yesterday = day_in(world.clock.now() - DAY)
    declare(world, LEA, "returned", yesterday, ("files", "paper"))
    steps = steps_read(world, LEA)
    assert (steps.material_how, steps.material_day) == ("returned", yesterday)
    assert home.compose(world.ports, LEA.slack_user_id).last_steps == steps
    (link,) = links(world, LEA)
    assert link.facts == {
        "declaration": asked(world, LEA).id,
        "how": "returned",
        "day": yesterday.isoformat(),
        "items": ["paper", "files"],
        "by": LEA.slack_user_id,
    }
    assert steps_read(world, MAX).material_how == ""
    with world.store.reading() as uow:
        acts = [line.action for line in uow.journal.of(asked(world, LEA).id)]
    assert acts == [Action.MATERIAL_DECLARED]


def test_the_same_word_again_changes_nothing_and_another_is_a_new_link(world: World) -> None:
    finished(world)
    for _ in range(2):
        declare(world, LEA)
    assert len(links(world, LEA)) == 1
    declare(world, LEA, "returned")
    assert [one.facts["how"] for one in links(world, LEA)] == ["destroyed", "returned"]
    assert asked(world, LEA).how is MaterialEnd.RETURNED


def test_who_says_nothing_is_reminded_once_in_six_months(world: World) -> None:
    found = finished(world)
    assert found.finished_at is not None
    declare(world, LEA)
    until(world, found.finished_at + 9 * DAY)
    assert requests(world, MAX) == []
    until(world, found.finished_at + 200 * DAY)
    assert [(one.reminder, one.how) for one in requests(world, MAX)] == [(True, "")]
    assert requests(world, LEA) == []
    declare(world, MAX)
    assert [(one.reminder, one.how) for one in requests(world, MAX)] == [(True, "destroyed")]
    assert steps_read(world, MAX).material_how == "destroyed"


def test_a_reminder_that_comes_again_says_nothing_more(world: World) -> None:
    found = finished(world)
    assert found.finished_at is not None
    for _ in range(2):
        with world.ports.uow() as uow:
            uow.agenda.reopen(DeadlineKind.MATERIAL_REMINDER, asked(world, MAX).id, world.clock.now())
        until(world, world.clock.now() + DAY)
    assert len(requests(world, MAX)) == 1
    declare(world, LEA)
    with world.ports.uow() as uow:
        uow.agenda.reopen(DeadlineKind.MATERIAL_REMINDER, asked(world, LEA).id, world.clock.now())
    until(world, world.clock.now() + 2 * DAY)
    assert requests(world, LEA) == []


@pytest.mark.parametrize("how", ["inactive", "erased"])
def test_nobody_is_reminded_who_is_not_there_any_more(world: World, how: str) -> None:
    found = finished(world)
    assert found.finished_at is not None
    with world.ports.uow() as uow:
        if how == "inactive":
            uow.members.get(member_of(world.ports, ZOE).id).active = False
        else:
            uow.agenda.put(DeadlineKind.MATERIAL_REMINDER, asked(world, ZOE).id, found.finished_at + 30 * DAY)
    if how == "erased":
        until(world, found.finished_at + 15 * DAY)
        erasure.ask(world.ports, caller=ZOE)
    until(world, found.finished_at + 40 * DAY)
    assert requests(world, ZOE) == []
    assert len(requests(world, NOE)) == 1


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"how": ""}, {"how": "material_how"}),
        ({"how": "lost", "items": ()}, {"how": "material_how", "items": "material_items"}),
        ({"items": ("keys",)}, {"items": "material_items"}),
        ({"day": date(2199, 1, 1)}, {"day": "material_day"}),
        ({"day": date(2020, 1, 1)}, {"day": "material_day"}),
    ],
)
def test_a_word_that_cannot_be_is_refused_with_the_reason(world: World, changes: dict, wrong: dict) -> None:
    finished(world)
    with pytest.raises(InvalidForm) as refusal:
        declare(world, LEA, **changes)
    assert refusal.value.fields == wrong
    assert (asked(world, LEA).how, links(world, LEA)) == (None, [])


def test_nobody_declares_for_another(world: World) -> None:
    finished(world)
    for other in (MAX, ADMIN):
        with pytest.raises(NotAllowed):
            material.own(world.ports, caller=other, declaration_id=asked(world, LEA).id)
        with pytest.raises(NotAllowed):
            material.declare(
                world.ports,
                caller=other,
                declaration_id=asked(world, LEA).id,
                how="returned",
                day=day_in(world.clock.now()),
                items=ALL,
            )
    with pytest.raises(NotFound):
        material.own(world.ports, caller=LEA, declaration_id="mat_unknown")


def test_a_contract_that_ends_early_asks_at_once_and_reminds_once(world: World) -> None:
    running(world.ports, *people())
    wrote(world, dict.fromkeys((1, 2), EVERYBODY))
    _end(world, LEA)
    until(world, world.clock.now() + 2 * DAY)
    assert [(one.reminder, one.how) for one in requests(world, LEA)] == [(False, "")]
    assert requests(world, LEA)[0].work_until == day_in(asked(world, LEA).asked_at) + timedelta(days=30)
    until(world, world.clock.now() + 12 * DAY)
    assert [one.reminder for one in requests(world, LEA)] == [False, True]
    declare(world, LEA, "returned", items=("paper",))
    assert [one.how for one in requests(world, LEA)] == ["returned", "returned"]
    assert requests(world, MAX) == []
    until(world, world.clock.now() + 60 * DAY)
    assert len(requests(world, LEA)) == 2


def test_who_leaves_before_the_beginning_has_nothing_to_give_back(world: World) -> None:
    enrol(world.ports, *people())
    _end(world, LEA)
    with world.store.reading() as uow:
        assert uow.material.of_enrolment(enrolment_of(world.ports, LEA).id) is None


def _end(world: World, caller: Caller) -> None:
    with world.store.reading() as uow:
        order = uow.orders.of_enrolment(enrolment_of(world.ports, caller).id)
    assert order is not None
    termination.end_as(world.ports, caller=ADMIN, order_id=order.id, kind=EndKind.FORCE_MAJEURE, reason="Maladie")


def test_admins_see_who_has_declared_nothing_beside_the_kits(world: World) -> None:
    found = finished(world)
    assert found.finished_at is not None
    declare(world, LEA)
    until(world, found.finished_at + 20 * DAY)
    lines = kits.kit_sheet(world.ports, caller=ADMIN, number=found.number).lines
    said = {line.user: line.material.how for line in lines if line.material}
    assert said == {"UM1": MaterialEnd.DESTROYED, "UM2": None, "UM3": None, "UM4": None}


def test_the_word_is_in_the_copy_of_ones_data_and_stays_five_years(world: World) -> None:
    found = finished(world)
    assert found.finished_at is not None
    declare(world, ZOE)
    data_export.ask(world.ports, caller=ZOE)
    delivery.deliver_all(world.ports)
    secret = world.workspace.said(DataExportReady)[-1].url.rpartition("/")[2].removesuffix(".zip")
    with zipfile.ZipFile(io.BytesIO(data_export.fetch(world.ports, secret) or b"")) as archive:
        assert asked(world, ZOE).id in archive.read("donnees.json").decode()
    until(world, found.finished_at + 15 * DAY)
    erasure.ask(world.ports, caller=ZOE)
    until(world, found.finished_at + 400 * DAY)
    retention.run(world.ports)
    assert asked(world, ZOE).how is MaterialEnd.DESTROYED
    world.clock.instant = found.finished_at.astimezone(UTC) + 365.25 * 5.2 * DAY
    retention.run(world.ports)
    with world.store.reading() as uow:
        assert uow.material.of_enrolment(enrolment_of(world.ports, ZOE).id) is None
