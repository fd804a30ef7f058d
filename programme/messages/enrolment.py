"""Enrolment: the exemption request and its answer, and what a human has to look at."""

from __future__ import annotations

from datetime import date
from typing import Literal

from programme.messages.base import BaseMessage

Answer = Literal["", "granted", "refused", "moot"]


class ExemptionCard(BaseMessage):
    """To the admins: somebody below level 6 asks to join; accept or refuse with a reason; ``answer`` closes the card.

    ``moot`` closes it when the person has declared another level meanwhile.
    """

    kind: Literal["exemption_card"] = "exemption_card"
    enrolment_id: str
    turn: int
    user: str
    name: str
    level: str
    request: str
    experience: str
    files: int = 0
    answer: Answer = ""
    decided_by: str = ""
    reason: str = ""


class ExemptionAnswer(BaseMessage):
    """To the member: the reasoned decision; a refused person may ask again."""

    kind: Literal["exemption_answer"] = "exemption_answer"
    granted: bool
    reason: str


class TerritoryCard(BaseMessage):
    """To the admins: somebody lives where consumer law is partly local, and has to be answered by a human."""

    kind: Literal["territory_card"] = "territory_card"
    user: str
    postcode: str
    commune: str


class EarlyStartTakenBack(BaseMessage):
    """To the member: the request of an early start is taken back; ``last_day`` ends the period, once paid."""

    kind: Literal["early_start_taken_back"] = "early_start_taken_back"
    last_day: date | None = None


class EarlyStartCard(BaseMessage):
    """To the admins: sessions of a group come before the end of a member's period and have to be moved."""

    kind: Literal["early_start_card"] = "early_start_card"
    label: str
    user: str
    sessions: int
    last_day: date


EnrolmentMessage = EarlyStartCard | EarlyStartTakenBack | ExemptionCard | ExemptionAnswer | TerritoryCard
