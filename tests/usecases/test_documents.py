"""Worksheets and documents: open with their guide, kept in versions, promised back in three working days."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from programme.errors import NotAllowed, Refusal
from programme.messages.documents import DocumentCard, DocumentContent, DocumentReceipt
from programme.model.agenda import DeadlineKind
from programme.model.document import DocumentState
from programme.model.group import GroupState
from programme.usecases import delivery, documents, worksheets
from tests.usecases.tutoring import (
    AUTHOR,
    OUTSIDER,
    PEER,
    document,
    read_by,
    running,
    submitted,
)
from tests.usecases.waiting_room import rows


def test_a_worksheet_opens_with_the_guide_of_its_session(world, ports) -> None:
    running(world, guides=2)

    assert [line.worksheet for line in documents.my_documents(ports, AUTHOR)] == ["F01", "F02"]
    assert worksheets.open_worksheet(ports, caller=AUTHOR, worksheet="F02").answers == {}
    with pytest.raises(Refusal) as locked:
        worksheets.open_worksheet(ports, caller=AUTHOR, worksheet="F03")
    assert locked.value.key == "worksheet_locked"


@pytest.mark.parametrize(("worksheet", "copy"), [("F99", 1), ("F01", 2), ("F01", 0), ("", 1)])
def test_an_unknown_worksheet_is_refused(world, ports, worksheet, copy) -> None:
    running(world)
    with pytest.raises(Refusal) as unknown:
        worksheets.open_worksheet(ports, caller=AUTHOR, worksheet=worksheet, copy_number=copy)
    assert unknown.value.key == "worksheet_unknown"


def test_a_stranger_has_no_documents_and_opens_none(world, ports) -> None:
    running(world)

    assert documents.my_documents(ports, OUTSIDER) == []
    with pytest.raises(Refusal) as outside:
        worksheets.open_worksheet(ports, caller=OUTSIDER, worksheet="F01")
    assert outside.value.key == "not_in_group"


@pytest.mark.parametrize("number", range(1, 17))
def test_every_worksheet_takes_its_own_examples_and_gives_them_back(world, ports, number) -> None:
    running(world, guides=16)
    key = f"F{number:02d}"
    sheet = ports.content.worksheets.key(key)
    submitted(world, key)

    again = worksheets.open_worksheet(ports, caller=AUTHOR, worksheet=key)
    assert set(again.answers) == {question.id for question in sheet.questions}
    assert submitted(world, key).versions == 1


def test_receipt_card_and_content_go_to_their_places_and_nowhere_else(world, ports) -> None:
    running(world)
    before = len(world.workspace.posts)
    done = submitted(world)

    said = [(post.channel, type(post.message)) for post in world.workspace.posts[before:]]
    assert said == [("DM1", DocumentReceipt), ("CTUTOR", DocumentCard), ("CTUTOR", DocumentContent)]
    (receipt,) = read_by(world, "DM1", DocumentReceipt)
    assert (receipt.state, receipt.version, receipt.due_at) == (DocumentState.RECEIVED, 1, done.due_at)
    (card,) = read_by(world, "CTUTOR", DocumentCard)
    assert (card.author_user, card.proposed_tutor, card.tutor_user) == ("UM1", "UTUTOR1", "")


def test_the_promise_is_three_working_days_with_two_clocks(world, ports) -> None:
    running(world)
    done = submitted(world)  # Monday 23 November 2026, 10:00 in Paris

    assert done.due_at == datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
    with ports.reading() as uow:
        due = {row.kind: row.due_at for row in uow.agenda.due(done.due_at) if row.subject == f"{done.id}:v1"}
    assert due[DeadlineKind.REVIEW_DUE] == done.due_at
    assert world.clock.now() < due[DeadlineKind.REVIEW_WARNING] < done.due_at


def test_a_second_version_stays_in_the_same_threads_with_a_new_promise(world, ports) -> None:
    running(world)
    first = submitted(world)
    world.clock.move(days=1)
    question = ports.content.worksheets.key("F01").questions[0]
    second = submitted(world, **{question.id: question.example + " Et un mot de plus."})

    assert (second.id, second.versions, second.handed_in) == (first.id, 2, 2)
    assert second.due_at == datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    with ports.reading() as uow:
        open_clocks = {row.subject for row in uow.agenda.due(datetime(2026, 12, 31, tzinfo=UTC))}
    assert f"{first.id}:v2" in open_clocks
    assert f"{first.id}:v1" not in open_clocks
    assert len(read_by(world, "CTUTOR", DocumentCard)) == 1
    receipts = read_by(world, "DM1", DocumentReceipt)
    assert [(receipt.version, receipt.in_thread) for receipt in receipts] == [(2, False), (2, True)]


def test_copies_of_a_worksheet_are_documents_of_their_own(world, ports) -> None:
    running(world, guides=9)
    one, two = submitted(world, "F09", copy=1), submitted(world, "F09", copy=2)

    assert one.id != two.id
    lines = [line for line in documents.my_documents(ports, AUTHOR) if line.worksheet == "F09"]
    assert [(line.copy_number, line.state) for line in lines] == [
        (1, DocumentState.RECEIVED),
        (2, DocumentState.RECEIVED),
        (3, None),
    ]


def test_the_last_worksheet_stays_with_its_owner_until_they_hand_it_in(world, ports) -> None:
    running(world, guides=16)
    kept = submitted(world, "F16")

    assert (kept.state, kept.due_at) == (DocumentState.KEPT, None)
    assert read_by(world, "CTUTOR", DocumentCard) == []
    with pytest.raises(NotAllowed):
        documents.hand_in(ports, caller=PEER, document_id=kept.id)
    for _ in range(2):
        documents.hand_in(ports, caller=AUTHOR, document_id=kept.id)
        delivery.deliver_all(ports)
    assert document(world, kept.id).state is DocumentState.RECEIVED
    assert len(read_by(world, "CTUTOR", DocumentCard)) == 1
    assert len(read_by(world, "CTUTOR", DocumentContent)) == 1


def test_after_the_archive_nothing_is_handed_in_and_all_is_still_seen(world, ports) -> None:
    found = running(world)
    submitted(world)
    with ports.uow() as uow:
        uow.groups.get(found.id).state = GroupState.ARCHIVED

    with pytest.raises(Refusal) as over:
        worksheets.open_worksheet(ports, caller=AUTHOR, worksheet="F01")
    assert over.value.key == "programme_over"
    assert [line.worksheet for line in documents.my_documents(ports, AUTHOR)] == ["F01"]


def test_nothing_of_a_document_goes_to_the_group(world) -> None:
    found = running(world)
    before = len(rows(world))
    submitted(world)

    lanes = {row.lane for row in rows(world)[before:]}
    assert not any(found.id in lane or found.channel_id in lane for lane in lanes)
    assert not any(post.channel == found.channel_id for post in world.workspace.posts if "doc:" in post.key)
