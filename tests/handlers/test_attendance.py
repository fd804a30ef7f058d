"""Attendance as members meet it: the sheet's buttons, the command, the declaration of an absence."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handlers.ids import Action, Callback, Command
from handlers.payloads import Subject
from handlers.views.messages import draw
from programme.model.session import AttendanceState, SessionState
from sandbox.slack.block_kit import check_message, check_view
from tests.handlers.conftest import Bolt
from tests.handlers.test_enrolment import as_view
from tests.usecases.running import LEA, MAX, NOE, ZOE, begin, hold, lines, running, session, sign
from tests.usecases.waiting_room import messages, rows


def said(bolt: Bolt) -> str:
    return bolt.api.called("response")[-1]["text"]


def declare(bolt: Bolt, session_id: str, reason: str, user: str = "UM1") -> dict[str, Any]:
    values = {"reason": {"type": "plain_text_input", "value": reason}}
    metadata = Subject(id=session_id).model_dump_json()
    return json.loads(bolt.submit(Callback.ABSENCE, values, user=user, metadata=metadata).body)


def test_signing_by_click_and_again(bolt: Bolt) -> None:
    running(bolt.world.ports)
    first = begin(bolt.world)
    bolt.press(Action.SIGN_ATTENDANCE, first.id, user="UM1")
    assert "est signée" in said(bolt)
    bolt.press(Action.SIGN_ATTENDANCE, first.id, user="UM1")
    assert "déjà signé" in said(bolt)
    assert lines(bolt.world.ports, 1)["UM1"].state is AttendanceState.SIGNED


def test_attesting_and_closing_by_click(bolt: Bolt) -> None:
    running(bolt.world.ports)
    first = begin(bolt.world)
    sign(bolt.world.ports, 1, LEA, MAX, NOE, ZOE)
    bolt.press(Action.ATTEST, first.id, user="UM2")
    assert "3\u00a0signatures" in said(bolt)
    bolt.press(Action.CLOSE_SESSION, first.id, user="UM2")
    assert "compte comme tenue" in said(bolt)
    assert session(bolt.world.ports, 1).state is SessionState.HELD


def test_a_stranger_is_told_that_it_is_not_their_sheet(bolt: Bolt) -> None:
    running(bolt.world.ports)
    first = begin(bolt.world)
    bolt.press(Action.SIGN_ATTENDANCE, first.id, user="USTRANGER")
    assert "n’est pas ouverte à votre rôle" in said(bolt)
    assert lines(bolt.world.ports, 1) == {}


def test_an_absence_is_declared_in_a_form(bolt: Bolt) -> None:
    running(bolt.world.ports)
    first = begin(bolt.world)
    bolt.press(Action.DECLARE_ABSENCE, first.id, user="UM1")
    view = as_view(bolt.api.called("views.open")[-1])
    assert view["callback_id"] == Callback.ABSENCE
    assert check_view(view) == []
    assert declare(bolt, first.id, " ")["response_action"] == "errors"
    assert declare(bolt, first.id, "Empêchement")["response_action"] == "update"
    assert lines(bolt.world.ports, 1)["UM1"].reason == "Empêchement"


def test_the_command_shows_ones_own_line_and_what_can_be_done(bolt: Bolt) -> None:
    running(bolt.world.ports)
    begin(bolt.world)
    bolt.command(Command.ATTENDANCE, user="UM1")
    answer = bolt.api.called("response")[-1]
    assert "vous n’avez pas encore signé" in answer["text"]
    assert check_message(answer) == []
    pressed = {e["action_id"] for b in answer["blocks"] if b["type"] == "actions" for e in b["elements"]}
    assert pressed == {Action.SIGN_ATTENDANCE, Action.DECLARE_ABSENCE}


def test_the_command_answers_somebody_without_a_group(bolt: Bolt) -> None:
    bolt.command(Command.ATTENDANCE, user="USTRANGER")
    assert "pas de groupe" in said(bolt)


@pytest.mark.parametrize("present", [(), (LEA, MAX), (LEA, MAX, NOE, ZOE)])
def test_every_state_of_the_sheet_passes_the_judge(bolt: Bolt, present) -> None:
    running(bolt.world.ports)
    hold(bolt.world, 1, *present)
    for kind in ("attendance_sheet", "session_missed", "absence_alert"):
        for message in messages(bolt.world, kind):
            assert check_message(draw(message, bolt.world.ports.content).payload()) == []


def test_a_closed_sheet_keeps_the_buttons_that_still_serve(bolt: Bolt) -> None:
    running(bolt.world.ports)
    hold(bolt.world, 1, LEA, MAX, NOE)
    drawn = json.dumps(draw(messages(bolt.world, "attendance_sheet")[-1], bolt.world.ports.content).payload())
    for action in (Action.SIGN_ATTENDANCE, Action.DECLARE_ABSENCE, Action.ATTEST):
        assert action.value in drawn
    assert Action.CLOSE_SESSION.value not in drawn


@pytest.mark.parametrize(
    ("text", "answer"),
    [("emargement 1", "arrivent dans vos messages directs"), ("emargement", "Exemple"), ("emargement 9", "groupe")],
)
def test_an_admin_asks_for_the_sheets_of_a_group(bolt: Bolt, text: str, answer: str) -> None:
    running(bolt.world.ports)
    hold(bolt.world, 1, LEA, MAX, NOE)
    bolt.command(Command.ADMIN, text, user="UADMIN1")
    assert answer in said(bolt)


def test_a_proof_may_come_with_the_absence_and_the_note_is_drawn_for_the_tutor(bolt: Bolt) -> None:
    running(bolt.world.ports)
    first = begin(bolt.world)
    values = {
        "reason": {"type": "plain_text_input", "value": "Train <supprimé>\nAvec & sans"},
        "proofs": {"type": "file_input", "files": [{"id": "F1", "name": "billet.pdf", "size": 12}]},
    }
    bolt.submit(Callback.ABSENCE, values, user="UM1", metadata=Subject(id=first.id).model_dump_json())
    (note,) = messages(bolt.world, "absence_note")
    for shown in (note, note.model_copy(update={"proofs": 1}), note.model_copy(update={"lifted": True})):
        payload = draw(shown, bolt.world.ports.content).payload()
        assert check_message(payload) == []
        assert "<supprimé>" not in json.dumps(payload, ensure_ascii=False)
    assert len(rows(bolt.world, "fetch:absence:")) == 1
