"""``/control/stripe/…``: pay a session, open disputes, see the account, choose where webhooks go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.stripe.checkout import Payer, enter_code, pay
from sandbox.stripe.disputes import close_dispute, open_dispute
from sandbox.stripe.errors import StripeError
from sandbox.stripe.service import Call, StripeService
from sandbox.stripe.store import Object
from sandbox.stripe.webhooks import Target

Data = Mapping[str, Any]


def pay_session(service: StripeService, data: Data) -> Object:
    """Pay as a person would on the page; see ``Payer``. ``promotion_code`` is typed first."""
    session = _find(service, "checkout.session", data, "session")
    card = data.get("card", "4242424242424242")
    if not isinstance(card, str):
        raise TypeError("card must be a text")
    payer = Payer(
        card=card,
        name=data.get("name"),
        email=data.get("email"),
        accepts_terms=bool(data.get("accept_terms", True)),
        authenticates=bool(data.get("authenticate", False)),
    )
    if data.get("promotion_code") and session["status"] == "open":
        enter_code(service, session, str(data["promotion_code"]))
    outcome = pay(service, session, payer)
    decline = outcome.decline
    return {
        "result": outcome.result,
        "decline_code": (decline.decline_code or decline.code) if decline else None,
        "message": decline.message if decline else None,
        **_summary(session),
    }


def dispute(service: StripeService, data: Data) -> Object:
    """Contest a charge: {"charge" or "payment_intent", "reason"?}."""
    service.call = Call()
    if "payment_intent" in data:
        intent = _find(service, "payment_intent", data, "payment_intent")
        data = {**data, "charge": intent["latest_charge"]}
    charge = _find(service, "charge", data, "charge")
    return service.show(open_dispute(service, charge, data.get("reason", "fraudulent")))


def end_dispute(service: StripeService, data: Data) -> Object:
    """The bank decides: {"dispute", "status": "won" | "lost"}."""
    service.call = Call()
    found = _find(service, "dispute", data, "dispute")
    close_dispute(service, found, str(data.get("status")))
    return service.show(found)


def set_webhook(service: StripeService, data: Data) -> Object:
    """Send events to {"url", "secret"?}; a null url sends them nowhere."""
    url = data.get("url")
    if url is not None and not str(url).startswith(("http://", "https://")):
        raise ValueError("url must be an http(s) address, or null")
    secret = str(data.get("secret") or (service.webhooks.target.secret if service.webhooks.target else "whsec_sandbox"))
    service.webhooks.target = Target(str(url), secret) if url is not None else None
    return {"url": url}


def sessions(service: StripeService) -> Object:
    """Every session, newest first."""
    return {"sessions": [_summary(session) for session in service.store.all("checkout.session")]}


def account(service: StripeService) -> Object:
    """What is on the account, and its sums in cents."""
    charges = [charge for charge in service.store.all("charge") if charge["status"] == "succeeded"]
    disputes = list(service.store.all("dispute"))
    captured = sum(charge["amount_captured"] for charge in charges)
    refunded = sum(charge["amount_refunded"] for charge in charges)
    contested = sum(found["amount"] for found in disputes if found["status"] != "won")
    kinds = ("payment_intent", "charge", "refund", "customer", "dispute", "promotion_code")
    lists = {f"{kind}s": [service.show(found) for found in service.store.all(kind)] for kind in kinds}
    sums = {"captured": captured, "refunded": refunded, "disputed": contested}
    return {**lists, "sums": {**sums, "kept": captured - refunded - contested}}


def _find(service: StripeService, kind: str, data: Data, name: str) -> Object:
    """The object that the data names; raises ValueError with a sentence."""
    object_id = data.get(name)
    if not isinstance(object_id, str):
        raise TypeError(f"{name} is missing")
    try:
        return service.store.get(kind, object_id)
    except StripeError as refusal:
        raise ValueError(str(refusal)) from refusal


def _summary(session: Object) -> Object:
    names = (
        "status",
        "payment_status",
        "amount_total",
        "currency",
        "client_reference_id",
        "customer",
        "customer_email",
        "payment_intent",
        "metadata",
        "url",
        "expires_at",
    )
    discount = session["total_details"]["amount_discount"]
    return {"session": session["id"], "amount_discount": discount, **{name: session[name] for name in names}}
