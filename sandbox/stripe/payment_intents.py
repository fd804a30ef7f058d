"""``/v1/payment_intents``."""

from __future__ import annotations

from sandbox.stripe.api import Endpoint, Params, create, created_filter, listing, retrieve
from sandbox.stripe.cards import Decline
from sandbox.stripe.errors import StripeError, invalid, missing
from sandbox.stripe.params import (
    Boolean,
    Currency,
    Email,
    Field,
    Hash,
    Integer,
    ListOf,
    Metadata,
    Text,
    Url,
    merge_metadata,
)
from sandbox.stripe.payment_methods import check_usable, named_method
from sandbox.stripe.payments import CONFIRMABLE, confirm, decline_error, new_intent
from sandbox.stripe.service import StripeService
from sandbox.stripe.store import Object, enum, within

MINIMUM_AMOUNT = 50
USAGES = ("off_session", "on_session")
CANCELLABLE = CONFIRMABLE | {"processing"}
REASONS = ("abandoned", "duplicate", "fraudulent", "requested_by_customer")


def _create(service: StripeService, _: str, params: Params) -> Object:
    _check_amount(params["amount"], params["currency"])
    confirming, off_session = params.pop("confirm", False), params.pop("off_session", False)
    error_on_action = params.pop("error_on_requires_action", False)
    for name, given in (("off_session", off_session), ("error_on_requires_action", error_on_action)):
        if given and not confirming:
            raise invalid(f"{name} can only be used with confirm=true.", name)
    if params.get("customer") is not None:
        service.store.named("customer", params["customer"], "customer")
    method = named_method(service, params["payment_method"]) if "payment_method" in params else None
    if method is not None:
        params["payment_method"] = method["id"]
        check_usable(method, params.get("customer"))
    if confirming and method is None:
        raise missing("payment_method")
    intent = new_intent(service, **_initial(params, method))
    if confirming and method is not None:
        _confirm(service, intent, method, off_session=off_session, error_on_action=error_on_action)
    return intent


def _initial(params: Params, method: Object | None) -> Params:
    automatic = params.pop("automatic_payment_methods", {"enabled": True})
    status = "requires_payment_method" if method is None else "requires_confirmation"
    params["metadata"] = merge_metadata({}, params.get("metadata", {}))
    params["_return_url"] = params.pop("return_url", None)
    params.pop("allowed_payment_method_types", None)
    return params | {"automatic_payment_methods": automatic, "status": status}


def _check_amount(amount: int, currency: str) -> None:
    if amount < MINIMUM_AMOUNT:
        message = f"Amount must be at least €0.50 {currency}"
        raise invalid(message, "amount", "amount_too_small")


def _confirm(
    service: StripeService, intent: Object, method: Object, *, off_session: bool, error_on_action: bool
) -> None:
    """Confirm, and raise the card error that a refusal is for the API."""
    decline: Decline | None = confirm(service, intent, method, off_session=off_session)
    if decline is not None:
        raise decline_error(service, intent, method, decline)
    if error_on_action and intent["status"] == "requires_action":
        intent |= {"status": "requires_payment_method", "next_action": None, "payment_method": None}
        message = "This payment required an authentication action to complete, but `error_on_requires_action` was set."
        raise StripeError(message, status=402, kind="card_error", code="authentication_required")


def _confirm_call(service: StripeService, object_id: str, params: Params) -> Object:
    intent = service.store.get("payment_intent", object_id, "intent")
    _check_status(service, intent, CONFIRMABLE, "confirm")
    name = params.get("payment_method") or intent["payment_method"]
    if name is None:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the"
            " PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a"
            " payment method."
        )
        raise StripeError(message, code="payment_intent_unexpected_state", payment_intent=service.show(intent))
    method = named_method(service, name)
    check_usable(method, intent["customer"])
    intent["_return_url"] = params.get("return_url", intent.get("_return_url"))
    for field in ("setup_future_usage", "receipt_email"):
        intent[field] = params.get(field, intent[field])
    error_on_action = params.get("error_on_requires_action", False)
    _confirm(service, intent, method, off_session=params.get("off_session", False), error_on_action=error_on_action)
    return intent


def _update(service: StripeService, object_id: str, params: Params) -> Object:
    intent = service.store.get("payment_intent", object_id, "intent")
    locked = set(params) - {"metadata", "description"}
    if locked:
        _check_status(service, intent, CONFIRMABLE, "update")
    if "amount" in params:
        _check_amount(params["amount"], intent["currency"])
    if params.get("customer") is not None:
        service.store.named("customer", params["customer"], "customer")
    if params.get("payment_method") is not None:
        method = named_method(service, params["payment_method"])
        check_usable(method, params.get("customer", intent["customer"]))
        params |= {"payment_method": method["id"], "status": "requires_confirmation"}
    if "metadata" in params:
        params["metadata"] = merge_metadata(intent["metadata"], params["metadata"])
    intent |= params
    return intent


def cancel(service: StripeService, intent: Object, reason: str | None) -> None:
    """Cancel an intent that is not paid; raises StripeError otherwise."""
    _check_status(service, intent, CANCELLABLE - {"processing"}, "cancel")
    intent |= {"status": "canceled", "canceled_at": service.epoch, "cancellation_reason": reason, "next_action": None}
    service.emit("payment_intent.canceled", intent)


def _cancel(service: StripeService, object_id: str, params: Params) -> Object:
    intent = service.store.get("payment_intent", object_id, "intent")
    if intent.get("_session") is not None:
        raise StripeError(
            "You cannot cancel this PaymentIntent because it was created by Checkout."
            " Expire the Checkout Session instead.",
            code="payment_intent_unexpected_state",
        )
    cancel(service, intent, params.get("cancellation_reason"))
    return intent


def _check_status(service: StripeService, intent: Object, allowed: frozenset[str], act: str) -> None:
    if intent["status"] not in allowed:
        message = f"You cannot {act} this PaymentIntent because it has a status of {intent['status']}."
        shown = service.show(intent)
        raise StripeError(message, code="payment_intent_unexpected_state", payment_intent=shown)


def _list(service: StripeService, _: str, params: Params) -> list[Object]:
    return [
        intent
        for intent in service.store.all("payment_intent")
        if params.get("customer") in {None, intent["customer"]} and within(intent["created"], params.get("created", {}))
    ]


_COMMON: dict[str, Field] = {
    "customer": Text(),
    "description": Text(unset=True, max_length=1000),
    "metadata": Metadata(),
    "payment_method": Text(),
    "receipt_email": Email(unset=True),
    "setup_future_usage": Text(choices=USAGES, unset=True),
    "statement_descriptor": Text(max_length=22),
    "statement_descriptor_suffix": Text(max_length=22),
}
_AUTOMATIC = Hash(fields={"enabled": Boolean(required=True), "allow_redirects": Text(choices=("always", "never"))})
_CONFIRMING: dict[str, Field] = {
    "off_session": Boolean(),
    "error_on_requires_action": Boolean(),
    "return_url": Url(),
}
_NEW: dict[str, Field] = {
    **_COMMON,
    **_CONFIRMING,
    "amount": Integer(required=True, maximum=99_999_999),
    "currency": Currency(required=True),
    "allowed_payment_method_types": ListOf(item=Text(choices=enum("payment_method_types"))),
    "automatic_payment_methods": _AUTOMATIC,
    "capture_method": Text(choices=("automatic", "automatic_async")),
    "confirm": Boolean(),
    "confirmation_method": Text(choices=("automatic", "manual")),
    "excluded_payment_method_types": ListOf(item=Text(choices=enum("payment_method_types"))),
}
_CONFIRM: dict[str, Field] = {
    **_CONFIRMING,
    "payment_method": Text(),
    "receipt_email": Email(unset=True),
    "setup_future_usage": Text(choices=USAGES, unset=True),
}
ENDPOINTS: list[Endpoint] = [
    create("/v1/payment_intents", _create, _NEW),
    retrieve("/v1/payment_intents/{id}", "payment_intent"),
    create("/v1/payment_intents/{id}", _update, {**_COMMON, "amount": Integer(maximum=99_999_999)}),
    create("/v1/payment_intents/{id}/confirm", _confirm_call, _CONFIRM),
    create("/v1/payment_intents/{id}/cancel", _cancel, {"cancellation_reason": Text(choices=REASONS)}),
    listing("/v1/payment_intents", _list, {"customer": Text(), **created_filter()}),
]
