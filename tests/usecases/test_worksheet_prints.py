"""Worksheets as files: for the tutors' thread, for their author, and blank."""

from __future__ import annotations

import pytest

from programme.errors import NotAllowed, Refusal
from programme.usecases import delivery, worksheet_prints
from tests.usecases.tutoring import (
    ADMIN,
    AUTHOR,
    OTHER_TUTOR,
    OUTSIDER,
    PEER,
    TUTOR,
    documents_of,
    dropped,
    root,
    running,
    slack_file,
    submitted,
)


def sent(world, channel="DM1"):
    return [name for where, name, _, _ in world.workspace.shared if where == channel]


def ask(world, document_id, form="pdf", caller=AUTHOR):
    worksheet_prints.send_version(world.ports, caller=caller, document_id=document_id, form=form)
    delivery.deliver_all(world.ports)


def blank(world, worksheet="F01", form="pdf", caller=AUTHOR):
    worksheet_prints.send_blank(world.ports, caller=caller, worksheet=worksheet, form=form)
    delivery.deliver_all(world.ports)


def test_each_version_lies_as_pdf_and_docx_in_the_tutors_thread(world) -> None:
    running(world)
    done = submitted(world)
    submitted(world, question="Une autre question, plus courte que la première ?")

    stem = "F01 · Mon point de départ"
    assert sent(world, "CTUTOR") == [f"{stem} v1.pdf", f"{stem} v1.docx", f"{stem} v2.pdf", f"{stem} v2.docx"]
    assert {thread for where, _, _, thread in world.workspace.shared if where == "CTUTOR"} == {
        root(world, done.id, "card")[1]
    }
    first, word, *_ = [facts for template, facts in world.printer.printed if template in {"fiche", "docx"}]
    assert first == word
    assert (first["version"], first["author"], first["group"][:6]) == (1, "Camille Um1", "groupe")
    with world.ports.reading() as uow:
        assert first["sha256"] == uow.documents.versions(done.id)[0].sha256


def test_what_its_owner_keeps_is_printed_for_nobody_else(world) -> None:
    running(world, guides=16)
    done = submitted(world, "F16")
    assert sent(world, "CTUTOR") == []
    ask(world, done.id)
    assert sent(world) == ["F16 · Ma synthèse v1.pdf"]


def test_the_author_receives_the_latest_version_in_its_thread_once_a_minute(world) -> None:
    running(world)
    done = submitted(world)
    for form in ("pdf", "pdf", "docx"):
        ask(world, done.id, form)

    assert sent(world) == ["F01 · Mon point de départ v1.pdf", "F01 · Mon point de départ v1.docx"]
    threads = {thread for where, _, _, thread in world.workspace.shared if where == "DM1"}
    assert threads == {root(world, done.id, "receipt")[1]}
    world.clock.move(minutes=1)
    ask(world, done.id)
    assert len(sent(world)) == 3


@pytest.mark.parametrize("caller", [PEER, TUTOR, OTHER_TUTOR, ADMIN, OUTSIDER], ids=lambda one: one.slack_user_id)
def test_nobody_else_receives_it(world, caller) -> None:
    running(world)
    done = submitted(world)
    with pytest.raises(NotAllowed):
        ask(world, done.id, caller=caller)


def test_a_blank_template_comes_for_each_worksheet_that_is_open(world) -> None:
    running(world, guides=2)
    blank(world, "F02")
    blank(world, "F02", "docx")

    assert sent(world) == ["F02 Ligne de vie (fiche vierge).pdf", "F02 Ligne de vie (fiche vierge).docx"]
    with pytest.raises(Refusal) as locked:
        blank(world, "F03")
    assert locked.value.key == "worksheet_locked"
    with pytest.raises(Refusal) as outside:
        blank(world, "F02", caller=OUTSIDER)
    assert outside.value.key == "not_in_group"


def test_what_cannot_be_printed_is_refused(world) -> None:
    running(world)
    dropped(world, slack_file(world, "F1"))
    (file,) = documents_of(world)
    with pytest.raises(Refusal) as nothing:
        ask(world, file.id)
    assert nothing.value.key == "nothing_to_print"
    with pytest.raises(Refusal) as odd:
        blank(world, form="odt")
    assert odd.value.key == "format_unknown"
