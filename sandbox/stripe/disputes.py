"""Disputes: a payer contests a charge at the bank. Only the control routes open and close them."""

from __future__ import annotations

from sandbox.stripe.payments import new_balance_transaction
from sandbox.stripe.service import StripeService
from sandbox.stripe.store import Object

EVIDENCE_SECONDS = 7 * 86_400


def open_dispute(service: StripeService, charge: Object, reason: str = "fraudulent") -> Object:
    """The payer contests the charge: the bank takes back what was not refunded.

    Raises ValueError when the charge did not succeed, is disputed already or was refunded in full.
    """
    amount = charge["amount_captured"] - charge["amount_refunded"]
    if charge["status"] != "succeeded" or charge["disputed"] or amount == 0:
        raise ValueError(f"{charge['id']} cannot be disputed")
    dispute = service.new(
        "dispute",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=charge["payment_intent"],
        reason=reason,
    )
    dispute["evidence_details"]["due_by"] = service.epoch + EVIDENCE_SECONDS
    charge["disputed"] = True
    _move(service, dispute, -amount)
    service.emit("charge.dispute.created", dispute)
    service.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(service: StripeService, dispute: Object, status: str) -> None:
    """The bank decides: ``won`` gives the money back, ``lost`` does not.

    Raises ValueError when the dispute is closed already or the status is another.
    """
    if dispute["status"] in {"won", "lost"}:
        raise ValueError(f"{dispute['id']} is closed already")
    if status not in {"won", "lost"}:
        raise ValueError("status must be won or lost")
    previous = {"status": dispute["status"]}
    dispute["status"] = status
    if status == "won":
        service.store.get("charge", dispute["charge"])["_dispute_won"] = True
        _move(service, dispute, dispute["amount"])
        service.emit("charge.dispute.funds_reinstated", dispute)
    service.emit("charge.dispute.closed", dispute, previous)


def _move(service: StripeService, dispute: Object, amount: int) -> None:
    moved = new_balance_transaction(service, dispute, "adjustment", amount)
    dispute["balance_transactions"].append(service.show(moved))
