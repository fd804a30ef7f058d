"""The matrix member × document: who may see it, and that it holds states only."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from programme.errors import NotAllowed, Refusal
from programme.model.document import DocumentState
from programme.usecases import document_matrix, documents, handing_over
from tests.usecases.tutoring import (
    ADMIN,
    AUTHOR,
    OTHER_TUTOR,
    OUTSIDER,
    PEER,
    TUTOR,
    dropped,
    filled,
    running,
    slack_file,
    submitted,
    taken,
)


def row_of(matrix, user="UM1"):
    return next(row for row in matrix.rows if row.member_user == user)


def test_it_says_what_stands_where_and_what_is_missing(world, ports) -> None:
    found = running(world, guides=2)
    done = taken(world)
    dropped(world, slack_file(world, "F1", "cv.pdf"))
    matrix = document_matrix.of_group(ports, caller=TUTOR, number=found.number)

    assert matrix.label == found.label
    assert len(matrix.rows) == 4
    assert [(cell.title.partition(" ")[0], cell.state, cell.version) for cell in row_of(matrix).cells] == [
        ("F01", DocumentState.IN_REVIEW, 1),
        ("F02", None, 0),
        ("cv.pdf", DocumentState.RECEIVED, 1),
    ]
    assert [cell.title.partition(" ")[0] for cell in row_of(matrix, "UM2").missing] == ["F01", "F02"]
    assert done.worksheet == "F01"


def test_it_never_shows_what_was_written_nor_what_was_not_handed_in(world, ports) -> None:
    found = running(world, guides=16)
    done = submitted(world, "F01")
    submitted(world, "F16")
    filled(world, "F02", pages=2)
    matrix = document_matrix.of_group(ports, caller=ADMIN, number=found.number)

    with ports.reading() as uow:
        answers = uow.documents.versions(done.id)[0].answers
    assert answers["situation"][:30] not in str(asdict(matrix))
    titles = {cell.title: cell.state for cell in row_of(matrix).cells}
    assert not any(title.startswith("F16") for title in titles)
    assert titles[next(title for title in titles if title.startswith("F02"))] is None


@pytest.mark.parametrize("caller", [ADMIN, TUTOR], ids=lambda one: one.slack_user_id)
def test_admins_and_the_groups_own_tutor_see_it(world, ports, caller) -> None:
    found = running(world)
    assert document_matrix.of_group(ports, caller=caller, number=found.number).label == found.label


@pytest.mark.parametrize(
    "caller", [AUTHOR, PEER, OTHER_TUTOR, OUTSIDER], ids=["author", "other member", "other tutor", "stranger"]
)
def test_nobody_else_does(world, ports, caller) -> None:
    found = running(world)
    with pytest.raises(NotAllowed):
        document_matrix.of_group(ports, caller=caller, number=found.number)


def test_a_tutor_sees_the_groups_that_they_follow_or_read_for(world, ports) -> None:
    found = running(world)
    assert [matrix.label for matrix in document_matrix.of_tutor(ports, caller=TUTOR)] == [found.label]
    assert document_matrix.of_tutor(ports, caller=OTHER_TUTOR) == []
    done = submitted(world)
    handing_over.reassign(ports, caller=TUTOR, subject_id=done.id, tutor_user=OTHER_TUTOR.slack_user_id)

    assert [matrix.label for matrix in document_matrix.of_tutor(ports, caller=OTHER_TUTOR)] == [found.label]
    with pytest.raises(NotAllowed):
        document_matrix.of_tutor(ports, caller=AUTHOR)


def test_a_member_sees_their_own_row_only(world, ports) -> None:
    running(world)
    submitted(world, caller=PEER)

    assert [line.state for line in documents.my_documents(ports, AUTHOR)] == [None]
    assert [line.state for line in documents.my_documents(ports, PEER)] == [DocumentState.RECEIVED]
    assert documents.my_documents(ports, OUTSIDER) == []


def test_an_unknown_group_is_refused(world, ports) -> None:
    running(world)
    with pytest.raises(Refusal) as unknown:
        document_matrix.of_group(ports, caller=ADMIN, number=99)
    assert unknown.value.key == "matrix_group_unknown"
