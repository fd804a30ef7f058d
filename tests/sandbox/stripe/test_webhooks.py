"""Webhooks: signed, tried again on the clock, repeated and disordered on demand."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import stripe


def completed(receiver):
    return [kind for kind in receiver.types() if kind == "checkout.session.completed"]


def settle(shop):
    shop.move(0)


def test_events_arrive_signed_with_real_time(shop, receiver):
    session = shop.paid()
    settle(shop)
    payload, signature = receiver.received[-1]
    event = shop.client.construct_event(payload.decode(), signature, "whsec_test", tolerance=300)
    assert (event.type, event.data.object.id) == ("checkout.session.completed", session.id)
    assert event.created == int(datetime(2026, 3, 2, 9, 0, tzinfo=UTC).timestamp())
    with pytest.raises(stripe.SignatureVerificationError):
        shop.client.construct_event(payload.decode(), signature, "whsec_other")
    with pytest.raises(stripe.SignatureVerificationError):
        shop.client.construct_event(payload.decode() + " ", signature, "whsec_test")


def test_nothing_is_sent_without_a_target(shop, receiver):
    shop.post("stripe/webhook", url=None)
    shop.paid()
    settle(shop)
    assert receiver.received == []
    assert shop.events("checkout.session.completed")[0].pending_webhooks == 0


def test_a_failed_event_is_tried_again_on_the_clock(shop, receiver):
    receiver.answers = [500, 500]
    customer = shop.client.v1.customers.create({})
    settle(shop)
    assert shop.events()[0].pending_webhooks == 1
    shop.move(299)
    assert len(receiver.received) == 1
    shop.move(1)
    assert len(receiver.received) == 2
    shop.move(1800)
    assert len(receiver.received) == 3
    shop.move(3 * 86_400)
    assert len(receiver.received) == 3
    assert shop.events()[0].pending_webhooks == 0
    ids = {json.loads(payload)["id"] for payload, _ in receiver.received}
    assert len(ids) == 1
    assert json.loads(receiver.received[0][0])["data"]["object"]["id"] == customer.id


def test_an_event_is_given_up_after_three_days(shop, receiver):
    receiver.answers = [500] * 100
    shop.client.v1.customers.create({})
    settle(shop)
    for _ in range(24 * 4):
        shop.move(3600)
    tries = len(receiver.received)
    assert 9 <= tries <= 12
    shop.move(10 * 86_400)
    assert len(receiver.received) == tries


def test_a_repeated_event(shop, receiver):
    shop.fail("webhooks", "repeat", method="checkout.session.completed")
    shop.paid()
    settle(shop)
    assert len(completed(receiver)) == 2
    assert len(shop.events("checkout.session.completed")) == 1


def test_a_dropped_event_comes_with_the_next_try(shop, receiver):
    shop.fail("webhooks", "drop", method="checkout.session.completed")
    shop.paid()
    settle(shop)
    assert completed(receiver) == []
    shop.move(300)
    assert len(completed(receiver)) == 1


def test_a_delayed_event(shop, receiver):
    shop.fail("webhooks", "delay", method="checkout.session.completed", seconds=60)
    shop.paid()
    shop.move(59)
    assert completed(receiver) == []
    shop.move(1)
    assert len(completed(receiver)) == 1


def test_disordered_events(shop, receiver):
    shop.fail("webhooks", "disorder", method="charge.succeeded")
    shop.paid()
    settle(shop)
    types = receiver.types()
    assert types.index("payment_intent.succeeded") < types.index("charge.succeeded")


def test_an_endpoint_of_its_own_gets_what_it_asked_for(shop, receiver):
    shop.post("stripe/webhook", url=None)
    endpoint = shop.client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["customer.created"]})
    shop.paid(customer_creation="always")
    settle(shop)
    assert receiver.types() == ["customer.created"]
    payload, signature = receiver.received[0]
    shop.client.construct_event(payload.decode(), signature, endpoint.secret)
    with pytest.raises(AttributeError):
        _ = shop.client.v1.webhook_endpoints.retrieve(endpoint.id).secret


def test_events_are_listed_by_type_and_page(shop):
    shop.paid()
    succeeded = shop.client.v1.events.list({"type": "*.succeeded"})
    assert [e.type for e in succeeded.data] == ["payment_intent.succeeded", "charge.succeeded"]
    rest = shop.client.v1.events.list({"type": "*.succeeded", "starting_after": succeeded.data[0].id})
    assert [e.type for e in rest.data] == ["charge.succeeded"]


def test_events_name_the_request_that_caused_them(shop):
    customer = shop.client.v1.customers.create({}, {"idempotency_key": "k-1"})
    (event,) = shop.events("customer.created")
    assert event.request.to_dict() == {"id": customer.last_response.request_id, "idempotency_key": "k-1"}
    shop.paid()
    assert shop.events("checkout.session.completed")[0].request.id is None


def test_events_are_forgotten_after_thirty_days(shop):
    shop.client.v1.customers.create({})
    shop.move(31 * 86_400)
    assert shop.events() == []
