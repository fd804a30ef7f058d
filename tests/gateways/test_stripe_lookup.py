"""What is asked of Stripe again after it has forgotten the key: made once all the same."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from bot.gateways.stripe import StripePayments
from programme.model.charge import ChargeStatus
from programme.model.ending import RefundStatus
from tests.gateways.conftest import START
from tests.gateways.test_stripe_charges import SECOND, first_paid
from tests.gateways.test_stripe_refunds import opened, pay


@pytest.fixture(autouse=True)
def _from_the_start(control: httpx.Client) -> None:
    """Time goes on by days here: each test has its own."""
    assert control.post("/reset").status_code == 200
    assert control.post("/clock/set", json={"now": START.isoformat()}).status_code == 200
    assert control.post("/clock/freeze").status_code == 200


def test_a_debit_that_is_prepared_again_days_later_is_the_same(stripe: StripePayments, control: httpx.Client) -> None:
    """Stripe has forgotten the key by then, and would debit a second time; whatever has paid since counts too."""
    order = first_paid(stripe, control, "k20")
    prepared = stripe.open_charge(order, SECOND, key="inst:k20")
    control.post("/clock/move", json={"seconds": 2 * 86400})
    assert stripe.open_charge(order, SECOND, key="inst:k20").id == prepared.id
    stripe.confirm_charge(prepared.id, card_id=order.payment_method_id, key="inst:k20:pm")
    control.post("/clock/move", json={"seconds": 2 * 86400})
    for key in ("inst:k20", "inst:k20:2"):
        again = stripe.open_charge(order, SECOND, key=key)
        assert (again.id, again.status) == (prepared.id, ChargeStatus.SUCCEEDED)
    other = stripe.open_charge(order, replace(SECOND, id="pay_3", number=3), key="inst:k20:third")
    assert (other.status, other.id == prepared.id) == (ChargeStatus.OPEN, False)
    stripe.cancel_charge(other.id)
    control.post("/clock/move", json={"seconds": 2 * 86400})
    renewed = stripe.open_charge(order, replace(SECOND, id="pay_3", number=3), key="inst:k20:third")
    assert (renewed.status, renewed.id == other.id) == (ChargeStatus.OPEN, False)


def test_a_refund_that_is_asked_again_days_later_is_the_same(stripe: StripePayments, control: httpx.Client) -> None:
    """Stripe has forgotten the key by then, and would send back a second part."""
    session = opened(stripe, "k9")
    pay(control, session)
    intent = stripe.checkout(session).intent_id
    first = stripe.refund(intent, 10000, key="refund:rfd_9")
    control.post("/clock/move", json={"seconds": 2 * 86400})
    assert stripe.refund(intent, 10000, key="refund:rfd_9").id == first.id
    assert stripe.refund(intent, 35000, key="refund:rfd_10").status is RefundStatus.SUCCEEDED
