"""The parameters of ``/v1/checkout/sessions``."""

from __future__ import annotations

from sandbox.stripe.api import created_filter
from sandbox.stripe.catalog import PRICE_OF_PRODUCT, PRODUCT_DATA
from sandbox.stripe.params import Boolean, Currency, Email, Field, Hash, Integer, ListOf, Metadata, Text, Url
from sandbox.stripe.store import enum

MESSAGE = Hash(unset=True, fields={"message": Text(required=True, max_length=1200)})
LINE_ITEM = Hash(
    fields={
        "price": Text(),
        "price_data": Hash(fields={**PRICE_OF_PRODUCT, "product": Text(), "product_data": PRODUCT_DATA}),
        "quantity": Integer(minimum=1, maximum=999_999),
        "metadata": Metadata(),
    }
)
INTENT_DATA = Hash(
    fields={
        "capture_method": Text(choices=("automatic", "automatic_async")),
        "description": Text(max_length=1000),
        "metadata": Metadata(),
        "receipt_email": Email(),
        "setup_future_usage": Text(choices=("off_session", "on_session")),
        "statement_descriptor": Text(max_length=22),
        "statement_descriptor_suffix": Text(max_length=22),
    }
)
CONSENT = Hash(
    fields={
        "promotions": Text(choices=("auto", "none")),
        "terms_of_service": Text(choices=("none", "required")),
    }
)
INVOICE_DATA = Hash(fields={"description": Text(), "footer": Text(), "metadata": Metadata()})
CUSTOM_TEXT = Hash(
    fields=dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance"), MESSAGE)
)
_METHOD_TYPES = ListOf(item=Text(choices=enum("payment_method_types")))

NEW: dict[str, Field] = {
    "after_expiration": Hash(
        fields={"recovery": Hash(fields={"enabled": Boolean(required=True), "allow_promotion_codes": Boolean()})}
    ),
    "allow_promotion_codes": Boolean(),
    "allowed_payment_method_types": _METHOD_TYPES,
    "billing_address_collection": Text(choices=("auto", "required")),
    "cancel_url": Url(),
    "client_reference_id": Text(max_length=200),
    "consent_collection": CONSENT,
    "currency": Currency(),
    "custom_text": CUSTOM_TEXT,
    "customer": Text(),
    "customer_creation": Text(choices=("always", "if_required")),
    "customer_email": Email(),
    "discounts": ListOf(item=Hash(fields={"coupon": Text(), "promotion_code": Text()}), max_length=1),
    "excluded_payment_method_types": _METHOD_TYPES,
    "expires_at": Integer(),
    "invoice_creation": Hash(fields={"enabled": Boolean(required=True), "invoice_data": INVOICE_DATA}),
    "line_items": ListOf(item=LINE_ITEM, required=True),
    "locale": Text(choices=enum("checkout_locales")),
    "metadata": Metadata(),
    "mode": Text(choices=("payment",), required=True),
    "payment_intent_data": INTENT_DATA,
    "submit_type": Text(choices=("auto", "book", "donate", "pay")),
    "success_url": Url(),
    "ui_mode": Text(choices=("elements", "embedded_page", "form", "hosted_page")),
}
UPDATE: dict[str, Field] = {"metadata": Metadata()}
FILTERS: dict[str, Field] = {
    "customer": Text(),
    "customer_details": Hash(fields={"email": Text(required=True)}),
    "payment_intent": Text(),
    "status": Text(choices=("complete", "expired", "open")),
    **created_filter(),
}
