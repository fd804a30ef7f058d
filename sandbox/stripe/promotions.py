"""``/v1/coupons`` and ``/v1/promotion_codes``: what is taken off, and the codes that customers type for it."""

from __future__ import annotations

from sandbox.stripe.api import Endpoint, Params, create, created_filter, delete, listing, retrieve
from sandbox.stripe.errors import StripeError, invalid, missing
from sandbox.stripe.expand import coupon_is_valid, promotion_refusal
from sandbox.stripe.params import (
    Boolean,
    Currency,
    Field,
    Hash,
    Integer,
    Metadata,
    Percent,
    Text,
    merge_metadata,
)
from sandbox.stripe.service import StripeService
from sandbox.stripe.store import Object, random_id, within

CODE = r"[A-Za-z0-9-]{1,500}"


class PromotionRefusedError(StripeError):
    """A code cannot be used for this order; ``reason`` says why in one word."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message, code="promotion_code_expired" if reason == "expired" else None)
        self.reason = reason


def _create_coupon(service: StripeService, _: str, params: Params) -> Object:
    if ("percent_off" in params) == ("amount_off" in params):
        raise invalid("Must provide percent_off or amount_off, and not both.")
    if "amount_off" in params and "currency" not in params:
        raise missing("currency")
    if service.store.find("coupon", params.get("id")):
        raise invalid("Coupon already exists.", "id", "resource_already_exists")
    _in_future(service, params, "redeem_by")
    exact = params.pop("percent_off", None)
    shown = None if exact is None else float(exact)
    params["metadata"] = merge_metadata({}, params.get("metadata", {}))
    coupon = service.new("coupon", percent_off=shown, _percent_off=exact, **params)
    service.emit("coupon.created", coupon)
    return coupon


def _update_coupon(service: StripeService, object_id: str, params: Params) -> Object:
    coupon = service.store.get("coupon", object_id)
    params["metadata"] = merge_metadata(coupon["metadata"], params.get("metadata", {}))
    coupon |= params
    service.emit("coupon.updated", coupon)
    return coupon


def _create_code(service: StripeService, _: str, params: Params) -> Object:
    coupon = service.store.named("coupon", params["promotion"]["coupon"], "promotion[coupon]")
    _in_future(service, params, "expires_at")
    _check_against_coupon(coupon, params, service.epoch)
    if "customer" in params:
        service.store.named("customer", params["customer"], "customer")
    code = params.setdefault("code", random_id("", 8).upper())
    if params.get("active", True):
        _refuse_taken(service, code)
    limits = {"first_time_transaction": False, "minimum_amount": None, "minimum_amount_currency": None}
    params["restrictions"] = limits | params.get("restrictions", {})
    params["metadata"] = merge_metadata({}, params.get("metadata", {}))
    made = service.new("promotion_code", **params)
    service.emit("promotion_code.created", made)
    return made


def _check_against_coupon(coupon: Object, params: Params, epoch: int) -> None:
    if not coupon_is_valid(coupon, epoch):
        raise invalid("The coupon is no longer valid.", "promotion[coupon]", "coupon_expired")
    if coupon["redeem_by"] is not None and params.get("expires_at", 0) > coupon["redeem_by"]:
        raise invalid("expires_at must be before the coupon's redeem_by.", "expires_at")
    if coupon["max_redemptions"] is not None and params.get("max_redemptions", 0) > coupon["max_redemptions"]:
        raise invalid("max_redemptions must not be greater than the coupon's.", "max_redemptions")


def _refuse_taken(service: StripeService, code: str) -> None:
    if usable_code(service, code) is not None:
        message = f"An active promotion code with `code: {code}` already exists."
        raise invalid(message, "code", "resource_already_exists")


def _in_future(service: StripeService, params: Params, name: str) -> None:
    if params.get(name) is not None and params[name] <= service.epoch:
        raise invalid(f"The timestamp {name} must be in the future.", name)


def _update_code(service: StripeService, object_id: str, params: Params) -> Object:
    code = service.store.get("promotion_code", object_id)
    if params.get("active"):
        if promotion_refusal(service.store, code, service.epoch) is not None:
            raise invalid("This promotion code is expired or fully redeemed and cannot be activated.", "active")
        if not code["active"]:
            _refuse_taken(service, code["code"])
    if "metadata" in params:
        params["metadata"] = merge_metadata(code["metadata"], params["metadata"])
    code |= params
    service.emit("promotion_code.updated", code)
    return code


def usable_code(service: StripeService, text: str) -> Object | None:
    """The active promotion code that a customer typed; capitals do not matter."""
    for code in service.store.all("promotion_code"):
        usable = code["active"] and promotion_refusal(service.store, code, service.epoch) is None
        if usable and code["code"].casefold() == text.strip().casefold():
            return code
    return None


def check_redeemable(
    service: StripeService, code: Object, *, subtotal: int, currency: str, customer: str | None
) -> None:
    """Raise PromotionRefusedError unless this order may use the code."""
    refusal = promotion_refusal(service.store, code, service.epoch)
    if refusal is not None or not code["active"]:
        raise PromotionRefusedError(refusal or "inactive", f"The promotion code {code['code']} has expired.")
    if code["customer"] not in {None, customer}:
        raise PromotionRefusedError("customer", "This promotion code belongs to another customer.")
    limits = code["restrictions"]
    if limits["first_time_transaction"] and customer is not None and _has_paid(service, customer):
        raise PromotionRefusedError(
            "first_time",
            "This promotion code cannot be redeemed because the associated customer has prior transactions.",
        )
    minimum, minimum_currency = limits["minimum_amount"], limits["minimum_amount_currency"]
    if minimum is not None and (subtotal < minimum or minimum_currency not in {None, currency}):
        raise PromotionRefusedError("minimum", "This promotion code needs a higher minimum amount.")
    coupon = service.store.get("coupon", code["promotion"]["coupon"])
    if coupon["amount_off"] is not None and coupon["currency"] != currency:
        raise PromotionRefusedError("currency", "The coupon's currency is not the order's.")


def _has_paid(service: StripeService, customer: str) -> bool:
    return any(c["customer"] == customer and c["status"] == "succeeded" for c in service.store.all("charge"))


def _list_coupons(service: StripeService, _: str, params: Params) -> list[Object]:
    return [c for c in service.store.all("coupon") if within(c["created"], params.get("created", {}))]


def _list_codes(service: StripeService, _: str, params: Params) -> list[Object]:
    wanted = params.get("code")
    return [
        code
        for code in service.store.all("promotion_code")
        if wanted is None or code["code"].casefold() == wanted.casefold()
        if params.get("active") in {None, service.show(code)["active"]}
        if params.get("coupon") in {None, code["promotion"]["coupon"]}
        if params.get("customer") in {None, code["customer"]}
        if within(code["created"], params.get("created", {}))
    ]


_NEW_COUPON: dict[str, Field] = {
    "id": Text(pattern=r"[A-Za-z0-9_-]{1,200}"),
    "amount_off": Integer(minimum=1),
    "percent_off": Percent(),
    "currency": Currency(),
    "duration": Text(choices=("forever", "once", "repeating")),
    "duration_in_months": Integer(minimum=1),
    "max_redemptions": Integer(minimum=1),
    "metadata": Metadata(),
    "name": Text(max_length=40),
    "redeem_by": Integer(),
}
_PROMOTION = Hash(
    required=True,
    fields={"type": Text(required=True, choices=("coupon",)), "coupon": Text(required=True)},
)
_RESTRICTIONS = Hash(
    fields={
        "first_time_transaction": Boolean(),
        "minimum_amount": Integer(minimum=1),
        "minimum_amount_currency": Currency(),
    }
)
_NEW_CODE: dict[str, Field] = {
    "promotion": _PROMOTION,
    "code": Text(pattern=CODE),
    "active": Boolean(),
    "customer": Text(),
    "expires_at": Integer(),
    "max_redemptions": Integer(minimum=1),
    "metadata": Metadata(),
    "restrictions": _RESTRICTIONS,
}
_CODE_FILTERS: dict[str, Field] = {
    "active": Boolean(),
    "code": Text(),
    "coupon": Text(),
    "customer": Text(),
    **created_filter(),
}
ENDPOINTS: list[Endpoint] = [
    create("/v1/coupons", _create_coupon, _NEW_COUPON),
    retrieve("/v1/coupons/{id}", "coupon"),
    create("/v1/coupons/{id}", _update_coupon, {"name": Text(unset=True, max_length=40), "metadata": Metadata()}),
    delete("/v1/coupons/{id}", "coupon"),
    listing("/v1/coupons", _list_coupons, created_filter()),
    create("/v1/promotion_codes", _create_code, _NEW_CODE),
    retrieve("/v1/promotion_codes/{id}", "promotion_code"),
    create("/v1/promotion_codes/{id}", _update_code, {"active": Boolean(), "metadata": Metadata()}),
    listing("/v1/promotion_codes", _list_codes, _CODE_FILTERS),
]
