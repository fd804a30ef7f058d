"""Keys, parameters, refusals, idempotency and pages of lists, as the real library sees them."""

from __future__ import annotations

import httpx
import pytest
import stripe

from sandbox.stripe.routes import ENDPOINTS


def test_a_wrong_key_is_refused(shop):
    with pytest.raises(stripe.AuthenticationError, match="Invalid API Key provided: sk_test_"):
        shop.client_with("sk_test_somebody_else").v1.customers.list()


def test_no_key_is_refused(shop):
    answer = shop.http.get("/stripe/v1/customers")
    assert answer.status_code == 401
    assert "You did not provide an API key" in answer.json()["error"]["message"]


def test_an_unknown_address_is_refused(shop):
    headers = {"Authorization": "Bearer sk_test_sandbox"}
    answer = shop.http.get("/stripe/v1/nonsense", headers=headers)
    assert answer.status_code == 404
    assert answer.json()["error"]["message"].startswith("Unrecognized request URL (GET: /v1/nonsense)")


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"nickname": "x"}, "parameter_unknown", "nickname"),
        ({"address": {"planet": "Mars"}}, "parameter_unknown", "address[planet]"),
        ({"email": "nobody"}, "email_invalid", "email"),
    ],
)
def test_parameters_are_checked(shop, params, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.client.v1.customers.create(params)
    assert (refusal.value.code, refusal.value.param, refusal.value.http_status) == (code, param, 400)


def test_all_unknown_parameters_are_named(shop):
    with pytest.raises(stripe.InvalidRequestError, match="Received unknown parameters: first, second"):
        shop.client.v1.customers.create({"first": "1", "second": "2"})


def test_a_missing_parameter_is_named(shop):
    with pytest.raises(stripe.InvalidRequestError, match=r"Missing required param: currency\.") as refusal:
        shop.client.v1.payment_intents.create({"amount": 1000})
    assert (refusal.value.code, refusal.value.param) == ("parameter_missing", "currency")


@pytest.mark.parametrize("amount", ["12.5", "many", "-1", ""])
def test_a_bad_amount_is_refused(shop, amount):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.client.v1.payment_intents.create({"amount": amount, "currency": "eur"})
    assert refusal.value.param == "amount"
    assert refusal.value.code in {"parameter_invalid_integer", "parameter_invalid_empty"}


def test_too_much_metadata_is_refused(shop):
    client = shop.client.v1.customers
    client.create({"metadata": {"k" * 40: "v" * 500}})
    for metadata in ({"k" * 41: "v"}, {"k": "v" * 501}, {f"k{n}": "v" for n in range(51)}):
        with pytest.raises(stripe.InvalidRequestError):
            client.create({"metadata": metadata})


def test_metadata_is_merged_and_emptied(shop):
    customer = shop.client.v1.customers.create({"metadata": {"a": "1", "b": "2"}})
    updated = shop.client.v1.customers.update(customer.id, {"metadata": {"a": "", "c": "3"}})
    assert updated.metadata.to_dict() == {"b": "2", "c": "3"}


@pytest.mark.parametrize(
    ("resource", "noun"),
    [
        ("customers", "customer"),
        ("charges", "charge"),
        ("payment_intents", "payment_intent"),
        ("refunds", "refund"),
        ("events", "event"),
        ("coupons", "coupon"),
        ("promotion_codes", "promotion code"),
        ("payment_methods", "PaymentMethod"),
    ],
)
def test_what_does_not_exist_is_not_found(shop, resource, noun):
    with pytest.raises(stripe.InvalidRequestError, match=f"No such {noun}: 'xx_1'") as refusal:
        getattr(shop.client.v1, resource).retrieve("xx_1")
    assert (refusal.value.code, refusal.value.http_status) == ("resource_missing", 404)


def test_every_answer_has_a_request_id_and_the_version(shop):
    response = shop.client.v1.customers.create({}).last_response
    assert response.request_id.startswith("req_")
    assert response.headers["Stripe-Version"] == stripe.api_version


def test_the_same_key_brings_the_same_answer(shop):
    options = {"idempotency_key": "order-1"}
    first = shop.client.v1.customers.create({"name": "Aïcha"}, options)
    again = shop.client.v1.customers.create({"name": "Aïcha"}, options)
    assert again.id == first.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert len(shop.client.v1.customers.list().data) == 1


def test_the_same_key_for_something_else_is_refused(shop):
    options = {"idempotency_key": "order-1"}
    shop.client.v1.customers.create({"name": "Aïcha"}, options)
    with pytest.raises(stripe.IdempotencyError, match="same parameters") as refusal:
        shop.client.v1.customers.create({"name": "Lucas"}, options)
    assert refusal.value.http_status == 400
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        shop.client.v1.products.create({"name": "Aïcha"}, options)


def test_a_key_is_forgotten_after_a_day(shop):
    options = {"idempotency_key": "order-1"}
    first = shop.client.v1.customers.create({"name": "Aïcha"}, options)
    shop.move(24 * 3600 - 1)
    assert shop.client.v1.customers.create({"name": "Aïcha"}, options).id == first.id
    shop.move(1)
    assert shop.client.v1.customers.create({"name": "Aïcha"}, options).id != first.id


def test_a_refused_parameter_does_not_use_up_the_key(shop):
    options = {"idempotency_key": "order-1"}
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.customers.create({"email": "nobody"}, options)
    assert shop.client.v1.customers.create({"email": "a@example.fr"}, options).email == "a@example.fr"


def test_a_declined_payment_is_kept_by_the_key(shop):
    params = {"amount": 1000, "currency": "eur", "confirm": True, "payment_method": "pm_card_visa_chargeDeclined"}
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            shop.client.v1.payment_intents.create(params, {"idempotency_key": "inst-1"})
    assert len(shop.client.v1.payment_intents.list().data) == 1


def test_a_lost_answer_and_the_library_s_retry_make_one_object(shop):
    shop.fail("stripe", "drop", method="POST /v1/customers", times=1)
    customer = shop.client_with("sk_test_sandbox", retries=1).v1.customers.create({"name": "Aïcha"})
    assert customer.last_response.headers["Idempotent-Replayed"] == "true"
    assert [c.id for c in shop.client.v1.customers.list().data] == [customer.id]


@pytest.mark.parametrize(
    ("kind", "error"),
    [("5xx", stripe.APIError), ("429", stripe.RateLimitError), ("disconnect", stripe.APIConnectionError)],
)
def test_faults_do_nothing_but_refuse(shop, kind, error):
    shop.fail("stripe", kind)
    with pytest.raises(error):
        shop.client.v1.customers.create({})
    assert shop.client.v1.customers.list().data == []


def test_lists_are_cut_in_pages_newest_first(shop):
    made = [shop.client.v1.customers.create({"name": str(n)}).id for n in range(5)]
    first = shop.client.v1.customers.list({"limit": 2})
    assert ([c.id for c in first.data], first.has_more) == (made[:2:-1], True)
    rest = shop.client.v1.customers.list({"limit": 3, "starting_after": made[3]})
    assert ([c.id for c in rest.data], rest.has_more) == (made[2::-1], False)
    before = shop.client.v1.customers.list({"limit": 1, "ending_before": made[2]})
    assert ([c.id for c in before.data], before.has_more) == ([made[3]], True)
    assert [c.id for c in shop.client.v1.customers.list({"limit": 2}).auto_paging_iter()] == made[::-1]


def test_a_list_takes_at_most_a_hundred(shop):
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.customers.list({"limit": 101})


def test_lists_are_filtered_by_creation(shop):
    early = shop.client.v1.customers.create({})
    shop.move(60)
    late = shop.client.v1.customers.create({})
    ids = {c.id for c in shop.client.v1.customers.list({"created": {"gte": late.created}}).data}
    assert ids == {late.id}
    assert [c.id for c in shop.client.v1.customers.list({"created": early.created}).data] == [early.id]


def test_expansions_go_through_several_objects(shop):
    session = shop.paid()
    found = shop.retrieve(session.id, "payment_intent.latest_charge.balance_transaction", "line_items")
    assert found.payment_intent.latest_charge.balance_transaction.amount == 45_000
    assert [item.amount_total for item in found.line_items.data] == [45_000]
    listed = shop.client.v1.payment_intents.list({"expand": ["data.latest_charge"]}).data
    assert listed[0].latest_charge.status == "succeeded"


@pytest.mark.parametrize("path", ["nonsense", "metadata", "amount_total", "payment_intent.nonsense"])
def test_what_cannot_be_expanded_is_refused(shop, path):
    session = shop.paid()
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        shop.retrieve(session.id, path)


def test_deleted_customers_are_gone(shop):
    customer = shop.client.v1.customers.create({})
    assert shop.client.v1.customers.delete(customer.id).deleted
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        shop.client.v1.customers.retrieve(customer.id)


def test_calls_are_recorded_without_the_key(shop):
    shop.client.v1.customers.create({"name": "Aïcha"}, {"idempotency_key": "k-1"})
    line = shop.http.get("/control/record", params={"service": "stripe"}).json()["lines"][-1]
    assert (line["method"], line["status"]) == ("POST /v1/customers", 200)
    assert line["arguments"] == {"name": "Aïcha", "Idempotency-Key": "k-1"}
    assert "sk_test_sandbox" not in str(line)


def test_every_parameter_is_one_that_the_library_knows():
    """No parameter of ours is one that Stripe, in the library's version, would refuse."""
    pairs = {
        "/v1/checkout/sessions": stripe.params.checkout.SessionCreateParams,
        "/v1/payment_intents": stripe.params.PaymentIntentCreateParams,
        "/v1/payment_intents/{id}/confirm": stripe.params.PaymentIntentConfirmParams,
        "/v1/refunds": stripe.params.RefundCreateParams,
        "/v1/customers": stripe.params.CustomerCreateParams,
        "/v1/coupons": stripe.params.CouponCreateParams,
        "/v1/promotion_codes": stripe.params.PromotionCodeCreateParams,
        "/v1/prices": stripe.params.PriceCreateParams,
        "/v1/products": stripe.params.ProductCreateParams,
    }
    posts = {endpoint.path: set(endpoint.fields) for endpoint in ENDPOINTS if endpoint.method == "POST"}
    for path, known in pairs.items():
        assert posts[path] <= set(known.__annotations__), path


def test_badly_formed_parameters_are_named(shop):
    headers = {"Authorization": "Bearer sk_test_sandbox"}
    with httpx.Client(base_url=shop.box.base_url, headers=headers, trust_env=False) as http:
        assert http.get("/stripe/v1/customers?created[gte]=abc").json()["error"]["param"] == "created[gte]"
        assert http.post("/stripe/v1/customers", content="metadata=flat").json()["error"]["param"] == "metadata"
