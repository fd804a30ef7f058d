"""Filling in a worksheet page by page: saved as it goes, taken up anywhere, never overwritten unseen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from programme.content.worksheet_pages import pages_of
from programme.errors import Refusal
from programme.messages.documents import DocumentCard
from programme.model.document import DocumentState, fingerprint
from programme.model.group import GroupState
from programme.usecases import delivery, worksheets
from programme.usecases.answers import Problem
from programme.usecases.worksheets import RowChange
from tests.usecases.tutoring import (
    AUTHOR,
    OUTSIDER,
    PEER,
    document,
    documents_of,
    example_answers,
    filled,
    read_by,
    remark,
    returned,
    running,
    sent,
    shown,
    submitted,
    taken,
)


def opened(world, key="F01", caller=AUTHOR):
    return worksheets.open_worksheet(world.ports, caller=caller, worksheet=key)


def save(world, at, answers, *, to=None, screen="V1", **more):
    to = at.page + 1 if to is None else to
    return worksheets.save_page(
        world.ports, caller=AUTHOR, shown=shown(at, screen=screen), answers=answers, to=to, **more
    )


def test_every_question_stands_on_one_page_and_a_table_alone(content) -> None:
    for sheet in content.worksheets:
        pages = pages_of(sheet)
        assert [question for page in pages for question in page] == list(sheet.questions)
        assert all(len(page) <= 3 for page in pages)
        assert all(len(page) == 1 for page in pages if any(question.columns for question in page))


def test_a_closed_worksheet_reopens_at_the_page_where_it_was_left(world) -> None:
    running(world)
    filled(world, "F01", pages=2)
    world.clock.move(days=3)

    again = opened(world)
    assert (again.page, again.resumed) == (2, True)
    first = again.sheet.questions[0]
    assert again.answers[first.id] == first.example
    assert documents_of(world) == []


def test_a_page_left_for_later_keeps_what_does_not_fit_yet(world) -> None:
    running(world)
    at = opened(world)
    first = at.sheet.questions[0]
    stays = save(world, at, {first.id: "Trop court."}, to=0, checked=False)

    assert stays.page == 0
    again = opened(world)
    assert (again.answers, again.resumed) == ({first.id: "Trop court."}, True)


def test_what_does_not_fit_is_told_at_its_question_and_saved_all_the_same(world) -> None:
    running(world)
    at = opened(world)
    first = at.sheet.questions[0]
    stays = save(world, at, example_answers(at.sheet) | {first.id: "x" * 20})

    assert stays.page == 0
    assert stays.problems == {first.id: (Problem("answer_short", {"missing": 100, "least": 120}),)}
    assert opened(world).answers[first.id] == "x" * 20


def test_a_missing_answer_is_told_at_its_question(world) -> None:
    running(world)
    at = opened(world)
    stays = save(world, at, {})

    assert {key: problems[0].key for key, problems in stays.problems.items()} == dict.fromkeys(
        [question.id for question in at.questions if question.required], "answer_missing"
    )


def test_an_unfinished_worksheet_is_not_handed_in(world, ports) -> None:
    running(world)
    summary = save(world, opened(world), {}, to=99, checked=False)

    assert summary.is_summary
    assert set(summary.problems) == {question.id for question in summary.sheet.questions if question.required}
    done = worksheets.hand_in_worksheet(ports, caller=AUTHOR, shown=shown(summary))
    assert done.document is None
    assert done.again is not None
    assert done.again.problems == summary.problems
    assert documents_of(world) == []


def test_an_older_page_of_another_screen_overwrites_nothing_unseen(world) -> None:
    running(world)
    first, second = opened(world).sheet.questions[:2]
    phone = computer = opened(world)
    answers = example_answers(phone.sheet)
    save(world, computer, answers | {first.id: answers[first.id] + " Écrit sur l’ordinateur."}, screen="VPC")

    stays = save(world, phone, answers | {first.id: answers[first.id] + " Écrit au téléphone."}, screen="VTEL")
    assert stays.page == 0
    assert stays.conflicts == {first.id: answers[first.id] + " Écrit sur l’ordinateur."}
    assert stays.answers[first.id].endswith("téléphone.")
    assert opened(world).answers[first.id].endswith("ordinateur.")

    seen = save(world, stays, answers | {first.id: answers[first.id] + " Les deux."}, screen="VTEL")
    assert (seen.page, seen.conflicts) == (1, {})
    assert opened(world).answers[first.id].endswith("Les deux.")
    assert opened(world).answers[second.id] == second.example


def test_the_other_answers_of_an_older_page_are_saved(world) -> None:
    running(world)
    at = opened(world)
    first, second = at.sheet.questions[:2]
    save(world, at, {first.id: "Sur l’ordinateur."}, to=0, checked=False, screen="VPC")
    save(world, at, {first.id: "", second.id: "Au téléphone."}, to=0, checked=False, screen="VTEL")

    assert opened(world).answers == {first.id: "Sur l’ordinateur.", second.id: "Au téléphone."}


def test_one_screen_never_stands_in_its_own_way(world) -> None:
    """A second press carries the revision of the page as it was first drawn."""
    running(world)
    at = opened(world)
    first = at.sheet.questions[0]
    answers = example_answers(at.sheet)
    save(world, at, answers | {first.id: "Trop court."})

    assert save(world, at, answers).page == 1


def test_what_another_screen_changed_is_read_before_it_is_handed_in(world, ports) -> None:
    running(world)
    summary = filled(world, "F01", screen="VTEL")
    first = summary.sheet.questions[0]
    computer = replace(opened(world), page=0)
    save(world, computer, example_answers(summary.sheet) | {first.id: first.example + " Ajout."}, screen="VPC")

    done = worksheets.hand_in_worksheet(ports, caller=AUTHOR, shown=shown(summary, screen="VTEL"))
    assert done.again is not None
    assert done.again.changed
    assert documents_of(world) == []
    assert sent(world, done.again, screen="VTEL").versions == 1


def test_rows_are_added_and_taken_away_with_what_was_typed(world) -> None:
    running(world, guides=2)
    at = opened(world, "F02")
    table = at.questions[0]
    grid = [["2010", "Études", "Haute"], ["2015", "Emploi", "Plate"], ["", "", ""]]

    more = save(world, at, {table.id: grid}, to=0, checked=False, row=RowChange(table.id))
    assert (more.page, more.rows, more.answers[table.id]) == (0, {table.id: 4}, grid[:2])
    fewer = save(
        world, more, {table.id: [*grid, ["2020", "Pause", "Basse"]]}, to=0, checked=False, row=RowChange(table.id, 0)
    )
    assert fewer.rows == {table.id: 3}
    assert fewer.answers[table.id] == [grid[1], ["", "", ""], ["2020", "Pause", "Basse"]]


def test_a_cell_that_is_too_long_is_named(world) -> None:
    running(world, guides=2)
    at = opened(world, "F02")
    table = at.questions[0]
    rows = [["2010", "Études", "Haute"], ["2015", "x" * 161, "Plate"], ["2020", "Pause", "Basse"]]
    stays = save(world, at, {table.id: rows})

    assert stays.problems == {table.id: (Problem("answer_long", {"extra": 1, "most": 160}, row=1, column=1),)}


def test_empty_rows_are_not_handed_in(world) -> None:
    running(world, guides=2)
    sheet = opened(world, "F02").sheet
    rows = example_answers(sheet)["etapes"]
    done = submitted(world, "F02", etapes=[rows[0], ["", "", ""], *rows[1:], ["", "", ""]])

    with world.ports.reading() as uow:
        assert uow.documents.versions(done.id)[0].answers["etapes"] == rows


def test_versions_are_sealed_and_a_revision_starts_from_the_last_one_with_the_remarks(world, ports) -> None:
    running(world)
    done = taken(world)
    remark(world, done.id, "Précisez la date de la fusion.")
    returned(world, done.id)

    again = opened(world)
    first = again.sheet.questions[0]
    assert (again.page, again.resumed, again.remarks) == (0, False, ("Précisez la date de la fusion.",))
    assert again.answers[first.id] == first.example
    submitted(world, **{first.id: first.example + " En mai 2026."})

    with ports.reading() as uow:
        versions = uow.documents.versions(done.id)
    assert [version.answers[first.id] for version in versions] == [first.example, first.example + " En mai 2026."]
    assert [version.sha256 for version in versions] == [fingerprint("F01", 1, one.answers, ()) for one in versions]
    assert len({version.sha256 for version in versions}) == 2
    assert document(world, done.id).state is DocumentState.RECEIVED
    assert opened(world).remarks == ()


def test_handing_in_twice_makes_one_version(world, ports) -> None:
    running(world)
    summary = filled(world)
    sent(world, summary)
    again = worksheets.hand_in_worksheet(ports, caller=AUTHOR, shown=shown(summary))
    delivery.deliver_all(ports)

    assert not again.new_version
    assert document(world, again.document.id).versions == 1
    assert len(read_by(world, "CTUTOR", DocumentCard)) == 1


def test_nobody_reads_or_changes_the_draft_of_somebody_else(world, ports) -> None:
    running(world)
    mine = filled(world, pages=2)

    assert opened(world, caller=PEER).answers == {}
    worksheets.save_page(ports, caller=PEER, shown=shown(mine), answers={}, to=0, checked=False)
    assert opened(world).answers == mine.answers
    for act in (
        lambda: worksheets.save_page(ports, caller=OUTSIDER, shown=shown(mine), answers={}, to=0),
        lambda: worksheets.hand_in_worksheet(ports, caller=OUTSIDER, shown=shown(mine)),
    ):
        with pytest.raises(Refusal) as outside:
            act()
        assert outside.value.key == "not_in_group"


def test_after_the_archive_a_page_that_is_still_open_saves_nothing(world, ports) -> None:
    found = running(world)
    at = opened(world)
    with ports.uow() as uow:
        uow.groups.get(found.id).state = GroupState.ARCHIVED

    with pytest.raises(Refusal) as over:
        save(world, at, example_answers(at.sheet))
    assert over.value.key == "programme_over"


def test_a_page_that_does_not_exist_changes_nothing(world) -> None:
    running(world)
    at = replace(opened(world), page=-3)
    first = at.sheet.questions[0]
    save(world, at, {first.id: "Inventé."}, to=-1)

    assert opened(world).answers == {}
