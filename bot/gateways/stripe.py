"""Stripe: Checkout on the hosted page, and the signature of its events (``programme.ports.PaymentProvider``).

The outbox key is the idempotency key, so that a repeated attempt opens one session only. Amounts are integer cents.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import stripe

from bot.gateways.stripe_lookup import PAGE, intent_made, refund_made
from programme.errors import DeliveryError, Permanent, Retryable
from programme.model.charge import Charge, ChargeStatus
from programme.model.dispute import DisputeState
from programme.model.ending import RefundStatus
from programme.model.order import Order, Payment, PaymentPlan
from programme.payment_provider import Checkout, DisputeSeen, RefundSeen
from programme.ports import Clock
from programme.rules.money import NO_BREAK_SPACE, euros

PRODUCT: Final = "Bilan professionnel collaboratif Ensemble1job"
OBLIGATION: Final = "Commande avec obligation de paiement"
"""The words of C. conso. L221-14, shown beside Stripe's own button."""
NEUTRAL_PAGE: Final = "https://app.slack.com/client"
"""Where a payer goes when the bot has no public address: back to Slack, which says nothing about the payment."""
EXCLUDED: Final = ("klarna", "alma", "scalapay", "sepa_debit")
"""Payment by a third party's credit is consumer credit since 20 November 2026 (L312-4); a bank debit comes days later,
and its payer may take it back for eight weeks."""
CALL_SECONDS = 10.0
"""Three tries of ten seconds end well before the lease of an outbox row does."""
NETWORK_RETRIES = 2
KEY_LIFETIME = timedelta(hours=24)
"""How long Stripe remembers an idempotency key, and how long a session can stay open."""
AUTHENTICATION: Final = "authentication_required"


class ForgedEvent(ValueError):
    """The request does not come from Stripe, is older than five minutes, or cannot be read."""


def construct_event(payload: bytes, signature: str, secret: str) -> tuple[str, str, str]:
    """Verify the raw body of a webhook; returns event id, type and the id of the object that it is about."""
    try:
        event = stripe.Webhook.construct_event(payload, signature, secret).to_dict()
        return str(event["id"]), str(event["type"]), str(event["data"]["object"]["id"])
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
        return self._open(self._params(order, first_amount, email, expires_at, key), key)

    def _open(self, params: Any, key: str) -> Checkout:
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
        expand = {"expand": [f"payment_intent{path}" for path in ("", ".latest_charge", ".payment_method")]}
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

    def open_instalment_page(self, order: Order, payment: Payment, *, expires_at: datetime, key: str) -> Checkout:
        """Open the hosted page for a later instalment; the card that pays it replaces the one that was kept."""
        params = self._common_params(order, expires_at, {"order": order.id, "payment": payment.id, "key": key}) | {
            "customer": order.customer_id,
            "line_items": [{"quantity": 1, "price_data": _price(order, payment.amount, payment.number)}],
            "payment_intent_data": {
                "metadata": {"order": order.id, "payment": payment.id},
                "setup_future_usage": "off_session",
            },
        }
        return self._open(params, key)

    def open_charge(self, order: Order, payment: Payment, *, key: str) -> Charge:
        """Prepare a debit without its payer, in cents; the same key gives the same one, and nothing is debited yet.

        Stripe forgets a key after a day: what was prepared with it, or has been paid since, is looked for first.
        """
        params: Any = {
            "amount": payment.amount,
            "currency": order.currency,
            "customer": order.customer_id,
            "description": f"{PRODUCT}, échéance {payment.number}",
            "metadata": {"order": order.id, "payment": payment.id, "key": key},
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "excluded_payment_method_types": list(EXCLUDED),
        }
        try:
            known = intent_made(self._client, order.customer_id, payment.id, key)
            intent = known or self._client.v1.payment_intents.create(params, {"idempotency_key": key})
        except stripe.StripeError as error:
            raise _judged(error) from error
        return _charge(intent.to_dict())

    def confirm_charge(self, charge_id: str, *, card_id: str, key: str) -> Charge:
        """Debit the card; what the bank refuses is read from the intent itself.

        A card that was detached, or deleted, can be debited no more: that is a refusal for good.
        """
        params: Any = {"payment_method": card_id, "off_session": True}
        try:
            self._client.v1.payment_intents.confirm(charge_id, params, {"idempotency_key": key})
        except stripe.CardError:
            pass  # the intent says why
        except stripe.InvalidRequestError as error:
            if error.param != "payment_method":
                raise _judged(error) from error
            gone = {"status": ChargeStatus.DECLINED, "failure": f"gone:{card_id}", "card_gone": True}
            return self.charge(charge_id).model_copy(update=gone)
        except stripe.StripeError as error:
            raise _judged(error) from error
        return self.charge(charge_id)

    def charge(self, charge_id: str) -> Charge:
        """Read a debit again, with what was paid, when and by which card."""
        expand: Any = {"expand": ["latest_charge", "payment_method"]}
        try:
            intent = self._client.v1.payment_intents.retrieve(charge_id, expand)
        except stripe.StripeError as error:
            raise _judged(error) from error
        return _charge(intent.to_dict())

    def cancel_charge(self, charge_id: str) -> Charge:
        """Cancel a debit for ever; Stripe refuses that for one that is over, which is then read as it is."""
        try:
            self._client.v1.payment_intents.cancel(charge_id)
        except stripe.InvalidRequestError:
            return self.charge(charge_id)
        except stripe.StripeError as error:
            raise _judged(error) from error
        return self.charge(charge_id)

    def detach_card(self, card_id: str, *, key: str) -> None:
        """Take a card from its customer; Stripe refuses that for one that was taken before, and knows none deleted."""
        try:
            self._client.v1.payment_methods.detach(card_id, options={"idempotency_key": key})
        except stripe.InvalidRequestError as error:
            if not self._is_detached(card_id):
                raise _judged(error) from error
        except stripe.StripeError as error:
            raise _judged(error) from error

    def _is_detached(self, card_id: str) -> bool:
        try:
            return not _id(self._client.v1.payment_methods.retrieve(card_id).to_dict().get("customer"))
        except stripe.InvalidRequestError as error:
            return error.code == "resource_missing"
        except stripe.StripeError as error:
            raise _judged(error) from error

    def refund(self, intent_id: str, amount: int, *, key: str) -> RefundSeen:
        """Send back part or all of a payment, in cents, to the card that paid; the same key gives the same refund.

        Stripe forgets a key after a day: what was sent back with it is looked for first.
        """
        params: Any = {
            "payment_intent": intent_id,
            "amount": amount,
            "reason": "requested_by_customer",
            "metadata": {"key": key},
        }
        try:
            known = refund_made(self._client, intent_id, key)
            refund = known or self._client.v1.refunds.create(params, {"idempotency_key": key})
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

    def dispute(self, dispute_id: str) -> DisputeSeen:
        """Read a dispute again."""
        try:
            return _dispute(self._client.v1.disputes.retrieve(dispute_id).to_dict())
        except stripe.StripeError as error:
            raise _judged(error) from error

    def disputes(self, since: datetime) -> list[DisputeSeen]:
        """Read the disputes that were opened since then."""
        try:
            found = self._client.v1.disputes.list({"created": {"gte": int(since.timestamp())}, "limit": PAGE})
            return [_dispute(one.to_dict()) for one in found.auto_paging_iter()]
        except stripe.StripeError as error:
            raise _judged(error) from error

    def _params(self, order: Order, first_amount: int, email: str, expires_at: datetime, key: str) -> dict[str, Any]:
        intent: dict[str, Any] = {"metadata": {"order": order.id}}
        if order.plan is PaymentPlan.THREE:
            intent["setup_future_usage"] = "off_session"
        return self._common_params(order, expires_at, {"order": order.id, "key": key}) | {
            "customer_creation": "always",
            "customer_email": email,
            "line_items": [{"quantity": 1, "price_data": _price(order, first_amount, 1)}],
            "payment_intent_data": intent,
            "custom_text": {"submit": {"message": OBLIGATION}},
        }

    def _common_params(self, order: Order, expires_at: datetime, metadata: dict[str, str]) -> dict[str, Any]:
        success, cancel = self._return_addresses()
        return {
            "mode": "payment",
            "ui_mode": "hosted_page",
            "locale": "fr",
            "client_reference_id": order.id,
            "excluded_payment_method_types": list(EXCLUDED),
            "metadata": metadata,
            "success_url": success,
            "cancel_url": cancel,
            "expires_at": int(expires_at.timestamp()),
        }

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


def _price(order: Order, amount: int, number: int) -> dict[str, Any]:
    product = {"name": PRODUCT}
    if order.plan is PaymentPlan.THREE:
        product["name"] = f"{PRODUCT}, échéance {number} sur 3"
        product["description"] = f"Prix total de la commande{NO_BREAK_SPACE}: {euros(order.price)}, payé en trois fois."
    return {"currency": order.currency, "unit_amount": amount, "product_data": product}


def _charge(intent: dict[str, Any]) -> Charge:
    """The intent as the programme knows it; a refusal is known by the charge that failed."""
    error = intent.get("last_payment_error") or {}
    status = _CHARGE_STATUS.get(intent["status"], ChargeStatus.OPEN)
    if error and intent["status"] == "requires_payment_method":
        asks = AUTHENTICATION in {error.get("code"), error.get("decline_code")}
        status = ChargeStatus.AUTHENTICATION if asks else ChargeStatus.DECLINED
    return Charge(
        id=intent["id"],
        status=status,
        amount=intent["amount"],
        currency=intent["currency"],
        paid_at=_paid_at(intent) if status is ChargeStatus.SUCCEEDED else None,
        failure=(_id(error.get("charge") or intent.get("latest_charge")) or intent["id"]) if _refused(status) else "",
        customer_id=_id(intent.get("customer")),
        card_id=_id(intent.get("payment_method")),
        card=_card(intent.get("payment_method")),
    )


_CHARGE_STATUS = {
    "succeeded": ChargeStatus.SUCCEEDED,
    "processing": ChargeStatus.PROCESSING,
    "canceled": ChargeStatus.CANCELLED,
    "requires_action": ChargeStatus.AUTHENTICATION,
}


def _refused(status: ChargeStatus) -> bool:
    return status in {ChargeStatus.AUTHENTICATION, ChargeStatus.DECLINED}


def _card(method: Any) -> str:
    """What its owner knows a card by: its brand and its last four digits."""
    card = method.get("card") if isinstance(method, dict) else None
    return f"{card['brand'].title()} {card['last4']}" if card else ""


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
        card=_card(intent.get("payment_method")),
        paid_at=_paid_at(intent) if session["payment_status"] == "paid" else None,
        payment_id=(session.get("metadata") or {}).get("payment", ""),
    )


def _dispute(dispute: dict[str, Any]) -> DisputeSeen:
    """The dispute as the programme knows it: what was closed without a loss is won."""
    ended = {"won": DisputeState.WON, "warning_closed": DisputeState.WON, "prevented": DisputeState.WON}
    due_by = (dispute.get("evidence_details") or {}).get("due_by")
    return DisputeSeen(
        id=dispute["id"],
        intent_id=_id(dispute.get("payment_intent")),
        amount=dispute["amount"],
        reason=dispute.get("reason") or "",
        state=(ended | {"lost": DisputeState.LOST}).get(dispute["status"], DisputeState.OPEN),
        evidence_due_at=datetime.fromtimestamp(due_by, UTC) if due_by else None,
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
