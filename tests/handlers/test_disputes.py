"""Disputes: by the webhook, and their cards within Slack's limits and in French typography."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.views.disputes import REASONS
from handlers.views.messages import draw
from handlers.web import make_web
from programme.content import Content
from programme.content.checks import text_faults
from programme.messages.disputes import DisputeCard, DisputeReminder
from programme.model.dispute import DisputeState
from programme.model.order import PaymentStatus
from programme.payment_provider import DisputeSeen
from programme.usecases import delivery
from sandbox.slack.block_kit import check_message
from tests.conftest import World
from tests.usecases.in_three import at_ten, begun, due_day, instalment, live_until

WHEN = datetime(2026, 12, 1, 23, 0, tzinfo=UTC)
FACTS: dict[str, Any] = {"dispute_id": "dp_1", "order_id": "ord_1", "member_user": "U1", "amount": 15_000}
MESSAGES = [
    *(
        DisputeCard(**FACTS, number=2, reason=reason, evidence_due_at=due)
        for reason in (*REASONS, "<!channel> " * 20)
        for due in (WHEN, None)
    ),
    *(DisputeCard(**FACTS, number=1, reason="general", evidence_due_at=WHEN, state=state) for state in ("won", "lost")),
    DisputeReminder(**FACTS, evidence_due_at=WHEN),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: one.kind)
def test_every_card_can_be_shown(content: Content, message: Any) -> None:
    drawn = draw(message, content)
    assert check_message(drawn.payload()) == []
    texts = [drawn.text] + [str(getattr(getattr(block, "text", None), "text", "")) for block in drawn.blocks]
    assert "<!channel>" not in "".join(texts)
    assert text_faults(html.unescape("\n".join(texts))) == []


def test_events_settle_charges_and_disputes_in_any_order_and_number(world: World) -> None:
    order = begun(world)
    events = iter(
        [
            ("payment_intent.succeeded", "pi_unknown"),
            ("charge.dispute.created", "dp_1"),
            ("charge.dispute.closed", "dp_1"),
            ("charge.dispute.created", "dp_1"),
        ]
    )
    current: list[tuple[str, str]] = []
    check = lambda _body, _signature: ("evt_1", *current[-1])  # noqa: E731
    web = make_web(world.ports, slack=None, check_signature=check).test_client()
    first = instalment(world, order, 1)
    world.payments.contested["dp_1"] = DisputeSeen("dp_1", first.intent_id, 15_000, "general", DisputeState.WON)
    for event in events:
        current.append(event)
        assert web.post("/stripe/webhook", data=b"{}").status_code == 200
    delivery.deliver_all(world.ports)
    assert [card.state for card in world.workspace.said(DisputeCard)] == ["open"]
    live_until(world, at_ten(due_day(world, order)))
    current.append(("payment_intent.succeeded", instalment(world, order).intent_id))
    assert web.post("/stripe/webhook", data=b"{}").status_code == 200
    assert instalment(world, order).status is PaymentStatus.PAID
