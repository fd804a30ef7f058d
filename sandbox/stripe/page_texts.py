"""What the hosted page says in French."""

from __future__ import annotations

from sandbox.stripe.cards import Decline

_DECLINES = {
    "insufficient_funds": "Votre carte a été refusée\u00a0: provision insuffisante. Essayez un autre moyen.",
    "lost_card": "Votre carte a été refusée. Essayez un autre moyen de paiement.",
    "stolen_card": "Votre carte a été refusée. Essayez un autre moyen de paiement.",
    "expired_card": "Votre carte a expiré. Essayez une autre carte.",
    "incorrect_cvc": "Le code de sécurité de votre carte est incorrect.",
    "processing_error": "Une erreur est survenue pendant le traitement de la carte. Réessayez dans un instant.",
    "payment_intent_authentication_failure": (
        "Votre banque n’a pas pu vous authentifier. Choisissez un autre moyen de paiement et réessayez."
    ),
}
_DECLINED = "Votre carte a été refusée. Essayez un autre moyen de paiement."
_ERRORS = {
    "unknown_code": "Ce code promotionnel n’est pas valable.",
    "codes_not_allowed": "Cette commande n’accepte pas de code promotionnel.",
    "expired": "Ce code promotionnel a expiré.",
    "used_up": "Ce code promotionnel a déjà été utilisé autant de fois que prévu.",
    "first_time": "Ce code promotionnel est réservé à une première commande.",
    "customer": "Ce code promotionnel est réservé à une autre personne.",
    "minimum": "Le montant de la commande ne permet pas d’utiliser ce code promotionnel.",
    "currency": "Ce code promotionnel ne s’applique pas à cette monnaie.",
    "unknown_card": "Ce numéro n’est pas celui d’un moyen de paiement d’essai. Par exemple\u00a0: 4242 4242 4242 4242.",
    "method_not_offered": "Ce moyen de paiement n’est pas proposé pour cette commande.",
    "terms": "Cochez la case des conditions pour pouvoir payer.",
    "complete": "Cette commande est déjà payée.",
    "no_authentication": "Aucune authentification n’est en cours.",
}
_SYMBOLS = {"eur": "€", "usd": "$", "gbp": "£"}


def decline_text(decline: Decline) -> str:
    """Why the payment was refused, to the payer."""
    return _DECLINES.get(decline.decline_code or decline.code, _DECLINED)


def payer_error_text(reason: str) -> str:
    """What the payer has to correct."""
    return _ERRORS.get(reason, "Ce code promotionnel n’est pas valable.")


def money(cents: int, currency: str) -> str:
    """An amount as it is written in French: ``1 234,50 €`` with non-breaking spaces."""
    euros = f"{abs(cents) // 100:,}".replace(",", "\u202f")
    sign = "−" if cents < 0 else ""
    return f"{sign}{euros},{abs(cents) % 100:02d}\u00a0{_SYMBOLS.get(currency, currency.upper())}"
