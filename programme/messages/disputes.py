"""Payments that are contested at the bank: for the admins only."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from programme.messages.base import BaseMessage


class DisputeCard(BaseMessage):
    """A payment is contested: until when evidence counts, and how it ended."""

    kind: Literal["dispute_card"] = "dispute_card"
    dispute_id: str
    order_id: str
    member_user: str
    number: int
    amount: int
    reason: str
    evidence_due_at: datetime | None
    state: Literal["open", "won", "lost"] = "open"


class DisputeReminder(BaseMessage):
    """Evidence is still missing, and its last day is near."""

    kind: Literal["dispute_reminder"] = "dispute_reminder"
    dispute_id: str
    order_id: str
    member_user: str
    amount: int
    evidence_due_at: datetime


DisputeMessage = DisputeCard | DisputeReminder
