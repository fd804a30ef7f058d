"""Pages and debits without their payer at the sandbox's Stripe, through the gateway."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.gateways.stripe import StripePayments
from programme.errors import Permanent
from programme.model.charge import ChargeStatus
from programme.model.dispute import DisputeState
from programme.model.order import Order, Payment, PaymentPlan
from programme.payment_provider import Checkout
from tests.gateways.conftest import START

IN_THREE = Order("ord_1", "enr_1", "mem_1", 45000, 45000, PaymentPlan.THREE, START)
SECOND = Payment("pay_2", "ord_1", 2, 15000)
EXPIRES = START + timedelta(hours=23)
DECLINED_LATER, ASKS_ITS_OWNER = "4000000000000341", "4000002760003184"


def opened(stripe: StripePayments, order: Order, key: str) -> Checkout:
    amount = 15000 if order.plan is PaymentPlan.THREE else 45000
    return stripe.open_checkout(order, first_amount=amount, email="lea@exemple.fr", expires_at=EXPIRES, key=key)


def pay(control: httpx.Client, session: str, **more: Any) -> str:
    return str(control.post("/stripe/pay", json={"session": session, **more}).json()["result"])


def asked(control: httpx.Client, method: str) -> dict[str, Any]:
    """The arguments of the last call."""
    lines = control.get("/record", params={"service": "stripe"}).json()["lines"]
    return next(line["arguments"] for line in reversed(lines) if method in line["method"])


def first_paid(stripe: StripePayments, control: httpx.Client, key: str, **more: Any) -> Order:
    """The order, its first part paid and its card kept."""
    page = opened(stripe, IN_THREE, key)
    assert pay(control, page.id, **more) == "paid"
    seen = stripe.checkout(page.id)
    return replace(IN_THREE, customer_id=seen.customer_id, payment_method_id=seen.payment_method_id, card=seen.card)


def test_the_page_offers_cards_only_and_says_what_is_bought(stripe: StripePayments, control: httpx.Client) -> None:
    page = opened(stripe, IN_THREE, "k1")
    assert (page.status, page.amount_total, page.currency, page.order_id) == ("open", 15000, "eur", "ord_1")
    assert (page.expires_at, page.payment_id) == (EXPIRES, "")
    sent = str(asked(control, "checkout/sessions"))
    for words in ("off_session", "sepa_debit", "klarna", "Commande avec obligation de paiement", "échéance 1 sur 3"):
        assert words in sent
    assert opened(stripe, IN_THREE, "k1").id == page.id
    by_debit = control.post("/stripe/pay", json={"session": page.id, "card": "AT611904300234573201"})
    assert "does not offer sepa_debit" in by_debit.text


def test_a_full_payment_keeps_no_card_for_later(stripe: StripePayments, control: httpx.Client) -> None:
    opened(stripe, replace(IN_THREE, plan=PaymentPlan.FULL), "k2")
    assert "off_session" not in str(asked(control, "checkout/sessions"))


def test_the_first_payment_tells_who_paid_with_what(stripe: StripePayments, control: httpx.Client) -> None:
    order = first_paid(stripe, control, "k3")
    assert order.customer_id.startswith("cus_")
    assert order.payment_method_id.startswith("pm_")
    assert order.card == "Visa 4242"


def test_a_debit_is_prepared_then_confirmed_and_succeeds_once(stripe: StripePayments, control: httpx.Client) -> None:
    order = first_paid(stripe, control, "k4")
    prepared = stripe.open_charge(order, SECOND, key="inst:ord_1:2")
    assert prepared.status is ChargeStatus.OPEN
    assert stripe.open_charge(order, SECOND, key="inst:ord_1:2").id == prepared.id
    paid = stripe.confirm_charge(prepared.id, card_id=order.payment_method_id, key="inst:ord_1:2:pm")
    assert (paid.status, paid.amount, paid.currency, paid.paid_at) == (ChargeStatus.SUCCEEDED, 15000, "eur", START)
    again = stripe.confirm_charge(prepared.id, card_id=order.payment_method_id, key="inst:ord_1:2:pm")
    assert again == paid == stripe.charge(prepared.id) == stripe.cancel_charge(prepared.id)
    with pytest.raises(Permanent):
        stripe.confirm_charge(prepared.id, card_id=order.payment_method_id, key="another")


def test_a_refusal_is_an_answer_and_the_next_one_is_another(stripe: StripePayments, control: httpx.Client) -> None:
    order = first_paid(stripe, control, "k5", card=DECLINED_LATER)
    charge = stripe.open_charge(order, SECOND, key="inst:k5").id
    first = stripe.confirm_charge(charge, card_id=order.payment_method_id, key="inst:k5:1")
    assert first.status is ChargeStatus.DECLINED
    assert first.failure
    assert stripe.confirm_charge(charge, card_id=order.payment_method_id, key="inst:k5:1").failure == first.failure
    second = stripe.confirm_charge(charge, card_id=order.payment_method_id, key="inst:k5:2")
    assert second.failure != first.failure
    assert stripe.cancel_charge(charge).status is ChargeStatus.CANCELLED


def test_a_card_that_asks_for_its_owner_is_paid_on_a_page(stripe: StripePayments, control: httpx.Client) -> None:
    order = first_paid(stripe, control, "k6", card=ASKS_ITS_OWNER, authenticate=True)
    charge = stripe.open_charge(order, SECOND, key="inst:k6").id
    asks = stripe.confirm_charge(charge, card_id=order.payment_method_id, key="inst:k6:1")
    assert asks.status is ChargeStatus.AUTHENTICATION
    assert stripe.cancel_charge(charge).status is ChargeStatus.CANCELLED
    page = stripe.open_instalment_page(order, SECOND, expires_at=EXPIRES, key="inst-page:k6")
    assert (page.amount_total, page.payment_id, page.customer_id) == (15000, "pay_2", order.customer_id)
    assert pay(control, page.id, card="5555555555554444") == "paid"
    seen = stripe.checkout(page.id)
    assert (seen.paid, seen.charge.amount, seen.card) == (True, 15000, "Mastercard 4444")
    third = replace(SECOND, id="pay_3", number=3)
    later = stripe.open_charge(order, third, key="inst:k6:3").id
    assert stripe.confirm_charge(later, card_id=seen.payment_method_id, key="c").status is ChargeStatus.SUCCEEDED


def test_a_page_that_is_given_up_takes_nothing(stripe: StripePayments, control: httpx.Client) -> None:
    order = first_paid(stripe, control, "k7")
    page = stripe.open_instalment_page(order, SECOND, expires_at=EXPIRES, key="inst-page:k7")
    assert stripe.close_checkout(page.id).status == "expired"
    assert pay(control, page.id) == "expired"


def test_a_dispute_is_read_to_its_end(stripe: StripePayments, control: httpx.Client) -> None:
    page = opened(stripe, IN_THREE, "k8")
    assert pay(control, page.id) == "paid"
    intent = stripe.checkout(page.id).intent_id
    made = control.post("/stripe/dispute", json={"payment_intent": intent, "reason": "fraudulent"}).json()
    seen = stripe.dispute(made["id"])
    assert (seen.intent_id, seen.amount, seen.reason, seen.state) == (intent, 15000, "fraudulent", DisputeState.OPEN)
    assert seen.evidence_due_at == START + timedelta(days=7)
    assert [one.id for one in stripe.disputes(START - timedelta(days=1))] == [seen.id]
    with pytest.raises(Permanent, match="charged back"):
        stripe.refund(intent, 15000, key="refund:k8")
    control.post("/stripe/dispute/close", json={"dispute": seen.id, "status": "lost"})
    assert stripe.dispute(seen.id).state is DisputeState.LOST


def test_a_card_is_let_go_once_and_can_be_debited_no_more(stripe: StripePayments, control: httpx.Client) -> None:
    order = first_paid(stripe, control, "k9")
    for key in ("card-gone:k9", "card-gone:k9", "after its key was forgotten"):
        stripe.detach_card(order.payment_method_id, key=key)
    stripe.detach_card("pm_that_was_deleted", key="card-gone:deleted")
    charge = stripe.open_charge(order, SECOND, key="inst:k9").id
    for key in ("inst:k9:1", "inst:k9:2"):
        gone = stripe.confirm_charge(charge, card_id=order.payment_method_id, key=key)
        assert (gone.status, gone.card_gone) == (ChargeStatus.DECLINED, True)
        assert gone.failure == f"gone:{order.payment_method_id}"
    assert stripe.cancel_charge(charge).status is ChargeStatus.CANCELLED
