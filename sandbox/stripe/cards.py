"""Stripe's test cards, and what each of them does (https://docs.stripe.com/testing)."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Decline:
    """Why a bank refuses: Stripe's code, decline code and English sentence."""

    code: str
    decline_code: str | None
    message: str


GENERIC = Decline("card_declined", "generic_decline", "Your card was declined.")
FUNDS = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
LOST = Decline("card_declined", "lost_card", "Your card was declined.")
STOLEN = Decline("card_declined", "stolen_card", "Your card was declined.")
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.")
WRONG_CVC = Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")
PROCESSING = Decline(
    "processing_error", "processing_error", "An error occurred while processing your card. Try again in a little bit."
)
AUTHENTICATION = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
NOT_AUTHENTICATED = Decline(
    "payment_intent_authentication_failure",
    None,
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
)
SEPA_REFUSED = Decline(
    "payment_intent_payment_attempt_failed", None, "The payment failed: the bank account could not be debited."
)


@dataclass(frozen=True)
class Card:
    """One test card or bank account.

    ``authentication`` is ``never``, ``unless_set_up`` (off-session payments pass once the card was set up for
    them with an authenticated payment) or ``always``. ``refund`` is ``succeeded``, ``pending`` (succeeds later)
    or ``fails_later``. ``attached_decline`` refuses charges without the payer only. ``kind`` is the payment
    method's type; a ``sepa_debit`` is answered days later.
    """

    number: str
    alias: str
    brand: str = "visa"
    decline: Decline | None = None
    attached_decline: Decline | None = None
    authentication: str = "never"
    refund: str = "succeeded"
    kind: str = "card"
    country: str = "FR"

    @property
    def last4(self) -> str:
        """The last four digits."""
        return self.number[-4:]


_VISA = Card("4242424242424242", "pm_card_visa")
CARDS = (
    _VISA,
    Card("5555555555554444", "pm_card_mastercard", "mastercard"),
    replace(_VISA, number="4000002500000003", alias="pm_card_fr"),
    Card("4000000000000002", "pm_card_visa_chargeDeclined", decline=GENERIC),
    Card("4000000000009995", "pm_card_visa_chargeDeclinedInsufficientFunds", decline=FUNDS),
    Card("4000000000009987", "pm_card_visa_chargeDeclinedLostCard", decline=LOST),
    Card("4000000000009979", "pm_card_visa_chargeDeclinedStolenCard", decline=STOLEN),
    Card("4000000000000069", "pm_card_chargeDeclinedExpiredCard", decline=EXPIRED),
    Card("4000000000000127", "pm_card_chargeDeclinedIncorrectCvc", decline=WRONG_CVC),
    Card("4000000000000119", "pm_card_chargeDeclinedProcessingError", decline=PROCESSING),
    Card("4000000000000341", "pm_card_chargeCustomerFail", attached_decline=GENERIC),
    Card("4000002500003155", "pm_card_authenticationRequiredOnSetup", authentication="unless_set_up"),
    Card("4000002760003184", "pm_card_authenticationRequired", authentication="always"),
    Card("4000008260003178", "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", decline=FUNDS,
         authentication="always"),
    Card("4000000000007726", "pm_card_pendingRefund", refund="pending"),
    Card("4000000000005126", "pm_card_refundFail", refund="fails_later"),
    Card("AT611904300234573201", "pm_success_sepa_debit", "sepa", kind="sepa_debit", country="AT"),
    Card("AT861904300235473202", "pm_fail_sepa_debit", "sepa", decline=SEPA_REFUSED, kind="sepa_debit", country="AT"),
)  # fmt: skip
_BY_NAME = {name: card for card in CARDS for name in (card.number, card.alias)}


def find_card(name: str) -> Card | None:
    """The card of a number (spaces and dashes do not matter) or of an alias such as ``pm_card_visa``."""
    return _BY_NAME.get(name.strip()) or _BY_NAME.get(name.replace(" ", "").replace("-", "").upper())
