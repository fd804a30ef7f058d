"""Later payments with a kept card, and money given back."""

from __future__ import annotations

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def instalment(shop, first, **params):
    basic = {
        "amount": 15_000,
        "currency": "eur",
        "customer": first.customer,
        "payment_method": first.payment_method,
        "off_session": True,
        "confirm": True,
    }
    return shop.client.v1.payment_intents.create(basic | params)


def declined(shop, first):
    with pytest.raises(stripe.CardError) as refusal:
        instalment(shop, first)
    assert refusal.value.http_status == 402
    return refusal.value


def test_a_kept_card_pays_later(shop):
    first = shop.saved()
    intent = instalment(shop, first, metadata={"n": "2"})
    assert (intent.status, intent.amount_received) == ("succeeded", 15_000)
    assert [m.id for m in shop.client.v1.payment_methods.list({"customer": first.customer}).data] == [
        first.payment_method
    ]


def test_a_card_that_fails_later(shop):
    error = declined(shop, shop.saved("4000000000000341"))
    assert (error.code, error.error.decline_code) == ("card_declined", "generic_decline")
    assert error.error.payment_intent.status == "requires_payment_method"
    assert shop.events("payment_intent.payment_failed")[0].data.object.amount == 15_000


def test_a_card_that_always_asks_for_authentication(shop):
    first = shop.saved("4000002760003184", authenticate=True)
    error = declined(shop, first)
    assert (error.code, error.error.decline_code) == ("authentication_required", "authentication_required")


def test_a_card_that_was_set_up_needs_no_more_authentication(shop):
    assert instalment(shop, shop.saved("4000002500003155", authenticate=True)).status == "succeeded"


def test_a_card_that_was_not_set_up_needs_authentication(shop):
    customer = shop.client.v1.customers.create({}).id
    method = shop.client.v1.payment_methods.attach("pm_card_authenticationRequiredOnSetup", {"customer": customer})
    with pytest.raises(stripe.CardError) as refusal:
        shop.client.v1.payment_intents.create(
            {"amount": 1000, "currency": "eur", "customer": customer, "payment_method": method.id,
             "off_session": True, "confirm": True}
        )  # fmt: skip
    assert refusal.value.code == "authentication_required"


def test_a_card_that_was_not_kept_cannot_pay_again(shop):
    intent = shop.client.v1.payment_intents.retrieve(shop.paid(customer_creation="always").payment_intent)
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        instalment(shop, intent)


def test_somebody_else_s_card_is_refused(shop):
    first = shop.saved()
    other = shop.client.v1.customers.create({}).id
    with pytest.raises(stripe.InvalidRequestError, match="belongs to a Customer"):
        instalment(shop, first, customer=other)


def test_a_detached_card_is_gone_for_good(shop):
    first = shop.saved()
    shop.client.v1.payment_methods.detach(first.payment_method)
    assert shop.client.v1.payment_methods.list({"customer": first.customer}).data == []
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        instalment(shop, first)


def test_off_session_needs_confirm(shop):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.client.v1.payment_intents.create({"amount": 1000, "currency": "eur", "off_session": True})
    assert refusal.value.param == "off_session"


def test_an_intent_step_by_step(shop):
    intents = shop.client.v1.payment_intents
    intent = intents.create({"amount": 1000, "currency": "eur"})
    assert intent.status == "requires_payment_method"
    with pytest.raises(stripe.InvalidRequestError, match="missing a payment method"):
        intents.confirm(intent.id)
    updated = intents.update(intent.id, {"amount": 2000, "payment_method": "pm_card_visa"})
    assert (updated.status, updated.amount) == ("requires_confirmation", 2000)
    assert intents.confirm(intent.id).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError, match="status of succeeded") as refusal:
        intents.cancel(intent.id)
    assert refusal.value.code == "payment_intent_unexpected_state"


def test_a_cancelled_intent_cannot_be_paid(shop):
    intents = shop.client.v1.payment_intents
    intent = intents.create({"amount": 1000, "currency": "eur", "payment_method": "pm_card_visa"})
    cancelled = intents.cancel(intent.id, {"cancellation_reason": "requested_by_customer"})
    assert (cancelled.status, cancelled.cancellation_reason) == ("canceled", "requested_by_customer")
    with pytest.raises(stripe.InvalidRequestError, match="status of canceled"):
        intents.confirm(intent.id)
    assert len(shop.events("payment_intent.canceled")) == 1


def test_checkout_s_own_intent_is_not_cancelled_behind_its_back(shop):
    session = shop.session()
    shop.pay(session, "4000000000000002")
    with pytest.raises(stripe.InvalidRequestError, match="created by Checkout"):
        shop.client.v1.payment_intents.cancel(shop.retrieve(session.id).payment_intent)


# Bank debits


def test_a_bank_debit_is_answered_days_later(shop):
    session = shop.session()
    assert shop.pay(session, "AT61 1904 3002 3457 3201")["result"] == "pending"
    pending = shop.retrieve(session.id, "payment_intent")
    assert (pending.status, pending.payment_status) == ("complete", "unpaid")
    assert pending.payment_intent.status == "processing"
    shop.move(5 * 86_400)
    assert shop.retrieve(session.id).payment_status == "paid"
    assert shop.event_types()[-1] == "checkout.session.async_payment_succeeded"


def test_a_bank_debit_can_fail(shop):
    session = shop.session()
    shop.pay(session, "AT861904300235473202")
    shop.move(5 * 86_400)
    assert shop.retrieve(session.id).payment_status == "unpaid"
    assert shop.event_types()[-1] == "checkout.session.async_payment_failed"


def test_a_bank_debit_that_is_not_offered(shop):
    session = shop.session(excluded_payment_method_types=["sepa_debit"])
    assert "does not offer sepa_debit" in shop.refused("stripe/pay", session=session.id, card="AT611904300234573201")


# Refunds


def refund(shop, intent, **params):
    return shop.client.v1.refunds.create({"payment_intent": intent, **params})


def charge_of(shop, intent):
    return shop.client.v1.payment_intents.retrieve(intent, {"expand": ["latest_charge"]}).latest_charge


def test_a_part_then_the_rest_is_refunded(shop):
    intent = shop.paid().payment_intent
    part = refund(shop, intent, amount=5_000, reason="requested_by_customer", metadata={"case": "1"})
    assert (part.amount, part.status, part.metadata.to_dict()) == (5_000, "succeeded", {"case": "1"})
    assert (charge_of(shop, intent).amount_refunded, charge_of(shop, intent).refunded) == (5_000, False)
    assert refund(shop, intent).amount == 40_000
    assert charge_of(shop, intent).refunded
    assert [r.amount for r in shop.client.v1.refunds.list({"payment_intent": intent}).data] == [40_000, 5_000]
    assert shop.event_types()[-4:] == ["refund.created", "charge.refunded"] * 2


def test_more_than_was_paid_is_not_refunded(shop):
    intent = shop.paid().payment_intent
    refund(shop, intent, amount=25_000)
    with pytest.raises(
        stripe.InvalidRequestError,
        match=r"Refund amount \(€250\.00\) is greater than unrefunded amount on charge \(€200\.00\)",
    ):
        refund(shop, intent, amount=25_000)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        refund(shop, intent, amount=20_001)
    refund(shop, intent)
    with pytest.raises(stripe.InvalidRequestError) as again:
        refund(shop, intent)
    assert again.value.code == "charge_already_refunded"


def test_what_was_not_paid_is_not_refunded(shop):
    intent = shop.client.v1.payment_intents.create({"amount": 1000, "currency": "eur"})
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        refund(shop, intent.id)
    with pytest.raises(stripe.InvalidRequestError, match="payment_intent or charge"):
        shop.client.v1.refunds.create({"amount": 100})


def test_a_refund_that_is_pending_first(shop):
    made = refund(shop, shop.paid(card="4000000000007726").payment_intent)
    assert made.status == "pending"
    shop.move(3600)
    assert shop.client.v1.refunds.retrieve(made.id).status == "succeeded"
    assert [e.data.object.status for e in shop.events("refund.updated")] == ["succeeded"]


def test_a_refund_that_fails_later_gives_the_money_back(shop):
    intent = shop.paid(card="4000000000005126").payment_intent
    made = refund(shop, intent)
    assert made.status == "succeeded"
    shop.move(3600)
    failed = shop.client.v1.refunds.retrieve(made.id)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert charge_of(shop, intent).amount_refunded == 0
    assert [e.type for e in shop.events("refund.failed", "refund.updated")] == ["refund.failed", "refund.updated"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 12_000), min_size=1, max_size=6))
def test_what_is_kept_and_what_went_back_always_add_up(shop, amounts):
    intent, given_back = shop.paid(20_000).payment_intent, 0
    for amount in amounts:
        if given_back + amount <= 20_000:
            refund(shop, intent, amount=amount)
            given_back += amount
        else:
            with pytest.raises(stripe.InvalidRequestError):
                refund(shop, intent, amount=amount)
    charge = charge_of(shop, intent)
    assert (charge.amount_captured, charge.amount_refunded) == (20_000, given_back)
    refunds = shop.client.v1.refunds.list({"payment_intent": intent, "limit": 100}).data
    assert sum(r.amount for r in refunds) == given_back
    moved = [t.amount for r in refunds for t in shop.client.v1.balance_transactions.list({"source": r.id}).data]
    assert sum(moved) == -given_back


# Disputes


def test_a_disputed_charge_is_not_refunded(shop):
    intent = shop.paid().payment_intent
    opened = shop.post("stripe/dispute", payment_intent=intent)
    assert (opened["amount"], opened["status"]) == (45_000, "needs_response")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        refund(shop, intent)
    assert refusal.value.code == "charge_disputed"
    shop.refused("stripe/dispute", payment_intent=intent)
    shop.post("stripe/dispute/close", dispute=opened["id"], status="won")
    assert refund(shop, intent).status == "succeeded"
    assert [t for t in shop.event_types() if "dispute" in t] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]


def test_the_account_s_sums(shop):
    refund(shop, shop.paid().payment_intent, amount=5_000)
    shop.post("stripe/dispute", payment_intent=shop.paid(10_000).payment_intent)
    sums = shop.http.get("/control/stripe/state").json()["sums"]
    assert sums == {"captured": 55_000, "refunded": 5_000, "disputed": 10_000, "kept": 40_000}
