"""The register of complaints: numbered and acknowledged at once, answered by a person with the mediator, closed."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from programme.errors import InvalidForm, NotAllowed, Refusal
from programme.messages.complaints import ComplaintAnswered, ComplaintCard, ComplaintReceived, ComplaintReminder
from programme.model.complaint import Complaint, ComplaintState
from programme.model.enrolment import EnrolmentStatus
from programme.model.people import Caller, Role
from programme.rules.instants import day_in
from programme.rules.lights import LightKind
from programme.rules.retention import Purpose
from programme.usecases import complaints, dashboard, delivery, erasure, retention
from tests.builders import ADMIN, paid
from tests.conftest import World
from tests.usecases.running import until
from tests.usecases.waiting_room import messages, rows

LEA = Caller("ULEA")
TUTOR = Caller("UTUTOR1", frozenset({Role.TUTOR}))
TEXT = "La séance du 3 a été annulée sans un mot."
ANSWER = "Vous avez raison : nous vous présentons nos excuses."


def filed(world: World, source: str = "view:V1", text: str = TEXT) -> Complaint:
    complaint = complaints.file(world.ports, caller=LEA, text=text, source=source)
    delivery.deliver_all(world.ports)
    return complaint


def answered(world: World, complaint: Complaint) -> None:
    complaints.answer(world.ports, caller=ADMIN, complaint_id=complaint.id, text=ANSWER)
    delivery.deliver_all(world.ports)


def now(world: World, complaint: Complaint) -> Complaint:
    with world.store.reading() as uow:
        return uow.complaints.get(complaint.id)


@pytest.fixture
def buyer(world: World) -> World:
    paid(world, "ULEA")
    return world


def test_it_is_numbered_dated_and_acknowledged_on_a_durable_medium(buyer: World) -> None:
    first, second = filed(buyer), filed(buyer, "view:V2")
    year = day_in(buyer.clock.now()).year
    assert [first.number, second.number] == [f"REC{year}-0001", f"REC{year}-0002"]
    assert first.answer_by == day_in(buyer.clock.now()) + timedelta(days=30)
    told = buyer.workspace.said(ComplaintReceived, "DLEA")
    assert [one.number for one in told] == [first.number, second.number]
    mails = [mail for mail in buyer.mailer.sent if mail["template"] == "complaint_received"]
    assert [mail["data"]["number"] for mail in mails] == [first.number, second.number]
    assert mails[0]["data"]["text"] == TEXT
    assert [card.text for card in buyer.workspace.said(ComplaintCard, "CADMIN")] == [TEXT] * 2


def test_the_same_form_twice_is_one_complaint(buyer: World) -> None:
    assert filed(buyer).id == filed(buyer).id
    assert len(buyer.workspace.said(ComplaintReceived)) == 1


def test_the_numbers_begin_again_each_year(buyer: World) -> None:
    filed(buyer)
    buyer.clock.move(days=366)
    assert filed(buyer, "view:V2").number == f"REC{day_in(buyer.clock.now()).year}-0001"


@pytest.mark.parametrize("text", ["", "Trop court", "a" * 2801])
def test_a_text_too_short_or_too_long_is_told_at_its_field(buyer: World, text: str) -> None:
    with pytest.raises(InvalidForm) as wrong:
        filed(buyer, text=text[:9] if text == "Trop court" else text)
    assert wrong.value.fields == {"text": "complaint_text"}


def test_without_an_order_one_is_told_where_to_write(world: World) -> None:
    with pytest.raises(Refusal) as refused:
        filed(world)
    assert refused.value.details == {"email": world.ports.content.trader.email}


def test_the_answer_leaves_once_with_the_mediator(buyer: World) -> None:
    complaint = filed(buyer)
    answered(buyer, complaint)
    with pytest.raises(Refusal, match="complaint_answered"):
        answered(buyer, complaint)
    with pytest.raises(Refusal, match="complaint_answered"):
        complaints.pending(buyer.ports, caller=ADMIN, complaint_id=complaint.id)
    [told] = buyer.workspace.said(ComplaintAnswered, "DLEA")
    assert told.answer == ANSWER
    [mail] = [mail for mail in buyer.mailer.sent if mail["template"] == "complaint_answer"]
    assert mail["data"]["answer"] == ANSWER
    assert now(buyer, complaint).answered_by == "UADMIN1"


def test_it_is_closed_once_answered_by_its_author_or_an_admin(buyer: World) -> None:
    complaint = filed(buyer)
    with pytest.raises(Refusal, match="complaint_unanswered"):
        complaints.close(buyer.ports, caller=ADMIN, complaint_id=complaint.id)
    answered(buyer, complaint)
    for _ in range(2):
        complaints.close(buyer.ports, caller=LEA, complaint_id=complaint.id)
    found = now(buyer, complaint)
    assert (found.state, found.closed_by, found.closed_at) == (ComplaintState.CLOSED, "ULEA", buyer.clock.now())
    assert messages(buyer, "complaint_card")[-1].state == "closed"
    assert messages(buyer, "complaint_answered")[-1].closed


def test_what_was_answered_closes_when_the_mediator_can_no_longer_be_asked(buyer: World) -> None:
    complaint = filed(buyer)
    answered(buyer, complaint)
    until(buyer, complaint.opened_at + timedelta(days=365))
    assert now(buyer, complaint).state is ComplaintState.ANSWERED
    until(buyer, complaint.opened_at + timedelta(days=366))
    assert now(buyer, complaint).closed_by == "bot"


def test_the_team_is_reminded_until_it_has_answered(buyer: World) -> None:
    complaint, other = filed(buyer), filed(buyer, "view:V2")
    until(buyer, complaint.opened_at + timedelta(days=26))
    assert [one.last for one in messages(buyer, "complaint_reminder")] == [False, False]
    answered(buyer, complaint)
    until(buyer, complaint.opened_at + timedelta(days=31))
    delivery.deliver_all(buyer.ports)
    assert [one.number for one in buyer.workspace.said(ComplaintReminder) if one.last] == [other.number]


def test_it_burns_on_the_dashboard_until_it_is_answered(buyer: World) -> None:
    complaint = filed(buyer)
    shown = dashboard.detail(buyer.ports, caller=ADMIN, kind=LightKind.COMPLAINTS)
    [item] = shown.shown
    assert (item.subject, item.day) == (complaint.id, complaint.answer_by)
    answered(buyer, complaint)
    assert dashboard.detail(buyer.ports, caller=ADMIN, kind=LightKind.COMPLAINTS).shown == ()


def test_the_register_is_exported_with_its_answers(buyer: World) -> None:
    first = filed(buyer, text="=2+3 et une séance annulée")
    filed(buyer, "view:V2")
    answered(buyer, first)
    made = complaints.export(buyer.ports)
    rows = list(csv.DictReader(io.StringIO(made.content.decode("utf-8-sig")), delimiter=";"))
    assert [row["etat"] for row in rows] == ["répondue", "ouverte"]
    assert rows[0]["reclamation"] == "'=2+3 et une séance annulée"
    assert rows[0]["reponse"] == ANSWER
    complaints.send_export(buyer.ports, caller=ADMIN, request="t1")
    delivery.deliver_all(buyer.ports)
    assert buyer.workspace.shared[-1][:2] == ("DADMIN1", made.name)


@pytest.mark.parametrize("caller", [LEA, TUTOR])
def test_the_register_is_for_admins(buyer: World, caller: Caller) -> None:
    complaint = filed(buyer)
    for refused in (
        lambda: complaints.listing(buyer.ports, caller=caller),
        lambda: complaints.pending(buyer.ports, caller=caller, complaint_id=complaint.id),
        lambda: complaints.answer(buyer.ports, caller=caller, complaint_id=complaint.id, text=ANSWER),
        lambda: complaints.send_export(buyer.ports, caller=caller, request="t1"),
        lambda: complaints.close(buyer.ports, caller=Caller("UAUTRE"), complaint_id=complaint.id),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_an_open_complaint_keeps_the_file_and_a_closed_one_dates_it(buyer: World) -> None:
    complaint = filed(buyer)
    with buyer.store.reading() as uow:
        assert uow.retention.file(complaint.member_id).held
        member = uow.members.get(complaint.member_id)
        assert [row["text"] for row in uow.personal_data.everything(member)["complaints"]] == [TEXT]
    answered(buyer, complaint)
    complaints.close(buyer.ports, caller=ADMIN, complaint_id=complaint.id)
    with buyer.store.reading() as uow:
        found = uow.retention.file(complaint.member_id)
    assert (found.held, found.closed_on) == (False, day_in(buyer.clock.now()))


def test_once_its_time_is_over_nothing_of_it_is_left(buyer: World) -> None:
    complaint = filed(buyer)
    answered(buyer, complaint)
    complaints.close(buyer.ports, caller=ADMIN, complaint_id=complaint.id)
    delivery.deliver_all(buyer.ports)
    with buyer.store.uow() as uow:
        member = uow.members.get(complaint.member_id)
        uow.personal_data.erase(member, {Purpose.CLAIMS}, day_in(buyer.clock.now()))
    with buyer.store.reading() as uow:
        assert uow.complaints.all() == []
    assert [row.key for row in rows(buyer) if TEXT in str(row.effect) or ANSWER in str(row.effect)] == []


def test_an_open_complaint_keeps_the_data_that_it_is_about(buyer: World) -> None:
    with buyer.store.uow() as uow:
        member = uow.members.by_slack("ULEA")
        assert member is not None
        enrolment = uow.enrolments.current(member.id)
        assert enrolment is not None
        enrolment.status, enrolment.ended_at = EnrolmentStatus.FINISHED, buyer.clock.now()
    complaint = filed(buyer)
    with pytest.raises(Refusal, match="erasure_in_force"):
        erasure.preview(buyer.ports, caller=LEA)
    buyer.clock.move(days=40)
    assert retention.run(buyer.ports).people == {}
    answered(buyer, complaint)
    complaints.close(buyer.ports, caller=ADMIN, complaint_id=complaint.id)
    assert erasure.preview(buyer.ports, caller=LEA).stays
    assert retention.run(buyer.ports).people[member.id] == {Purpose.PROSPECT}
