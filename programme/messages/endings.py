"""Early ends: declarations, their acknowledgement, the admins' cards, the money on its way back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from programme.messages.base import BaseMessage
from programme.model.ending import DeclarationSource, EndKind, EndState


class DeclarationReceived(BaseMessage):
    """To the member: the copy of the acknowledgement; the durable one is the e-mail (D221-5)."""

    kind: Literal["declaration_received"] = "declaration_received"
    reference: str
    sent_at: datetime
    zone: str
    email: str
    in_time: bool
    refund_by: date | None = None
    work_until: date | None = None


class DeclarationToConfirm(BaseMessage):
    """To the member: a declaration about their contract came by the public page; is it theirs?"""

    kind: Literal["declaration_to_confirm"] = "declaration_to_confirm"
    declaration_id: str
    sent_at: datetime
    zone: str
    answer: Literal["", "confirmed", "denied"] = ""


class DeclarationCard(BaseMessage):
    """To the admins: a declaration that a person must examine (late, unmatched, or from the public page)."""

    kind: Literal["declaration_card"] = "declaration_card"
    declaration_id: str
    source: DeclarationSource
    sent_at: datetime
    name: str
    email: str
    contract: str
    member_user: str = ""
    matched: bool = False
    in_time: bool = False
    decision: Literal["", "accepted", "rejected"] = ""
    decided_by: str = ""


class EndCard(BaseMessage):
    """To the admins: a contract that ended early, its sums to the cent, and what remains to be done."""

    kind: Literal["end_card"] = "end_card"
    end_id: str
    order_id: str
    member_user: str
    end_kind: EndKind
    declared_at: datetime
    price: int
    paid: int
    delivered: int
    due: int
    refund: int
    still_owed: int
    cancelled: int
    refund_due_on: date
    state: EndState
    needs_second: bool
    approved_by: str = ""
    seconded_by: str = ""
    leaves_at: datetime | None = None


class RefundSent(BaseMessage):
    """To the member: the refund has left, on the card that paid."""

    kind: Literal["refund_sent"] = "refund_sent"
    order_id: str
    amount: int
    late_payment: bool = False


class RefundAlert(BaseMessage):
    """To the admins: a refund has not arrived after ``day`` days; ``state`` says who must act. Law: L242-4."""

    kind: Literal["refund_alert"] = "refund_alert"
    order_id: str
    member_user: str
    amount: int
    day: int
    due_on: date
    end_id: str = ""
    state: EndState = EndState.PROPOSED
    approved_by: str = ""


class RefundFailed(BaseMessage):
    """To the admins: Stripe could not send a refund back; a human must agree other means with the member."""

    kind: Literal["refund_failed"] = "refund_failed"
    order_id: str
    member_user: str
    amount: int


class EndRequestCard(BaseMessage):
    """To the admins: a member asks to end the contract for a reason of their own; a person decides (CGV 7).

    ``set_aside`` is the reason for which the request was, and empty otherwise.
    """

    kind: Literal["end_request_card"] = "end_request_card"
    order_id: str
    member_user: str
    force_majeure: bool
    reason: str
    decision: EndKind | None = None
    set_aside: str = ""
    decided_by: str = ""


class EndRequestSetAside(BaseMessage):
    """To the member: the request is set aside, with the reason; the contract and its instalments go on."""

    kind: Literal["end_request_set_aside"] = "end_request_set_aside"
    order_id: str
    reason: str
    resumes: bool
    email: str


class EndRequestReceived(BaseMessage):
    """To the member: the copy of the e-mail that confirms a termination asked for (D215-3)."""

    kind: Literal["end_request_received"] = "end_request_received"
    order_id: str
    email: str


EndingMessage = (
    DeclarationReceived
    | DeclarationToConfirm
    | DeclarationCard
    | EndCard
    | RefundSent
    | RefundAlert
    | RefundFailed
    | EndRequestCard
    | EndRequestReceived
    | EndRequestSetAside
)
