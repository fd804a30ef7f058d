"""``/bilan-contrat`` and the admins' accounts through Bolt."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest

from handlers.ids import Action, Command
from handlers.views.papers import papers_modal
from programme.content.checks import text_faults
from programme.usecases import delivery, papers
from programme.usecases.papers import Papers
from sandbox.slack.block_kit import check_view
from tests.builders import paid
from tests.handlers.conftest import Bolt
from tests.handlers.test_endings import texts
from tests.usecases.test_papers import LEA

MODAL = {"id": "V1", "type": "modal", "hash": "h"}


def view_of(call: dict[str, Any]) -> dict[str, Any]:
    view = call["view"]
    return json.loads(view) if isinstance(view, str) else view


def buttons(view: dict[str, Any]) -> list[tuple[str, str]]:
    accessories = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    return [(one["action_id"], one.get("value", "")) for one in accessories]


@pytest.mark.parametrize("door", ["command", "home"])
def test_the_list_opens_with_a_button_each(bolt: Bolt, door: str) -> None:
    paid(bolt.world, "ULEA")
    if door == "command":
        bolt.command(Command.CONTRACT)
    else:
        bolt.press(Action.SHOW_CONTRACT, view={"id": "V1", "type": "home"}, response_url=None)
    [call] = bolt.api.called("views.open")
    assert buttons(view_of(call)) == [
        (Action.SEND_CONTRACT, ""),
        (Action.SEND_PAPER, "R2026-000001"),
        (Action.SEND_PAPER, "F2026-000001"),
    ]


def test_a_press_sends_the_document_and_keeps_the_list_open(bolt: Bolt) -> None:
    paid(bolt.world, "ULEA")
    bolt.press(Action.SEND_PAPER, "F2026-000001", view=MODAL, response_url=None)
    bolt.press(Action.SEND_CONTRACT, view=MODAL, response_url=None)
    delivery.deliver_all(bolt.world.ports)
    assert [mail["template"] for mail in bolt.world.mailer.sent[1:]] == ["accounting_document", "contract_copy"]
    first, second = (view_of(call) for call in bolt.api.called("views.update"))
    assert "F2026-000001 repart à l’adresse lea@exemple.fr" in first["blocks"][0]["text"]["text"]
    assert "Votre contrat" in second["blocks"][0]["text"]["text"]
    assert len(buttons(first)) == 3


def test_the_document_of_another_is_refused(bolt: Bolt) -> None:
    paid(bolt.world, "ULEA")
    paid(bolt.world, "UMAX", email="max@exemple.fr")
    bolt.press(Action.SEND_PAPER, "F2026-000002", view=MODAL, response_url=None)
    [call] = bolt.api.called("views.update")
    assert "Je ne trouve plus cet élément" in json.dumps(view_of(call), ensure_ascii=False)
    delivery.deliver_all(bolt.world.ports)
    assert [mail["template"] for mail in bolt.world.mailer.sent] == ["confirmation", "confirmation"]


def test_without_a_contract_the_next_step_is_said(bolt: Bolt) -> None:
    bolt.command(Command.CONTRACT)
    [answer] = bolt.api.called("response")
    assert answer["text"] == bolt.world.ports.content.sentence("contract_not_concluded")


@pytest.mark.parametrize("said", ["", "Votre contrat <!channel> repart."])
def test_the_list_fits_slack_and_is_careful_french(bolt: Bolt, said: str) -> None:
    paid(bolt.world, "ULEA")
    few = papers.own_papers(bolt.world.ports, caller=LEA)
    view = papers_modal(Papers(few.order_id, few.documents * 60), said=said).to_dict()
    assert check_view(view) == []
    assert [fault for text in texts(view) for fault in text_faults(html.unescape(text))] == []
    assert "<!channel>" not in json.dumps(view)


def test_an_admin_receives_accounts_and_a_copy_in_private(bolt: Bolt) -> None:
    paid(bolt.world, "ULEA")
    bolt.command(Command.ADMIN, "comptes 2026-11", user="UADMIN1", channel="CADMIN")
    bolt.command(Command.ADMIN, "piece f2026-000001", user="UADMIN1", channel="CADMIN")
    delivery.deliver_all(bolt.world.ports)
    assert {channel for channel, _, _, _ in bolt.world.workspace.shared} == {"DADMIN1"}
    said = [answer["text"] for answer in bolt.api.called("response")]
    assert "2 lignes" in said[0]
    assert "La numérotation est continue" in said[0]
    assert "F2026-000001" in said[1]


@pytest.mark.parametrize(
    ("typed", "key"), [("comptes", "accounts_month"), ("comptes nov", "accounts_month"), ("piece", "paper_unknown")]
)
def test_a_wrong_word_is_answered_with_an_example(bolt: Bolt, typed: str, key: str) -> None:
    bolt.command(Command.ADMIN, typed, user="UADMIN1")
    [answer] = bolt.api.called("response")
    assert answer["text"] == bolt.world.ports.content.sentence(key)


def test_a_member_has_no_accounts(bolt: Bolt) -> None:
    paid(bolt.world, "ULEA")
    bolt.command(Command.ADMIN, "comptes 2026-11")
    delivery.deliver_all(bolt.world.ports)
    assert bolt.world.workspace.shared == []
    [answer] = bolt.api.called("response")
    assert answer["text"] == bolt.world.ports.content.sentence("not_allowed")
