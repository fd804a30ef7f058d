"""Charging a payment method for a payment intent: what the bank answers, and all that follows from it."""

from __future__ import annotations

from datetime import timedelta

from sandbox.stripe.cards import AUTHENTICATION, NOT_AUTHENTICATED, Card, Decline
from sandbox.stripe.errors import StripeError, card_error
from sandbox.stripe.payment_methods import card_details, sepa_details
from sandbox.stripe.service import StripeService
from sandbox.stripe.store import Object, random_id

SEPA_DELAY = timedelta(days=5)
PAYOUT_DELAY = 7 * 86_400
FEE_PERCENT_HUNDREDTHS, FEE_FIXED = 150, 25
"""Stripe's price for European cards: 1.5 % and 25 cents."""
CONFIRMABLE = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})


def new_intent(service: StripeService, **fields: object) -> Object:
    """A payment intent that waits for a payment method."""
    intent = service.new("payment_intent", **fields)
    intent["client_secret"] = f"{intent['id']}_secret_{random_id('', 25)}"
    service.emit("payment_intent.created", intent)
    return intent


def confirm(
    service: StripeService, intent: Object, method: Object, *, off_session: bool = False, authenticated: bool = False
) -> Decline | None:
    """Try to pay; answers why the bank refused, or None.

    Afterwards the intent is ``succeeded``, ``processing`` (bank debits), ``requires_action`` (the payer must
    authenticate) or, when refused, ``requires_payment_method``.
    """
    card: Card = method["_card"]
    intent |= {"payment_method": method["id"], "next_action": None, "last_payment_error": None}
    if _needs_authentication(card, method, off_session=off_session) and not authenticated:
        if off_session:
            return fail(service, intent, method, AUTHENTICATION)
        _ask_authentication(service, intent)
        return None
    if card.kind == "sepa_debit":
        _start_debit(service, intent, method)
        return None
    decline = card.attached_decline if off_session and card.attached_decline else card.decline
    if decline is not None:
        return fail(service, intent, method, decline)
    _succeed(service, intent, method, _new_charge(service, intent, method))
    _save(service, intent, method, authenticated=authenticated)
    return None


def _needs_authentication(card: Card, method: Object, *, off_session: bool) -> bool:
    if card.authentication == "unless_set_up":
        return not (off_session and method["_set_up"])
    return card.authentication == "always"


def _ask_authentication(service: StripeService, intent: Object) -> None:
    url = f"{service.base_url}/checkout/authenticate/{intent['id']}"
    action = {"type": "redirect_to_url", "redirect_to_url": {"return_url": intent.get("_return_url"), "url": url}}
    intent |= {"status": "requires_action", "next_action": action}
    service.emit("payment_intent.requires_action", intent)


def refuse_authentication(service: StripeService, intent: Object) -> Decline:
    """The payer did not authenticate."""
    method = service.store.get("payment_method", intent["payment_method"])
    return fail(service, intent, method, NOT_AUTHENTICATED, charged=False)


def fail(service: StripeService, intent: Object, method: Object, decline: Decline, *, charged: bool = True) -> Decline:
    """The payment is refused: a failed charge, and the intent waits for another payment method."""
    charge = _new_charge(service, intent, method) if charged else None
    if charge is not None:
        _mark_failed(service, charge, decline)
        intent["latest_charge"] = charge["id"]
    error = decline_error(service, intent, method, decline).error
    intent |= {"status": "requires_payment_method", "payment_method": None, "next_action": None}
    intent["last_payment_error"] = {key: value for key, value in error.items() if key != "payment_intent"}
    service.emit("payment_intent.payment_failed", intent)
    return decline


def decline_error(service: StripeService, intent: Object, method: Object, decline: Decline) -> StripeError:
    """The ``card_error`` (402) that the API answers for a refusal."""
    extra = {"charge": intent["latest_charge"]} if intent["latest_charge"] else {}
    return card_error(
        decline.message,
        decline.code,
        decline.decline_code,
        payment_intent=service.show(intent),
        payment_method=service.show(method),
        **extra,
    )


def _mark_failed(service: StripeService, charge: Object, decline: Decline) -> None:
    charge |= {
        "status": "failed",
        "paid": False,
        "captured": False,
        "failure_code": decline.code,
        "failure_message": decline.message,
        "outcome": {
            "network_status": "declined_by_network",
            "reason": decline.decline_code,
            "risk_level": "normal",
            "seller_message": "The bank did not return any further details with this decline.",
            "type": "issuer_declined",
        },
    }
    service.emit("charge.failed", charge)


def _new_charge(service: StripeService, intent: Object, method: Object) -> Object:
    card: Card = method["_card"]
    details = sepa_details(card) if card.kind == "sepa_debit" else {**card_details(card), "network": card.brand}
    return service.new(
        "charge",
        amount=intent["amount"],
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        metadata=dict(intent["metadata"]),
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={"type": card.kind, card.kind: details},
        billing_details=dict(method["billing_details"]),
        receipt_email=intent["receipt_email"],
        _card=card,
    )


def _succeed(service: StripeService, intent: Object, method: Object, charge: Object) -> None:
    """The money has come."""
    charge |= {
        "status": "succeeded",
        "paid": True,
        "captured": True,
        "amount_captured": charge["amount"],
        "balance_transaction": new_balance_transaction(service, charge, "charge", charge["amount"])["id"],
        "outcome": {
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "seller_message": "Payment complete.",
            "type": "authorized",
        },
    }
    charge["receipt_url"] = f"{service.base_url}/checkout/receipt/{charge['id']}"
    method["_spent"] = True
    intent |= {"status": "succeeded", "amount_received": charge["amount"], "latest_charge": charge["id"]}
    intent["processing"] = None
    service.emit("charge.succeeded", charge)
    service.emit("payment_intent.succeeded", intent)


def _save(service: StripeService, intent: Object, method: Object, *, authenticated: bool) -> None:
    """Keep the method with the customer when the intent sets it up for later payments."""
    if intent["setup_future_usage"] is None or intent["customer"] is None:
        return
    method["_set_up"] = method["_set_up"] or authenticated
    if method["customer"] is None:
        method |= {"customer": intent["customer"], "allow_redisplay": "limited"}
        service.emit("payment_method.attached", method)


def _start_debit(service: StripeService, intent: Object, method: Object) -> None:
    """A bank debit is answered days later."""
    charge = _new_charge(service, intent, method)
    intent |= {"status": "processing", "latest_charge": charge["id"], "processing": {"type": "sepa_debit"}}
    method["_spent"] = True
    service.emit("charge.pending", charge)
    service.emit("payment_intent.processing", intent)
    service.later(SEPA_DELAY, lambda: _end_debit(service, intent, method, charge))


def _end_debit(service: StripeService, intent: Object, method: Object, charge: Object) -> None:
    decline = method["_card"].decline
    if decline is None:
        _succeed(service, intent, method, charge)
        _save(service, intent, method, authenticated=False)
    else:
        _mark_failed(service, charge, decline)
        fail(service, intent, method, decline, charged=False)
        intent["processing"] = None
    after = intent.get("_after_debit")
    if after is not None:
        after(decline)


def new_balance_transaction(service: StripeService, source: Object, kind: str, amount: int) -> Object:
    """What a charge or a refund moves on the account's balance; fees are taken on charges only."""
    fee = (amount * FEE_PERCENT_HUNDREDTHS + 5_000) // 10_000 + FEE_FIXED if kind == "charge" else 0
    details = [{"amount": fee, "application": None, "currency": source["currency"], "type": "stripe_fee"}]
    return service.new(
        "balance_transaction",
        amount=amount,
        available_on=service.epoch + PAYOUT_DELAY,
        currency=source["currency"],
        fee=fee,
        fee_details=[detail | {"description": "Stripe processing fees"} for detail in details if fee],
        net=amount - fee,
        reporting_category=kind,
        source=source["id"],
        type=kind,
    )
