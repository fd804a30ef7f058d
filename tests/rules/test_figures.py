"""What the figures count, and what they keep to themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.figures import FEW, funnel, is_few, programme_week, turnaround

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
instants = st.none() | st.timedeltas(timedelta(0), timedelta(days=60)).map(lambda passed: MONDAY + passed)
walks = st.lists(st.lists(instants, min_size=5, max_size=5), max_size=12)


def test_each_stage_counts_who_reached_it_and_the_usual_time() -> None:
    road = [[MONDAY, MONDAY + hours * HOUR, MONDAY + (hours + 24) * HOUR] for hours in (1, 2, 9)]
    stages = funnel([*road, [MONDAY, None, None]], 3)
    assert [stage.people for stage in stages] == [4, 3, 3]
    assert [stage.took for stage in stages] == [None, 2 * HOUR, DAY]


def test_who_reached_a_later_stage_has_passed_the_one_whose_date_is_unknown() -> None:
    assert [stage.people for stage in funnel([[MONDAY, None, MONDAY + DAY]], 3)] == [1, 1, 1]


@given(walks)
def test_nobody_appears_on_the_way(people: list[list[datetime | None]]) -> None:
    counts = [stage.people for stage in funnel(people, 5)]
    assert counts == sorted(counts, reverse=True)
    assert all(0 <= count <= len(people) for count in counts)


@given(walks)
def test_no_median_is_somebodys_own(people: list[list[datetime | None]]) -> None:
    for place, stage in enumerate(funnel(people, 5)):
        known = [1 for walk in people if place and walk[place - 1] and walk[place]]
        assert stage.took is None or (len(known) >= FEW and stage.took >= timedelta(0))


@pytest.mark.parametrize(("count", "few"), [(0, False), (1, True), (2, True), (3, False)])
def test_one_or_two_are_few_and_nobody_is_not(count: int, few: bool) -> None:
    assert is_few(count) is few


@pytest.mark.parametrize(
    ("started", "days", "week"), [(None, 0, 0), (MONDAY, -1, 0), (MONDAY, 0, 1), (MONDAY, 6, 1), (MONDAY, 7, 2)]
)
def test_the_week_of_an_end_counts_from_the_start(started: datetime | None, days: int, week: int) -> None:
    assert programme_week(started, MONDAY + days * DAY) == week


def test_remarks_are_counted_by_working_days_and_only_broken_promises_are_late() -> None:
    friday = MONDAY + 4 * DAY
    versions = [
        (MONDAY, MONDAY + DAY),
        (MONDAY, MONDAY + 2 * DAY),
        (friday, friday + 5 * DAY),  # the weekend does not count
        (MONDAY, MONDAY + 9 * DAY),
        (MONDAY, None),
        (MONDAY + 7 * DAY, None),
    ]
    found = turnaround(versions, now=MONDAY + 8 * DAY)
    assert found.by_days == (1, 1, 1, 2)
    assert (found.pending, found.kept_percent) == (1, 60)
    assert found.took == 3.5 * DAY


def test_two_remarks_are_too_few_for_a_share() -> None:
    found = turnaround([(MONDAY, MONDAY + DAY)] * 2, now=MONDAY + 8 * DAY)
    assert (found.kept_percent, found.took) == (None, None)
