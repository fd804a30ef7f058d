"""One's own data: the whole copy and nobody else's, corrections with their history, erasure within the law."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from programme.errors import InvalidForm, NotFound, Refusal
from programme.messages.personal_data import CorrectionCard, DataExportReady, ErasureDone
from programme.model.ending import EndKind, RefundStatus
from programme.model.enrolment import EnrolmentStatus
from programme.model.people import Caller
from programme.model.personal_data import EXPORT_LIFETIME, REFLECTION, ErasureState
from programme.usecases import agenda, corrections, data_export, delivery, endings, enrolment, erasure
from programme.usecases.document_posts import card_key, receipt_key
from tests.builders import LYON, REUNION, paid, ready_to_order
from tests.conftest import World
from tests.usecases.tutoring import (
    AUTHOR,
    OUTSIDER,
    PEER,
    TUTOR,
    no_failure,
    pass_time,
    remark,
    returned,
    running,
    submitted,
    taken,
)

LEA, MAX = Caller("ULEA"), Caller("UMAX")
SECRET_WORDS = "Ce que je n’ai dit à personne."


def copy_of(world: World, caller: Caller) -> zipfile.ZipFile:
    """Ask for the copy and fetch it from the address in the message."""
    assert data_export.ask(world.ports, caller=caller)
    delivery.deliver_all(world.ports)
    ready = world.workspace.said(DataExportReady)[-1]
    content = data_export.fetch(world.ports, secret_of(ready))
    assert content is not None
    return zipfile.ZipFile(io.BytesIO(content))


def secret_of(ready: DataExportReady) -> str:
    return ready.url.rsplit("/", 1)[-1].removesuffix(".zip")


def rows(archive: zipfile.ZipFile) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(archive.read("donnees.json"))
    return found


def end(world: World, order_id: str) -> None:
    """End the contract, with nothing left to pay back."""
    with world.store.uow() as uow:
        order = uow.orders.get(order_id)
        done = endings.end_contract(
            world.ports, uow, order, EndKind.ABANDONMENT, declared_at=world.clock.now(), actor="UADMIN1"
        )
        done.settled_at = world.clock.now()
        for refund in uow.endings.refunds(done.id):
            refund.status = RefundStatus.SUCCEEDED


def wishes(**changes: Any) -> corrections.Wishes:
    facts = {"address": "12 rue des Lilas", "place": LYON, "radius_km": 20, "availability": ("tue-evening",)}
    return corrections.Wishes(**{**facts, **changes})


def test_the_copy_holds_everything_of_its_owner_and_nothing_of_the_others(world: World) -> None:
    running(world)
    submitted(world, "F01", caller=AUTHOR)
    submitted(world, "F01", caller=PEER)
    archive = copy_of(world, AUTHOR)
    told = rows(archive)
    assert [row["slack_user_id"] for row in told["members"]] == ["UM1"]
    owner = told["members"][0]["id"]
    assert {row["member_id"] for table in told.values() for row in table if "member_id" in row} == {owner}
    assert len(told["documents"]) == len(told["document_versions"]) == 1
    assert told["document_versions"][0]["answers"]
    assert told["orders"]
    assert told["journal"]
    assert any(name.endswith("v1 réponses.json") for name in archive.namelist())
    assert "LISEZ-MOI.txt" in archive.namelist()
    assert not any("digest" in row or "secret" in row for table in told.values() for row in table)


def test_a_remark_is_in_the_copy_once_it_was_returned(world: World) -> None:
    running(world)
    document = taken(world)
    remark(world, document.id, SECRET_WORDS)
    assert SECRET_WORDS not in copy_of(world, AUTHOR).read("donnees.json").decode()
    returned(world, document.id)
    assert SECRET_WORDS in copy_of(world, AUTHOR).read("donnees.json").decode()


def test_the_contract_goes_with_it(world: World) -> None:
    paid(world, "ULEA")
    assert "contrat.pdf" in copy_of(world, LEA).namelist()


def test_the_address_expires_and_the_file_with_it(world: World) -> None:
    paid(world, "ULEA")
    copy_of(world, LEA)
    secret = secret_of(world.workspace.said(DataExportReady)[-1])
    held = set(world.files.contents)
    assert data_export.fetch(world.ports, "x" * 43) is None
    world.clock.move(seconds=(EXPORT_LIFETIME - timedelta(seconds=1)).total_seconds())
    assert data_export.fetch(world.ports, secret) is not None
    pass_time(world, seconds=1)
    assert data_export.fetch(world.ports, secret) is None
    assert len(held - set(world.files.contents)) == 1


def test_a_second_press_makes_one_copy(world: World) -> None:
    paid(world, "ULEA")
    assert [data_export.ask(world.ports, caller=LEA) for _ in range(3)] == [True, False, False]
    delivery.deliver_all(world.ports)
    assert len(world.workspace.said(DataExportReady, "DLEA")) == 1


def test_nobody_without_data_gets_a_copy(world: World) -> None:
    with pytest.raises(Refusal, match="no_data"):
        data_export.ask(world.ports, caller=OUTSIDER)


def test_a_correction_keeps_what_stood_before(world: World) -> None:
    paid(world, "ULEA")
    changed = corrections.correct(world.ports, caller=LEA, wishes=wishes(place=REUNION, radius_km=30), source="V1")
    with world.store.reading() as uow:
        member = uow.members.by_slack("ULEA")
        assert member is not None
        history = {one.field: (one.before, one.after) for one in uow.personal_data.corrections(member.id)}
    assert changed == len(history) == 4
    assert history["postcode"] == ("69003", "97400")
    assert history["radius_km"] == ("20", "30")
    assert history["availability"] == ("tue-evening, thu-evening", "tue-evening")
    assert member.time_zone == "Indian/Reunion"
    assert corrections.correct(world.ports, caller=LEA, wishes=wishes(place=REUNION, radius_km=30), source="V2") == 0


def test_a_name_is_corrected_by_a_person_asked_once(world: World) -> None:
    paid(world, "ULEA")
    asked = wishes(availability=("tue-evening", "thu-evening"), request="Mon nom est Marchand-Diallo.")
    for _ in range(2):
        corrections.correct(world.ports, caller=LEA, wishes=asked, source="V1")
    delivery.deliver_all(world.ports)
    [card] = world.workspace.said(CorrectionCard, "CADMIN")
    assert card.request == "Mon nom est Marchand-Diallo."


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"address": " "}, "address"),
        ({"place": "69003:00000"}, "place"),
        ({"radius_km": 0}, "radius_km"),
        ({"availability": ()}, "availability"),
        ({"request": "nom"}, "request"),
    ],
)
def test_a_wrong_correction_changes_nothing(world: World, changes: dict[str, Any], field: str) -> None:
    paid(world, "ULEA")
    with pytest.raises(InvalidForm) as refused:
        corrections.correct(world.ports, caller=LEA, wishes=wishes(employer="Autre", **changes), source="V1")
    assert list(refused.value.fields) == [field]
    assert corrections.own_profile(world.ports, caller=LEA).employer == ""


def test_before_the_order_the_enrolment_is_where_one_corrects(world: World) -> None:
    ready_to_order(world.ports, "ULEA")
    with pytest.raises(Refusal, match="correct_in_enrolment"):
        corrections.own_profile(world.ports, caller=LEA)


def test_a_contract_in_force_keeps_its_data(world: World) -> None:
    paid(world, "ULEA")
    for act in (erasure.preview, erasure.ask):
        with pytest.raises(Refusal, match="erasure_in_force"):
            act(world.ports, caller=LEA)


def test_after_three_days_the_work_is_gone_and_the_contract_stays(world: World) -> None:
    running(world)
    document = submitted(world, "F01", caller=AUTHOR)
    submitted(world, "F01", caller=PEER)
    with world.store.reading() as uow:
        member = uow.members.by_slack("UM1")
        assert member is not None
        enrolled = uow.enrolments.current(member.id)
        assert enrolled is not None
        order = uow.orders.of_enrolment(enrolled.id)
        assert order is not None
    end(world, order.id)
    stays = erasure.preview(world.ports, caller=AUTHOR).stays
    assert {one.what.split(",")[0] for one in stays} >= {"contrat", "planning et émargements"}
    assert erasure.ask(world.ports, caller=AUTHOR) == erasure.ask(world.ports, caller=AUTHOR)
    pass_time(world, seconds=REFLECTION.total_seconds() - 1)
    with world.store.reading() as uow:
        assert len(uow.documents.of_member(member.id)) == 1
    pass_time(world, seconds=1)
    with world.store.reading() as uow:
        kept = uow.members.get(member.id)
        assert uow.documents.of_member(member.id) == []
        assert (kept.employer, kept.availability, kept.slack_user_id) == ("", (), "UM1")
        assert kept.full_name == member.full_name
        assert uow.orders.get(order.id).price == order.price
        peer = uow.members.by_slack("UM2")
        assert peer is not None
        assert len(uow.documents.of_member(peer.id)) == 1
        receipt, card = uow.outbox.get(receipt_key(document.id)), uow.outbox.get(card_key(document.id))
    assert len(world.workspace.said(ErasureDone)) == 1
    assert receipt is not None
    assert card is not None
    assert receipt.effect == card.effect == {"kind": "erased"}


def test_a_person_who_never_ordered_leaves_no_name(world: World) -> None:
    ready_to_order(world.ports, "ULEA")
    delivery.deliver_all(world.ports)
    member = enrolment.resume(world.ports, caller=LEA).member
    erasure.ask(world.ports, caller=LEA)
    pass_time(world, seconds=REFLECTION.total_seconds())
    with world.store.reading() as uow:
        assert uow.members.by_slack("ULEA") is None
        assert uow.people.get("ULEA") is None
        left = uow.members.get(member.id)
    assert (left.full_name, left.email, left.address, left.active) == ("", "", "", False)
    assert enrolment.resume(world.ports, caller=LEA).member.id != member.id


def test_it_can_be_called_back_by_its_author_alone(world: World) -> None:
    ready_to_order(world.ports, "ULEA")
    erasure.ask(world.ports, caller=LEA)
    asked = erasure.preview(world.ports, caller=LEA).asked
    assert asked is not None
    for other in (MAX, TUTOR):
        with pytest.raises(NotFound):
            erasure.call_back(world.ports, caller=other, erasure_id=asked.id)
    assert erasure.call_back(world.ports, caller=LEA, erasure_id=asked.id)
    pass_time(world, days=4)
    assert enrolment.resume(world.ports, caller=LEA).member.first_name == "Léa"


def test_a_contract_concluded_meanwhile_stops_the_erasure(world: World) -> None:
    ready_to_order(world.ports, "ULEA")
    erasure.ask(world.ports, caller=LEA)
    paid(world, "ULEA")
    world.clock.move(seconds=REFLECTION.total_seconds())
    agenda.run_due(world.ports, no_failure)
    standing = enrolment.resume(world.ports, caller=LEA)
    assert standing.enrolment.status is EnrolmentStatus.ACTIVE
    assert standing.member.first_name == "Léa"
    with world.store.reading() as uow:
        assert uow.personal_data.open_erasure(standing.member.id) is None


def test_too_late_is_said(world: World) -> None:
    paid_order = paid(world, "ULEA")
    end(world, paid_order.id)
    erasure.ask(world.ports, caller=LEA)
    asked = erasure.preview(world.ports, caller=LEA).asked
    assert asked is not None
    pass_time(world, seconds=REFLECTION.total_seconds())
    assert not erasure.call_back(world.ports, caller=LEA, erasure_id=asked.id)
    with world.store.reading() as uow:
        assert uow.personal_data.erasure(asked.id).state is ErasureState.DONE
