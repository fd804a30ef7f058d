"""``/v1/refunds`` and ``/v1/charges``: what has been paid, and what goes back of it."""

from __future__ import annotations

from datetime import timedelta

from sandbox.stripe.api import Endpoint, Params, create, created_filter, listing, retrieve
from sandbox.stripe.errors import StripeError, invalid
from sandbox.stripe.params import Field, Integer, Metadata, Text, merge_metadata
from sandbox.stripe.payments import new_balance_transaction
from sandbox.stripe.service import StripeService
from sandbox.stripe.store import Object, within

SETTLED_AFTER = timedelta(minutes=5)
"""When the refund of a special card gets its final status, on the clock."""
REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def _create(service: StripeService, _: str, params: Params) -> Object:
    charge = _charge_to_refund(service, params)
    left = charge["amount_captured"] - charge["amount_refunded"]
    if charge["disputed"] and not charge.get("_dispute_won"):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise StripeError(message, code="charge_disputed")
    if left == 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise StripeError(message, code="charge_already_refunded")
    amount = params.get("amount", left)
    if amount > left:
        message = (
            f"Refund amount ({_money(amount, charge)}) is greater than unrefunded amount on charge"
            f" ({_money(left, charge)})"
        )
        raise StripeError(message, param="amount")
    return _refund(service, charge, amount, params)


def _charge_to_refund(service: StripeService, params: Params) -> Object:
    intent_id, charge_id = params.get("payment_intent"), params.get("charge")
    if intent_id is None and charge_id is None:
        raise invalid("One of the following params should be provided for this request: payment_intent or charge.")
    if intent_id is not None:
        intent = service.store.named("payment_intent", intent_id, "payment_intent")
        if intent["status"] != "succeeded" or charge_id not in {None, intent["latest_charge"]}:
            message = f"This PaymentIntent ({intent_id}) does not have a successful charge to refund."
            raise StripeError(message, code="payment_intent_unexpected_state")
        charge_id = intent["latest_charge"]
    charge = service.store.named("charge", str(charge_id), "charge")
    if charge["status"] != "succeeded":
        raise StripeError(f"Charge {charge_id} was not successful and cannot be refunded.", param="charge")
    return charge


def _refund(service: StripeService, charge: Object, amount: int, params: Params) -> Object:
    card = charge["_card"]
    refund = service.new(
        "refund",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        destination_details=_destination(card.kind),
        metadata=merge_metadata({}, params.get("metadata", {})),
        payment_intent=charge["payment_intent"],
        reason=params.get("reason"),
        status="pending" if card.refund == "pending" else "succeeded",
    )
    refund["balance_transaction"] = new_balance_transaction(service, refund, "refund", -amount)["id"]
    _count(charge, amount)
    service.emit("refund.created", refund)
    service.emit("charge.refunded", charge, {"amount_refunded": charge["amount_refunded"] - amount})
    if card.refund == "pending":
        service.later(SETTLED_AFTER, lambda: _complete(service, refund))
    if card.refund == "fails_later":
        service.later(SETTLED_AFTER, lambda: _fail(service, refund, charge))
    return refund


def _destination(kind: str) -> Object:
    if kind == "sepa_debit":
        return {"type": "sepa_bank_transfer", "sepa_bank_transfer": {"reference": None, "reference_status": "pending"}}
    return {"type": "card", "card": {"reference_status": "pending", "reference_type": "acquirer_reference_number",
                                     "type": "refund"}}  # fmt: skip


def _count(charge: Object, amount: int) -> None:
    """Change what has been refunded of a charge; a negative amount comes back."""
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]


def _complete(service: StripeService, refund: Object) -> None:
    if refund["status"] == "pending":
        refund["status"] = "succeeded"
        service.emit("refund.updated", refund, {"status": "pending"})
        service.emit("charge.refund.updated", refund, {"status": "pending"})


def _fail(service: StripeService, refund: Object, charge: Object) -> None:
    """The bank sends the refund back: the money is on the account again."""
    previous = {"status": refund["status"]}
    refund |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
    returned = new_balance_transaction(service, refund, "refund_failure", refund["amount"])
    refund["failure_balance_transaction"] = returned["id"]
    _count(charge, -refund["amount"])
    service.emit("refund.failed", refund, previous)
    service.emit("refund.updated", refund, previous)
    service.emit("charge.refund.updated", refund, previous)


def _money(cents: int, charge: Object) -> str:
    sign = {"eur": "€", "usd": "$", "gbp": "£"}.get(charge["currency"], "")
    return f"{sign}{cents // 100:,}.{cents % 100:02d}"


def _update(service: StripeService, object_id: str, params: Params) -> Object:
    refund = service.store.get("refund", object_id)
    refund["metadata"] = merge_metadata(refund["metadata"], params.get("metadata", {}))
    service.emit("refund.updated", refund)
    return refund


def _list(kind: str, *names: str) -> Endpoint:
    """The list of a kind, filtered by these fields and ``created``."""

    def matching(service: StripeService, _: str, params: Params) -> list[Object]:
        return [
            found
            for found in service.store.all(kind)
            if all(params.get(name) in {None, found[name]} for name in names)
            and within(found["created"], params.get("created", {}))
        ]

    filters: dict[str, Field] = {name: Text() for name in names}
    return listing(f"/v1/{kind}s", matching, filters | created_filter())


_NEW: dict[str, Field] = {
    "amount": Integer(minimum=1),
    "charge": Text(),
    "payment_intent": Text(),
    "metadata": Metadata(),
    "reason": Text(choices=REASONS),
}
ENDPOINTS: list[Endpoint] = [
    create("/v1/refunds", _create, _NEW),
    retrieve("/v1/refunds/{id}", "refund"),
    create("/v1/refunds/{id}", _update, {"metadata": Metadata()}),
    _list("refund", "charge", "payment_intent"),
    retrieve("/v1/charges/{id}", "charge"),
    _list("charge", "customer", "payment_intent"),
    retrieve("/v1/balance_transactions/{id}", "balance_transaction"),
    _list("balance_transaction", "source", "type"),
    retrieve("/v1/disputes/{id}", "dispute"),
    _list("dispute", "charge", "payment_intent"),
    retrieve("/v1/invoices/{id}", "invoice"),
]
