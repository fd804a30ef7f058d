"""The messages of order and payment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlers.ids import Action
from handlers.views.early_start import take_back_button
from handlers.views.endings import WITHDRAW
from handlers.views.french import day_and_hour
from handlers.views.kit import Drawn, actions, button, clip, context, escape, header, section
from programme.content import Content
from programme.content.french import week_day
from programme.messages.orders import OrderConfirmed, PaymentLink, PaymentLinkExpired
from programme.rules.instants import PARIS
from programme.rules.money import euros


def _payment_link(message: PaymentLink, _content: Content) -> Drawn:
    expires = day_and_hour(message.expires_at, PARIS)
    amount = euros(message.first_amount)
    how = "en une fois" if message.instalments == 1 else f"première de {message.instalments} échéances"
    text = f"Votre lien de paiement est prêt : {amount} ({how}), valable jusqu’au {expires}."
    blocks = [
        header("Votre lien de paiement"),
        section(
            f"Votre commande de {euros(message.price)} est enregistrée. Il reste à payer *{amount}* ({how}).\n"
            f"Ce lien est personnel et reste valable jusqu’au {expires} (heure de Paris)."
        ),
        actions(button(f"Payer {amount}", Action.PAY, message.order_id, style="primary", url=message.url)),
        context("La page de paiement est celle de Stripe : votre numéro de carte n’est jamais connu du robot."),
    ]
    return Drawn(text, blocks)


def _payment_link_expired(message: PaymentLinkExpired, _content: Content) -> Drawn:
    sentence = "Votre lien de paiement a expiré sans être utilisé. Rien n’a été débité, et votre commande vous attend."
    blocks = [
        section(sentence),
        actions(button("Recevoir un nouveau lien", Action.RENEW_LINK, message.order_id, style="primary")),
    ]
    return Drawn(f"{sentence} Vous pouvez recevoir un nouveau lien.", blocks)


def _order_confirmed(message: OrderConfirmed, content: Content) -> Drawn:
    last_day = week_day(message.withdrawal_last_day)
    start = (
        "Vous avez demandé un démarrage anticipé : votre groupe peut commencer dès qu’il est complet et prêt."
        if message.early_start
        else "Votre groupe commencera après la fin de votre délai de rétractation."
    )
    what, said = _received(message)
    text = f"{what} Vous pouvez changer d’avis jusqu’au {last_day} inclus."
    blocks = [
        header("Votre inscription est confirmée"),
        section(f"Bienvenue, {escape(clip(message.first_name, 100))}. {said}"),
        section(
            f"*Délai de rétractation :* vous pouvez changer d’avis, sans motif, jusqu’au *{last_day} inclus*. {start}"
        ),
        section(
            f"*Votre contrat* part à l’adresse {escape(clip(message.email, 320))}, avec tous les textes acceptés. "
            "Vous pouvez le redemander à tout moment avec `/bilan-contrat`."
        ),
        section(
            "*La suite :* nous cherchons trois personnes proches de chez vous avec un créneau commun. "
            "Vous recevrez ici une proposition, que vous pourrez accepter ou refuser."
        ),
        actions(button(WITHDRAW, Action.WITHDRAW, message.order_id)),
        context(f"Commande {message.order_id} · {content.trader.name}"),
    ]
    if message.early_start:
        blocks.insert(-1, actions(take_back_button()))
    return Drawn(text, blocks)


def _received(message: OrderConfirmed) -> tuple[str, str]:
    """What was paid, for the notification and for the message."""
    if not message.price:
        return "Inscription confirmée.", "Votre offre couvre tout le prix : il n’y a rien à payer."
    received = f"Nous avons bien reçu *{euros(message.paid)}* sur un prix total de {euros(message.price)}."
    return f"Paiement reçu ({euros(message.paid)}).", received


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "payment_link": _payment_link,
    "payment_link_expired": _payment_link_expired,
    "order_confirmed": _order_confirmed,
}
