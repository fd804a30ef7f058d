"""Documents as people meet them: the command, the forms, the tutors' buttons, read back as Slack gets them."""

from __future__ import annotations

import pytest

from handlers.ids import Action, Command
from programme.model.document import DocumentState
from tests.usecases.tutoring import document, remark, running, submitted, taken

AUTHOR, PEER, TUTOR = "UM1", "UM2", "UTUTOR1"


def opened(bolt) -> dict:
    return bolt.api.called("views.open")[-1]["view"]


def test_the_command_lists_the_open_worksheets(bolt, world) -> None:
    running(world, guides=3)
    bolt.command(Command.DOCUMENT, user=AUTHOR)

    text = str(opened(bolt))
    assert "F03" in text
    assert "F04" not in text


def test_without_a_group_the_command_says_when_worksheets_open(bolt, world) -> None:
    bolt.command(Command.DOCUMENT, user="UNOBODY")

    assert "Aucune fiche n’est encore ouverte" in str(opened(bolt))


def test_a_tutors_buttons_move_the_document(bolt, world) -> None:
    running(world)
    done = submitted(world)
    bolt.press(Action.TAKE, done.id, user=TUTOR)
    assert document(world, done.id).state is DocumentState.IN_REVIEW
    remark(world, done.id, "Précisez la date.")
    bolt.press(Action.RETURN_REMARKS, done.id, user=TUTOR)
    assert document(world, done.id).state is DocumentState.TO_REVISE
    bolt.press(Action.VALIDATE, done.id, user=TUTOR)

    assert document(world, done.id).state is DocumentState.VALIDATED


@pytest.mark.parametrize("action", [Action.TAKE, Action.RETURN_REMARKS, Action.VALIDATE])
def test_a_members_press_is_refused_in_words(bolt, world, action) -> None:
    running(world)
    done = submitted(world)
    bolt.press(action, done.id, user=PEER)

    assert document(world, done.id).state is DocumentState.RECEIVED
    assert len(bolt.api.called("response")) == 1


def test_a_tutor_hands_over_with_the_select(bolt, world) -> None:
    running(world)
    done = taken(world)
    chosen = {"action_id": Action.REASSIGN, "block_id": done.id, "type": "users_select", "selected_user": "UTUTOR2"}
    bolt.press(Action.REASSIGN, user=TUTOR, actions=[{**chosen, "action_ts": "1.2"}])

    assert document(world, done.id).tutor_id == "UTUTOR2"
