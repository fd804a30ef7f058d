"""``StripeService``: the account — its objects, events and webhooks — that every call and payer acts on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.record import Recorder
from sandbox.stripe.expand import render
from sandbox.stripe.idempotency import IdempotencyKeys
from sandbox.stripe.store import API_VERSION, Object, Store
from sandbox.stripe.webhooks import Webhooks


@dataclass
class Call:
    """The request that is being answered: its id and idempotency key go into the events it causes."""

    request_id: str | None = None
    idempotency_key: str | None = None


@dataclass
class StripeService:
    """One test account. ``base_url`` is where the hosted page answers.

    ``payment_method_types`` are the means of payment switched on in the account's settings; a session shows
    those that it does not exclude.
    """

    clock: Clock
    recorder: Recorder
    faults: Faults
    webhooks: Webhooks
    api_key: str = "sk_test_sandbox"
    base_url: str = "http://127.0.0.1:8700"
    payment_method_types: tuple[str, ...] = ("card", "link", "klarna", "alma", "sepa_debit")
    store: Store = field(default_factory=Store)
    call: Call = field(default_factory=Call)

    def __post_init__(self) -> None:
        """Idempotency keys age on the account's clock."""
        self.keys = IdempotencyKeys(self.clock)

    @property
    def epoch(self) -> int:
        """The sandbox clock in whole epoch seconds."""
        return int(self.clock.now().timestamp())

    def new(self, kind: str, **fields: Any) -> Object:
        """A new object, created now."""
        return self.store.new(kind, self.epoch, **fields)

    def show(self, found: Object, expand: tuple[str, ...] = ()) -> Object:
        """The object as the API answers it."""
        return render(self.store, found, expand, self.epoch)

    def emit(self, kind: str, found: Object, previous: Object | None = None) -> Object:
        """Keep an event about the object as it is now, and send it to the webhook targets."""
        data: Object = {"object": self.show(found)}
        if previous is not None:
            data["previous_attributes"] = previous
        event = self.new(
            "event",
            type=kind,
            api_version=API_VERSION,
            data=data,
            livemode=False,
            pending_webhooks=0,
            request={"id": self.call.request_id, "idempotency_key": self.call.idempotency_key},
        )
        self.webhooks.send(event, self._endpoints())
        return event

    def later(self, delay: timedelta, action: Any) -> None:
        """Do ``action`` when the delay has passed on the clock; its events come from no request."""
        self.clock.call_later(delay, lambda: self._alone(action))

    def _alone(self, action: Any) -> None:
        self.call = Call()
        action()

    def _endpoints(self) -> list[Object]:
        return [endpoint for endpoint in self.store.all("webhook_endpoint") if endpoint["status"] == "enabled"]

    def reset(self) -> None:
        """An empty account; the webhook target stays."""
        self.store.clear()
        self.keys.clear()
        self.webhooks.reset()
