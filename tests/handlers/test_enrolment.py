"""Enrolment as a person meets it: command, modals, errors under their fields, and the button that binds."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from slack_sdk.models.views import View

from handlers.ids import Action, Callback, Command
from handlers.payloads import TextShown
from handlers.views import enrolment as views
from handlers.views.order_summary import summary
from programme.content import Content
from programme.content.choices import EARLY_START_KEYS
from programme.model.enrolment import Choice
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.slots import ALL_SLOTS
from programme.ports import Ports
from programme.usecases import delivery, enrolment
from programme.usecases.prices import Quote
from sandbox.slack.block_kit import check_view
from tests.builders import LYON, an_offer, known_to_slack, ready_to_order
from tests.handlers.conftest import USER, Bolt

PLAN = {"plan": {"plan": {"type": "radio_buttons", "selected_option": {"value": "full"}}}}


ALL_BOXES = dict.fromkeys(EARLY_START_KEYS, True)


def text(value: str) -> dict[str, Any]:
    return {"type": "plain_text_input", "value": value}


def option(value: str, kind: str = "static_select") -> dict[str, Any]:
    return {"type": kind, "selected_option": {"value": value} if value else None}


def options(*values: str, kind: str = "checkboxes") -> dict[str, Any]:
    return {"type": kind, "selected_options": [{"value": value} for value in values]}


PROFILE = {
    "first_name": text("Léa"),
    "last_name": text("Marchand"),
    "email": {"type": "email_text_input", "value": "lea@exemple.fr"},
    "address": text("12 rue des Lilas"),
    "place": option(LYON, "external_select"),
    "radius_km": option("20"),
    "availability": options("tue-evening", kind="multi_static_select"),
    "employer": text(""),
    "avoided": {"type": "multi_users_select", "selected_users": ["UTOM"]},
}


def as_view(call: dict[str, Any]) -> dict[str, Any]:
    view = call["view"]
    return json.loads(view) if isinstance(view, str) else view


def opened(bolt: Bolt) -> dict[str, Any]:
    return as_view(bolt.api.called("views.open")[-1])


def updated(response: Any) -> dict[str, Any]:
    body = json.loads(response.body)
    assert body["response_action"] == "update"
    return body["view"]


def test_a_whole_enrolment_from_modal_to_modal(bolt: Bolt) -> None:
    bolt.command(Command.ENROL)
    assert opened(bolt)["callback_id"] == Callback.TUTORIAL
    known_to_slack(bolt.world.ports, USER)
    view = updated(bolt.submit(Callback.TUTORIAL, {"seen": options("seen")}))
    assert view["callback_id"] == Callback.PROFILE
    view = updated(bolt.submit(Callback.PROFILE, PROFILE))
    assert view["callback_id"] == Callback.LEVEL
    view = updated(bolt.submit(Callback.LEVEL, {"level": option("6", "radio_buttons")}))
    while view["callback_id"] == Callback.TEXT:
        metadata = view["private_metadata"]
        view = updated(bolt.submit(Callback.TEXT, {"accepted": options("accepted")}, metadata=metadata))
    assert view["callback_id"] == Callback.CHOICE
    view = updated(bolt.submit(Callback.CHOICE, {"choice": option("wait", "radio_buttons")}))
    assert view["callback_id"] == Callback.SUMMARY
    summary = {"id": "V1", "type": "modal", "state": {"values": PLAN}}
    enrolment.choose_start(bolt.world.ports, caller=Caller(USER), choice=Choice.EARLY, boxes=ALL_BOXES)  # elsewhere
    bolt.press(Action.PLACE_ORDER, view=summary | {"private_metadata": view["private_metadata"]})
    stale = as_view(bolt.api.called("views.update")[-1])
    assert "rien n’est commandé" in stale["blocks"][0]["text"]["text"]
    bolt.command(Command.ENROL)
    bolt.press(Action.PLACE_ORDER, view=summary | {"private_metadata": opened(bolt)["private_metadata"]})
    with bolt.world.store.reading() as uow:
        [order] = [record.facts for record in uow.enrolments.evidence() if record.kind == "order_placed"]
    told = {name: order[name] for name in ("name", "address", "email", "user", "team")}
    assert told == {
        "name": "Léa Marchand",
        "address": "12 rue des Lilas\n69003 Lyon 3e Arrondissement",
        "email": "lea@exemple.fr",
        "user": USER,
        "team": "T1",
    }
    assert enrolment.resume(bolt.world.ports, caller=Caller(USER)).member.avoided == ("UTOM",)
    delivery.deliver_all(bolt.world.ports)
    [post] = bolt.world.workspace.posts
    assert post.message.kind == "payment_link"


def test_a_wrong_answer_is_told_under_its_field(bolt: Bolt) -> None:
    bolt.command(Command.ENROL)
    response = bolt.submit(Callback.PROFILE, {**PROFILE, "email": {"type": "email_text_input", "value": "lea"}})
    body = json.loads(response.body)
    assert body["response_action"] == "errors"
    assert list(body["errors"]) == ["email"]
    assert "prenom.nom@exemple.fr" in body["errors"]["email"]


def test_an_unticked_box_stops_at_the_text(bolt: Bolt) -> None:
    bolt.command(Command.ENROL)
    metadata = TextShown(key="cgv", sha256="0" * 64).model_dump_json()
    body = json.loads(bolt.submit(Callback.TEXT, {"accepted": options()}, metadata=metadata).body)
    assert list(body["errors"]) == ["accepted"]


def test_a_text_replaced_meanwhile_is_asked_again(bolt: Bolt) -> None:
    bolt.command(Command.ENROL)
    metadata = TextShown(key="cgv", sha256="0" * 64).model_dump_json()
    view = updated(bolt.submit(Callback.TEXT, {"accepted": options("accepted")}, metadata=metadata))
    assert "a changé" in view["blocks"][0]["text"]["text"]


def test_communes_are_completed(bolt: Bolt) -> None:
    payload = {
        "type": "block_suggestion",
        "team": {"id": "T1"},
        "user": {"id": USER},
        "api_app_id": "A1",
        "action_id": Action.COMMUNE,
        "block_id": "place",
        "value": "villeurb",
    }
    found = json.loads(bolt.send(payload).body)["options"]
    assert found[0]["text"]["text"] == "69100 Villeurbanne"


def test_an_order_without_its_steps_is_refused_in_the_modal(bolt: Bolt) -> None:
    bolt.command(Command.ENROL)
    bolt.press(Action.PLACE_ORDER, view={"id": "V1", "type": "modal", "state": {"values": PLAN}})
    [update] = bolt.api.called("views.update")
    assert "étape" in as_view(update)["blocks"][0]["text"]["text"]


def screens(ports: Ports, content: Content) -> list[View]:
    """Every screen of enrolment, with the longest answers that its fields admit."""
    ready_to_order(ports, USER)
    standing = enrolment.resume(ports, caller=Caller(USER))
    member, terms = standing.member, enrolment.terms(ports, standing)
    worst = Member("mem_1", USER, ports.clock.now(), *["<&>" * 33] * 2, email="a" * 300 + "@exemple.fr")
    worst.address, worst.commune, worst.postcode, worst.employer = "&" * 500, "<" * 45, "69003", "x" * 100
    worst.availability = ALL_SLOTS
    texts = [views.text(legal, 1, 3) for legal in content.texts]
    tutorial = views.tutorial(content.texts.current("tutoriel_paiement", ports.clock.now().date()))
    offer = an_offer(ports, label="<&>" * 26, price="0")
    quotes = [standing.quote, Quote(offer.price, offer), Quote(problem="offer_used_up")]
    summaries = []
    for choice, quote in product(Choice, quotes):
        standing.enrolment.choice = choice
        summaries.append(summary(replace(standing, member=worst, quote=quote), terms, content, in_three=True))
    profiles = [views.profile(member, LYON), views.profile(worst, "")]
    return [
        tutorial,
        *profiles,
        views.level("6"),
        *texts,
        *(views.choice(terms, quote) for quote in quotes),
        *summaries,
    ]


def test_every_screen_passes_the_judge(ports: Ports, content: Content) -> None:
    for view in screens(ports, content):
        assert check_view(view.to_dict()) == []


def test_texts_are_shown_in_full(content: Content) -> None:
    for legal in content.texts:
        shown = json.dumps(views.text(legal, 1, 3).to_dict(), ensure_ascii=False)
        last_words = [word for word in legal.body.split() if word.isalpha()][-5:]
        assert all(word in shown for word in last_words), legal.key
        assert legal.sha256 in shown


@pytest.mark.parametrize("choice", list(Choice))
def test_no_box_is_ticked_in_advance(ports: Ports, choice: Choice) -> None:
    ready_to_order(ports, USER, choice=choice)
    standing = enrolment.resume(ports, caller=Caller(USER))
    shown = json.dumps(views.choice(enrolment.terms(ports, standing), standing.quote).to_dict())
    assert "initial_option" not in shown


def test_the_button_that_binds_says_so(ports: Ports, content: Content) -> None:
    ready_to_order(ports, USER)
    standing = enrolment.resume(ports, caller=Caller(USER))
    view = summary(standing, enrolment.terms(ports, standing), content, in_three=True)
    shown = json.dumps(view.to_dict(), ensure_ascii=False)
    assert "En trois fois sans frais : 150,00 € + 150,00 € + 150,00 €" in shown
    assert "Commander avec obligation de paiement" in shown
