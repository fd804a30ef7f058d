"""The last steps as people see them: one message, the Home, and the papers they lead to."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from handlers.ids import Action, Command
from handlers.views import home as home_views
from handlers.views.messages import draw
from programme.messages.last_steps import LastSteps
from programme.usecases import attestations, delivery, home
from sandbox.slack.block_kit import check_message, check_view
from tests.handlers.conftest import Bolt
from tests.handlers.test_endings import faults
from tests.handlers.test_papers import buttons, view_of
from tests.usecases.finished import attestations_of, finished, steps_read
from tests.usecases.running import LEA, ZOE, sign, until

CLOSES = date(2027, 4, 13)
BEGUN = {"closes_on": CLOSES, "sessions": 15, "minutes": 1800}
STAGES: dict[str, dict[str, Any]] = {
    "at first": BEGUN | {"synthesis": "F16", "survey": "srv_1", "survey_until": CLOSES},
    "nothing followed": {"closes_on": CLOSES, "sessions": 0, "minutes": 0, "synthesis": "F16"},
    "on the way": BEGUN | {"attestation": "P-7KQ2M0ABCDEF-1", "synthesis": "F16", "synthesis_state": "begun"},
    "done": BEGUN
    | {"attestation": "P-1-2", "synthesis": "F16", "synthesis_state": "kept", "exported": True}
    | {"survey": "srv_1", "survey_until": CLOSES, "survey_answered": True}
    | {"material": "mat_1", "material_how": "returned", "material_day": CLOSES},
    "all but the material": BEGUN | {"attestation": "P-1-2", "exported": True, "material": "mat_1"},
    "survey closed": BEGUN | {"survey": "srv_1", "survey_answered": True},
    "works gone": BEGUN | {"attestation": "P-1-2", "over": True, "material": "mat_1", "survey": "srv_1"},
    "no synthesis": BEGUN | {"attestation": "P-1-2"},
}


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_fits_slack_and_is_careful_french(bolt: Bolt, stage: str) -> None:
    payload = draw(LastSteps(**STAGES[stage]), bolt.world.ports.content).payload()
    assert check_message(payload) == []
    assert faults(payload) == []


def test_the_home_and_the_message_show_the_same_steps(bolt: Bolt) -> None:
    finished(bolt.world)
    facts = home.compose(bolt.world.ports, LEA.slack_user_id)
    assert facts.last_steps == steps_read(bolt.world, LEA)
    view = home_views.home(facts).to_dict()
    assert check_view(view) == []
    assert faults(view) == []
    shown = draw(steps_read(bolt.world, LEA), bolt.world.ports.content).payload()["blocks"]
    assert [block for block in shown if block["type"] == "section"][1:] == [
        block for block in view["blocks"] if block in shown and block["type"] == "section"
    ]


def test_an_attestation_is_received_again_from_the_list_and_from_the_steps(bolt: Bolt) -> None:
    finished(bolt.world, missing={16: (ZOE,)})
    sign(bolt.world.ports, 16, ZOE)
    until(bolt.world, bolt.world.clock.now() + attestations.SETTLING)
    old, new = attestations_of(bolt.world.ports, ZOE)
    before = len(bolt.world.mailer.sent)
    bolt.command(Command.CONTRACT, user=ZOE.slack_user_id)
    view = view_of(bolt.api.called("views.open")[-1])
    assert check_view(view) == []
    assert faults(view) == []
    assert buttons(view)[1:3] == [(Action.SEND_ATTESTATION, new.reference), (Action.SEND_ATTESTATION, old.reference)]
    assert f"remplacée par {new.reference}" in json.dumps(view, ensure_ascii=False)

    modal = {"id": "V1", "type": "modal", "hash": "h"}
    bolt.press(Action.SEND_ATTESTATION, old.reference, user=ZOE.slack_user_id, view=modal)
    bolt.press(Action.SEND_ATTESTATION, new.reference, user=ZOE.slack_user_id)
    delivery.deliver_all(bolt.world.ports)
    sent = [mail["data"]["reference"] for mail in bolt.world.mailer.sent[before:] if mail["template"] == "attestation"]
    assert sent == [new.reference, old.reference, new.reference]
    assert "um4@exemple.fr" in bolt.api.called("response")[-1]["text"]
    assert len(buttons(view_of(bolt.api.called("views.update")[-1]))) == len(buttons(view))


def test_asking_for_it_sends_the_one_in_force(bolt: Bolt) -> None:
    finished(bolt.world, missing=dict.fromkeys(range(4, 17), (ZOE,)))
    modal = {"id": "V1", "type": "modal", "hash": "h"}
    bolt.press(Action.ASK_ATTESTATION, user=ZOE.slack_user_id, view=modal)
    view = view_of(bolt.api.called("views.update")[-1])
    assert check_view(view) == []
    assert "part à l’adresse um4@exemple.fr" in view["blocks"][0]["text"]["text"]
    assert [one.sessions for one in attestations_of(bolt.world.ports, ZOE)] == [3]
