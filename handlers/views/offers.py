"""Special offers as admins see them: the list, the form of a new one, the card that keeps the trace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    DatePickerElement,
    NumberInputElement,
    PlainTextInputElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.views.kit import (
    Drawn,
    actions,
    button,
    confirm,
    context,
    escape,
    header,
    input_field,
    modal,
    section,
    user,
)
from programme.content import Content
from programme.content.french import long_day
from programme.messages.offers import OfferCard
from programme.model.offer import Offer
from programme.rules.money import euros

TITLE = "Offres"
SHOWN = 45
"""Two blocks each at most, under Slack's hundred."""


def listing(offers: Sequence[tuple[Offer, int]], today: date) -> View:
    """Every offer with its uses; one that still runs can be stopped."""
    blocks: list[Block] = [actions(button("Nouvelle offre", Action.NEW_OFFER, style="primary"))]
    if not offers:
        blocks.append(section("Aucune offre pour l’instant : tout le monde paie le prix du programme."))
    blocks += [_line(offer, uses, today) for offer, uses in offers[:SHOWN]]
    if len(offers) > SHOWN:
        blocks.append(context(f"Les {SHOWN} offres les plus récentes sur {len(offers)}."))
    return modal(Callback.OFFERS, TITLE, blocks)


def _line(offer: Offer, uses: int, today: date) -> Block:
    limit = f" sur {offer.max_uses}" if offer.max_uses else ""
    text = (
        f"*`{offer.code}`* · {escape(offer.label)} · *{euros(offer.price)}*\n"
        f"Du {long_day(offer.first_day)} au {long_day(offer.last_day)} inclus · commandes : {uses}{limit}"
        f"{_kept_for(offer.for_user)}\nAccordée par {user(offer.granted_by)}"
    )
    if offer.closed_at is not None:
        return section(f"{text} · arrêtée par {user(offer.closed_by)}")
    if today > offer.last_day:
        return section(f"{text} · terminée")
    dialog = confirm(
        "Arrêter cette offre ?",
        "Plus personne ne pourra commander avec ce code. Les commandes déjà passées gardent leur prix.",
        "Arrêter l’offre",
    )
    stop = button("Arrêter", Action.CLOSE_OFFER, offer.id, confirm=dialog, accessible=f"Arrêter l’offre {offer.code}")
    return section(text, accessory=stop)


def _kept_for(slack_user_id: str) -> str:
    return f" · pour {user(slack_user_id)} seulement" if slack_user_id else ""


def grant_form(today: date) -> View:
    """A new offer, over the list."""
    short = PlainTextInputElement(action_id="label", max_length=80, min_length=3)
    begins = DatePickerElement(action_id="first_day", initial_date=today.isoformat())
    printed = "Figure sur le contrat et la facture. Exemple : Partenariat Ville de Lyon."
    blocks: list[Block] = [
        input_field("label", "Nom de l’offre", short, printed),
        input_field(
            "price",
            "Prix à payer, en euros",
            PlainTextInputElement(action_id="price", max_length=12),
            "Le prix de tout le programme, TTC. 0 : rien à payer.",
        ),
        input_field("first_day", "Premier jour", begins),
        input_field("last_day", "Dernier jour inclus", DatePickerElement(action_id="last_day")),
        input_field(
            "code",
            "Code",
            PlainTextInputElement(action_id="code", max_length=30),
            "6 à 20 lettres et chiffres. Sans réponse, un code difficile à deviner est tiré au sort.",
            optional=True,
        ),
        input_field(
            "max_uses",
            "Nombre de commandes",
            NumberInputElement(action_id="max_uses", is_decimal_allowed=False, min_value="1", max_value="10000"),
            "Sans réponse : autant que l’on veut jusqu’au dernier jour.",
            optional=True,
        ),
        input_field(
            "for_user",
            "Pour une seule personne",
            UserSelectElement(action_id="for_user"),
            "Personne d’autre ne pourra utiliser ce code.",
            optional=True,
        ),
    ]
    return modal(Callback.NEW_OFFER, "Nouvelle offre", blocks, submit="Accorder", close="Retour")


def _card(message: OfferCard, _content: Content) -> Drawn:
    closed = bool(message.closed_by)
    title = "Offre arrêtée" if closed else "Offre accordée"
    price = f"{euros(message.price)} au lieu de {euros(message.list_price)}"
    limit = f"{message.max_uses} commandes au plus" if message.max_uses else "sans limite de nombre"
    text = (
        f"*{escape(message.label)}* · code `{message.code}`\n{price}, du {long_day(message.first_day)} au "
        f"{long_day(message.last_day)} inclus, {limit}{_kept_for(message.for_user)}."
    )
    by = f"Accordée par {user(message.granted_by)}"
    if closed:
        by += f", arrêtée par {user(message.closed_by)} après {message.uses} commande{'s' if message.uses > 1 else ''}"
    follow = "Pour voir ou arrêter les offres : `/bilan-admin offres`"
    return Drawn(f"{title} : {message.label}, {price}.", [header(title), section(text), context(f"{by}. {follow}")])


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {"offer_card": _card}
