"""Help for the tutor who reads: points ticked, remarks to start from, time told; for the tutors alone."""

from __future__ import annotations

import pytest

from programme.errors import InvalidForm, NotFound, Refusal
from programme.messages.documents import RemarksReturned
from programme.messages.reading import DraftShown, ReadingHelp
from programme.usecases import delivery, reading
from tests.usecases.tutoring import TUTOR, document, read_by, returned, running, submitted, taken
from tests.usecases.waiting_room import rows


@pytest.fixture
def document_id(world) -> str:
    """A document that its tutor has taken."""
    running(world)
    return taken(world).id


def tick(world, document_id: str, *checked: int, version: int = 1) -> None:
    reading.tick(world.ports, caller=TUTOR, document_id=document_id, version=version, checked=checked)
    delivery.deliver_all(world.ports)


def draft(world, document_id: str, text: str, source: str = "view:V1") -> None:
    reading.write_draft(world.ports, caller=TUTOR, document_id=document_id, text=text, source=source)
    delivery.deliver_all(world.ports)


def shown(world) -> ReadingHelp:
    return read_by(world, "CTUTOR", ReadingHelp)[-1]


def test_the_checklist_of_the_worksheet_comes_once_it_is_taken(world) -> None:
    running(world)
    done = submitted(world)
    assert read_by(world, "CTUTOR", ReadingHelp) == []
    taken(world)

    sheet = world.ports.content.worksheets.key("F01")
    assert shown(world).points == sheet.checklist
    (post,) = [one for one in world.workspace.posts if isinstance(one.message, ReadingHelp)]
    card = next(one for one in world.workspace.posts if one.key == f"doc:{done.id}:card")
    assert (post.channel, post.thread_ts) == ("CTUTOR", card.ts)


def test_points_are_ticked_and_unticked_in_the_thread(world, document_id) -> None:
    tick(world, document_id, 2, 0, 99, -1)
    assert shown(world).checked == (0, 2)
    before = len(rows(world))
    tick(world, document_id, 0, 2)
    assert len(rows(world)) == before
    tick(world, document_id)

    assert shown(world).checked == ()


def test_a_new_version_has_a_list_of_its_own(world, document_id) -> None:
    tick(world, document_id, 0)
    question = world.ports.content.worksheets.key("F01").questions[0]
    submitted(world, **{question.id: question.example + " Encore."})

    assert (shown(world).version, shown(world).checked) == (2, ())
    with pytest.raises(Refusal) as old:
        tick(world, document_id, 1, version=1)
    assert old.value.key == "version_replaced"


def test_the_time_is_told_or_not(world, document_id) -> None:
    for _ in range(2):
        reading.tell_time(world.ports, caller=TUTOR, document_id=document_id, version=1, minutes=20)
    with pytest.raises(InvalidForm):
        reading.tell_time(world.ports, caller=TUTOR, document_id=document_id, version=1, minutes=7)
    delivery.deliver_all(world.ports)

    assert shown(world).minutes == 20


def test_a_template_of_the_worksheet_or_a_common_one_is_given(world, document_id) -> None:
    templates = world.ports.content.remarks
    for one in (templates["F01"][0], templates.common[0]):
        given = reading.template(world.ports, caller=TUTOR, document_id=document_id, key=one.key)
        assert given == one.text
    for unknown in (templates["F02"][0].key, "nothing", ""):
        with pytest.raises(NotFound):
            reading.template(world.ports, caller=TUTOR, document_id=document_id, key=unknown)


def test_a_draft_made_from_a_template_goes_with_the_remarks_once(world, document_id) -> None:
    for _ in range(2):
        draft(world, document_id, "Quel jour était-ce ?")
    assert [one.text for one in read_by(world, "CTUTOR", DraftShown)] == ["Quel jour était-ce ?"]
    returned(world, document_id)

    assert [one.remarks for one in read_by(world, "DM1", RemarksReturned)] == [("Quel jour était-ce ?",)]


def test_a_draft_that_was_taken_back_does_not_go(world, document_id) -> None:
    draft(world, document_id, "Trop vite.")
    draft(world, document_id, "Gardé.", "view:V2")
    (first, second) = read_by(world, "CTUTOR", DraftShown)
    for _ in range(2):
        reading.withdraw_draft(world.ports, caller=TUTOR, remark_id=first.remark_id)
    delivery.deliver_all(world.ports)
    returned(world, document_id)

    assert [one.withdrawn for one in read_by(world, "CTUTOR", DraftShown)] == [True, False]
    assert [one.remarks for one in read_by(world, "DM1", RemarksReturned)] == [("Gardé.",)]
    with pytest.raises(Refusal) as late:
        reading.withdraw_draft(world.ports, caller=TUTOR, remark_id=second.remark_id)
    assert late.value.key == "remark_returned"


@pytest.mark.parametrize("text", ["", "   ", "Vous écrivez « [citation] ».", "x" * 3001])
def test_an_unfinished_template_is_no_draft(world, document_id, text) -> None:
    with pytest.raises(InvalidForm):
        draft(world, document_id, text)

    assert read_by(world, "CTUTOR", DraftShown) == []


def test_nothing_of_the_help_reaches_the_member(world, document_id) -> None:
    before = [one for one in world.workspace.posts if one.channel == "DM1"]
    edits = [one for one in world.workspace.edits if one[0] == "DM1"]
    tick(world, document_id, 0)
    draft(world, document_id, "Un brouillon.")
    reading.tell_time(world.ports, caller=TUTOR, document_id=document_id, version=1, minutes=5)
    delivery.deliver_all(world.ports)

    assert [one for one in world.workspace.posts if one.channel == "DM1"] == before
    assert [one for one in world.workspace.edits if one[0] == "DM1"] == edits
    assert document(world, document_id).handed_in == 1
