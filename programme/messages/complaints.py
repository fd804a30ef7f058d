"""Complaints: the member's acknowledgement and answer, the admins' card and reminders."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from programme.messages.base import BaseMessage


class ComplaintReceived(BaseMessage):
    """To the member at once: it stands in the register, under this number, and is answered by this day."""

    kind: Literal["complaint_received"] = "complaint_received"
    number: str
    opened_at: datetime
    zone: str
    answer_by: date
    email: str


class ComplaintAnswered(BaseMessage):
    """To the member: the answer, with the mediator's details (L616-1)."""

    kind: Literal["complaint_answered"] = "complaint_answered"
    complaint_id: str
    number: str
    opened_on: date
    answer: str
    closed: bool = False


class ComplaintCard(BaseMessage):
    """To the admins: a complaint and where it stands."""

    kind: Literal["complaint_card"] = "complaint_card"
    complaint_id: str
    number: str
    member_user: str
    name: str
    order_id: str
    text: str
    opened_at: datetime
    answer_by: date
    state: str
    answered_by: str = ""
    closed_by: str = ""


class ComplaintReminder(BaseMessage):
    """To the admins: the promised day is near, or here."""

    kind: Literal["complaint_reminder"] = "complaint_reminder"
    number: str
    member_user: str
    answer_by: date
    last: bool


ComplaintMessage = ComplaintReceived | ComplaintAnswered | ComplaintCard | ComplaintReminder
