"""Special offers and partnerships, granted and closed by admins; each leaves its trace in the admin channel."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from programme.errors import InvalidForm
from programme.journal import Action
from programme.messages.offers import OfferCard
from programme.model.ids import new_id
from programme.model.offer import CODE, Offer, normal_code
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.money import LIST_PRICE, read_euros
from programme.usecases.groups import redraw, require_admin, tell_admins

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without I, L, O, 0 and 1, which are mistaken for one another on paper."""
GENERATED = 8


@dataclass(frozen=True)
class Draft:
    """What the form brings, as typed; an empty ``code`` asks for one, an empty ``max_uses`` sets no limit."""

    label: str
    price: str
    first_day: str
    last_day: str
    code: str = ""
    max_uses: str = ""
    for_user: str = ""


def grant(ports: Ports, *, caller: Caller, draft: Draft) -> Offer:
    """Create an offer; InvalidForm names each wrong field. The admin channel learns who granted what."""
    require_admin(caller)
    with ports.uow() as uow:
        offer = _checked(ports, uow, caller, draft)
        uow.offers.add(offer)
        uow.journal.write(caller.slack_user_id, Action.OFFER_GRANTED, offer.id, price=offer.price)
        tell_admins(uow, _key(offer), _card(uow, offer))
        return offer


def close(ports: Ports, *, caller: Caller, offer_id: str) -> None:
    """Let nobody order with it any more; orders placed keep their price. A second close changes nothing."""
    require_admin(caller)
    with ports.uow() as uow:
        offer = uow.offers.get(offer_id)
        if offer.closed_at is not None:
            return
        offer.closed_at, offer.closed_by = ports.clock.now(), caller.slack_user_id
        uow.journal.write(caller.slack_user_id, Action.OFFER_CLOSED, offer.id)
        redraw(uow, _key(offer), _card(uow, offer), lane="admins")


def listing(ports: Ports, *, caller: Caller) -> list[tuple[Offer, int]]:
    """Return every offer, the newest first, with the number of orders placed with it."""
    require_admin(caller)
    with ports.reading() as uow:
        return [(offer, uow.offers.uses(offer.id)) for offer in uow.offers.all()]


def _checked(ports: Ports, uow: UnitOfWork, caller: Caller, draft: Draft) -> Offer:
    wrong: dict[str, str] = {}
    code = normal_code(draft.code) or _new_code(uow)
    if not CODE.fullmatch(code):
        wrong["code"] = "offer_code_shape"
    elif uow.offers.by_code(code) is not None:
        wrong["code"] = "offer_code_taken"
    label = draft.label.strip()
    if not 3 <= len(label) <= 80:
        wrong["label"] = "offer_label_missing"
    price = _price(draft.price)
    if price is None:
        wrong["price"] = "offer_price_wrong"
    max_uses = int(draft.max_uses) if draft.max_uses.isdecimal() else None
    if draft.max_uses and not max_uses:
        wrong["max_uses"] = "offer_uses_wrong"
    days = _days(ports, draft)
    if days is None:
        wrong["last_day"] = "offer_days_wrong"
    if wrong or price is None or days is None:
        raise InvalidForm(wrong)
    now, user = ports.clock.now(), caller.slack_user_id
    return Offer(new_id("off"), code, label, price, *days, user, now, max_uses, draft.for_user)


def _price(typed: str) -> int | None:
    try:
        price = read_euros(typed)
    except ValueError:
        return None
    return price if price < LIST_PRICE else None


def _days(ports: Ports, draft: Draft) -> tuple[date, date] | None:
    """Return the first and last day, or None when they make no sense or are over already."""
    try:
        first, last = date.fromisoformat(draft.first_day), date.fromisoformat(draft.last_day)
    except ValueError:
        return None
    return (first, last) if last >= max(first, day_in(ports.clock.now())) else None


def _new_code(uow: UnitOfWork) -> str:
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(GENERATED))
        if uow.offers.by_code(code) is None:
            return code


def _key(offer: Offer) -> str:
    return f"offer:{offer.id}"


def _card(uow: UnitOfWork, offer: Offer) -> OfferCard:
    return OfferCard(
        code=offer.code,
        label=offer.label,
        price=offer.price,
        list_price=LIST_PRICE,
        first_day=offer.first_day,
        last_day=offer.last_day,
        max_uses=offer.max_uses,
        for_user=offer.for_user,
        granted_by=offer.granted_by,
        closed_by=offer.closed_by,
        uses=uow.offers.uses(offer.id),
    )
