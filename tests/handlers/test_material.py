"""The declaration about the method's material by button and form."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from handlers.ids import Action, Callback, Command
from handlers.payloads import Subject
from handlers.views.messages import draw
from programme.messages.material import MaterialRequest
from programme.model.material import MaterialEnd
from programme.rules.instants import day_in
from sandbox.slack.block_kit import check_message, check_view
from tests.handlers.conftest import Bolt
from tests.handlers.test_endings import faults
from tests.handlers.test_papers import view_of
from tests.usecases.finished import finished, steps_read
from tests.usecases.running import LEA, MAX
from tests.usecases.test_material import asked

DAY = date(2027, 4, 13)


@pytest.mark.parametrize("stage", [{}, {"reminder": True}, {"how": "returned", "day": DAY}, {"how": "destroyed"}])
def test_every_request_fits_slack_and_is_careful_french(bolt: Bolt, stage: dict[str, Any]) -> None:
    payload = draw(MaterialRequest(declaration_id="mat_1", work_until=DAY, **stage), bolt.world.ports.content).payload()
    assert check_message(payload) == []
    assert faults(payload) == []


def form(day: str, *items: str, how: str = "destroyed") -> dict[str, dict[str, Any]]:
    """The state of the form."""
    return {
        "how": {"type": "radio_buttons", "selected_option": {"value": how} if how else None},
        "items": {"type": "checkboxes", "selected_options": [{"value": item} for item in items]},
        "day": {"type": "datepicker", "selected_date": day},
    }


def test_a_member_declares_from_the_last_steps_and_the_admins_see_it(bolt: Bolt) -> None:
    found = finished(bolt.world)
    declaration_id, today = steps_read(bolt.world, LEA).material, day_in(bolt.world.clock.now()).isoformat()
    bolt.press(Action.OPEN_MATERIAL, declaration_id, user=LEA.slack_user_id)
    view = view_of(bolt.api.called("views.open")[-1])
    assert check_view(view) == []
    assert faults(view) == []
    assert bolt.world.ports.content.trader.address in json.dumps(view, ensure_ascii=False)

    metadata = Subject(id=declaration_id).model_dump_json()
    holes = bolt.submit(Callback.MATERIAL, form(today, how=""), user=LEA.slack_user_id, metadata=metadata)
    assert set(json.loads(holes.body)["errors"]) == {"how", "items"}
    done = bolt.submit(Callback.MATERIAL, form(today, "paper", "copies"), user=LEA.slack_user_id, metadata=metadata)
    assert "C’est noté" in json.dumps(json.loads(done.body), ensure_ascii=False)
    assert (asked(bolt.world, LEA).how, asked(bolt.world, LEA).items) == (MaterialEnd.DESTROYED, ("paper", "copies"))

    bolt.press(Action.OPEN_MATERIAL, declaration_id, user=LEA.slack_user_id)
    again = view_of(bolt.api.called("views.open")[-1])
    assert check_view(again) == []
    assert again["blocks"][1]["element"]["initial_option"]["value"] == "destroyed"

    bolt.command(Command.ADMIN, f"kit {found.number}", user="UADMIN1")
    sheet = view_of(bolt.api.called("views.open")[-1])
    assert check_view(sheet) == []
    assert faults(sheet) == []
    shown = json.dumps(sheet, ensure_ascii=False)
    assert shown.count("rien n’est déclaré") == 3
    assert "Supports de la méthode détruits le" in shown


def test_the_declaration_of_another_is_not_shown(bolt: Bolt) -> None:
    finished(bolt.world)
    bolt.press(Action.OPEN_MATERIAL, steps_read(bolt.world, LEA).material, user=MAX.slack_user_id)
    shown = json.dumps(bolt.api.called("views.open"), ensure_ascii=False)
    assert "Que sont devenus" not in shown
