"""Special offers and partnerships."""

from __future__ import annotations

from datetime import date
from typing import Literal

from programme.messages.base import BaseMessage


class OfferCard(BaseMessage):
    """To the admins: an offer was granted, or closed; the trace of a price that is not the list price."""

    kind: Literal["offer_card"] = "offer_card"
    code: str
    label: str
    price: int
    list_price: int
    first_day: date
    last_day: date
    max_uses: int | None
    for_user: str
    granted_by: str
    closed_by: str = ""
    uses: int = 0


OfferMessage = OfferCard
