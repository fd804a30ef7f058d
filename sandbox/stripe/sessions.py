"""``/v1/checkout/sessions``: an order waiting for its payment on the hosted page; mode ``payment`` only."""

from __future__ import annotations

import copy
from datetime import UTC, datetime

from sandbox.stripe.amounts import apply_discount, check_total, remove_discount
from sandbox.stripe.api import Endpoint, Params, create, listing, retrieve
from sandbox.stripe.catalog import new_price
from sandbox.stripe.errors import StripeError, invalid, missing
from sandbox.stripe.params import merge_metadata
from sandbox.stripe.payment_intents import cancel
from sandbox.stripe.payments import CONFIRMABLE
from sandbox.stripe.service import StripeService
from sandbox.stripe.session_params import FILTERS, NEW, UPDATE
from sandbox.stripe.store import Object, within

SHORTEST, LONGEST = 30 * 60, 24 * 3600
RECOVERABLE = 30 * 86_400


def open_session(service: StripeService, params: Params) -> Object:
    """A new open session; raises StripeError for whatever Stripe would refuse."""
    kept = copy.deepcopy(params)
    _check_together(params)
    if params.get("customer") is not None:
        service.store.named("customer", params["customer"], "customer")
    expires_at = _expiry(service, params.pop("expires_at", None))
    items = [_line_item(service, entry, index) for index, entry in enumerate(params.pop("line_items"))]
    currencies = {item["currency"] for item in items}
    if len(currencies) > 1 or params.get("currency", items[0]["currency"]) not in currencies:
        raise invalid("All line items must have the same currency.", "line_items")
    discounts = params.pop("discounts", [])
    session = service.new("checkout.session", **_fields(service, params))
    session |= {"currency": items[0]["currency"], "expires_at": expires_at, "_params": kept, "_intent_data": {}}
    session["_intent_data"] = params.get("payment_intent_data", {})
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    session["_line_items"] = {"object": "list", "data": items, "has_more": False, "url": url}
    session["url"] = f"{service.base_url}/checkout/{session['id']}"
    try:
        remove_discount(session)
        _discount(service, session, discounts)
        check_total(session)
    except StripeError:
        service.store.remove("checkout.session", session["id"])
        raise
    _expire_in_time(service, session)
    return session


def _check_together(params: Params) -> None:
    for first, second in (
        ("allow_promotion_codes", "discounts"),
        ("customer", "customer_email"),
        ("customer", "customer_creation"),
    ):
        if params.get(first) and params.get(second):
            raise invalid(f"You may only specify one of these parameters: {first}, {second}.", first)
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise invalid("Only the hosted page is available here: ui_mode must be hosted_page.", "ui_mode")
    if "success_url" not in params:
        raise missing("success_url")
    if not params["line_items"]:
        raise missing("line_items")
    if params.get("excluded_payment_method_types") and params.get("allowed_payment_method_types"):
        names = "allowed_payment_method_types, excluded_payment_method_types"
        raise invalid(f"You may only specify one of these parameters: {names}.", "excluded_payment_method_types")


def _expiry(service: StripeService, asked: int | None) -> int:
    now = service.epoch
    if asked is None:
        return now + LONGEST
    if asked < now + SHORTEST:
        raise invalid(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.", "expires_at"
        )
    if asked > now + LONGEST:
        raise invalid(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.", "expires_at"
        )
    return asked


def _line_item(service: StripeService, entry: Params, index: int) -> Object:
    param = f"line_items[{index}]"
    if ("price" in entry) == ("price_data" in entry):
        raise invalid("Each line item needs exactly one of price and price_data.", f"{param}[price]")
    if "price" in entry:
        price = service.store.named("price", entry["price"], f"{param}[price]")
        if not price["active"]:
            message = f"The price specified is inactive. This field only accepts active prices: {price['id']}."
            raise invalid(message, f"{param}[price]")
    else:
        price = new_price(service, entry["price_data"] | {"active": False})
    product = service.store.get("product", price["product"])
    quantity = entry.get("quantity", 1)
    subtotal = price["unit_amount"] * quantity
    return service.new(
        "item",
        description=product["name"],
        currency=price["currency"],
        price=service.show(price),
        quantity=quantity,
        amount_subtotal=subtotal,
        amount_total=subtotal,
        metadata=merge_metadata({}, entry.get("metadata", {})),
    )


def _fields(service: StripeService, params: Params) -> Params:
    """The fields of the session that simply repeat, or complete, its parameters."""
    kept = {name: params[name] for name in _REPEATED if name in params}
    consent = params.get("consent_collection")
    recovery = params.get("after_expiration", {}).get("recovery")
    if consent is not None:
        kept["consent_collection"] = {
            "payment_method_reuse_agreement": None,
            "promotions": consent.get("promotions"),
            "terms_of_service": consent.get("terms_of_service"),
        }
    if recovery is not None:
        shown = {"allow_promotion_codes": False, "enabled": False, "expires_at": None, "url": None}
        kept["after_expiration"] = {"recovery": shown | recovery}
    return kept | {
        "customer_creation": None if params.get("customer") else params.get("customer_creation", "if_required"),
        "payment_method_types": _payment_method_types(service, params),
        "custom_text": _empty_custom_text() | params.get("custom_text", {}),
        "metadata": merge_metadata({}, params.get("metadata", {})),
        "invoice_creation": _invoice_creation(params.get("invoice_creation", {})),
    }


_REPEATED = (
    "allow_promotion_codes",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "customer",
    "customer_email",
    "locale",
    "submit_type",
    "success_url",
)


def _payment_method_types(service: StripeService, params: Params) -> list[str]:
    excluded = set(params.get("excluded_payment_method_types", []))
    allowed = params.get("allowed_payment_method_types") or service.payment_method_types
    types = [name for name in service.payment_method_types if name in allowed and name not in excluded]
    if not types:
        raise invalid("No valid payment method types for this Checkout Session.")
    return types


def _empty_custom_text() -> Object:
    return dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance"))


def _invoice_creation(asked: Params) -> Object:
    data: Object = dict.fromkeys(
        ("account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options")
    )
    return {
        "enabled": asked.get("enabled", False),
        "invoice_data": data | {"metadata": {}} | asked.get("invoice_data", {}),
    }


def _discount(service: StripeService, session: Object, discounts: list[Params]) -> None:
    for entry in discounts:
        if ("coupon" in entry) == ("promotion_code" in entry):
            raise invalid("Each discount needs exactly one of coupon and promotion_code.", "discounts")
        code = None
        if "promotion_code" in entry:
            code = service.store.named("promotion_code", entry["promotion_code"], "discounts[0][promotion_code]")
        coupon_id = code["promotion"]["coupon"] if code is not None else entry["coupon"]
        coupon = service.store.named("coupon", coupon_id, "discounts[0][coupon]")
        apply_discount(service, session, coupon, code, session["customer"])


def _expire_in_time(service: StripeService, session: Object) -> None:
    def expire_if_open() -> None:
        if session["status"] == "open":
            expire(service, session)

    due = datetime.fromtimestamp(session["expires_at"], UTC)
    service.later(due - service.clock.now(), expire_if_open)


def expire(service: StripeService, session: Object) -> None:
    """End an open session: its page takes no payment any more."""
    session |= {"status": "expired", "url": None}
    recovery = (session["after_expiration"] or {}).get("recovery")
    if recovery is not None and recovery["enabled"]:
        recovery |= {
            "expires_at": service.epoch + RECOVERABLE,
            "url": f"{service.base_url}/checkout/recover/{session['id']}",
        }
    intent = service.store.find("payment_intent", session["payment_intent"])
    if intent is not None and intent["status"] in CONFIRMABLE:
        cancel(service, intent, "expired")
    service.emit("checkout.session.expired", session)


def recover(service: StripeService, session: Object) -> Object | None:
    """The new session behind an expired one's recovery link; None when there is no such link any more."""
    recovery = (session["after_expiration"] or {}).get("recovery") or {}
    if recovery.get("url") is None or service.epoch >= recovery["expires_at"]:
        return None
    params = copy.deepcopy(session["_params"])
    params.pop("expires_at", None)
    if recovery["allow_promotion_codes"] and "discounts" not in params:
        params["allow_promotion_codes"] = True
    copied = open_session(service, params)
    copied["recovered_from"] = session["id"]
    return copied


def replaced_url(session: Object) -> str:
    """The success URL with the session's id in it."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _create(service: StripeService, _: str, params: Params) -> Object:
    return open_session(service, params)


def _update(service: StripeService, object_id: str, params: Params) -> Object:
    session = service.store.get("checkout.session", object_id)
    if "metadata" in params:
        session["metadata"] = merge_metadata(session["metadata"], params["metadata"])
    return session


def _expire(service: StripeService, object_id: str, _: Params) -> Object:
    session = service.store.get("checkout.session", object_id)
    if session["status"] != "open":
        message = (
            'Only Checkout Sessions with a status in ["open"] can be expired.'
            f" This Checkout Session has a status of {session['status']}."
        )
        raise StripeError(message)
    expire(service, session)
    return session


def _line_items(service: StripeService, object_id: str, _: Params) -> list[Object]:
    return list(service.store.get("checkout.session", object_id)["_line_items"]["data"])


def _list(service: StripeService, _: str, params: Params) -> list[Object]:
    email = params.get("customer_details", {}).get("email")
    return [
        session
        for session in service.store.all("checkout.session")
        if all(params.get(name) in {None, session[name]} for name in ("customer", "payment_intent", "status"))
        and email in {None, (session["customer_details"] or {}).get("email")}
        and within(session["created"], params.get("created", {}))
    ]


ENDPOINTS: list[Endpoint] = [
    create("/v1/checkout/sessions", _create, NEW),
    retrieve("/v1/checkout/sessions/{id}", "checkout.session"),
    create("/v1/checkout/sessions/{id}", _update, UPDATE),
    create("/v1/checkout/sessions/{id}/expire", _expire, {}),
    listing("/v1/checkout/sessions/{id}/line_items", _line_items, {}),
    listing("/v1/checkout/sessions", _list, FILTERS),
]
