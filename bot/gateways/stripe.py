"""Stripe: Checkout on the hosted page, and the signature of its events (``programme.ports.PaymentProvider``).

The outbox key is the idempotency key, so that a repeated attempt opens one session only. Amounts are integer cents.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import stripe

from programme.errors import DeliveryError, Permanent, Retryable
from programme.model.ending import RefundStatus
from programme.model.order import Order, PaymentPlan
from programme.ports import Checkout, Clock, RefundSeen
from programme.rules.money import NO_BREAK_SPACE, euros

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams

PRODUCT: Final = "Bilan professionnel collaboratif Ensemble1job"
OBLIGATION: Final = "Commande avec obligation de paiement"
"""The words of C. conso. L221-14, shown beside Stripe's own button."""
NEUTRAL_PAGE: Final = "https://app.slack.com/client"
"""Where a payer goes when the bot has no public address: back to Slack, which says nothing about the payment."""
EXCLUDED: Final = ("klarna", "alma", "scalapay")
"""Payment by a third party's credit: consumer credit since 20 November 2026 (L312-4)."""
CALL_SECONDS = 10.0
"""Three tries of ten seconds end well before the lease of an outbox row does."""
NETWORK_RETRIES = 2
KEY_LIFETIME = timedelta(hours=24)
"""How long Stripe remembers an idempotency key, and how long a session can stay open."""
PAGE = 100


class ForgedEvent(ValueError):
    """The request does not come from Stripe, is older than five minutes, or cannot be read."""


def construct_event(payload: bytes, signature: str, secret: str) -> tuple[str, str, str]:
    """Verify the raw body of a webhook; returns event id, type and Checkout session id ("" for another object)."""
    try:
        event = stripe.Webhook.construct_event(payload, signature, secret).to_dict()
        about = event["data"]["object"]
        checkout_id = about["id"] if about["object"] == "checkout.session" else ""
        return str(event["id"]), str(event["type"]), str(checkout_id)
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ForgedEvent(str(error)) from error


class StripePayments:
    """One Stripe account; every method raises Retryable or Permanent. Safe to use from several threads."""

    def __init__(
        self, secret_key: str, api_url: str, public_url: str, clock: Clock, *, retries: int = NETWORK_RETRIES
    ) -> None:
        """Pay into the account of ``secret_key``.

        ``api_url`` is empty for Stripe itself; ``public_url`` is where the pages ``/paiement/…`` are served, or empty:
        payers then go back to Slack. ``retries`` are those of the library, with the same idempotency key.
        """
        self._client = stripe.StripeClient(
            secret_key,
            base_addresses={"api": api_url.rstrip("/")} if api_url else None,
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=CALL_SECONDS),
        )
        self._public_url = public_url.rstrip("/")
        self._clock = clock

    def open_checkout(self, order: Order, *, first_amount: int, email: str, expires_at: datetime, key: str) -> Checkout:
        """Open the hosted page for the first payment of an order, in cents; the same key gives the same session."""
        params = self._params(order, first_amount, email, expires_at, key)
        try:
            session = self._client.v1.checkout.sessions.create(params, {"idempotency_key": key})
        except stripe.IdempotencyError as error:
            # The key was used for an attempt with another expiry: that attempt's session is the one.
            return self._opened_before(key, error)
        except stripe.StripeError as error:
            raise _judged(error) from error
        return _checkout(session.to_dict())

    def checkout(self, checkout_id: str) -> Checkout:
        """Read a session again, with what was paid and when."""
        expand = {"expand": ["payment_intent", "payment_intent.latest_charge"]}
        try:
            session = self._client.v1.checkout.sessions.retrieve(checkout_id, expand)  # type: ignore[arg-type]
        except stripe.StripeError as error:
            raise _judged(error) from error
        return _checkout(session.to_dict())

    def close_checkout(self, checkout_id: str) -> Checkout:
        """Let an open session expire; Stripe refuses that for one that is over, which is then read as it is."""
        try:
            session = self._client.v1.checkout.sessions.expire(checkout_id)
        except stripe.InvalidRequestError:
            return self.checkout(checkout_id)
        except stripe.StripeError as error:
            raise _judged(error) from error
        return _checkout(session.to_dict())

    def refund(self, intent_id: str, amount: int, *, key: str) -> RefundSeen:
        """Send back part or all of a payment, in cents, to the card that paid; the same key gives the same refund."""
        params: Any = {
            "payment_intent": intent_id,
            "amount": amount,
            "reason": "requested_by_customer",
            "metadata": {"key": key},
        }
        try:
            refund = self._client.v1.refunds.create(params, {"idempotency_key": key})
        except stripe.StripeError as error:
            raise _judged(error) from error
        return _refund(refund.to_dict())

    def refund_status(self, refund_id: str) -> RefundSeen:
        """Read a refund again."""
        try:
            refund = self._client.v1.refunds.retrieve(refund_id)
        except stripe.StripeError as error:
            raise _judged(error) from error
        return _refund(refund.to_dict())

    def _params(
        self, order: Order, first_amount: int, email: str, expires_at: datetime, key: str
    ) -> SessionCreateParams:
        success, cancel = self._return_addresses()
        intent: dict[str, Any] = {"metadata": {"order": order.id}}
        if order.plan is PaymentPlan.THREE:
            intent["setup_future_usage"] = "off_session"
        params: dict[str, Any] = {
            "mode": "payment",
            "ui_mode": "hosted_page",
            "locale": "fr",
            "client_reference_id": order.id,
            "customer_creation": "always",
            "customer_email": email,
            "line_items": [{"quantity": 1, "price_data": _price(order, first_amount)}],
            "payment_intent_data": intent,
            "excluded_payment_method_types": list(EXCLUDED),
            "custom_text": {"submit": {"message": OBLIGATION}},
            "metadata": {"order": order.id, "key": key},
            "success_url": success,
            "cancel_url": cancel,
            "expires_at": int(expires_at.timestamp()),
        }
        return params  # type: ignore[return-value]

    def _return_addresses(self) -> tuple[str, str]:
        if not self._public_url:
            return NEUTRAL_PAGE, NEUTRAL_PAGE
        pages = f"{self._public_url}/paiement"
        return f"{pages}/merci?s={{CHECKOUT_SESSION_ID}}", f"{pages}/interrompu"

    def _opened_before(self, key: str, reason: stripe.StripeError) -> Checkout:
        """Find the session that an earlier attempt with this key opened; Retryable while there is none."""
        since = int((self._clock.now() - KEY_LIFETIME).timestamp())
        try:
            recent = self._client.v1.checkout.sessions.list({"created": {"gte": since}, "limit": PAGE})
            for session in recent.auto_paging_iter():
                facts = session.to_dict()
                if (facts.get("metadata") or {}).get("key") == key:
                    return _checkout(facts)
        except stripe.StripeError as error:
            raise _judged(error) from error
        raise Retryable("stripe: an attempt with this key is under way", uncertain=True) from reason


def _price(order: Order, first_amount: int) -> dict[str, Any]:
    product = {"name": PRODUCT}
    if order.plan is PaymentPlan.THREE:
        product["name"] = f"{PRODUCT}, échéance 1 sur 3"
        product["description"] = f"Prix total de la commande{NO_BREAK_SPACE}: {euros(order.price)}, payé en trois fois."
    return {"currency": order.currency, "unit_amount": first_amount, "product_data": product}


def _checkout(session: dict[str, Any]) -> Checkout:
    """The session as the programme knows it; what is not expanded stays an id."""
    found = session.get("payment_intent")
    intent: dict[str, Any] = found if isinstance(found, dict) else {"id": found or ""}
    return Checkout(
        id=session["id"],
        url=session.get("url") or "",
        order_id=session.get("client_reference_id") or "",
        status=session.get("status") or "",
        payment_status=session["payment_status"],
        amount_total=session.get("amount_total") or 0,
        amount_discount=(session.get("total_details") or {}).get("amount_discount", 0),
        currency=session.get("currency") or "",
        expires_at=datetime.fromtimestamp(session["expires_at"], UTC),
        intent_id=intent["id"],
        customer_id=_id(session.get("customer")),
        payment_method_id=_id(intent.get("payment_method")),
        paid_at=_paid_at(intent) if session["payment_status"] == "paid" else None,
    )


def _refund(refund: dict[str, Any]) -> RefundSeen:
    """The refund as the programme knows it: what needs action is pending, what was cancelled has failed."""
    status = {"succeeded": RefundStatus.SUCCEEDED, "failed": RefundStatus.FAILED, "canceled": RefundStatus.FAILED}
    return RefundSeen(refund["id"], status.get(refund["status"], RefundStatus.PENDING))


def _paid_at(intent: dict[str, Any]) -> datetime | None:
    """The instant of the payment itself, not of its notice: the withdrawal period counts from it (CGV art. 8)."""
    charge = intent.get("latest_charge")
    created = charge["created"] if isinstance(charge, dict) else intent.get("created")
    return datetime.fromtimestamp(created, UTC) if created else None


def _id(reference: Any) -> str:
    return str(reference["id"] if isinstance(reference, dict) else reference or "")


def _judged(error: stripe.StripeError) -> DeliveryError:
    reason = f"stripe: {error.user_message or error}"
    if isinstance(error, stripe.AuthenticationError):
        return Permanent("stripe: the secret key is missing or refused (STRIPE_SECRET_KEY)")
    if isinstance(error, stripe.RateLimitError):
        return Retryable(reason)
    if isinstance(error, stripe.APIConnectionError) or (error.http_status or 500) >= 500:
        return Retryable(reason, uncertain=True)
    return Permanent(reason)
