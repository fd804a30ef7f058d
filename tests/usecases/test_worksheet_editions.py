"""A group keeps the worksheets with which it started, whatever the files become."""

from __future__ import annotations

from dataclasses import replace

import pytest

from programme.content.worksheets import worksheets_of
from programme.usecases import delivery, document_matrix, documents, guide_editions, worksheet_prints, worksheets
from tests.usecases.tutoring import ADMIN, AUTHOR, documents_of, filled, running, sent, submitted


@pytest.fixture(autouse=True)
def own_memory(world) -> None:
    """The shipped content is shared by all tests: each world of this file remembers for itself."""
    world.ports = replace(world.ports, content=replace(world.ports.content, kept_worksheets={}))


def restarted(world) -> None:
    """The same store in a new process, whose files hold other questions under other titles."""
    content = world.ports.content
    rewritten = [
        sheet.model_copy(
            update={
                "title": f"Autre {sheet.key}",
                "questions": tuple(one.model_copy(update={"id": f"autre_{one.id}"}) for one in sheet.questions),
            }
        )
        for sheet in content.worksheets
    ]
    later = replace(content, worksheets=worksheets_of("later", rewritten), kept_worksheets={})
    world.ports = replace(world.ports, content=later)
    guide_editions.recall(world.ports)


def test_a_draft_is_gone_on_with_and_handed_in_under_its_own_questions(world) -> None:
    before = world.ports.content.worksheets.key("F01")
    found = running(world)
    filled(world, pages=1)
    restarted(world)

    again = worksheets.open_worksheet(world.ports, caller=AUTHOR, worksheet="F01")
    assert again.sheet == before
    done = sent(world, filled(world))
    assert done.title == f"F01 · {before.title}"
    assert documents.my_documents(world.ports, AUTHOR)[0].title == done.title
    (printed, *_) = [facts for template, facts in world.printer.printed if template == "fiche"]
    assert [question["label"] for question in printed["questions"]] == [one.label for one in before.questions]
    matrix = document_matrix.of_group(world.ports, caller=ADMIN, number=found.number)
    assert {cell.title for row in matrix.rows for cell in row.cells} == {done.title}


def test_the_blank_template_is_that_of_the_group(world) -> None:
    running(world)
    restarted(world)
    worksheet_prints.send_blank(world.ports, caller=AUTHOR, worksheet="F01", form="pdf")
    delivery.deliver_all(world.ports)

    assert [name for _, name, _, _ in world.workspace.shared] == ["F01 Mon point de départ (fiche vierge).pdf"]


def test_a_group_that_starts_later_gets_the_new_worksheets(world) -> None:
    restarted(world)
    running(world)
    submitted(world)

    assert [one.title for one in documents_of(world)] == ["F01 · Autre F01"]
