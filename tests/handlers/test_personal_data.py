"""``/bilan-donnees`` through Slack and the page of the copy; every drawing judged."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from handlers.ids import Action, Callback, Command
from handlers.misses import MISSES
from handlers.views import personal_data as views
from handlers.views.messages import draw
from handlers.web import make_web
from programme.content import Content
from programme.messages import Message
from programme.messages.personal_data import CorrectionCard, DataExportReady, ErasureDone, ErasurePlanned, Holding
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import corrections, delivery, erasure
from programme.usecases.erasure import Preview
from sandbox.slack.block_kit import check_message, check_view
from tests.builders import LYON, paid, ready_to_order
from tests.conftest import World
from tests.handlers.conftest import USER, Bolt
from tests.handlers.test_enrolment import as_view, option, options, text, updated

STAYS = (
    Holding(what="contrat, textes acceptés et preuves", why="C. conso. L213-1", until=date(2036, 12, 1)),
    Holding(what="rétractation", why="C. civ. 2224", until=None),
)
MODAL = {"id": "V1", "type": "modal"}


def said(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False).replace("\u00a0", " ")


def last_address(world: World) -> str:
    return world.workspace.said(DataExportReady)[-1].url.removeprefix("https://bot.example")


def test_the_copy_is_asked_for_in_slack_and_fetched_once_from_its_page(bolt: Bolt) -> None:
    paid(bolt.world, USER)
    bolt.command(Command.PERSONAL_DATA)
    assert "Recevoir mes données" in said(as_view(bolt.api.called("views.open")[-1]))
    bolt.press(Action.EXPORT_DATA, view=MODAL)
    assert "se prépare" in said(as_view(bolt.api.called("views.push")[-1]))
    delivery.deliver_all(bolt.world.ports)
    web = make_web(bolt.world.ports, slack=None, check_signature=None).test_client()
    found = web.get(last_address(bolt.world))
    assert (found.status_code, found.content_type) == (200, "application/zip")
    assert found.headers["Cache-Control"] == "no-store"
    assert "attachment" in found.headers["Content-Disposition"]


def test_who_guesses_addresses_is_told_to_wait(world: World) -> None:
    web = make_web(world.ports, slack=None, check_signature=None).test_client()
    codes = [web.get(f"/donnees/{number:043d}.zip").status_code for number in range(MISSES + 1)]
    assert codes == [404] * MISSES + [429]
    assert web.get("/donnees/../../etc.zip").status_code == 404


def test_a_correction_through_its_form(bolt: Bolt) -> None:
    paid(bolt.world, USER)
    bolt.press(Action.CORRECT_DATA, view=MODAL)
    assert as_view(bolt.api.called("views.push")[-1])["callback_id"] == Callback.CORRECTIONS
    answers = {
        "address": text("3 place Bellecour"),
        "place": option(LYON, "external_select"),
        "radius_km": option("30"),
        "availability": options("tue-evening", kind="multi_static_select"),
        "employer": text(""),
        "avoided": {"type": "multi_users_select", "selected_users": []},
        "request": text(""),
    }
    assert "C’est noté" in said(updated(bolt.submit(Callback.CORRECTIONS, answers)))
    assert "Rien n’a changé" in said(updated(bolt.submit(Callback.CORRECTIONS, answers)))
    assert corrections.own_profile(bolt.world.ports, caller=Caller(USER)).radius_km == 30


def test_an_erasure_is_seen_confirmed_and_called_back(bolt: Bolt) -> None:
    ready_to_order(bolt.world.ports, USER)
    bolt.press(Action.ERASE_DATA, view=MODAL)
    assert "Effacer dans trois jours" in said(as_view(bolt.api.called("views.push")[-1]))
    bolt.press(Action.CONFIRM_ERASURE, view=MODAL)
    assert "seront effacées le" in said(as_view(bolt.api.called("views.update")[-1]))
    asked = erasure.preview(bolt.world.ports, caller=Caller(USER)).asked
    assert asked is not None
    bolt.press(Action.CANCEL_ERASURE, asked.id, user="USTRANGER")
    assert erasure.preview(bolt.world.ports, caller=Caller(USER)).asked is not None
    bolt.press(Action.CANCEL_ERASURE, asked.id)
    assert erasure.preview(bolt.world.ports, caller=Caller(USER)).asked is None


def test_every_screen_passes_the_judge(world: World, ports: Ports) -> None:
    paid(world, USER)
    member = corrections.own_profile(ports, caller=Caller(USER))
    ready_to_order(ports, "UMAX", email="max@exemple.fr")
    erasure.ask(ports, caller=Caller("UMAX"))
    waiting = erasure.preview(ports, caller=Caller("UMAX"))
    for view in (
        views.menu(),
        views.corrections(member),
        views.erasure(Preview(STAYS, None)),
        views.erasure(Preview((), None)),
        views.erasure(waiting),
    ):
        assert check_view(view.to_dict()) == []


NOW = "2026-11-26T09:00:00+00:00"


@pytest.mark.parametrize(
    "message",
    [
        DataExportReady.model_validate({"url": "https://bot.example/donnees/" + "x" * 43, "expires_at": NOW}),
        DataExportReady.model_validate({"url": "", "expires_at": NOW}),
        ErasurePlanned.model_validate({"erasure_id": "ers_1", "due_at": NOW, "stays": STAYS}),
        ErasurePlanned.model_validate({"erasure_id": "ers_1", "due_at": NOW, "stays": (), "cancelled": True}),
        ErasureDone(stays=STAYS),
        ErasureDone(stays=()),
        CorrectionCard(user="ULEA", name="<&>" * 50, request="<" * 500),
    ],
)
def test_every_message_passes_the_judge(message: Message, content: Content) -> None:
    assert check_message(draw(message, content).payload()) == []


def test_admins_see_the_timetable_and_nobody_else(bolt: Bolt) -> None:
    paid(bolt.world, USER)
    for user in ("UADMIN1", USER):
        bolt.command(Command.ADMIN, "conservation", user=user)
    shown, refused = bolt.api.called("response")
    assert check_message({"text": shown["text"], "blocks": shown["blocks"]}) == []
    assert "contrat, textes acceptés et preuves" in said(shown["blocks"])
    assert refused["text"] == bolt.world.ports.content.sentence("not_allowed")
