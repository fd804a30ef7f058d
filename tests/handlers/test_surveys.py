"""Surveys by button and form, and their sums for the admins."""

from __future__ import annotations

import html
import json
from datetime import date
from typing import Any

import pytest

from handlers.ids import Action, Callback, Command
from handlers.payloads import Subject
from handlers.views.messages import draw
from handlers.views.surveys import results_modal
from programme.content.checks import text_faults
from programme.messages.surveys import SurveyRequest
from programme.rules.surveys import Wave, tally
from programme.usecases.survey_results import WaveResult
from programme.usecases.surveys import questionnaire_of
from sandbox.slack.block_kit import check_message, check_view
from tests.handlers.conftest import Bolt
from tests.handlers.test_endings import faults, texts
from tests.handlers.test_papers import view_of
from tests.usecases.finished import finished, steps_read
from tests.usecases.running import LEA, MAX
from tests.usecases.test_surveys import END_ANSWERS, answer, asked

MODAL = {"id": "V1", "type": "modal", "hash": "h"}


@pytest.mark.parametrize("wave", ["end", "month_3", "month_6"])
@pytest.mark.parametrize("stage", [{}, {"reminder": True}, {"answered": True}])
def test_every_request_fits_slack_and_is_careful_french(bolt: Bolt, wave: Any, stage: dict[str, bool]) -> None:
    message = SurveyRequest(survey_id="srv_1", wave=wave, open_until=date(2027, 4, 13), **stage)
    payload = draw(message, bolt.world.ports.content).payload()
    assert check_message(payload) == []
    assert faults(payload) == []


def form(**changes: str) -> dict[str, dict[str, Any]]:
    """The state of the form, one radio a question."""
    chosen = {
        name: {"type": "radio_buttons", "selected_option": {"value": value}}
        for name, value in (END_ANSWERS | changes).items()
    }
    return {**chosen, "note": {"type": "plain_text_input", "value": "Merci <!channel>"}}


def test_a_survey_is_answered_and_changed_from_the_last_steps(bolt: Bolt) -> None:
    finished(bolt.world)
    survey_id = steps_read(bolt.world, LEA).survey
    metadata = Subject(id=survey_id).model_dump_json()
    for given in ("oui", "non"):
        bolt.press(Action.OPEN_SURVEY, survey_id, user=LEA.slack_user_id)
        view = view_of(bolt.api.called("views.open")[-1])
        assert check_view(view) == []
        assert faults(view) == []
        done = bolt.submit(Callback.SURVEY, form(conseil=given), user=LEA.slack_user_id, metadata=metadata)
        assert "changer vos réponses jusqu’au" in json.dumps(json.loads(done.body), ensure_ascii=False)
    assert asked(bolt.world, LEA).answers["conseil"] == "non"
    bolt.press(Action.OPEN_SURVEY, survey_id, user=LEA.slack_user_id)
    refilled = view_of(bolt.api.called("views.open")[-1])
    chosen = [block["element"].get("initial_option", {}).get("value") for block in refilled["blocks"][1:-1]]
    assert chosen == [*list(END_ANSWERS.values())[:-1], "non"]


def test_a_form_with_a_hole_says_where(bolt: Bolt) -> None:
    finished(bolt.world)
    metadata = Subject(id=steps_read(bolt.world, LEA).survey).model_dump_json()
    done = bolt.submit(Callback.SURVEY, form(groupe=""), user=LEA.slack_user_id, metadata=metadata)
    assert json.loads(done.body)["errors"] == {"groupe": bolt.world.ports.content.sentence("survey_choice")}


def test_the_survey_of_another_is_refused(bolt: Bolt) -> None:
    finished(bolt.world)
    bolt.press(Action.OPEN_SURVEY, steps_read(bolt.world, LEA).survey, user=MAX.slack_user_id)
    shown = json.dumps([bolt.api.called("views.open"), bolt.api.called("response")], ensure_ascii=False)
    assert bolt.world.ports.content.surveys["end"].title not in shown


def test_admins_see_the_sums_by_command_and_nobody_else(bolt: Bolt) -> None:
    finished(bolt.world)
    for caller in (LEA, MAX):
        answer(bolt.world, caller, note="À garder")
    bolt.command(Command.ADMIN, "enquetes", user="UADMIN1")
    view = view_of(bolt.api.called("views.open")[-1])
    assert check_view(view) == []
    shown = json.dumps(view, ensure_ascii=False)
    assert "2\u00a0réponses sur 4" in shown
    assert "À garder" not in shown
    bolt.command(Command.ADMIN, "enquetes", user=LEA.slack_user_id)
    assert len(bolt.api.called("views.open")) == 1


def test_many_answers_fit_slack_and_no_line_is_run(bolt: Bolt) -> None:
    questionnaire = questionnaire_of(bolt.world.ports, Wave.END)
    answered = [(END_ANSWERS, f"<!channel> {'x' * 480} {number}") for number in range(30)]
    said = tally(40, answered, [question.id for question in questionnaire.questions])
    view = results_modal(tuple(WaveResult(wave, questionnaire, said) for wave in Wave)).to_dict()
    assert check_view(view) == []
    assert "<!channel>" not in json.dumps(view)
    assert [fault for text in texts(view) for fault in text_faults(html.unescape(text).replace("<!channel>", ""))] == []
    assert "100\u00a0%" in json.dumps(view, ensure_ascii=False)
