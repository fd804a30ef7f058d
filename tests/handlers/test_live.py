"""The agenda's buttons and what the post says."""

from __future__ import annotations

import pytest

from handlers.ids import Action
from handlers.views.messages import draw
from programme.messages.sessions import LiveSession
from sandbox.slack.block_kit import check_message
from tests.handlers.conftest import Bolt
from tests.usecases.running import begin, running, session
from tests.usecases.waiting_room import messages


def pressable(payload: dict) -> dict[str, str]:
    blocks = [block for block in payload["blocks"] if block["type"] == "actions"]
    return {element["action_id"]: element["value"] for block in blocks for element in block["elements"]}


def test_from_the_sheet_to_the_end_by_buttons(bolt: Bolt) -> None:
    running(bolt.world.ports)
    begin(bolt.world, 1)
    content = bolt.world.ports.content
    sheet = draw(messages(bolt.world, "attendance_sheet")[-1], content).payload()
    bolt.press(Action.LIVE_START, pressable(sheet)[Action.LIVE_START], user="UM1")
    for user in ("UM1", "UM2", "UM2"):
        post = draw(messages(bolt.world, "live_session")[-1], content).payload()
        assert check_message(post) == []
        assert "Étape" in post["blocks"][1]["text"]["text"]
        bolt.press(Action.LIVE_STEP, pressable(post)[Action.LIVE_STEP], user=user)
    assert session(bolt.world.ports, 1).live_step == 3
    bolt.press(Action.LIVE_STEP, pressable(post)[Action.LIVE_STEP], user="UM3")
    assert session(bolt.world.ports, 1).live_step == 3
    bolt.press(Action.LIVE_END, pressable(post)[Action.LIVE_END], user="UM4")
    ended = draw(messages(bolt.world, "live_session")[-1], content).payload()
    assert pressable(ended) == {}
    assert "signer la feuille" in ended["text"]


@pytest.mark.parametrize(
    ("left", "said"),
    [(75, "encore 1\u00a0h\u00a015"), (1, "encore 1\u00a0min"), (0, "est écoulé"), (-3, "depuis 3\u00a0min")],
)
@pytest.mark.parametrize("number", [1, 16])
def test_every_step_of_any_guide_reads_and_passes_the_judge(bolt: Bolt, number: int, left: int, said: str) -> None:
    content = bolt.world.ports.content
    for steps in content.guides.number(number).agenda.values():
        for at, step in enumerate(steps):
            message = LiveSession(
                session_id="ses_1",
                number=number,
                zone="America/Guadeloupe",
                step=at,
                steps=len(steps),
                title=step.title,
                detail=step.detail,
                minutes=step.minutes,
                ends_at=bolt.world.clock.now(),
                left=left,
                following="Suite",
            )
            payload = draw(message, content).payload()
            assert check_message(payload) == []
            assert said in payload["text"]
