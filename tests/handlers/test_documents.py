"""Documents as people meet them: the command, the forms, the tutors' buttons, read back as Slack gets them."""

from __future__ import annotations

import json

import pytest

from handlers.ids import Action, Callback, Command
from programme.model.document import DocumentState
from tests.usecases.tutoring import document, documents_of, example_answers, remark, running, submitted, taken
from tests.usecases.waiting_room import rows

AUTHOR, PEER, TUTOR = "UM1", "UM2", "UTUTOR1"


def state_of(question, value):
    """What the form holds for one answer."""
    match question.type.value:
        case "choices":
            return {"type": "checkboxes", "selected_options": [{"value": one} for one in value]}
        case "choice" | "scale":
            return {"type": "radio_buttons", "selected_option": {"value": value}}
        case _:
            return {"type": "plain_text_input", "value": value}


def filled(world, key: str) -> dict:
    """The state of a form filled with the examples."""
    sheet = world.ports.content.worksheets.key(key)
    answers = example_answers(sheet)
    return {question.id: state_of(question, answers[question.id]) for question in sheet.questions}


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


def test_a_form_is_opened_with_what_was_answered(bolt, world) -> None:
    running(world)
    submitted(world)
    bolt.press(Action.OPEN_WORKSHEET, "F01-1", user=AUTHOR)

    first = world.ports.content.worksheets.key("F01").questions[0]
    assert first.example.splitlines()[0][:40] in str(opened(bolt))


def test_somebody_elses_receipt_button_opens_ones_own_empty_form(bolt, world) -> None:
    running(world)
    submitted(world)
    bolt.press(Action.OPEN_WORKSHEET, "F01-1", user=PEER)

    assert "initial_value" not in str(opened(bolt))


@pytest.mark.parametrize("value", ["F01-9", "F99-1", "", "F01-x"])
def test_a_forged_value_is_refused_in_words(bolt, world, value) -> None:
    running(world)
    response = bolt.press(Action.OPEN_WORKSHEET, value, user=AUTHOR)

    assert response.status == 200
    assert bolt.api.called("views.open") == []
    assert "Cette fiche n’existe pas" in str(bolt.api.called("response"))
    assert rows(world, "failure:") == []


def test_a_submission_is_received_once(bolt, world) -> None:
    running(world)
    for sentence in ("bien reçue", "rien n’a changé"):
        response = bolt.submit(Callback.WORKSHEET, filled(world, "F01"), user=AUTHOR, metadata="F01-1")
        assert sentence in str(json.loads(response.body))
    assert [one.versions for one in documents_of(world)] == [1]


def test_wrong_answers_are_shown_under_their_questions(bolt, world) -> None:
    running(world)
    first = world.ports.content.worksheets.key("F01").questions[0]
    state = filled(world, "F01") | {first.id: state_of(first, "")}
    response = bolt.submit(Callback.WORKSHEET, state, user=AUTHOR, metadata="F01-1")

    answer = json.loads(response.body)
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {first.id}
    assert documents_of(world) == []


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
