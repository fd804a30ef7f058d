"""What was made with a key of ours: Stripe forgets idempotency keys after a day, the metadata stay.

So an attempt that is repeated days later, or after a backup was put back, finds what the first one has made.
"""

from __future__ import annotations

import stripe

PAGE = 100


def intent_made(
    client: stripe.StripeClient, customer_id: str, payment_id: str, key: str
) -> stripe.PaymentIntent | None:
    """Return the debit prepared with the key, or any that has paid this instalment; a cancelled one is over."""
    for intent in client.v1.payment_intents.list({"customer": customer_id, "limit": PAGE}).auto_paging_iter():
        about = _metadata(intent)
        if intent.status == "succeeded" and about.get("payment") == payment_id:
            return intent
        if intent.status != "canceled" and about.get("key") == key:
            return intent
    return None


def refund_made(client: stripe.StripeClient, intent_id: str, key: str) -> stripe.Refund | None:
    """Return the refund of this payment that was made with the key."""
    found = client.v1.refunds.list({"payment_intent": intent_id, "limit": PAGE}).auto_paging_iter()
    return next((refund for refund in found if _metadata(refund).get("key") == key), None)


def _metadata(found: stripe.StripeObject) -> dict[str, str]:
    return dict(found.to_dict().get("metadata") or {})
