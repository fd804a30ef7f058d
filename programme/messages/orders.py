"""Order and payment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from programme.messages.base import BaseMessage


class PaymentLink(BaseMessage):
    """To the member: the Checkout link of their order."""

    kind: Literal["payment_link"] = "payment_link"
    order_id: str
    price: int
    first_amount: int
    instalments: int
    url: str
    expires_at: datetime


class PaymentLinkExpired(BaseMessage):
    """To the member: the link has expired, a new one is one tap away."""

    kind: Literal["payment_link_expired"] = "payment_link_expired"
    order_id: str


class OrderConfirmed(BaseMessage):
    """To the member: paid; what was bought, until when one may withdraw, what follows."""

    kind: Literal["order_confirmed"] = "order_confirmed"
    order_id: str
    first_name: str
    paid: int
    price: int
    withdrawal_last_day: date
    early_start: bool
    email: str


OrderMessage = PaymentLink | PaymentLinkExpired | OrderConfirmed
