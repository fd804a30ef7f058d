"""The risks shown on Monday mornings (CGV art. 4, weekly monitoring), each with the figure that explains it.

A risk calls for a human's attention and decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise, takewhile

ABSENCES_IN_A_ROW = 2
SILENT_DAYS = 14
SLACK_WEEKS_WANTED = 2
FALLING_ANSWERS = 3


class RiskKind(StrEnum):
    """What is going wrong, the most pressing first."""

    LOW_SLACK = "low_slack"
    ABSENCES = "absences"
    SILENCE = "silence"
    MISSING_DOCUMENT = "missing_document"
    FALLING_MOOD = "falling_mood"


@dataclass(frozen=True)
class ExpectedDocument:
    """A document that a guide asks for, the day by which, and whether it was handed in."""

    worksheet: str
    expected_on: date
    handed_in: bool


@dataclass(frozen=True)
class MemberWeek:
    """What is known of one member on Monday; sequences are oldest first.

    `present` has one entry per held session, `moods` one per answered check-in (higher is better), `last_sign_on` is
    the last day on which the member did anything (signed, answered, handed in, wrote to the bot).
    """

    member_id: str
    present: Sequence[bool]
    moods: Sequence[int]
    last_sign_on: date
    documents: Sequence[ExpectedDocument] = ()


@dataclass(frozen=True)
class GroupWeek:
    """What is known of one group on Monday."""

    members: Sequence[MemberWeek]
    slack_weeks: int
    finished: bool = False


@dataclass(frozen=True)
class Risk:
    """One risk; `member_id` is None for the whole group.

    `count` is weeks of slack, absences in a row, days of silence, documents missing or points lost.
    """

    kind: RiskKind
    member_id: str | None
    count: int


def risks_of(group: GroupWeek, today: date) -> tuple[Risk, ...]:
    """Risks of a group on `today`, the most pressing first; none once its programme is finished."""
    if group.finished:
        return ()
    found = [risk for member in group.members for risk in _member_risks(member, today)]
    if group.slack_weeks < SLACK_WEEKS_WANTED:
        found.append(Risk(RiskKind.LOW_SLACK, None, group.slack_weeks))
    pressing = list(RiskKind)
    return tuple(sorted(found, key=lambda risk: (pressing.index(risk.kind), risk.member_id or "")))


def _member_risks(member: MemberWeek, today: date) -> list[Risk]:
    absences = sum(1 for _ in takewhile(lambda present: not present, reversed(member.present)))
    silent_days = (today - member.last_sign_on).days
    missing = sum(doc.expected_on < today and not doc.handed_in for doc in member.documents)
    counts = (
        (RiskKind.ABSENCES, absences, absences >= ABSENCES_IN_A_ROW),
        (RiskKind.SILENCE, silent_days, silent_days >= SILENT_DAYS),
        (RiskKind.MISSING_DOCUMENT, missing, missing > 0),
        (RiskKind.FALLING_MOOD, *_mood_fall(member.moods)),
    )
    return [Risk(kind, member.member_id, count) for kind, count, is_risk in counts if is_risk]


def _mood_fall(moods: Sequence[int]) -> tuple[int, bool]:
    """Points lost over the last three answers, and whether each was lower than the one before."""
    last = moods[-FALLING_ANSWERS:]
    falling = len(last) == FALLING_ANSWERS and all(later < earlier for earlier, later in pairwise(last))
    return (last[0] - last[-1] if falling else 0), falling
