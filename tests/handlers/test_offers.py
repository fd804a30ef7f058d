"""Offers as people meet them: the admins' list, form and card; the code on the summary."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from handlers.ids import Action, Callback, Command
from handlers.views import offers as views
from handlers.views.messages import draw
from handlers.views.order_summary import code_form
from programme.content import Content
from programme.messages.offers import OfferCard
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import delivery, enrolment, offers
from sandbox.slack.block_kit import check_message, check_view
from tests.builders import ADMIN, an_offer, ready_to_order
from tests.handlers.conftest import USER, Bolt
from tests.handlers.test_enrolment import as_view, text

FORM = {
    "label": text("Partenariat Lyon"),
    "price": text("300"),
    "first_day": {"type": "datepicker", "selected_date": "2026-11-23"},
    "last_day": {"type": "datepicker", "selected_date": "2027-12-31"},
    "code": text("lyon 2026"),
    "max_uses": {"type": "number_input", "value": "5"},
    "for_user": {"type": "users_select", "selected_user": None},
}


def said(view: dict[str, Any]) -> str:
    return json.dumps(view, ensure_ascii=False).replace("\u00a0", " ")


def over_another(bolt: Bolt, callback: str, values: dict[str, Any], user: str = USER) -> Any:
    """Submit a modal that lies over another one."""
    view = {"id": "V2", "previous_view_id": "V1", "type": "modal", "callback_id": callback, "private_metadata": ""}
    view["blocks"] = [{"type": "input", "block_id": name} for name in values]
    view["state"] = {"values": {name: {name: state} for name, state in values.items()}}
    return bolt.send({"type": "view_submission", **bolt._base(user), "view": view})


def test_an_offer_is_granted_used_and_stopped(bolt: Bolt) -> None:
    bolt.command(Command.ADMIN, "offres", user="UADMIN1")
    assert "Aucune offre" in said(as_view(bolt.api.called("views.open")[-1]))
    bolt.press(Action.NEW_OFFER, user="UADMIN1", view={"id": "V1", "type": "modal"})
    assert as_view(bolt.api.called("views.push")[-1])["callback_id"] == Callback.NEW_OFFER
    over_another(bolt, Callback.NEW_OFFER, FORM, user="UADMIN1")
    [update] = bolt.api.called("views.update")
    assert update["view_id"] == "V1"
    shown = said(as_view(update))
    assert "LYON2026" in shown
    assert "commandes : 0 sur 5" in shown
    delivery.deliver_all(bolt.world.ports)
    [card] = bolt.world.workspace.posts
    assert card.channel == "CADMIN"

    ready_to_order(bolt.world.ports, USER)
    bolt.press(Action.ENTER_CODE, view={"id": "V1", "type": "modal"})
    wrong = over_another(bolt, Callback.OFFER_CODE, {"code": text("lyon 2025")})
    assert list(json.loads(wrong.body)["errors"]) == ["code"]
    over_another(bolt, Callback.OFFER_CODE, {"code": text("lyon 2026")})
    shown = said(as_view(bolt.api.called("views.update")[-1]))
    assert "Prix total : 300,00 € TTC" in shown
    assert "Partenariat Lyon" in shown
    bolt.press(Action.LEAVE_CODE, view={"id": "V1", "type": "modal"})
    assert "Prix total : 450,00 € TTC" in said(as_view(bolt.api.called("views.update")[-1]))

    [offer_id] = [block["accessory"]["value"] for block in as_view(update)["blocks"] if "accessory" in block]
    bolt.press(Action.CLOSE_OFFER, offer_id, user="UADMIN1", view={"id": "V1", "type": "modal"})
    assert "arrêtée par" in said(as_view(bolt.api.called("views.update")[-1]))


def test_a_free_order_is_told_so(bolt: Bolt) -> None:
    an_offer(bolt.world.ports, price="0")
    ready_to_order(bolt.world.ports, USER)
    over_another(bolt, Callback.OFFER_CODE, {"code": text("LYON2026")})
    screen = as_view(bolt.api.called("views.update")[-1])
    assert "Commander sans rien payer" in said(screen)
    opened = {"id": "V1", "type": "modal", "state": {"values": {}}, "private_metadata": screen["private_metadata"]}
    bolt.press(Action.PLACE_ORDER, view=opened)
    assert "il n’y a rien à payer" in said(as_view(bolt.api.called("views.update")[-1]))
    delivery.deliver_all(bolt.world.ports)
    confirmed = [draw(post.message, bolt.world.ports.content).text for post in bolt.world.workspace.posts]
    assert any(text.startswith("Inscription confirmée.") for text in confirmed)
    assert enrolment.resume(bolt.world.ports, caller=Caller(USER)).enrolment.paid_at is not None


def test_a_code_that_has_lapsed_is_told_and_can_be_taken_away(bolt: Bolt) -> None:
    offer = an_offer(bolt.world.ports)
    ready_to_order(bolt.world.ports, USER)
    over_another(bolt, Callback.OFFER_CODE, {"code": text("LYON2026")})
    offers.close(bolt.world.ports, caller=ADMIN, offer_id=offer.id)
    bolt.command(Command.ENROL)
    lapsed = said(as_view(bolt.api.called("views.open")[-1]))
    assert "Retirez-le pour commander" in lapsed
    assert "Retirer mon code" in lapsed
    bolt.press(Action.LEAVE_CODE, view={"id": "V1", "type": "modal"})
    screen = as_view(bolt.api.called("views.update")[-1])
    opened = {"id": "V1", "type": "modal", "state": {"values": {}}, "private_metadata": screen["private_metadata"]}
    bolt.press(Action.PLACE_ORDER, view=opened)
    assert "lien de paiement" in said(as_view(bolt.api.called("views.update")[-1]))


def test_every_screen_passes_the_judge(ports: Ports) -> None:
    offer = an_offer(ports, label="<&>" * 26, for_user="UMAX", max_uses="10000")
    lines = [(replace(offer, closed_at=ports.clock.now(), closed_by="UADMIN2"), 3), (offer, 0)]
    for view in (
        views.listing([], offer.first_day),
        views.listing(lines * 40, offer.first_day),
        views.listing(lines, date(2030, 1, 1)),
        views.grant_form(offer.first_day),
        code_form(),
    ):
        assert check_view(view.to_dict()) == []


@pytest.mark.parametrize("closed_by", ["", "UADMIN2"])
def test_the_card_passes_the_judge(content: Content, closed_by: str) -> None:
    card = OfferCard(
        code="A" * 20,
        label="<&>" * 26,
        price=0,
        list_price=45_000,
        first_day=date(2026, 12, 1),
        last_day=date(2026, 12, 31),
        max_uses=None,
        for_user="UMAX",
        granted_by="UADMIN1",
        closed_by=closed_by,
    )
    assert check_message(draw(card, content).payload()) == []
