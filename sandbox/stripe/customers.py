"""``/v1/customers``."""

from __future__ import annotations

from sandbox.stripe.api import Endpoint, Params, create, created_filter, delete, listing, retrieve
from sandbox.stripe.params import Email, Field, Hash, ListOf, Metadata, Text, merge_metadata
from sandbox.stripe.service import StripeService
from sandbox.stripe.store import Object, random_id, within

ADDRESS = Hash(
    unset=True,
    fields={name: Text(unset=True) for name in ("city", "country", "line1", "line2", "postal_code", "state")},
)
FIELDS: dict[str, Field] = {
    "address": ADDRESS,
    "description": Text(unset=True),
    "email": Email(unset=True),
    "metadata": Metadata(),
    "name": Text(unset=True, max_length=256),
    "phone": Text(unset=True, max_length=20),
    "preferred_locales": ListOf(item=Text(max_length=10)),
}


def new_customer(service: StripeService, fields: Params) -> Object:
    """Create a customer and say so."""
    customer = service.new("customer", invoice_prefix=random_id("", 8).upper(), **fields)
    service.emit("customer.created", customer)
    return customer


def _create(service: StripeService, _: str, params: Params) -> Object:
    return new_customer(service, params | {"metadata": merge_metadata({}, params.get("metadata", {}))})


def _update(service: StripeService, object_id: str, params: Params) -> Object:
    customer = service.store.get("customer", object_id)
    if "metadata" in params:
        params["metadata"] = merge_metadata(customer["metadata"], params["metadata"])
    previous = {name: customer[name] for name in params}
    customer |= params
    service.emit("customer.updated", customer, previous)
    return customer


def _list(service: StripeService, _: str, params: Params) -> list[Object]:
    bounds = params.get("created", {})
    return [
        customer
        for customer in service.store.all("customer")
        if within(customer["created"], bounds) and params.get("email") in {None, customer["email"]}
    ]


ENDPOINTS: list[Endpoint] = [
    create("/v1/customers", _create, FIELDS),
    retrieve("/v1/customers/{id}", "customer"),
    create("/v1/customers/{id}", _update, FIELDS),
    delete("/v1/customers/{id}", "customer"),
    listing("/v1/customers", _list, {"email": Text(), **created_filter()}),
]
