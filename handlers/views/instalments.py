"""The messages about the later instalments of an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.ids import Action
from handlers.views.french import day_and_hour
from handlers.views.kit import Drawn, actions, button, confirm, context, escape, header, section, user
from programme.content import Content
from programme.content.french import week_day
from programme.messages.instalments import (
    InstalmentCard,
    InstalmentLink,
    InstalmentLinkExpired,
    InstalmentNotice,
    InstalmentPaid,
    InstalmentRefused,
    InstalmentsDated,
    InstalmentSuspended,
)
from programme.rules.instants import PARIS
from programme.rules.money import euros

OTHER_CARD = "Payer avec une autre carte"
NOTHING_TO_DO = "Vous n’avez rien à faire."


def _from(card: str) -> str:
    """Where the money comes from, as its owner knows it."""
    return f"sur votre carte {escape(card)}" if card else "sur la carte du premier paiement"


def _dated(message: InstalmentsDated, _content: Content) -> Drawn:
    lines = [f"• {euros(one.amount)} le *{week_day(one.due_on)}*" for one in message.instalments]
    text = "Votre groupe commence : voici les dates de vos prochaines échéances."
    blocks = [
        header("Vos prochaines échéances"),
        section(f"Votre groupe commence. Le reste du prix est prélevé sans frais, {_from(message.card)} :"),
        section("\n".join(lines)),
        context(f"{NOTHING_TO_DO} Chaque date vous est rappelée une semaine avant. Commande {message.order_id}"),
    ]
    return Drawn(f"{text} " + ", ".join(line.strip("• ").replace("*", "") for line in lines), blocks)


def _notice(message: InstalmentNotice, _content: Content) -> Drawn:
    day = week_day(message.due_on)
    sentence = f"Échéance {message.number} sur {message.count} : {euros(message.amount)}, le {day}."
    blocks = [
        section(f"*{sentence}*\nElle sera prélevée {_from(message.card)}. {NOTHING_TO_DO}"),
        actions(button(OTHER_CARD, Action.PAY_INSTALMENT_OTHERWISE, message.payment_id)),
        context(
            f"Une autre carte ? Payez dès maintenant : c’est elle qui servira ensuite. Commande {message.order_id}"
        ),
    ]
    return Drawn(f"{sentence} Prélèvement {_from(message.card)}.", blocks)


def _suspended(message: InstalmentSuspended, _content: Content) -> Drawn:
    sentence = f"Votre échéance {message.number} ({euros(message.amount)}) est suspendue : rien n’est prélevé."
    follow = "Vous êtes entre deux groupes. Une nouvelle date vous est annoncée quand votre prochain groupe commence."
    return Drawn(f"{sentence} {follow}", [section(f"*{sentence}*\n{follow}"), context(f"Commande {message.order_id}")])


def _paid(message: InstalmentPaid, _content: Content) -> Drawn:
    sentence = f"Échéance {message.number} sur {message.count} reçue : {euros(message.amount)}. Merci."
    so_far = f"Vous avez payé {euros(message.paid)} sur {euros(message.price)}."
    return Drawn(f"{sentence} {so_far}", [section(f"*{sentence}*\n{so_far}"), context(f"Commande {message.order_id}")])


def _refused(message: InstalmentRefused, _content: Content) -> Drawn:
    what = f"l’échéance {message.number} ({euros(message.amount)})"
    sentence = f"Votre banque a refusé {what}, {_from(message.card)}."
    if message.card_gone:
        sentence = f"Nous n’avons pas pu prélever {what} : la carte enregistrée n’est plus disponible."
        follow = "Rien n’a été débité. Pour payer avec la carte de votre choix, qui servira ensuite :"
    elif message.next_on is not None:
        follow = f"Nouvel essai le *{week_day(message.next_on)}*, sans frais. Vous pouvez aussi payer autrement :"
    else:
        follow = "Il n’y aura plus d’essai automatique : une personne de l’équipe vous écrit. Pour payer autrement :"
    blocks = [
        section(f"*{sentence}*\n{follow}"),
        actions(button(OTHER_CARD, Action.PAY_INSTALMENT_OTHERWISE, message.payment_id, style="primary")),
        context(f"Votre place dans le groupe ne change pas. Commande {message.order_id}"),
    ]
    return Drawn(f"{sentence} {follow.replace('*', '')} {OTHER_CARD}.", blocks)


def _link(message: InstalmentLink, _content: Content) -> Drawn:
    amount, expires = euros(message.amount), day_and_hour(message.expires_at, PARIS)
    what = f"échéance {message.number} sur {message.count}"
    if message.to_authenticate:
        sentence = f"Votre banque demande votre accord pour {amount} ({what})."
        why = "Ouvrez la page de paiement et validez avec votre banque, ou choisissez une autre carte."
    else:
        sentence = f"Votre page pour payer {amount} ({what}) est prête."
        why = "Choisissez votre carte : c’est elle qui servira ensuite."
    blocks = [
        section(f"*{sentence}*\n{why} Ce lien est personnel et reste valable jusqu’au {expires} (heure de Paris)."),
        actions(button(f"Payer {amount}", Action.PAY_INSTALMENT, message.payment_id, style="primary", url=message.url)),
        context(f"Tant que vous n’avez pas payé, rien n’est débité. Commande {message.order_id}"),
    ]
    return Drawn(f"{sentence} {why}", blocks)


def _link_expired(message: InstalmentLinkExpired, _content: Content) -> Drawn:
    amount = euros(message.amount)
    sentence = (
        f"Votre lien pour l’échéance {message.number} ({amount}) a expiré sans être utilisé. Rien n’a été débité."
    )
    renew = button("Recevoir un nouveau lien", Action.PAY_INSTALMENT_OTHERWISE, message.payment_id, style="primary")
    return Drawn(f"{sentence} Vous pouvez recevoir un nouveau lien.", [section(sentence), actions(renew)])


WHY = {
    "refused": "La banque a refusé chaque essai.",
    "authentication": "La banque demande l’accord de la personne, qui n’a pas ouvert la page de paiement.",
    "card_gone": "La carte enregistrée n’est plus disponible chez Stripe : seul un lien de paiement peut aboutir.",
    "disputed": "Un paiement de cette commande a été contesté auprès de la banque : rien n’est prélevé sans vous.",
    "ending": "La fin du contrat est demandée : rien n’est prélevé sans vous.",
}


def _card(message: InstalmentCard, _content: Content) -> Drawn:
    title = (
        f"Échéance {message.number} sur {message.count} non réglée : {euros(message.amount)}, "
        f"{user(message.member_user)}"
    )
    due = f"Due le {week_day(message.due_on)}. {WHY[message.why]}" if message.due_on else WHY[message.why]
    by = user(message.by) if message.by else ""
    standing = {
        "waiting": "Écrivez à la personne avant d’agir.",
        "tried": f"Nouvel essai lancé par {by}.",
        "linked": f"Lien de paiement envoyé par {by}.",
        "dated": "La demande de fin est écartée : l’échéance suit sa nouvelle date.",
        "paid": "Réglée.",
        "stopped": "Le contrat a pris fin : plus rien n’est prélevé.",
    }[message.state]
    blocks: list[Block] = [section(f"*{title}*\n{due}"), context(f"{standing} Commande {message.order_id}")]
    if message.state not in {"dated", "paid", "stopped"}:
        dialog = confirm("Prélever ?", f"{euros(message.amount)} seront demandés à la carte enregistrée.", "Prélever")
        buttons = [button("Envoyer un lien", Action.SEND_INSTALMENT_LINK, message.payment_id, style="primary")]
        if message.why != "card_gone":
            buttons.append(button("Prélever à nouveau", Action.TRY_INSTALMENT, message.payment_id, confirm=dialog))
        blocks.insert(1, actions(*buttons))
    return Drawn(f"{title}. {standing}", blocks)


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "instalments_dated": _dated,
    "instalment_notice": _notice,
    "instalment_suspended": _suspended,
    "instalment_paid": _paid,
    "instalment_refused": _refused,
    "instalment_link": _link,
    "instalment_link_expired": _link_expired,
    "instalment_card": _card,
}
