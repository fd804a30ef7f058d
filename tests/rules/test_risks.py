"""The risks of a Monday morning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from programme.rules.risks import ExpectedDocument, GroupWeek, MemberWeek, Risk, RiskKind, risks_of

MONDAY = date(2026, 11, 30)
WELL = MemberWeek("mem_a", present=(True, True, True), moods=(3, 3, 4), last_sign_on=MONDAY)


def risks(slack: int = 4, **change: object) -> tuple[Risk, ...]:
    return risks_of(GroupWeek([replace(WELL, **change)], slack), MONDAY)


def test_a_group_that_does_well_has_none() -> None:
    assert risks() == ()


@pytest.mark.parametrize(
    ("present", "count"),
    [((), 0), ((False,), 0), ((True, False), 0), ((False, False), 2), ((False, True), 0), ((True, *[False] * 3), 3)],
)
def test_two_absences_in_a_row_at_the_end(present: tuple[bool, ...], count: int) -> None:
    expected = (Risk(RiskKind.ABSENCES, "mem_a", count),) if count else ()
    assert risks(present=present) == expected


@pytest.mark.parametrize(("days", "silent"), [(0, False), (13, False), (14, True), (30, True)])
def test_silence(days: int, silent: bool) -> None:
    expected = (Risk(RiskKind.SILENCE, "mem_a", days),) if silent else ()
    assert risks(last_sign_on=MONDAY - timedelta(days=days)) == expected


def test_documents_missing_after_their_day() -> None:
    yesterday = MONDAY - timedelta(days=1)
    documents = (
        ExpectedDocument("cv", yesterday, handed_in=False),
        ExpectedDocument("frise", yesterday, handed_in=True),
        ExpectedDocument("projet", MONDAY, handed_in=False),
    )
    assert risks(documents=documents) == (Risk(RiskKind.MISSING_DOCUMENT, "mem_a", 1),)


@pytest.mark.parametrize(
    ("moods", "lost"), [((4, 3), 0), ((4, 3, 1), 3), ((4, 3, 3), 0), ((1, 5, 4, 3), 2), ((4, 3, 2, 3), 0)]
)
def test_mood_that_falls_over_three_answers(moods: tuple[int, ...], lost: int) -> None:
    expected = (Risk(RiskKind.FALLING_MOOD, "mem_a", lost),) if lost else ()
    assert risks(moods=moods) == expected


@pytest.mark.parametrize(("slack", "low"), [(2, False), (1, True), (0, True), (-1, True)])
def test_little_slack_concerns_the_group(slack: int, low: bool) -> None:
    assert risks(slack) == ((Risk(RiskKind.LOW_SLACK, None, slack),) if low else ())


def test_the_most_pressing_come_first_and_a_finished_group_has_none() -> None:
    absent = replace(WELL, present=(False, False), moods=(3, 2, 1))
    group = GroupWeek([replace(absent, member_id="mem_b"), absent], slack_weeks=0)
    assert [(risk.kind, risk.member_id) for risk in risks_of(group, MONDAY)] == [
        (RiskKind.LOW_SLACK, None),
        (RiskKind.ABSENCES, "mem_a"),
        (RiskKind.ABSENCES, "mem_b"),
        (RiskKind.FALLING_MOOD, "mem_a"),
        (RiskKind.FALLING_MOOD, "mem_b"),
    ]
    assert risks_of(replace(group, finished=True), MONDAY) == ()
