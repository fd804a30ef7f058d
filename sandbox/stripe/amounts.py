"""What a session costs: line items, discount, total — whole cents, rounded half up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from sandbox.stripe.errors import invalid
from sandbox.stripe.expand import coupon_is_valid
from sandbox.stripe.promotions import PromotionRefusedError, check_redeemable
from sandbox.stripe.service import StripeService
from sandbox.stripe.store import Object, random_id

MINIMUM_TOTAL = 50


def discount_of(coupon: Object, subtotal: int) -> int:
    """Cents that a coupon takes off: never more than there is."""
    if coupon["amount_off"] is not None:
        return min(int(coupon["amount_off"]), subtotal)
    exact = Decimal(subtotal) * Decimal(coupon["_percent_off"]) / 100
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def spread(discount: int, subtotals: list[int]) -> list[int]:
    """A discount over line items in proportion, to the cent."""
    shares: list[int] = []
    total, taken = sum(subtotals), 0
    running = 0
    for subtotal in subtotals:
        running += subtotal
        upto = discount * running // total if total else 0
        shares.append(upto - taken)
        taken = upto
    return shares


def price_session(session: Object, discount: int = 0) -> None:
    """Set every amount of the session and of its line items."""
    items = session["_line_items"]["data"]
    for item, share in zip(items, spread(discount, [item["amount_subtotal"] for item in items]), strict=True):
        item |= {"amount_discount": share, "amount_total": item["amount_subtotal"] - share}
    subtotal = sum(item["amount_subtotal"] for item in items)
    session |= {"amount_subtotal": subtotal, "amount_total": subtotal - discount}
    session["total_details"]["amount_discount"] = discount


def apply_discount(
    service: StripeService, session: Object, coupon: Object, code: Object | None, customer: str | None
) -> None:
    """Take a coupon off the session, for a promotion code or by itself.

    Raises PromotionRefusedError when this order may not use it.
    """
    subtotal, currency = session["amount_subtotal"], session["currency"]
    if code is not None:
        check_redeemable(service, code, subtotal=subtotal, currency=currency, customer=customer)
    if not coupon_is_valid(coupon, service.epoch):
        raise PromotionRefusedError("expired", f"Coupon {coupon['id']} is expired.")
    if coupon["amount_off"] is not None and coupon["currency"] != currency:
        raise PromotionRefusedError("currency", "The coupon's currency is not the order's.")
    discount = discount_of(coupon, subtotal)
    if 0 < subtotal - discount < MINIMUM_TOTAL:
        raise PromotionRefusedError("minimum", "The total after the discount would be too small to charge.")
    price_session(session, discount)
    code_id = code["id"] if code is not None else None
    session["discounts"] = [{"coupon": None if code_id else coupon["id"], "promotion_code": code_id}]
    session["_coupon"], session["_code"] = coupon["id"], code_id
    session["total_details"]["_breakdown"] = _breakdown(session, coupon, code_id, discount, service.epoch)


def remove_discount(session: Object) -> None:
    """The full price again."""
    price_session(session)
    session |= {"discounts": [], "_coupon": None, "_code": None}
    session["total_details"]["_breakdown"] = {"discounts": [], "taxes": []}


def check_total(session: Object) -> None:
    """Raise StripeError when the total is neither free nor enough to be charged."""
    if 0 < session["amount_total"] < MINIMUM_TOTAL:
        message = f"The Checkout Session's total amount due must add up to at least €0.50 {session['currency']}"
        raise invalid(message, code="amount_too_small")


def _breakdown(session: Object, coupon: Object, code_id: str | None, amount: int, epoch: int) -> Object:
    discount = {
        "id": random_id("di_"),
        "object": "discount",
        "checkout_session": session["id"],
        "customer": session["customer"],
        "end": None,
        "invoice": None,
        "invoice_item": None,
        "promotion_code": code_id,
        "source": {"coupon": coupon["id"], "type": "coupon"},
        "start": epoch,
        "subscription": None,
        "subscription_item": None,
    }
    return {"discounts": [{"amount": amount, "discount": discount}], "taxes": []}
