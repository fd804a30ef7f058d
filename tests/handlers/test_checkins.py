"""The check-in as a member meets it: the command, the button, one tap a question, and the words of the answer."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from handlers.ids import Action, Callback, Command
from handlers.views.messages import draw
from programme.usecases import checkins
from sandbox.slack.block_kit import check_message, check_view
from tests.handlers.conftest import Bolt
from tests.handlers.test_enrolment import as_view
from tests.usecases.running import LEA, MAX, NOE, ZOE, hold, running, session, until
from tests.usecases.waiting_room import messages


@pytest.fixture
def asked(bolt: Bolt) -> Bolt:
    running(bolt.world.ports)
    hold(bolt.world, 1, LEA, MAX, NOE, ZOE)
    until(bolt.world, session(bolt.world.ports, 1).starts_at + timedelta(days=2))
    return bolt


def drawn(bolt: Bolt, kind: str) -> dict[str, Any]:
    payload = draw(messages(bolt.world, kind)[-1], bolt.world.ports.content).payload()
    assert check_message(payload) == []
    return payload


def open_form(bolt: Bolt, user: str = "UM1") -> dict[str, Any]:
    bolt.command(Command.CHECK_IN, user=user)
    view = as_view(bolt.api.called("views.open")[-1])
    assert check_view(view) == []
    return view


def submit(bolt: Bolt, view: dict[str, Any], user: str = "UM1", **answers: str) -> dict[str, Any]:
    chosen = {name: {"type": "radio_buttons", "selected_option": {"value": answers[name]}} for name in list(answers)}
    chosen["note"] = {"type": "plain_text_input", "value": answers.get("note", "")}
    return json.loads(
        bolt.submit(Callback.CHECK_IN, chosen, user=user, metadata=view["private_metadata"], blocks=view["blocks"]).body
    )


def test_three_questions_of_one_tap_each_and_a_free_line(asked: Bolt) -> None:
    view = open_form(asked)
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    assert [(block["element"]["type"], block.get("optional", False)) for block in inputs] == [
        ("radio_buttons", False),
        ("radio_buttons", False),
        ("radio_buttons", False),
        ("plain_text_input", True),
    ]


def test_answered_then_opened_again_with_the_answers_and_changed(asked: Bolt) -> None:
    answer = submit(asked, open_form(asked), progress="4", work_done="partly", obstacle="time")
    assert "enregistré" in json.dumps(answer, ensure_ascii=False)
    again = {block["block_id"]: block["element"] for block in open_form(asked)["blocks"] if block["type"] == "input"}
    assert [again[name]["initial_option"]["value"] for name in ("progress", "work_done", "obstacle")] == [
        "4",
        "partly",
        "time",
    ]
    request = drawn(asked, "check_in_request")
    assert "Merci" in request["text"]
    button = request["blocks"][1]["elements"][0]
    asked.press(Action.OPEN_CHECK_IN, button["value"], user="UM1")
    assert len(asked.api.called("views.open")) == 3


def test_a_missing_answer_is_told_under_its_question(asked: Bolt) -> None:
    answer = submit(asked, open_form(asked), progress="4", work_done="", obstacle="time")
    assert set(answer["errors"]) == {"work_done"}


def test_the_button_of_somebody_else_opens_nothing(asked: Bolt) -> None:
    of_zoe = checkins.own_check_in(asked.world.ports, caller=ZOE).check_in_id
    asked.press(Action.OPEN_CHECK_IN, of_zoe, user="UM1")
    assert not asked.api.called("views.open")
    assert "rôle" in asked.api.called("response")[-1]["text"]


def test_nobody_asked_yet_is_told_when_the_next_comes(bolt: Bolt) -> None:
    running(bolt.world.ports)
    bolt.command(Command.CHECK_IN, user="UM1")
    assert "deux jours après" in bolt.api.called("response")[-1]["text"]


def test_what_the_tutors_and_the_group_read(asked: Bolt) -> None:
    for user in ("UM1", "UM2", "UM3"):
        submit(asked, open_form(asked, user), user, progress="3", work_done="yes", obstacle="group")
    obstacle = drawn(asked, "check_in_obstacle")
    assert "Le groupe ne voit pas ce message" in json.dumps(obstacle, ensure_ascii=False)
    until(asked.world, asked.world.clock.now() + timedelta(days=3))
    silence = drawn(asked, "check_in_silence")
    assert "<@UM4>" in silence["text"]
    assert "après 2\u00a0rappels" in silence["text"]
    summary = json.dumps(drawn(asked, "check_in_summary"), ensure_ascii=False)
    assert "3,0 sur 5" in summary
    assert "<@" not in summary
