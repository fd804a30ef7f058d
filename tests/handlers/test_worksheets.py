"""Worksheets as people fill them in: page after page, as Slack gets the forms and sends them back."""

from __future__ import annotations

import json

import pytest

from handlers.ids import Action, Callback
from programme.content.worksheet_pages import pages_of
from tests.usecases.tutoring import documents_of, example_answers, filled, remark, returned, running, submitted, taken
from tests.usecases.waiting_room import rows

AUTHOR, PEER = "UM1", "UM2"


def opened(bolt) -> dict:
    return bolt.api.called("views.open")[-1]["view"]


def redrawn(bolt) -> dict:
    return bolt.api.called("views.update")[-1]["view"]


def answered(response) -> dict:
    """What the acknowledgement says; ``view`` when a screen follows."""
    return json.loads(response.body)


def state_of(element: dict, value) -> dict:
    match element["type"]:
        case "checkboxes":
            return {"type": "checkboxes", "selected_options": [{"value": one} for one in value]}
        case "radio_buttons":
            return {"type": "radio_buttons", "selected_option": {"value": value}}
        case _:
            return {"type": "plain_text_input", "value": value}


def typed(view: dict, answers: dict) -> dict[str, dict]:
    """The state of a form; a cell takes its own from the rows of its table, "" where there is none."""
    state = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            question, *place = block["block_id"].split(".")
            value = answers.get(question, "")
            if place:
                row, column = int(place[0]), int(place[1])
                value = value[row][column] if value and row < len(value) else ""
            state[block["block_id"]] = state_of(block["element"], value)
    return state


def submit(bolt, view: dict, answers: dict, **more):
    callback = view["callback_id"]
    values = typed(view, answers)
    return bolt.submit(callback, values, user=AUTHOR, metadata=view["private_metadata"], blocks=view["blocks"], **more)


def press(bolt, view: dict, action: str, answers: dict, value: str = "") -> dict:
    """Press a button inside the form; returns the redrawn form."""
    state = {"values": {name: {name: one} for name, one in typed(view, answers).items()}}
    bolt.press(action, value, user=AUTHOR, view={**view, "id": "V1", "hash": "h", "state": state})
    return redrawn(bolt)


def texts(view: dict | str) -> str:
    """Everything that a form says, with plain spaces."""
    return json.dumps(view, ensure_ascii=False).replace("\u00a0", " ")


@pytest.mark.parametrize("number", range(1, 17))
def test_every_worksheet_is_filled_in_page_by_page_and_handed_in(bolt, world, number) -> None:
    running(world, guides=16)
    key = f"F{number:02d}"
    sheet = world.ports.content.worksheets.key(key)
    answers = example_answers(sheet)
    bolt.press(Action.OPEN_WORKSHEET, f"{key}-1", user=AUTHOR)

    view = opened(bolt)
    for _ in pages_of(sheet):
        assert len(view["blocks"]) <= 100
        table = next((question for question in sheet.questions if f'"{question.id}.0.0.' in texts(view)), None)
        while table and f'"{table.id}.{len(answers[table.id]) - 1}.0.' not in texts(view):
            view = press(bolt, view, Action.ADD_ROW, answers, table.id)
        view = answered(submit(bolt, view, answers))["view"]
    assert view["callback_id"] == Callback.WORKSHEET_SUMMARY
    assert all(texts(question.label)[1:-1] in texts(view) for question in sheet.questions)
    end = texts(answered(submit(bolt, view, {})))
    assert ("gardée pour vous" if sheet.owner_only else "bien reçue") in end
    with world.ports.reading() as uow:
        (version,) = uow.documents.versions(documents_of(world)[0].id)
    assert version.answers == answers


def test_limits_are_told_at_the_question_before_and_after(bolt, world) -> None:
    running(world)
    bolt.press(Action.OPEN_WORKSHEET, "F01-1", user=AUTHOR)
    view = opened(bolt)
    assert "De 120 à 1 500 caractères." in texts(view)

    first = world.ports.content.worksheets.key("F01").questions[0]
    answers = example_answers(world.ports.content.worksheets.key("F01"))
    refused = answered(submit(bolt, view, answers | {first.id: "Trop court."}))
    assert refused["response_action"] == "errors"
    assert list(refused["errors"]) == [first.id]
    assert "demande 120 caractères au moins ; il en manque 109." in texts(refused)
    assert answered(submit(bolt, view, answers))["response_action"] == "update"


def test_an_error_in_a_cell_stands_at_the_cell_and_one_of_the_table_at_its_first(bolt, world) -> None:
    running(world, guides=2)
    bolt.press(Action.OPEN_WORKSHEET, "F02-1", user=AUTHOR)
    view = opened(bolt)
    lines = [["2010", "x" * 161, "Haute"], ["2015", "Emploi", "Plate"], ["2020", "Pause", "Basse"]]

    errors = answered(submit(bolt, view, {"etapes": lines}))["errors"]
    assert list(errors) == ["etapes.0.1.0"]
    errors = answered(submit(bolt, view, {"etapes": lines[1:]}))["errors"]
    assert list(errors) == ["etapes.0.0.0"]
    assert "Remplissez d’autres lignes : 3 au moins." in texts(errors)


def test_rows_come_and_go_with_what_was_typed(bolt, world) -> None:
    running(world, guides=2)
    bolt.press(Action.OPEN_WORKSHEET, "F02-1", user=AUTHOR)
    lines = [["2010", "Cours du soir", "Haute"], ["2015", "Emploi", "Plate"], ["2020", "Pause", "Basse"]]

    more = press(bolt, opened(bolt), Action.ADD_ROW, {"etapes": lines}, "etapes")
    assert "*Ligne 4*" in texts(more)
    fewer = press(bolt, more, Action.REMOVE_ROW, {"etapes": lines}, "etapes:0")
    assert "*Ligne 4*" not in texts(fewer)
    assert "Cours du soir" not in texts(fewer)
    assert '"initial_value": "Emploi"' in texts(fewer)


def test_a_person_stops_and_goes_on_later(bolt, world) -> None:
    running(world)
    bolt.press(Action.OPEN_WORKSHEET, "F01-1", user=AUTHOR)
    answers = example_answers(world.ports.content.worksheets.key("F01"))
    second = answered(submit(bolt, opened(bolt), answers))["view"]
    left = press(bolt, second, Action.SAVE_WORKSHEET, answers)
    assert "C’est enregistré" in texts(left)

    bolt.press(Action.OPEN_WORKSHEET, "F01-1", user=AUTHOR)
    again = texts(opened(bolt))
    assert "Vous reprenez là où vous en étiez" in again
    assert "Page 2 sur 3" in again
    assert answers["a_garder"][:60] in again
    assert answers["situation"][:60] in texts(press(bolt, opened(bolt), Action.WORKSHEET_PAGE, answers, "0"))


def test_a_page_of_another_screen_shows_both_answers(bolt, world) -> None:
    running(world)
    bolt.press(Action.OPEN_WORKSHEET, "F01-1", user=AUTHOR)
    phone = opened(bolt)
    filled(world, pages=1, screen="VPC", situation="Depuis l’ordinateur. " * 10)
    answers = example_answers(world.ports.content.worksheets.key("F01"))

    both = texts(answered(submit(bolt, phone, answers))["view"])
    assert "sur un autre écran entre-temps" in both
    assert "Depuis l’ordinateur." in both
    assert answers["situation"][:60] in both


def test_a_press_on_a_form_that_has_changed_is_no_failure(bolt, world) -> None:
    running(world, guides=2)
    bolt.press(Action.OPEN_WORKSHEET, "F02-1", user=AUTHOR)
    bolt.api.answers["views.update"] = {"ok": False, "error": "hash_conflict"}
    press(bolt, opened(bolt), Action.ADD_ROW, {}, "etapes")

    assert rows(world, "failure:") == []


def test_remarks_are_on_view_when_a_worksheet_is_revised(bolt, world) -> None:
    running(world)
    done = taken(world)
    remark(world, done.id, "Précisez la date <!channel>.")
    returned(world, done.id)
    bolt.press(Action.OPEN_WORKSHEET, "F01-1", user=AUTHOR)

    assert "Précisez la date &lt;!channel&gt;." in texts(opened(bolt))
    assert done.versions == 1


def test_what_is_missing_is_listed_with_the_way_to_it(bolt, world) -> None:
    running(world)
    bolt.press(Action.OPEN_WORKSHEET, "F01-1", user=AUTHOR)
    summary = press(bolt, opened(bolt), Action.WORKSHEET_PAGE, {}, "99")

    assert "8 réponses sont à compléter" in texts(summary)
    assert "submit" not in summary
    page = press(bolt, summary, Action.WORKSHEET_PAGE, {}, "1")
    assert "Page 2 sur 3" in texts(page)


def test_the_longest_answers_fit_a_form_and_its_last_page(bolt, world) -> None:
    running(world, guides=16)
    for sheet in world.ports.content.worksheets:
        answers = {question.id: longest(question) for question in sheet.questions}
        filled(world, sheet.key, **answers)
        bolt.press(Action.OPEN_WORKSHEET, f"{sheet.key}-1", user=AUTHOR)
        summary = opened(bolt)
        assert summary["callback_id"] == Callback.WORKSHEET_SUMMARY
        assert len(summary["blocks"]) < 100
        assert max(len(block["text"]["text"]) for block in summary["blocks"] if "text" in block) <= 3000
        assert len(texts(summary).encode()) < 250_000


def longest(question):
    if question.columns:
        return [["&" * question.max_length] * len(question.columns)] * question.rows_max
    if question.type.value == "choices":
        return question.options
    return question.options[0] if question.options else "&" * question.max_length


def test_somebody_elses_button_opens_ones_own_empty_form(bolt, world) -> None:
    running(world)
    submitted(world)
    bolt.press(Action.OPEN_WORKSHEET, "F01-1", user=PEER)

    assert "initial_value" not in texts(opened(bolt))


@pytest.mark.parametrize("value", ["F01-9", "F99-1", "", "F01-x"])
def test_a_forged_value_is_refused_in_words(bolt, world, value) -> None:
    running(world)
    response = bolt.press(Action.OPEN_WORKSHEET, value, user=AUTHOR)

    assert response.status == 200
    assert bolt.api.called("views.open") == []
    assert "Cette fiche n’existe pas" in str(bolt.api.called("response"))
    assert rows(world, "failure:") == []
