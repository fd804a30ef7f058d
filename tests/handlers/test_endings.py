"""Withdrawal and termination through Bolt, and every screen and card within Slack's limits and in French typography."""

from __future__ import annotations

import html
import json
from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest

from handlers.ids import Action, Callback, Command
from handlers.views import ending_forms
from handlers.views.messages import draw
from programme.content.checks import text_faults
from programme.messages.endings import (
    DeclarationCard,
    DeclarationReceived,
    DeclarationToConfirm,
    EndCard,
    EndRequestCard,
    EndRequestReceived,
    EndRequestSetAside,
    RefundAlert,
    RefundFailed,
    RefundSent,
)
from programme.model.ending import DeclarationSource, EndKind, EndState
from programme.model.enrolment import EnrolmentStatus
from programme.model.people import Caller
from programme.usecases import delivery, termination
from programme.usecases.termination import Case
from programme.usecases.withdrawal import OwnContract
from sandbox.slack.block_kit import check_message, check_view
from tests.builders import paid
from tests.handlers.conftest import Bolt

WHEN = datetime(2026, 12, 7, 22, 59, 59, tzinfo=UTC)
DAY = date(2026, 12, 21)
LONG = "Adélaïde <!channel> de Saint-Exupéry " * 12


def contract(**more: Any) -> OwnContract:
    facts: dict[str, Any] = {
        "order_id": "ord_7kq2m",
        "name": LONG[:200],
        "email": "lea@exemple.fr",
        "concluded_at": WHEN,
        "last_day": DAY,
        "in_time": True,
        "declared": "",
        "zone": "Europe/Paris",
    }
    return OwnContract(**(facts | more))


def end(state: EndState, **more: Any) -> EndCard:
    facts: dict[str, Any] = {
        "end_id": "end_1",
        "order_id": "ord_1",
        "member_user": "U1",
        "end_kind": EndKind.WITHDRAWAL,
        "declared_at": WHEN,
        "price": 45000,
        "paid": 15000,
        "delivered": 6,
        "due": 16875,
        "refund": 0,
        "still_owed": 1875,
        "cancelled": 28125,
        "refund_due_on": DAY,
        "state": state,
        "needs_second": True,
        "approved_by": "U8",
        "seconded_by": "U9",
        "leaves_at": WHEN,
    }
    return EndCard(**(facts | more))


def declared(**more: Any) -> DeclarationCard:
    facts: dict[str, Any] = {
        "declaration_id": "wdr_1",
        "source": DeclarationSource.WEB,
        "sent_at": WHEN,
        "name": LONG[:200],
        "email": "lea@exemple.fr",
        "contract": "<!channel>",
    }
    return DeclarationCard(**(facts | more))


MESSAGES = [
    *(end(state, refund=refund, end_kind=kind) for state in EndState for refund in (0, 36563) for kind in EndKind),
    declared(),
    *(declared(matched=True, member_user="U1", in_time=in_time) for in_time in (True, False)),
    *(declared(matched=True, decision=decision, decided_by="U8") for decision in ("accepted", "rejected")),
    *(
        DeclarationReceived(
            reference="wdr_1", sent_at=WHEN, zone="Indian/Reunion", email="a@b.fr", in_time=in_time, refund_by=refund_by
        )
        for in_time, refund_by in ((True, DAY), (True, None), (False, None))
    ),
    *(
        DeclarationToConfirm(declaration_id="wdr_1", sent_at=WHEN, zone="Europe/Paris", answer=answer)
        for answer in get_args(DeclarationToConfirm.model_fields["answer"].annotation)
    ),
    *(RefundSent(order_id="ord_1", amount=36563, late_payment=late) for late in (True, False)),
    *(
        RefundAlert(order_id="ord_1", member_user="U1", amount=36563, day=13, due_on=DAY, state=state, approved_by="U8")
        for state in EndState
    ),
    RefundFailed(order_id="ord_1", member_user="U1", amount=36563),
    *(
        EndRequestCard(order_id="ord_1", member_user="U1", force_majeure=True, reason=LONG * 5, decision=decision)
        for decision in (None, *EndKind)
    ),
    EndRequestCard(
        order_id="ord_1", member_user="U1", force_majeure=False, reason=LONG, set_aside=LONG * 5, decided_by="U2"
    ),
    EndRequestReceived(order_id="ord_1", email="lea@exemple.fr"),
    *(
        EndRequestSetAside(order_id="ord_1", reason=LONG * 5, resumes=resumes, email="lea@exemple.fr")
        for resumes in (True, False)
    ),
]
CASES = tuple(Case(kind, 3, 8437, 36563, 500) for kind in (EndKind.OPERATOR_FAILURE, EndKind.ABANDONMENT))
VIEWS = [
    ending_forms.setting_aside("ord_1"),
    ending_forms.withdrawal(contract(), LONG),
    ending_forms.withdrawal(contract(in_time=False), "a@b.fr"),
    ending_forms.withdrawal(contract(last_day=None), ""),
    ending_forms.acknowledgement_address("a@b.fr"),
    ending_forms.termination(contract()),
    ending_forms.termination(contract(in_time=False)),
    ending_forms.termination_summary("ord_1", force_majeure=True, reason="x\n" * 990),
    ending_forms.cases("ord_1", "U1", CASES),
    ending_forms.letter("U1"),
    ending_forms.rejection("wdr_1"),
]


def texts(value: Any) -> list[str]:
    """Every text that a person reads in a payload."""
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for part in value.values() for text in texts(part)]
    return [text for part in value for text in texts(part)] if isinstance(value, list) else []


def faults(payload: Any) -> list[str]:
    """Faults of French; what a person wrote is escaped, and its entities are not ours."""
    return [fault for text in texts(payload) for fault in text_faults(html.unescape(text))]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.kind)
def test_every_message_fits_slack_and_is_careful_french(bolt: Bolt, message: Any) -> None:
    payload = draw(message, bolt.world.ports.content).payload()
    assert check_message(payload) == []
    assert faults(payload) == []
    assert "<!channel>" not in json.dumps(payload)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.callback_id)
def test_every_screen_fits_slack_and_is_careful_french(view: Any) -> None:
    payload = view.to_dict()
    assert check_view(payload) == []
    assert faults(payload) == []


def test_the_two_labels_are_those_of_the_law() -> None:
    labels = texts(ending_forms.termination(contract()).to_dict())
    assert "Renoncer au contrat ici" in labels
    assert "Confirmer la rétractation" in texts(ending_forms.withdrawal(contract(), LONG).to_dict())
    assert "Notification de la résiliation" in texts(
        ending_forms.termination_summary("o", force_majeure=False, reason="").to_dict()
    )


def status(bolt: Bolt, enrolment_id: str) -> EnrolmentStatus:
    with bolt.world.store.reading() as uow:
        return uow.enrolments.get(enrolment_id).status


def confirm(bolt: Bolt, order_id: str, email: str) -> None:
    view = {"id": "V1", "type": "modal", "private_metadata": json.dumps({"id": email}), "state": {"values": {}}}
    bolt.press(Action.CONFIRM_WITHDRAWAL, order_id, view=view)


def test_another_address_is_checked_before_the_declaration(bolt: Bolt) -> None:
    paid(bolt.world, "ULEA")
    wrong, right = ({"type": "email_text_input", "value": value} for value in ("pas une adresse", "neuve@exemple.fr"))
    refused = bolt.submit(Callback.ACKNOWLEDGEMENT_ADDRESS, {"email": wrong})
    assert "errors" in json.loads(refused.body)
    shown = bolt.submit(Callback.ACKNOWLEDGEMENT_ADDRESS, {"email": right})
    assert json.loads(json.loads(shown.body)["view"]["private_metadata"]) == {"id": "neuve@exemple.fr"}


def test_a_member_withdraws_in_two_taps(bolt: Bolt) -> None:
    order = paid(bolt.world, "ULEA")
    bolt.command(Command.WITHDRAW)
    assert bolt.api.calls[-1][0] == "views.open"
    confirm(bolt, order.id, "pas une adresse")
    assert status(bolt, order.enrolment_id) is EnrolmentStatus.ACTIVE
    for _ in range(2):
        confirm(bolt, order.id, "lea@exemple.fr")
    assert status(bolt, order.enrolment_id) is EnrolmentStatus.WITHDRAWN
    delivery.deliver_all(bolt.world.ports)
    assert len(bolt.world.workspace.said(EndCard)) == 1


def test_a_termination_is_notified_from_its_summary(bolt: Bolt) -> None:
    order = paid(bolt.world, "ULEA")
    bolt.command(Command.TERMINATE)
    chosen = {"type": "radio_buttons", "selected_option": {"value": "other"}}
    words = {"type": "plain_text_input", "value": "Je reprends un emploi."}
    answer = bolt.submit(
        Callback.TERMINATION, {"ground": chosen, "reason": words}, metadata=json.dumps({"id": order.id})
    )
    summary = json.loads(answer.body)["view"]
    view = {"id": "V1", "type": "modal", "private_metadata": summary["private_metadata"], "state": {"values": {}}}
    bolt.press(Action.NOTIFY_TERMINATION, "other", view=view)
    delivery.deliver_all(bolt.world.ports)
    [card] = bolt.world.workspace.said(EndRequestCard)
    assert (card.reason, card.force_majeure) == ("Je reprends un emploi.", False)


def test_an_admin_refunds_from_the_card_and_a_member_may_not(bolt: Bolt) -> None:
    order = paid(bolt.world, "ULEA")
    confirm(bolt, order.id, "lea@exemple.fr")
    with bolt.world.store.reading() as uow:
        ended = uow.endings.of_order(order.id)
    assert ended is not None
    states = []
    for user in ("ULEA", "UADMIN1", "UADMIN2"):
        bolt.press(Action.APPROVE_REFUND, ended.id, user=user)
        with bolt.world.store.reading() as uow:
            states.append(uow.endings.get(ended.id).state)
    assert states == [EndState.PROPOSED, EndState.SECONDED, EndState.LEAVING]


def test_an_admin_opens_the_cases_of_a_named_member(bolt: Bolt) -> None:
    paid(bolt.world, "ULEA")
    bolt.command(Command.ADMIN, "fin <@ULEA|lea>", user="UADMIN1")
    name, arguments = bolt.api.calls[-1]
    assert name == "views.open"
    assert Callback.END_CASE in json.dumps(arguments)


def test_an_admin_sets_a_request_aside_from_its_card(bolt: Bolt) -> None:
    order = paid(bolt.world, "ULEA")
    termination.ask_to_end(bolt.world.ports, caller=Caller("ULEA"), force_majeure=False, reason="Je pars.")
    bolt.press(Action.SET_ASIDE_END, order.id, user="UADMIN1")
    view = bolt.api.called("views.open")[-1]["view"]
    assert Callback.END_SET_ASIDE in json.dumps(view)
    answers = {"reason": {"type": "plain_text_input", "value": "Vous restez."}}
    metadata = json.dumps({"id": order.id})
    bolt.submit(Callback.END_SET_ASIDE, answers, user="ULEA", metadata=metadata)
    assert bolt.world.workspace.said(EndRequestSetAside) == []
    for _ in range(2):
        bolt.submit(Callback.END_SET_ASIDE, answers, user="UADMIN1", metadata=metadata)
    delivery.deliver_all(bolt.world.ports)
    [told] = bolt.world.workspace.said(EndRequestSetAside)
    assert told.reason == "Vous restez."
