"""Refunds and closed payment pages at the sandbox's Stripe, through the gateway: once, never too much, followed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.gateways.stripe import StripePayments
from programme.errors import Permanent
from programme.model.ending import RefundStatus
from programme.model.order import Order, PaymentPlan
from tests.gateways.conftest import START

ORDER = Order("ord_1", "enr_1", "mem_1", 45000, 45000, PaymentPlan.FULL, START)
REFUND_FAILS_LATER = "4000000000005126"


def opened(stripe: StripePayments, key: str) -> str:
    expires = START + timedelta(hours=23)
    return stripe.open_checkout(ORDER, first_amount=45000, email="lea@exemple.fr", expires_at=expires, key=key).id


def pay(control: httpx.Client, session: str, **more: Any) -> None:
    assert control.post("/stripe/pay", json={"session": session, **more}).json()["result"] == "paid"


def test_the_same_key_refunds_once_and_never_more_than_was_paid(stripe: StripePayments, control: httpx.Client) -> None:
    session = opened(stripe, "k1")
    pay(control, session)
    intent = stripe.checkout(session).intent_id
    first = stripe.refund(intent, 36563, key="refund:rfd_1")
    assert first.status is RefundStatus.SUCCEEDED
    assert stripe.refund(intent, 36563, key="refund:rfd_1").id == first.id
    with pytest.raises(Permanent, match="greater than"):
        stripe.refund(intent, 10000, key="refund:rfd_2")
    assert stripe.refund(intent, 8437, key="refund:rfd_3").status is RefundStatus.SUCCEEDED


def test_a_refund_that_fails_later_is_seen_to_fail(stripe: StripePayments, control: httpx.Client) -> None:
    session = opened(stripe, "k2")
    pay(control, session, card=REFUND_FAILS_LATER)
    refund = stripe.refund(stripe.checkout(session).intent_id, 45000, key="refund:rfd_4")
    control.post("/clock/move", json={"seconds": 3600})
    assert stripe.refund_status(refund.id).status is RefundStatus.FAILED


def test_an_open_page_is_closed_and_a_paid_one_is_read(stripe: StripePayments, control: httpx.Client) -> None:
    abandoned, used = opened(stripe, "k3"), opened(stripe, "k4")
    pay(control, used)
    assert stripe.close_checkout(abandoned).status == "expired"
    assert stripe.close_checkout(abandoned).status == "expired"
    paid = stripe.close_checkout(used)
    assert (paid.status, paid.payment_status, paid.amount_total) == ("complete", "paid", 45000)
