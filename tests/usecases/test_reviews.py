"""What tutors do with a document, who may, and the clocks of the promise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from programme.errors import NotFound, Refusal
from programme.messages.documents import DocumentCard, DocumentReceipt, RemarksReturned, ReviewAlert, ReviewHandedOver
from programme.model.document import DocumentState
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import delivery, handing_over, reviews
from tests.usecases.tutoring import (
    OTHER_TUTOR,
    TUTOR,
    document,
    pass_time,
    read_by,
    remark,
    returned,
    running,
    submitted,
    taken,
)

Act = Callable[[Ports, Caller, str], None]
ACTS: dict[str, Act] = {
    "take": lambda ports, caller, id_: reviews.take(ports, caller=caller, document_id=id_),
    "return": lambda ports, caller, id_: reviews.return_remarks(ports, caller=caller, document_id=id_),
    "validate": lambda ports, caller, id_: reviews.validate(ports, caller=caller, document_id=id_),
    "reassign": lambda ports, caller, id_: handing_over.reassign(
        ports, caller=caller, subject_id=id_, tutor_user="UTUTOR2"
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_unknown_document_is_not_found(world, ports, act) -> None:
    running(world)
    with pytest.raises(NotFound):
        ACTS[act](ports, TUTOR, "doc_nothing")


def test_taking_shows_on_card_and_receipt_and_twice_is_once(world, ports) -> None:
    running(world)
    done = taken(world)
    reviews.take(ports, caller=TUTOR, document_id=done.id)

    (card,) = read_by(world, "CTUTOR", DocumentCard)
    (receipt,) = read_by(world, "DM1", DocumentReceipt)
    assert (card.state, card.tutor_user) == (DocumentState.IN_REVIEW, "UTUTOR1")
    assert receipt.state is DocumentState.IN_REVIEW
    with pytest.raises(Refusal) as late:
        reviews.take(ports, caller=OTHER_TUTOR, document_id=done.id)
    assert late.value.key == "document_taken"


def test_returned_remarks_reach_the_author_once_in_order(world, ports) -> None:
    running(world)
    done = taken(world)
    remark(world, done.id, "D’abord ceci.")
    remark(world, done.id, "Puis cela.", by=OTHER_TUTOR)
    returned(world, done.id)
    with pytest.raises(Refusal) as again:
        returned(world, done.id)

    assert again.value.key == "no_remarks"
    (sent,) = read_by(world, "DM1", RemarksReturned)
    assert sent.remarks == ("D’abord ceci.", "Puis cela.")
    assert document(world, done.id).state is DocumentState.TO_REVISE
    assert document(world, done.id).due_at is None


def test_remarks_may_be_returned_again_later(world, ports) -> None:
    running(world)
    done = taken(world)
    remark(world, done.id, "Une.")
    returned(world, done.id)
    remark(world, done.id, "Une autre.")
    returned(world, done.id)

    assert [sent.remarks for sent in read_by(world, "DM1", RemarksReturned)] == [("Une.",), ("Une autre.",)]


def test_validation_takes_the_drafts_along_and_ends_the_clocks(world, ports) -> None:
    running(world)
    done = taken(world)
    remark(world, done.id, "Beau travail.")
    for _ in range(2):
        reviews.validate(ports, caller=TUTOR, document_id=done.id)
        delivery.deliver_all(ports)

    (sent,) = read_by(world, "DM1", RemarksReturned)
    assert (sent.validated, sent.remarks) == (True, ("Beau travail.",))
    assert document(world, done.id).state is DocumentState.VALIDATED
    pass_time(world, days=10)
    assert read_by(world, "CTUTOR", ReviewAlert) == []


def test_a_validated_document_may_be_handed_in_again(world, ports) -> None:
    running(world)
    done = taken(world)
    reviews.validate(ports, caller=TUTOR, document_id=done.id)
    question = ports.content.worksheets.key("F01").questions[0]
    submitted(world, **{question.id: question.example + " Mieux encore."})

    again = document(world, done.id)
    assert (again.state, again.versions, again.validated_at) == (DocumentState.RECEIVED, 2, None)


def test_a_new_version_during_the_reading_stays_with_its_reader_and_gets_its_own_remarks(world, ports) -> None:
    running(world)
    done = taken(world)
    remark(world, done.id, "Sur la première.")
    question = ports.content.worksheets.key("F01").questions[0]
    submitted(world, **{question.id: question.example + " Bis."})
    remark(world, done.id, "Sur la seconde.")
    returned(world, done.id)

    sent = read_by(world, "DM1", RemarksReturned)
    assert [(one.version, one.remarks) for one in sent] == [(1, ("Sur la première.",)), (2, ("Sur la seconde.",))]


def test_only_who_has_it_returns_it(world, ports) -> None:
    running(world)
    done = taken(world)
    remark(world, done.id, "Une.")
    with pytest.raises(Refusal) as elsewhere:
        reviews.return_remarks(ports, caller=OTHER_TUTOR, document_id=done.id)

    assert elsewhere.value.key == "review_elsewhere"
    assert read_by(world, "DM1", RemarksReturned) == []


def test_a_hand_over_moves_the_document_and_says_so_once(world, ports) -> None:
    running(world)
    done = taken(world)
    for _ in range(2):
        handing_over.reassign(ports, caller=TUTOR, subject_id=done.id, tutor_user="UTUTOR2")
    delivery.deliver_all(ports)

    (told,) = read_by(world, "CTUTOR", ReviewHandedOver)
    assert (told.by_user, told.tutor_user) == ("UTUTOR1", "UTUTOR2")
    (card,) = read_by(world, "CTUTOR", DocumentCard)
    assert card.tutor_user == "UTUTOR2"
    remark(world, done.id, "Je finis.", by=OTHER_TUTOR)
    returned(world, done.id, by=OTHER_TUTOR)
    assert read_by(world, "DM1", RemarksReturned)[0].tutor_user == "UTUTOR2"


def test_a_document_goes_to_tutors_only(world, ports) -> None:
    running(world)
    done = submitted(world)
    for user in ("UM2", "UADMIN1", "USTRANGER"):
        with pytest.raises(Refusal) as unknown:
            handing_over.reassign(ports, caller=TUTOR, subject_id=done.id, tutor_user=user)
        assert unknown.value.key == "tutor_unknown"


def test_tutors_are_warned_at_three_quarters_and_admins_at_the_end(world, ports) -> None:
    running(world)
    done = submitted(world)
    pass_time(world, days=2, hours=22)  # 8:00 of the last day
    assert [alert.late for alert in read_by(world, "CTUTOR", ReviewAlert)] == []
    pass_time(world, hours=6)
    assert [alert.late for alert in read_by(world, "CTUTOR", ReviewAlert)] == [False]
    assert read_by(world, "CADMIN", ReviewAlert) == []
    pass_time(world, days=1)

    assert [alert.late for alert in read_by(world, "CTUTOR", ReviewAlert)] == [False, True]
    assert [alert.tutor_user for alert in read_by(world, "CADMIN", ReviewAlert)] == ["UTUTOR1"]
    assert done.due_at is not None


def test_a_bot_that_slept_through_both_clocks_tells_the_end_only(world, ports) -> None:
    running(world)
    done = submitted(world)
    assert done.due_at is not None
    pass_time(world, seconds=(done.due_at + timedelta(days=2) - world.clock.now()).total_seconds())

    assert [alert.late for alert in read_by(world, "CTUTOR", ReviewAlert)] == [True]
