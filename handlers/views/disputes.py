"""Payments that are contested at the bank, as the admins see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlers.views.french import day_and_hour
from handlers.views.kit import Drawn, clip, context, escape, section, user
from programme.content import Content
from programme.messages.disputes import DisputeCard, DisputeReminder
from programme.rules.instants import PARIS
from programme.rules.money import euros

REASONS = {
    "fraudulent": "la personne dit ne pas avoir payé elle-même",
    "duplicate": "la personne dit avoir payé deux fois",
    "product_not_received": "la personne dit ne pas avoir reçu la prestation",
    "product_unacceptable": "la personne conteste la qualité de la prestation",
    "credit_not_processed": "la personne attend un remboursement",
    "subscription_canceled": "la personne dit avoir mis fin au contrat",
    "unrecognized": "la personne ne reconnaît pas ce paiement",
}
PROOFS = (
    "Réunissez le contrat (`/bilan-contrat`), le relevé d’émargement (`/bilan-admin emargement`) et vos échanges, puis "
    "répondez dans le tableau de bord de Stripe."
)


def _card(message: DisputeCard, _content: Content) -> Drawn:
    title = f"Paiement contesté : {euros(message.amount)}, {user(message.member_user)} (échéance {message.number})"
    reason = REASONS.get(message.reason, f"motif donné par la banque « {escape(clip(message.reason, 80))} »")
    until = f" avant le *{day_and_hour(message.evidence_due_at, PARIS)}*" if message.evidence_due_at else ""
    standing = {
        "open": (
            f"{reason.capitalize()}. {PROOFS[:-1]}{until}.\n"
            "D’ici la décision de la banque, rien n’est prélevé ni remboursé sur cette commande."
        ),
        "won": "La banque vous a donné raison : la somme est revenue, et la commande reprend son cours.",
        "lost": (
            "La banque a rendu la somme à la personne : elle ne sera pas remboursée une seconde fois. Rien n’est plus "
            "prélevé sans vous ; décidez de la suite avec la personne."
        ),
    }[message.state]
    blocks = [section(f"*{title}*\n{standing}"), context(f"Commande {message.order_id} · litige {message.dispute_id}")]
    return Drawn(title, blocks)


def _reminder(message: DisputeReminder, _content: Content) -> Drawn:
    sentence = (
        f"Paiement contesté de {euros(message.amount)}, {user(message.member_user)} : il reste jusqu’au "
        f"{day_and_hour(message.evidence_due_at, PARIS)} pour répondre à la banque."
    )
    blocks = [section(f"*{sentence}*\n{PROOFS}"), context(f"Commande {message.order_id} · litige {message.dispute_id}")]
    return Drawn(sentence, blocks)


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {"dispute_card": _card, "dispute_reminder": _reminder}
