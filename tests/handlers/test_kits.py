"""The paper kit by command and buttons."""

from __future__ import annotations

from handlers.ids import Action, Command
from handlers.views.messages import draw
from sandbox.slack.block_kit import check_message, check_view
from tests.handlers.conftest import Bolt
from tests.handlers.test_enrolment import as_view
from tests.usecases.running import running
from tests.usecases.waiting_room import four, messages


def test_an_admin_notes_what_left_and_the_member_what_arrived(bolt: Bolt) -> None:
    running(bolt.world.ports, *four(profile={"address": "12 rue <des> Lilas"}))
    bolt.command(Command.ADMIN, "kit 1", user="UADMIN1")
    view = as_view(bolt.api.called("views.open")[-1])
    assert check_view(view) == []
    mark = next(block["accessory"]["value"] for block in view["blocks"] if "accessory" in block)
    bolt.press(Action.KIT_SENT, mark, user="UADMIN1", view={"id": "V1", "type": "modal"})
    updated = as_view(bolt.api.called("views.update")[-1])
    assert check_view(updated) == []
    assert sum("accessory" in block for block in updated["blocks"]) == 3

    told = messages(bolt.world, "kit_sent")[-1]
    payload = draw(told, bolt.world.ports.content).payload()
    assert check_message(payload) == []
    assert "&lt;des&gt;" in payload["blocks"][0]["text"]["text"]
    user = next(f"UM{n}" for n in range(1, 5) if _is(bolt, told.kit_id, f"UM{n}"))
    bolt.press(Action.KIT_RECEIVED, told.kit_id, user=user)
    received = draw(messages(bolt.world, "kit_sent")[-1], bolt.world.ports.content).payload()
    assert check_message(received) == []
    assert "est arrivé" in received["text"]


def _is(bolt: Bolt, kit_id: str, user: str) -> bool:
    with bolt.world.store.reading() as uow:
        return uow.members.get(uow.sessions.kit(kit_id).member_id).slack_user_id == user


def test_a_wrong_number_is_answered_with_an_example(bolt: Bolt) -> None:
    bolt.command(Command.ADMIN, "kit douze", user="UADMIN1")
    assert "/bilan-admin kit 12" in bolt.api.called("response")[-1]["text"]
