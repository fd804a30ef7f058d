"""``/v1/events`` and ``/v1/webhook_endpoints``."""

from __future__ import annotations

from fnmatch import fnmatchcase

from sandbox.stripe.api import Endpoint, Params, create, created_filter, delete, listing, retrieve
from sandbox.stripe.params import Boolean, Field, ListOf, Metadata, Text, Url, merge_metadata
from sandbox.stripe.service import StripeService
from sandbox.stripe.store import Object, random_id, within


def _list_events(service: StripeService, _: str, params: Params) -> list[Object]:
    """Events of the last 30 days, of the wanted types (``charge.*`` takes a family)."""
    wanted = params.get("types") or [params.get("type", "*")]
    horizon = service.epoch - 30 * 86_400
    return [
        event
        for event in service.store.all("event")
        if any(fnmatchcase(event["type"], pattern) for pattern in wanted)
        and event["created"] >= horizon
        and within(event["created"], params.get("created", {}))
        and params.get("delivery_success") in {None, event["pending_webhooks"] == 0}
    ]


def _create_endpoint(service: StripeService, _: str, params: Params) -> Object:
    """The secret is shown in this answer only."""
    params["metadata"] = merge_metadata({}, params.get("metadata", {}))
    secret = random_id("whsec_", 32)
    endpoint = service.new("webhook_endpoint", _secret=secret, **params)
    return {**endpoint, "secret": secret}


def _list_endpoints(service: StripeService, _: str, __: Params) -> list[Object]:
    return list(service.store.all("webhook_endpoint"))


_NEW: dict[str, Field] = {
    "url": Url(required=True),
    "enabled_events": ListOf(required=True),
    "description": Text(),
    "metadata": Metadata(),
    "api_version": Text(),
}
_FILTERS: dict[str, Field] = {
    "type": Text(),
    "types": ListOf(max_length=20),
    "delivery_success": Boolean(),
    **created_filter(),
}
ENDPOINTS: list[Endpoint] = [
    retrieve("/v1/events/{id}", "event"),
    listing("/v1/events", _list_events, _FILTERS),
    create("/v1/webhook_endpoints", _create_endpoint, _NEW),
    retrieve("/v1/webhook_endpoints/{id}", "webhook_endpoint"),
    delete("/v1/webhook_endpoints/{id}", "webhook_endpoint"),
    listing("/v1/webhook_endpoints", _list_endpoints, {}),
]
