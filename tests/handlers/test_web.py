"""HTTP: forged webhooks are refused, true ones settle, repeats change nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
import time

import pytest
from flask.testing import FlaskClient
from slack_bolt import App
from slack_sdk import WebClient

from handlers.registration import register_all
from handlers.web import make_web
from programme.errors import Retryable
from programme.messages.orders import OrderConfirmed
from programme.model.order import OrderStatus
from programme.usecases import delivery
from tests.builders import current, ordered
from tests.conftest import World
from tests.handlers.conftest import Bolt

SECRET = "whsec_test"


def check(payload: bytes, signature: str) -> tuple[str, str, str]:
    """Accept what carries our own mark; the true signature check is the gateway's and tested there."""
    if signature != SECRET:
        raise ValueError(signature)
    event = json.loads(payload)
    return event["id"], event["type"], event["session"]


@pytest.fixture
def web(world: World) -> FlaskClient:
    return make_web(world.ports, slack=None, check_signature=check).test_client()


def send(web: FlaskClient, session: str, *, signature: str = SECRET, kind: str = "checkout.session.completed") -> int:
    event = {"id": "evt_1", "type": kind, "session": session}
    return web.post("/stripe/webhook", json=event, headers={"Stripe-Signature": signature}).status_code


def test_a_true_webhook_settles_and_a_repeat_changes_nothing(world: World, web: FlaskClient) -> None:
    order = ordered(world, "ULEA")
    world.payments.pay(order.checkout_id)
    assert [send(web, order.checkout_id) for _ in range(3)] == [200, 200, 200]
    delivery.deliver_all(world.ports)
    assert current(world, order.id).status is OrderStatus.PAID
    assert len(world.workspace.said(OrderConfirmed)) == 1


def test_a_forged_webhook_is_refused(world: World, web: FlaskClient) -> None:
    order = ordered(world, "ULEA")
    world.payments.pay(order.checkout_id)
    assert send(web, order.checkout_id, signature="forged") == 400
    assert current(world, order.id).status is OrderStatus.PLACED


def test_a_webhook_that_lies_about_the_payment_settles_nothing(world: World, web: FlaskClient) -> None:
    order = ordered(world, "ULEA")
    assert send(web, order.checkout_id) == 200
    assert current(world, order.id).status is OrderStatus.PLACED


def test_when_stripe_is_away_the_webhook_is_to_come_again(world: World, web: FlaskClient) -> None:
    order = ordered(world, "ULEA")
    world.payments.fail_next = [Retryable("down")]
    assert send(web, order.checkout_id) == 503


def test_health_and_the_pages_after_payment(web: FlaskClient) -> None:
    assert web.get("/healthz").data == b"ok\n"
    assert 'lang="fr"' in web.get("/paiement/merci").text
    assert "rien n’a été débité" in web.get("/paiement/interrompu").text


def test_slack_may_come_by_http_when_its_signature_is_right(bolt: Bolt) -> None:
    app = App(
        client=WebClient(token="xoxb-test", base_url=bolt.api.url),
        token="xoxb-test",
        signing_secret="s3cret",
        token_verification_enabled=False,
        process_before_response=True,
    )
    register_all(app, bolt.world.ports)
    web = make_web(bolt.world.ports, slack=app, check_signature=None).test_client()
    body = json.dumps({"type": "url_verification", "challenge": "abc"})
    now = str(int(time.time()))
    signature = "v0=" + hmac.new(b"s3cret", f"v0:{now}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": signature, "Content-Type": "application/json"}
    assert "abc" in web.post("/slack/events", data=body, headers=headers).text
    headers["X-Slack-Signature"] = "v0=0"
    assert web.post("/slack/events", data=body, headers=headers).status_code == 401
