"""``/v1/payment_methods``: the cards and accounts that payers use, and that customers keep."""

from __future__ import annotations

from typing import Any

from sandbox.stripe.api import Endpoint, Params, create, listing, retrieve
from sandbox.stripe.cards import Card, find_card
from sandbox.stripe.errors import StripeError, invalid, no_such
from sandbox.stripe.params import Field, Metadata, Text, merge_metadata
from sandbox.stripe.service import StripeService
from sandbox.stripe.store import Object

SPENT = (
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, or was"
    " detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach"
    " it to a Customer first."
)


def new_payment_method(service: StripeService, card: Card, billing: dict[str, Any] | None = None) -> Object:
    """The payment method of a test card, not attached to anybody."""
    method = service.new("payment_method", type=card.kind, _card=card, _spent=False, _set_up=False)
    method[card.kind] = sepa_details(card) if card.kind == "sepa_debit" else card_details(card)
    method["billing_details"] |= billing or {}
    return method


def card_details(card: Card) -> Object:
    """The ``card`` part of a payment method; fingerprints tell equal cards."""
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": f"sandbox{card.last4}{card.brand}",
        "funding": "credit",
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def sepa_details(card: Card) -> Object:
    """The ``sepa_debit`` part of a payment method."""
    return {
        "bank_code": card.number[4:9],
        "branch_code": "",
        "country": card.country,
        "fingerprint": f"sandbox{card.last4}sepa",
        "generated_from": None,
        "last4": card.last4,
    }


def named_method(service: StripeService, name: str, param: str = "payment_method") -> Object:
    """The payment method that a parameter names; a test alias such as ``pm_card_visa`` makes a new one."""
    found = service.store.find("payment_method", name)
    if found is not None:
        return found
    card = find_card(name) if name.startswith("pm_") else None
    if card is None:
        raise no_such("PaymentMethod", name, param, 400)
    return new_payment_method(service, card)


def check_usable(method: Object, customer: str | None) -> None:
    """Raise StripeError unless a payment of this customer (None: of nobody) may use the method."""
    if method["customer"] is not None and method["customer"] != customer:
        message = "The PaymentMethod belongs to a Customer. Please include the Customer in the `customer` parameter."
        raise invalid(message, "payment_method")
    if method["customer"] is None and method["_spent"]:
        raise StripeError(SPENT, param="payment_method")


def attach(service: StripeService, method: Object, customer_id: str) -> None:
    """Give the method to a customer; raises StripeError when it has another one or is spent."""
    service.store.named("customer", customer_id, "customer")
    if method["customer"] not in {None, customer_id}:
        raise StripeError(
            "The payment method you provided has already been attached to a customer.", param="payment_method"
        )
    if method["_spent"] and method["customer"] is None:
        raise StripeError(SPENT, param="payment_method")
    if method["_card"].decline is not None and method["_card"].kind == "card":
        raise _attach_refusal(method["_card"])
    method["customer"] = customer_id
    service.emit("payment_method.attached", method)


def _attach_refusal(card: Card) -> StripeError:
    decline = card.decline
    assert decline is not None
    return StripeError(
        decline.message, status=402, kind="card_error", code=decline.code, decline_code=decline.decline_code
    )


def _attach(service: StripeService, object_id: str, params: Params) -> Object:
    method = named_method(service, object_id)
    attach(service, method, params["customer"])
    return method


def _detach(service: StripeService, object_id: str, _: Params) -> Object:
    method = service.store.get("payment_method", object_id, "payment_method")
    if method["customer"] is None:
        raise StripeError("The payment method you provided is not attached to a customer so detachment is impossible.")
    previous = {"customer": method["customer"]}
    method["customer"], method["_spent"] = None, True
    service.emit("payment_method.detached", method, previous)
    return method


def _update(service: StripeService, object_id: str, params: Params) -> Object:
    method = service.store.get("payment_method", object_id, "payment_method")
    if method["customer"] is None:
        raise StripeError("You must save this PaymentMethod to a customer before you can update it.")
    method["metadata"] = merge_metadata(method["metadata"], params.get("metadata", {}))
    service.emit("payment_method.updated", method)
    return method


def _list(service: StripeService, _: str, params: Params) -> list[Object]:
    """Only attached methods are listed."""
    service.store.named("customer", params["customer"], "customer")
    return [
        method
        for method in service.store.all("payment_method")
        if method["customer"] == params["customer"] and params.get("type") in {None, method["type"]}
    ]


def _list_of_customer(service: StripeService, object_id: str, params: Params) -> list[Object]:
    service.store.get("customer", object_id, "customer")
    return _list(service, "", params | {"customer": object_id})


_CUSTOMER: dict[str, Field] = {"customer": Text(required=True)}
_TYPE: dict[str, Field] = {"type": Text(max_length=40)}
ENDPOINTS: list[Endpoint] = [
    retrieve("/v1/payment_methods/{id}", "payment_method"),
    create("/v1/payment_methods/{id}", _update, {"metadata": Metadata()}),
    create("/v1/payment_methods/{id}/attach", _attach, _CUSTOMER),
    create("/v1/payment_methods/{id}/detach", _detach, {}),
    listing("/v1/payment_methods", _list, {**_CUSTOMER, **_TYPE}),
    listing("/v1/customers/{id}/payment_methods", _list_of_customer, _TYPE),
]
