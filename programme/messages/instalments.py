"""The later instalments of an order."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from programme.messages.base import BaseMessage, Part


class DatedInstalment(Part):
    """One instalment to come."""

    number: int
    amount: int
    due_on: date


class InstalmentsDated(BaseMessage):
    """To the member, whose group has started: when the later instalments are debited, and from which card."""

    kind: Literal["instalments_dated"] = "instalments_dated"
    order_id: str
    instalments: tuple[DatedInstalment, ...]
    card: str


class InstalmentNotice(BaseMessage):
    """To the member, some days before: the date, the amount and the card."""

    kind: Literal["instalment_notice"] = "instalment_notice"
    order_id: str
    payment_id: str
    number: int
    count: int
    amount: int
    due_on: date
    card: str


class InstalmentSuspended(BaseMessage):
    """To the member, who is between two groups: nothing is debited on the day that was told; another one follows."""

    kind: Literal["instalment_suspended"] = "instalment_suspended"
    order_id: str
    number: int
    amount: int


class InstalmentPaid(BaseMessage):
    """To the member: an instalment was received; ``paid`` of ``price`` so far."""

    kind: Literal["instalment_paid"] = "instalment_paid"
    order_id: str
    number: int
    count: int
    amount: int
    paid: int
    price: int


class InstalmentRefused(BaseMessage):
    """To the member: the bank refused; when it is tried again, or None when a person takes over.

    ``card_gone``: the card that was kept is no longer there, and only another one can pay.
    """

    kind: Literal["instalment_refused"] = "instalment_refused"
    order_id: str
    payment_id: str
    number: int
    amount: int
    card: str
    next_on: date | None
    card_gone: bool = False


class InstalmentLink(BaseMessage):
    """To the member: the page on which an instalment is paid, with the card of their choice."""

    kind: Literal["instalment_link"] = "instalment_link"
    order_id: str
    payment_id: str
    number: int
    count: int
    amount: int
    url: str
    expires_at: datetime
    to_authenticate: bool


class InstalmentLinkExpired(BaseMessage):
    """To the member: that page has expired, a new one is one tap away."""

    kind: Literal["instalment_link_expired"] = "instalment_link_expired"
    payment_id: str
    number: int
    amount: int


class InstalmentCard(BaseMessage):
    """To the admins: an instalment that could not be collected is theirs; ``state`` says where it stands now."""

    kind: Literal["instalment_card"] = "instalment_card"
    order_id: str
    payment_id: str
    member_user: str
    number: int
    count: int
    amount: int
    due_on: date | None
    why: Literal["refused", "authentication", "ending", "disputed", "card_gone"]
    state: Literal["waiting", "tried", "linked", "dated", "paid", "stopped"] = "waiting"
    by: str = ""


InstalmentMessage = (
    InstalmentsDated
    | InstalmentNotice
    | InstalmentSuspended
    | InstalmentPaid
    | InstalmentRefused
    | InstalmentLink
    | InstalmentLinkExpired
    | InstalmentCard
)
