"""Checkout sessions: what is accepted, what they cost, how they are paid and how they expire."""

from __future__ import annotations

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from sandbox.stripe.amounts import discount_of, spread


def refusal(shop, **params):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.session(**params)
    return refused.value


def test_a_session_is_open_with_a_page(shop):
    session = shop.session(client_reference_id="ord_1", metadata={"order": "1"}, locale="fr")
    assert (session.status, session.payment_status, session.amount_total) == ("open", "unpaid", 45_000)
    assert session.payment_intent is None
    assert session.url == f"{shop.box.base_url}/checkout/{session.id}"
    assert session.expires_at == shop.now + 24 * 3600
    assert (session.client_reference_id, session.metadata.to_dict(), session.locale) == ("ord_1", {"order": "1"}, "fr")


def test_lines_can_be_priced_on_the_spot(shop):
    data = {"currency": "eur", "unit_amount": 1250, "product_data": {"name": "Carnet"}}
    session = shop.session(line_items=[{"price_data": data, "quantity": 3}])
    items = shop.client.v1.checkout.sessions.line_items.list(session.id).data
    assert (session.amount_total, items[0].description, items[0].quantity) == (3750, "Carnet", 3)


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"payment_method_types": ["card"]}, "payment_method_types"),
        ({"mode": "subscription"}, "mode"),
        ({"ui_mode": "hosted"}, "ui_mode"),
        ({"success_url": "merci"}, "success_url"),
        ({"customer": "cus_nobody"}, "customer"),
        ({"line_items": [{"price": "price_none", "quantity": 1}]}, "line_items[0][price]"),
        ({"payment_intent_data": {"setup_future_usage": "sometimes"}}, "payment_intent_data[setup_future_usage]"),
        ({"excluded_payment_method_types": ["barter"]}, "excluded_payment_method_types[0]"),
        ({"allow_promotion_codes": True, "discounts": [{"coupon": "x"}]}, "allow_promotion_codes"),
    ],
)
def test_bad_parameters_are_refused(shop, params, param):
    assert refusal(shop, **params).param == param


def test_customer_and_customer_creation_exclude_each_other(shop):
    customer = shop.client.v1.customers.create({})
    assert "You may only specify one" in str(refusal(shop, customer=customer.id, customer_creation="always"))


def test_an_inactive_price_is_refused(shop):
    price = shop.price()
    shop.client.v1.prices.update(price, {"active": False})
    assert "inactive" in str(refusal(shop, line_items=[{"price": price, "quantity": 1}]))


@pytest.mark.parametrize(("seconds", "accepted"), [(1799, False), (1800, True), (86_400, True), (86_401, False)])
def test_the_expiry_is_between_half_an_hour_and_a_day(shop, seconds, accepted):
    expires_at = shop.now + seconds
    if accepted:
        assert shop.session(expires_at=expires_at).expires_at == expires_at
    else:
        assert refusal(shop, expires_at=expires_at).param == "expires_at"


def test_excluded_means_of_payment_are_not_offered(shop):
    session = shop.session(excluded_payment_method_types=["klarna", "alma", "sepa_debit"])
    assert session.payment_method_types == ["card", "link"]


def test_a_session_expires_by_the_clock(shop):
    session = shop.session(expires_at=shop.now + 1800)
    shop.move(1799)
    assert shop.retrieve(session.id).status == "open"
    shop.move(1)
    expired = shop.retrieve(session.id)
    assert (expired.status, expired.url) == ("expired", None)
    (event,) = shop.events("checkout.session.expired")
    assert (event.data.object.id, event.created) == (session.id, shop.now)
    assert shop.pay(session)["result"] == "expired"


def test_a_session_expires_on_request_once(shop):
    session = shop.session()
    assert shop.client.v1.checkout.sessions.expire(session.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError, match="status of expired"):
        shop.client.v1.checkout.sessions.expire(session.id)
    shop.move(2 * 86_400)
    assert len(shop.events("checkout.session.expired")) == 1


def test_an_expired_session_cancels_the_payment_it_tried(shop):
    session = shop.session()
    shop.pay(session, "4000000000000002")
    intent = shop.retrieve(session.id).payment_intent
    shop.client.v1.checkout.sessions.expire(session.id)
    assert shop.client.v1.payment_intents.retrieve(intent).status == "canceled"


def test_a_paid_session_does_not_expire(shop):
    session = shop.paid()
    shop.move(2 * 86_400)
    assert shop.retrieve(session.id).status == "complete"
    assert shop.events("checkout.session.expired") == []


def test_an_expired_session_can_be_recovered(shop):
    session = shop.session(after_expiration={"recovery": {"enabled": True}})
    shop.move(86_400)
    link = shop.retrieve(session.id).after_expiration.recovery.url
    answer = shop.http.get(link)
    recovered = shop.retrieve(answer.headers["location"].removeprefix("/checkout/"))
    assert (recovered.status, recovered.recovered_from, recovered.amount_total) == ("open", session.id, 45_000)
    shop.move(31 * 86_400)
    assert shop.http.get(link).status_code == 404


def test_paying_completes_the_session(shop):
    data = {"metadata": {"order": "1"}, "description": "Parcours"}
    session = shop.session(customer_creation="always", payment_intent_data=data)
    assert shop.pay(session, email="claire@example.fr", name="Claire Martin")["result"] == "paid"
    paid = shop.retrieve(session.id, "payment_intent.latest_charge", "customer")
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert (paid.customer.email, paid.customer_details.email) == ("claire@example.fr", "claire@example.fr")
    intent = paid.payment_intent
    assert (intent.status, intent.amount_received, intent.metadata.to_dict()) == ("succeeded", 45_000, {"order": "1"})
    assert (intent.latest_charge.amount_captured, intent.latest_charge.description) == (45_000, "Parcours")


def test_the_events_of_a_payment(shop):
    shop.paid(customer_creation="always")
    types = [t for t in shop.event_types() if not t.startswith(("product", "price"))]
    assert types == [
        "customer.created",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_events_keep_the_object_as_it_was(shop):
    session = shop.paid()
    shop.client.v1.checkout.sessions.update(session.id, {"metadata": {"late": "1"}})
    (event,) = shop.events("checkout.session.completed")
    assert event.data.object.metadata.to_dict() == {}
    assert event.api_version == stripe.api_version


def test_a_session_is_paid_once(shop):
    session = shop.paid()
    assert "complete" in shop.refused("stripe/pay", session=session.id)
    assert len(shop.client.v1.charges.list().data) == 1


@pytest.mark.parametrize(
    ("card", "code"),
    [("4000 0000 0000 0002", "generic_decline"), ("4000000000009995", "insufficient_funds")],
)
def test_a_declined_card_leaves_the_session_open(shop, card, code):
    session = shop.session()
    answer = shop.pay(session, card)
    assert (answer["result"], answer["decline_code"]) == ("declined", code)
    kept = shop.retrieve(session.id, "payment_intent")
    assert (kept.status, kept.payment_intent.status) == ("open", "requires_payment_method")
    assert kept.payment_intent.last_payment_error.decline_code == code
    assert shop.pay(session)["result"] == "paid"
    assert [charge.status for charge in shop.client.v1.charges.list().data] == ["succeeded", "failed"]


def test_authentication_is_asked_and_passed(shop):
    session = shop.session()
    assert shop.pay(session, "4000002500003155")["result"] == "authentication_required"
    assert shop.retrieve(session.id, "payment_intent").payment_intent.status == "requires_action"
    assert shop.pay(session, "4000002500003155", authenticate=True)["result"] == "paid"
    assert len(shop.events("payment_intent.requires_action")) == 1


def test_terms_must_be_accepted(shop):
    session = shop.session(consent_collection={"terms_of_service": "required"})
    assert "terms" in shop.refused("stripe/pay", session=session.id, accept_terms=False)
    shop.pay(session)
    assert shop.retrieve(session.id).consent.terms_of_service == "accepted"


def test_an_unknown_card_is_refused(shop):
    assert "test cards" in shop.refused("stripe/pay", session=shop.session().id, card="1234")


def test_an_invoice_is_made_on_request(shop):
    session = shop.paid(invoice_creation={"enabled": True, "invoice_data": {"description": "Parcours"}})
    invoice = shop.client.v1.invoices.retrieve(session.invoice)
    assert (invoice.total, invoice.status, invoice.description) == (45_000, "paid", "Parcours")


def test_sessions_are_found_by_payment_and_by_payer(shop):
    paid = shop.session()
    shop.pay(paid, email="claire@example.fr")
    shop.session()
    sessions = shop.client.v1.checkout.sessions
    intent = shop.retrieve(paid.id).payment_intent
    for filters in (
        {"payment_intent": intent},
        {"customer_details": {"email": "claire@example.fr"}},
        {"status": "complete"},
    ):
        assert [s.id for s in sessions.list(filters).data] == [paid.id]


# Promotion codes and discounts


def test_a_code_lowers_the_price(shop):
    shop.code("LYON10")
    session = shop.session(45_055, allow_promotion_codes=True)
    shop.pay(session, promotion_code="lyon10")
    paid = shop.retrieve(session.id, "payment_intent", "total_details.breakdown")
    assert (paid.amount_subtotal, paid.total_details.amount_discount, paid.amount_total) == (45_055, 4506, 40_549)
    assert paid.payment_intent.amount == 40_549
    assert paid.total_details.breakdown.discounts[0].amount == 4506


def test_a_discount_can_be_given_by_the_shop(shop):
    code = shop.code(coupon={"amount_off": 5000, "currency": "eur"})
    session = shop.session(discounts=[{"promotion_code": code.id}])
    assert (session.amount_total, session.discounts[0].promotion_code) == (40_000, code.id)


def test_a_free_order_needs_no_payment(shop):
    shop.code("GRATUIT", coupon={"percent_off": 100})
    session = shop.session(allow_promotion_codes=True, customer_creation="always")
    shop.pay(session, "4000000000000002")
    assert shop.pay(session, promotion_code="GRATUIT")["result"] == "paid"
    paid = shop.retrieve(session.id)
    assert (paid.payment_status, paid.payment_intent, paid.amount_total) == ("no_payment_required", None, 0)
    assert paid.customer is not None


def test_a_code_is_used_up(shop):
    code = shop.code("UNE-FOIS", max_redemptions=1)
    first, second = (shop.session(allow_promotion_codes=True) for _ in range(2))
    shop.pay(first, promotion_code="UNE-FOIS")
    used = shop.client.v1.promotion_codes.retrieve(code.id)
    assert (used.times_redeemed, used.active) == (1, False)
    assert "no active promotion code" in shop.refused("stripe/pay", session=second.id, promotion_code="UNE-FOIS")


def test_a_code_typed_too_early_is_not_redeemed_twice(shop):
    shop.code("UNE-FOIS", max_redemptions=1)
    first, second = (shop.session(allow_promotion_codes=True) for _ in range(2))
    shop.http.post(f"/checkout/{first.id}", data={"act": "apply_code", "promotion_code": "UNE-FOIS"})
    shop.pay(second, promotion_code="UNE-FOIS")
    assert "expired" in shop.refused("stripe/pay", session=first.id)
    assert shop.retrieve(first.id).amount_total == 45_000


def test_a_code_expires(shop):
    shop.code("MARS", expires_at=shop.now + 60)
    shop.move(60)
    session = shop.session(allow_promotion_codes=True)
    shop.refused("stripe/pay", session=session.id, promotion_code="MARS")
    assert shop.client.v1.promotion_codes.list({"active": True}).data == []


def test_codes_are_only_taken_where_they_are_allowed(shop):
    shop.code("LYON10")
    assert "takes no promotion codes" in shop.refused("stripe/pay", session=shop.session().id, promotion_code="LYON10")


def test_a_code_for_first_orders(shop):
    code = shop.code("BIENVENUE", restrictions={"first_time_transaction": True})
    customer = shop.client.v1.customers.create({}).id
    first = shop.session(customer=customer, discounts=[{"promotion_code": code.id}])
    shop.pay(first)
    assert "prior transactions" in str(refusal(shop, customer=customer, discounts=[{"promotion_code": code.id}]))


def test_two_active_codes_have_different_texts(shop):
    code = shop.code("LYON10")
    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        shop.code("lyon10")
    shop.client.v1.promotion_codes.update(code.id, {"active": False})
    assert shop.code("lyon10").active


def test_a_code_s_coupon_is_inside_promotion(shop):
    coupon = shop.client.v1.coupons.create({"percent_off": 25.5})
    with pytest.raises(stripe.InvalidRequestError, match="Received unknown parameter: coupon"):
        shop.client.v1.promotion_codes.create({"coupon": coupon.id, "code": "X"})
    assert coupon.percent_off == 25.5


def test_a_total_too_small_to_be_charged_is_refused(shop):
    assert refusal(shop, line_items=[{"price": shop.price(49), "quantity": 1}]).code == "amount_too_small"


@given(st.integers(0, 10**7), st.decimals("0.01", "100", places=2))
def test_a_percentage_is_rounded_half_up_to_the_cent(subtotal, percent):
    discount = discount_of({"amount_off": None, "_percent_off": percent}, subtotal)
    assert 0 <= discount <= subtotal
    exact_times_10000 = subtotal * int(percent * 100)
    assert -5000 < exact_times_10000 - discount * 10_000 <= 5000 or discount * 10_000 - exact_times_10000 == 5000


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8), st.data())
def test_a_discount_is_spread_to_the_cent(subtotals, data):
    discount = data.draw(st.integers(0, sum(subtotals)))
    shares = spread(discount, subtotals)
    assert sum(shares) == discount
    assert all(0 <= share <= subtotal for share, subtotal in zip(shares, subtotals, strict=True))
