"""A whole sandbox on free ports, driven with the real Stripe library; its clock stands still until moved."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
import stripe

from sandbox.background import RunningSandbox, running_sandbox
from sandbox.settings import Settings

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Answer = dict[str, Any]


@dataclass
class Shop:
    """The seller's side (``client``) and the payer's (``pay``, ``page``)."""

    box: RunningSandbox
    http: httpx.Client

    @property
    def client(self) -> stripe.StripeClient:
        """The real library, without its own retries."""
        return self.client_with("sk_test_sandbox")

    def client_with(self, key: str, retries: int = 0) -> stripe.StripeClient:
        """The real library with any key."""
        address = f"{self.box.base_url}/stripe"
        return stripe.StripeClient(key, base_addresses={"api": address}, max_network_retries=retries)

    @property
    def now(self) -> int:
        """The sandbox clock in epoch seconds."""
        return self.box.on_loop(lambda: self.box.sandbox.stripe.epoch)

    def price(self, cents: int = 45_000) -> str:
        """A price of this many cents of a new product."""
        product = self.client.v1.products.create({"name": "Parcours en groupe"})
        return self.client.v1.prices.create({"product": product.id, "currency": "eur", "unit_amount": cents}).id

    def session(self, cents: int = 45_000, **params: Any) -> Any:
        """An open session for one item."""
        basic = {
            "mode": "payment",
            "ui_mode": "hosted_page",
            "line_items": [{"price": self.price(cents), "quantity": 1}],
            "success_url": "https://shop.example/merci?s={CHECKOUT_SESSION_ID}",
        }
        return self.client.v1.checkout.sessions.create(basic | params)

    def code(self, text: str = "LYON10", *, coupon: Answer | None = None, **params: Any) -> Any:
        """A promotion code for a coupon (default: 10 %)."""
        made = self.client.v1.coupons.create(coupon or {"percent_off": 10})
        return self.client.v1.promotion_codes.create(
            {"promotion": {"type": "coupon", "coupon": made.id}, "code": text, **params}
        )

    def retrieve(self, session_id: str, *expand: str) -> Any:
        """The session as it is now."""
        return self.client.v1.checkout.sessions.retrieve(session_id, {"expand": list(expand)})

    def post(self, path: str, **data: Any) -> Answer:
        """A control call that must pass."""
        response = self.http.post(f"/control/{path}", json=data)
        assert response.status_code == 200, response.text
        answer: Answer = response.json()
        return answer

    def refused(self, path: str, **data: Any) -> str:
        """The sentence of a control call that must be refused."""
        response = self.http.post(f"/control/{path}", json=data)
        assert response.status_code == 400, response.text
        return str(response.json()["error"])

    def pay(self, session: Any, card: str = "4242424242424242", **data: Any) -> Answer:
        """Pay as a person would."""
        return self.post("stripe/pay", session=session.id, card=card, **data)

    def paid(self, cents: int = 45_000, card: str = "4242424242424242", **params: Any) -> Any:
        """A session that was paid."""
        session = self.session(cents, **params)
        assert self.pay(session, card)["result"] == "paid"
        return self.retrieve(session.id)

    def saved(self, card: str = "4242424242424242", **pay: Any) -> Any:
        """A first instalment that keeps the card for later ones: the payment intent."""
        session = self.session(customer_creation="always", payment_intent_data={"setup_future_usage": "off_session"})
        assert self.pay(session, card, **pay)["result"] == "paid"
        return self.retrieve(session.id, "payment_intent").payment_intent

    def move(self, seconds: float) -> None:
        """Move the clock and wait until all webhooks have left."""
        self.post("clock/move", seconds=seconds, wait=True)

    def events(self, *types: str) -> list[Any]:
        """The events of these types (all, if none is named), oldest first."""
        found = self.client.v1.events.list({"limit": 100, **({"types": list(types)} if types else {})})
        return list(reversed(found.data))

    def event_types(self) -> list[str]:
        """The types of all events, oldest first."""
        return [event.type for event in self.events()]

    def fail(self, service: str, kind: str, **more: Any) -> None:
        """Switch a fault on."""
        self.post("faults", service=service, kind=kind, **more)


@pytest.fixture(scope="session")
def _shop() -> Iterator[Shop]:
    settings = Settings(port=0, smtp_port=0, start=START)
    with running_sandbox(settings) as box, httpx.Client(base_url=box.base_url, trust_env=False) as http:
        yield Shop(box, http)


@pytest.fixture
def shop(_shop: Shop) -> Shop:
    """An empty account."""
    _shop.post("reset")
    _shop.post("clock/freeze")
    _shop.post("clock/set", now=START.isoformat())
    _shop.post("stripe/webhook", url=None)
    return _shop


@dataclass
class Receiver:
    """A shop's webhook endpoint: keeps what comes in, answers as told (200 when nothing is told)."""

    url: str
    answers: list[int] = field(default_factory=list)
    received: list[tuple[bytes, str]] = field(default_factory=list)

    def types(self) -> list[str]:
        """The types of the events received, in order."""
        return [json.loads(payload)["type"] for payload, _ in self.received]


@pytest.fixture
def receiver(shop: Shop) -> Iterator[Receiver]:
    """A webhook endpoint that the sandbox sends to."""
    kept = Receiver("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            payload = self.rfile.read(int(self.headers["Content-Length"]))
            kept.received.append((payload, self.headers["Stripe-Signature"]))
            self.send_response(kept.answers.pop(0) if kept.answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_port}/webhook"
    shop.post("stripe/webhook", url=kept.url, secret="whsec_test")
    yield kept
    shop.post("stripe/webhook", url=None)
    server.shutdown()
    server.server_close()
    thread.join()
