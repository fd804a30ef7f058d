"""``/bilan-admin`` without text: the lights in words and colours, and the way from each to its fix."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from handlers.ids import Action, Command
from handlers.views import dashboard as views
from handlers.views.home import home as draw_home
from programme.errors import Permanent
from programme.model.people import Caller
from programme.rules.lights import Colour, Item, Light, LightKind
from programme.rules.risks import RiskKind
from programme.usecases import delivery, home, reconciliation, termination
from programme.usecases.dashboard import Detail
from sandbox.slack.block_kit import check_view
from tests.builders import paid
from tests.handlers.conftest import USER, Bolt
from tests.handlers.test_enrolment import as_view
from tests.usecases.tutoring import running as tutored
from tests.usecases.tutoring import submitted

LONG = "<&>" * 300
AT = datetime(2026, 11, 25, 11, tzinfo=UTC)


def said(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False).replace("\u00a0", " ")


def modal(callback_id: str, metadata: str = "") -> dict[str, Any]:
    view = {"id": "V1", "type": "modal", "hash": "h", "callback_id": callback_id, "private_metadata": metadata}
    return {**view, "state": {"values": {}}, "blocks": []}


def test_without_text_the_dashboard_opens(bolt: Bolt) -> None:
    paid(bolt.world, USER)
    termination.ask_to_end(bolt.world.ports, caller=Caller(USER), force_majeure=False, reason="Je pars.")
    delivery.deliver_all(bolt.world.ports)
    bolt.command(Command.ADMIN, "", user="UADMIN1")
    shown = said(as_view(bolt.api.called("views.open")[-1]))
    assert ":red_circle: *Rouge* · Rapprochement avec Stripe" in shown
    assert ":large_orange_circle: *Orange* · Résiliations à décider : 1" in shown
    assert "*Vert* : remboursements à envoyer" in shown

    bolt.press(Action.SHOW_LIGHT, "terminations", user="UADMIN1", view=modal(views.DASHBOARD))
    [pushed] = bolt.api.called("views.push")
    near = as_view(pushed)
    assert "https://slack.example/archives/CADMIN/" in said(near)
    [decide] = [one for block in near["blocks"] for one in block.get("elements", []) if "Décider" in said(one)]
    bolt.press(decide["action_id"], decide["value"], user="UADMIN1", view=modal(views.LIGHT, "terminations"))
    assert "Abandon" in said(as_view(bolt.api.called("views.push")[-1]))


def test_the_buttons_draw_again_what_is_open(bolt: Bolt) -> None:
    reconciliation.reconcile(bolt.world.ports)
    bolt.press(Action.DASHBOARD, user="UADMIN1", view=modal(views.DASHBOARD))
    assert "Tout est au vert." in said(as_view(bolt.api.called("views.update")[-1]))
    bolt.press(Action.SHOW_LIGHT, "risks", user="UADMIN1", view=modal(views.LIGHT, "risks"))
    assert "Il n’y a rien à faire." in said(as_view(bolt.api.called("views.update")[-1]))


def test_a_lost_delivery_is_tried_again_from_its_light(bolt: Bolt) -> None:
    bolt.world.workspace.fail_next.append(Permanent("channel_not_found"))
    paid(bolt.world, USER)
    bolt.press(Action.SHOW_LIGHT, "deliveries", user="UADMIN1", view=modal(views.DASHBOARD))
    near = as_view(bolt.api.called("views.push")[-1])
    [again] = [one for block in near["blocks"] for one in block.get("elements", []) if "Réessayer" in said(one)]
    bolt.press(again["action_id"], again["value"], user="UADMIN1", view=modal(views.LIGHT, "deliveries"))
    assert "Il n’y a rien à faire." in said(as_view(bolt.api.called("views.update")[-1]))


def test_a_late_document_is_given_to_somebody_from_its_light(bolt: Bolt) -> None:
    tutored(bolt.world)
    document = submitted(bolt.world)
    bolt.world.clock.instant = document.due_at
    bolt.press(Action.SHOW_LIGHT, "reviews", user="UADMIN1", view=modal(views.DASHBOARD))
    near = as_view(bolt.api.called("views.push")[-1])
    [row] = [block for block in near["blocks"] if block.get("block_id") == document.id]
    chosen = {"action_id": row["elements"][0]["action_id"], "block_id": row["block_id"], "type": "users_select"}
    actions = [{**chosen, "selected_user": "UTUTOR2", "action_ts": "1.2"}]
    bolt.press(Action.REASSIGN, user="UADMIN1", view=modal(views.LIGHT, "reviews"), actions=actions)
    assert "C’est confié" in said(as_view(bolt.api.called("views.update")[-1]))
    with bolt.world.store.reading() as uow:
        assert uow.documents.get(document.id).tutor_id == "UTUTOR2"


def test_help_still_lists_the_acts_and_nobody_else_sees_the_lights(bolt: Bolt) -> None:
    bolt.command(Command.ADMIN, "aide", user="UADMIN1")
    listed = said(bolt.api.called("response")[-1])
    assert "`/bilan-admin` : le tableau de bord" in listed
    assert "`/bilan-admin former` :" in listed
    bolt.command(Command.ADMIN, "")
    assert "pas ouverte à votre rôle" in said(bolt.api.called("response")[-1])
    assert bolt.api.called("views.open") == []


def test_the_home_of_an_admin_counts_the_lights(bolt: Bolt) -> None:
    shown = said(draw_home(home.compose(bolt.world.ports, "UADMIN1")).to_dict())
    assert "2 feux rouges." in shown
    assert Action.DASHBOARD in shown
    assert Action.DASHBOARD not in said(draw_home(home.compose(bolt.world.ports, "UTUTOR1")).to_dict())


def burning(kind: LightKind, colour: Colour) -> Light:
    subject = f"grp_1:{RiskKind.ABSENCES}" if kind is LightKind.RISKS else "x"
    item = Item(colour, subject, "U1", LONG[:200], 45_000, date(2026, 12, 1), AT, 3, "key", LONG)
    if kind is LightKind.RISKS:
        return Light(kind, (item,) * 12)
    return Light(kind, tuple(replace(item, subject=f"{subject}{number}") for number in range(12)))


@pytest.mark.parametrize("colour", Colour)
def test_every_screen_passes_the_judge(colour: Colour) -> None:
    lights = [burning(kind, colour) for kind in LightKind]
    assert check_view(views.dashboard(lights).to_dict()) == []
    for light in lights:
        detail = Detail(light, date(2026, 11, 25), "2026-W48", {"key": "https://slack.example/archives/C/p1"})
        assert check_view(views.light_view(detail).to_dict()) == []
        assert check_view(views.light_view(Detail(Light(light.kind, ()), detail.today, "", {})).to_dict()) == []


def test_each_light_says_its_colour_in_words() -> None:
    for colour, word in ((Colour.RED, "Rouge"), (Colour.ORANGE, "Orange")):
        shown = said(views.dashboard([burning(kind, colour) for kind in LightKind]).to_dict())
        assert shown.count(f"*{word}* · ") == len(LightKind)
