"""The buttons of the later instalments through Bolt; every message within Slack's limits and in French typography."""

from __future__ import annotations

import html
from datetime import UTC, date, datetime
from typing import Any

import pytest

from handlers.ids import Action
from handlers.views.messages import draw
from programme.content.checks import text_faults
from programme.messages.instalments import (
    DatedInstalment,
    InstalmentCard,
    InstalmentLink,
    InstalmentLinkExpired,
    InstalmentNotice,
    InstalmentPaid,
    InstalmentRefused,
    InstalmentsDated,
    InstalmentSuspended,
)
from programme.model.charge import ChargeStatus
from programme.model.order import PaymentStatus
from sandbox.slack.block_kit import check_message
from tests.handlers.conftest import Bolt
from tests.usecases.in_three import at_ten, begun, due_day, instalment, live_until, said

DAY = date(2027, 1, 12)
WHEN = datetime(2027, 1, 13, 8, 0, tzinfo=UTC)
ORDER: dict[str, Any] = {"order_id": "ord_7kq2m", "number": 2, "amount": 15_000}
ONE = ORDER | {"payment_id": "pay_1", "count": 3}
CARD = ONE | {"member_user": "U1", "due_on": DAY}
DATED = (DatedInstalment(number=2, amount=15_000, due_on=DAY),)
STATES = ("tried", "linked", "dated", "paid", "stopped")
MESSAGES = [
    InstalmentsDated(order_id="ord_1", instalments=DATED, card="Visa 4242"),
    InstalmentsDated(order_id="ord_1", instalments=DATED, card=""),
    InstalmentNotice(**ONE, due_on=DAY, card="<!channel>"),
    InstalmentSuspended(**ORDER),
    InstalmentPaid(**ORDER, count=3, paid=30_000, price=45_000),
    *(InstalmentRefused(**ORDER, payment_id="pay_1", card="Visa 4242", next_on=day) for day in (DAY, None)),
    InstalmentRefused(**ORDER, payment_id="pay_1", card="", next_on=None, card_gone=True),
    *(InstalmentLink(**ONE, url="https://p.example", expires_at=WHEN, to_authenticate=asks) for asks in (True, False)),
    InstalmentLinkExpired(payment_id="pay_1", number=2, amount=15_000),
    *(InstalmentCard(**CARD, why=why) for why in ("refused", "authentication", "ending", "card_gone", "disputed")),
    *(
        InstalmentCard(**CARD, why="refused", state=state, by="U2")
        for state in ("tried", "linked", "dated", "paid", "stopped")
    ),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: one.kind)
def test_every_message_can_be_shown(bolt: Bolt, message: Any) -> None:
    drawn = draw(message, bolt.world.ports.content)
    assert check_message(drawn.payload()) == []
    texts = [drawn.text] + [str(getattr(getattr(block, "text", None), "text", "")) for block in drawn.blocks]
    assert "<!channel>" not in "".join(texts)
    assert text_faults(html.unescape("\n".join(texts))) == []


def refused(bolt: Bolt) -> str:
    """An instalment that the bank has refused three times."""
    order = begun(bolt.world)
    bolt.world.payments.bank = ChargeStatus.DECLINED
    live_until(bolt.world, at_ten(due_day(bolt.world, order), 8))
    return instalment(bolt.world, order).id


def test_one_tap_brings_a_page_for_another_card(bolt: Bolt) -> None:
    payment_id = refused(bolt)
    for _ in range(2):
        assert bolt.press(Action.PAY_INSTALMENT_OTHERWISE, payment_id, user="ULEA").status == 200
    live_until(bolt.world, bolt.world.clock.now())
    assert len(said(bolt.world, InstalmentLink)) == 1
    assert bolt.press(Action.PAY_INSTALMENT, payment_id, user="ULEA").status == 200


def test_the_admins_card_tries_again_and_sends_a_link(bolt: Bolt) -> None:
    payment_id = refused(bolt)
    bolt.press(Action.TRY_INSTALMENT, payment_id, user="ULEA")
    live_until(bolt.world, bolt.world.clock.now())
    with bolt.world.store.reading() as uow:
        assert uow.orders.payment(payment_id).attempts == 3
    bolt.press(Action.SEND_INSTALMENT_LINK, payment_id, user="UADMIN1")
    live_until(bolt.world, bolt.world.clock.now())
    assert len(said(bolt.world, InstalmentLink)) == 1
    bolt.world.payments.bank = ChargeStatus.SUCCEEDED
    bolt.press(Action.TRY_INSTALMENT, payment_id, user="UADMIN1")
    live_until(bolt.world, bolt.world.clock.now())
    with bolt.world.store.reading() as uow:
        assert uow.orders.payment(payment_id).status is PaymentStatus.PAID
