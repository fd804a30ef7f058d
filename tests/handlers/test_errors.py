"""What goes wrong is told: a refusal in French where the person looks, the unknown with a reference for both sides."""

from __future__ import annotations

import json
from typing import Any

from slack_bolt import Ack

from handlers.ids import Action
from programme.errors import Refusal
from programme.messages.common import FailureCard
from programme.usecases import delivery
from tests.handlers.conftest import Bolt


def broken(ack: Ack, **_arguments: Any) -> None:
    ack()
    raise RuntimeError("nom et secret de quelqu’un")


def test_an_unknown_failure_gives_one_reference_to_all(bolt: Bolt, capsys: Any) -> None:
    bolt.app.command("/casse")(broken)
    bolt.command("/casse")
    delivery.deliver_all(bolt.world.ports)
    [answer] = bolt.api.called("response")
    [card] = bolt.world.workspace.said(FailureCard, "CADMIN")
    assert card.reference in answer["text"]
    assert card.what == "/casse"
    assert "secret" not in json.dumps(card.model_dump())
    assert card.reference in capsys.readouterr().out


def test_a_refusal_is_said_beside_the_button_and_changes_nothing(bolt: Bolt) -> None:
    bolt.press(Action.RENEW_LINK, "ord_unknown")
    [answer] = bolt.api.called("response")
    assert "/bilan" in answer["text"]
    assert answer["replace_original"] is False
    assert bolt.world.wakes == []


def test_a_refusal_in_the_home_opens_a_notice(bolt: Bolt) -> None:
    bolt.press(Action.SHOW_CONTRACT, view={"id": "V1", "type": "home"}, response_url=None)
    [opened] = bolt.api.called("views.open")
    assert "contrat" in json.dumps(opened["view"])


def test_a_refusal_in_a_form_replaces_the_screen(bolt: Bolt) -> None:
    def refuse(ack: Ack) -> None:
        raise Refusal("stale_form")

    bolt.app.view("casse")(refuse)
    body = json.loads(bolt.submit("casse", {}).body)
    assert body["response_action"] == "update"
