"""What a payer does on the hosted page: types a code, pays, authenticates."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.stripe.amounts import apply_discount, remove_discount
from sandbox.stripe.cards import Decline, find_card
from sandbox.stripe.customers import new_customer
from sandbox.stripe.payment_intents import cancel
from sandbox.stripe.payment_methods import new_payment_method
from sandbox.stripe.payments import confirm, new_intent, refuse_authentication
from sandbox.stripe.promotions import PromotionRefusedError, usable_code
from sandbox.stripe.service import Call, StripeService
from sandbox.stripe.store import Object

DEFAULT_EMAIL = "acheteur@example.fr"
NO_ADDRESS: Object = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


class PayerError(ValueError):
    """The page refuses what the payer typed; ``reason`` in one word, the text in English."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Payer:
    """What the payer gives: a card number or a test alias, and who they are."""

    card: str = ""
    name: str | None = None
    email: str | None = None
    accepts_terms: bool = True
    authenticates: bool = False


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended.

    ``paid``, ``pending`` (a bank debit, answered later), ``declined``, ``authentication_required`` or ``expired``.
    """

    result: str
    decline: Decline | None = None


def enter_code(service: StripeService, session: Object, text: str) -> None:
    """Use a promotion code; raises PayerError."""
    _require_open(session)
    if not session["allow_promotion_codes"]:
        raise PayerError("codes_not_allowed", "this session takes no promotion codes")
    code = usable_code(service, text)
    if code is None:
        raise PayerError("unknown_code", f"no active promotion code {text!r}")
    coupon = service.store.get("coupon", code["promotion"]["coupon"])
    try:
        apply_discount(service, session, coupon, code, session["customer"])
    except PromotionRefusedError as refusal:
        raise PayerError(refusal.reason, str(refusal)) from refusal


def remove_code(session: Object) -> None:
    """Go back to the full price; raises PayerError."""
    _require_open(session)
    if session["allow_promotion_codes"]:
        remove_discount(session)


def pay(service: StripeService, session: Object, payer: Payer) -> Outcome:
    """Try to pay the session; raises PayerError when there is something to correct first."""
    service.call = Call()
    if session["status"] == "expired":
        return Outcome("expired")
    _require_open(session)
    _check_terms(session, payer)
    _check_code_again(service, session)
    if session["amount_total"] == 0:
        _drop_intent(service, session)
        _complete(service, session, payer, _customer(service, session, payer, required=False))
        return Outcome("paid")
    card = find_card(payer.card)
    if card is None:
        raise PayerError("unknown_card", "this is not one of Stripe's test cards")
    if card.kind not in session["payment_method_types"]:
        raise PayerError("method_not_offered", f"this session does not offer {card.kind}")
    intent = _intent(service, session, payer)
    method = new_payment_method(service, card, {"name": payer.name, "email": _email(service, session, payer)})
    decline = confirm(service, intent, method, authenticated=payer.authenticates)
    return _conclude(service, session, payer, intent, decline)


def authenticate(service: StripeService, session: Object) -> Outcome:
    """The payer passes the bank's authentication; raises PayerError when none was asked."""
    service.call = Call()
    intent = _asked_to_authenticate(service, session)
    method = service.store.get("payment_method", intent["payment_method"])
    decline = confirm(service, intent, method, authenticated=True)
    return _conclude(service, session, intent["_payer"], intent, decline)


def refuse_to_authenticate(service: StripeService, session: Object) -> Outcome:
    """The payer gives up at the bank's authentication; raises PayerError when none was asked."""
    service.call = Call()
    return Outcome("declined", refuse_authentication(service, _asked_to_authenticate(service, session)))


def _asked_to_authenticate(service: StripeService, session: Object) -> Object:
    _require_open(session)
    intent = service.store.find("payment_intent", session["payment_intent"])
    if intent is None or intent["status"] != "requires_action":
        raise PayerError("no_authentication", "no authentication is under way")
    return intent


def _require_open(session: Object) -> None:
    if session["status"] != "open":
        raise PayerError(session["status"], f"this session is {session['status']}")


def _check_terms(session: Object, payer: Payer) -> None:
    required = (session["consent_collection"] or {}).get("terms_of_service") == "required"
    if required and not payer.accepts_terms:
        raise PayerError("terms", "the terms of service must be accepted")


def _check_code_again(service: StripeService, session: Object) -> None:
    """The code may have been used up or have expired since it was typed."""
    code = service.store.find("promotion_code", session.get("_code"))
    coupon = service.store.find("coupon", session.get("_coupon"))
    if coupon is None:
        return
    try:
        apply_discount(service, session, coupon, code, session["customer"])
    except PromotionRefusedError as refusal:
        if session["allow_promotion_codes"]:
            remove_discount(session)
        raise PayerError(refusal.reason, str(refusal)) from refusal


def _email(service: StripeService, session: Object, payer: Payer) -> str:
    customer = service.store.find("customer", session["customer"])
    known = (customer or {}).get("email") or session["customer_email"]
    return str(known or payer.email or DEFAULT_EMAIL)


def _customer(service: StripeService, session: Object, payer: Payer, *, required: bool) -> str | None:
    """The customer that pays: the session's, or a new one when the session or the payment needs one."""
    known = session["customer"] or session.get("_customer")
    if known is not None or not (required or session["customer_creation"] == "always"):
        return str(known) if known is not None else None
    made = new_customer(service, {"email": _email(service, session, payer), "name": payer.name})
    session["_customer"] = made["id"]
    return str(made["id"])


def _intent(service: StripeService, session: Object, payer: Payer) -> Object:
    """The session's payment intent, made at the first attempt, with the amount of this attempt."""
    data = session["_intent_data"]
    customer = _customer(service, session, payer, required=bool(data.get("setup_future_usage")))
    intent = service.store.find("payment_intent", session["payment_intent"])
    if intent is None:
        intent = new_intent(
            service,
            amount=session["amount_total"],
            currency=session["currency"],
            customer=customer,
            **{name: value for name, value in data.items() if name != "metadata"},
            metadata=dict(data.get("metadata", {})),
            payment_method_types=list(session["payment_method_types"]),
            _session=session["id"],
        )
        session["payment_intent"] = intent["id"]
    intent |= {"amount": session["amount_total"], "_payer": payer}
    return intent


def _drop_intent(service: StripeService, session: Object) -> None:
    """A free order has no payment intent, whatever was tried before the code was typed."""
    intent = service.store.find("payment_intent", session["payment_intent"])
    if intent is not None:
        cancel(service, intent, "automatic")
        session["payment_intent"] = None


def _conclude(
    service: StripeService, session: Object, payer: Payer, intent: Object, decline: Decline | None
) -> Outcome:
    if decline is not None:
        return Outcome("declined", decline)
    if intent["status"] == "requires_action":
        return Outcome("authentication_required")
    if intent["status"] == "processing":
        intent["_after_debit"] = lambda late_decline: _end_debit(service, session, late_decline)
    _complete(service, session, payer, intent["customer"])
    return Outcome("paid" if intent["status"] == "succeeded" else "pending")


def _complete(service: StripeService, session: Object, payer: Payer, customer: str | None) -> None:
    """The order is placed: codes are counted, the customer and the invoice written down."""
    intent = service.store.find("payment_intent", session["payment_intent"])
    status = "no_payment_required" if session["amount_total"] == 0 else "unpaid"
    if intent is not None and intent["status"] == "succeeded":
        status = "paid"
    details = {"address": NO_ADDRESS, "email": _email(service, session, payer), "name": payer.name, "phone": None}
    session |= {
        "status": "complete",
        "payment_status": status,
        "url": None,
        "customer": customer,
        "customer_details": {**details, "tax_exempt": "none", "tax_ids": []},
        "consent": _consent(session),
    }
    for kind, key in (("coupon", "_coupon"), ("promotion_code", "_code")):
        redeemed = service.store.find(kind, session.get(key))
        if redeemed is not None:
            redeemed["times_redeemed"] += 1
    if session["invoice_creation"]["enabled"]:
        session["invoice"] = _invoice(service, session)["id"]
    service.emit("checkout.session.completed", session)


def _consent(session: Object) -> Object | None:
    asked = session["consent_collection"]
    if asked is None:
        return None
    accepted = "accepted" if asked["terms_of_service"] == "required" else None
    return {"promotions": None, "terms_of_service": accepted}


def _invoice(service: StripeService, session: Object) -> Object:
    data = session["invoice_creation"]["invoice_data"]
    number = sum(1 for _ in service.store.all("invoice")) + 1
    invoice = service.new(
        "invoice",
        amount_due=session["amount_total"],
        amount_paid=session["amount_total"],
        currency=session["currency"],
        customer=session["customer"],
        customer_email=session["customer_details"]["email"],
        customer_name=session["customer_details"]["name"],
        description=data["description"],
        footer=data["footer"],
        metadata=dict(data["metadata"]),
        number=f"SANDBOX-{number:04d}",
        subtotal=session["amount_subtotal"],
        total=session["amount_total"],
    )
    service.emit("invoice.paid", invoice)
    return invoice


def _end_debit(service: StripeService, session: Object, decline: Decline | None) -> None:
    if decline is None:
        session["payment_status"] = "paid"
        service.emit("checkout.session.async_payment_succeeded", session)
    else:
        service.emit("checkout.session.async_payment_failed", session)
