"""Check-ins: requests, summary, and what the tutors are told."""

from __future__ import annotations

from typing import Literal

from programme.messages.base import BaseMessage


class CheckInRequest(BaseMessage):
    """To a member, two days after a session: three questions. ``closed`` when nothing is to be done here any more."""

    kind: Literal["check_in_request"] = "check_in_request"
    check_in_id: str
    number: int
    reminder: int = 0
    answered: bool = False
    closed: bool = False


class CheckInSummary(BaseMessage):
    """In the group's channel: the group's week without names or judgements."""

    kind: Literal["check_in_summary"] = "check_in_summary"
    number: int
    answered: int
    asked: int
    average_progress: float
    work_done: dict[str, int]


class CheckInSilence(BaseMessage):
    """To the tutor's channel: a member has not answered, after so many reminders; a human takes over."""

    kind: Literal["check_in_silence"] = "check_in_silence"
    group_label: str
    member_user: str
    number: int
    tutor_user: str
    reminders: int = 2


class CheckInObstacle(BaseMessage):
    """To the tutors, never to the group: what holds a member back; edited when the member changes the answer."""

    kind: Literal["check_in_obstacle"] = "check_in_obstacle"
    group_label: str
    tutor_user: str
    member_user: str
    number: int
    obstacle: str
    note: str = ""


CheckInMessage = CheckInRequest | CheckInSummary | CheckInSilence | CheckInObstacle
