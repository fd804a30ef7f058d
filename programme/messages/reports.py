"""The Monday report."""

from __future__ import annotations

from typing import Literal

from programme.messages.base import BaseMessage, Part


class RiskLine(Part):
    """One risk with the figure that explains it; no ``member_user`` when it concerns the whole group."""

    kind: str
    member_user: str = ""
    count: int


class GroupWeek(Part):
    """One group's line of the Monday report."""

    group_id: str
    label: str
    stage: str
    held: int
    planned: int
    present: int
    expected: int
    documents: dict[str, int]
    check_ins_answered: int
    check_ins_asked: int
    weeks_left: int | None
    slack_weeks: int | None
    risks: tuple[RiskLine, ...] = ()


class EvidenceAnchor(Part):
    """How many records the evidence chain holds, and the seal of the last: what shows later that its end is there."""

    count: int
    hash: str


class WeeklyReport(BaseMessage):
    """Monday 08:00, to the admins: every group, and how many people wait (CGV 4, weekly follow-up)."""

    kind: Literal["weekly_report"] = "weekly_report"
    week: str
    waiting: int
    groups: tuple[GroupWeek, ...]
    evidence: EvidenceAnchor | None = None
    part: int = 1
    parts: int = 1


class GroupWeekPage(BaseMessage):
    """Monday 08:00, to the tutors: the page of one group (CGV 4, weekly follow-up)."""

    kind: Literal["group_week_page"] = "group_week_page"
    week: str
    tutor_user: str
    group: GroupWeek


class RiskWord(BaseMessage):
    """To a member, or in the group's channel: what an e-tutor or an admin writes about a risk, under their name."""

    kind: Literal["risk_word"] = "risk_word"
    risk: str
    from_user: str
    group_label: str
    text: str


class RiskHandled(BaseMessage):
    """In the thread of the group's page: somebody has written about this risk."""

    kind: Literal["risk_handled"] = "risk_handled"
    risk: str
    by_user: str
    member_user: str = ""


ReportMessage = WeeklyReport | GroupWeekPage | RiskWord | RiskHandled
