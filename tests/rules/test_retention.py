"""The retention timetable and its days of erasure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.retention import TIMETABLE, PersonFile, Purpose, due_days, erase_on, first_kept

END = date(2027, 3, 15)


@pytest.mark.parametrize(
    ("purpose", "day"),
    [
        (Purpose.PROSPECT, date(2030, 3, 16)),
        (Purpose.CONTRACT, date(2037, 3, 16)),
        (Purpose.ACCOUNTING, date(2038, 1, 1)),
        (Purpose.CLAIMS, date(2032, 3, 16)),
        (Purpose.ATTENDANCE, date(2032, 3, 16)),
        (Purpose.WORK, date(2027, 4, 15)),
        (Purpose.SURVEYS, date(2028, 3, 16)),
        (Purpose.GROUP_CHAT, date(2027, 6, 14)),
        (Purpose.LOGS, date(2028, 3, 16)),
        (Purpose.CONSENT, date(2027, 3, 16)),
    ],
)
def test_day_of_erasure(purpose: Purpose, day: date) -> None:
    assert erase_on(purpose, END) == day


def test_a_leap_day_ends_on_the_last_of_february() -> None:
    assert erase_on(Purpose.PROSPECT, date(2028, 2, 29)) == date(2031, 3, 1)
    assert erase_on(Purpose.CONTRACT, date(2024, 2, 29)) == date(2034, 3, 1)
    assert erase_on(Purpose.LOGS, date(2027, 12, 31)) == date(2029, 1, 1)


@given(st.sampled_from(Purpose), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_data_are_kept_for_the_whole_duration(purpose: Purpose, reference: date) -> None:
    line, day = TIMETABLE[purpose], erase_on(purpose, reference)
    assert day > reference
    if line.months and not line.from_year_end:
        months = (day.year - reference.year) * 12 + day.month - reference.month
        assert months - line.months in (0, 1)
        assert 0 < (day - reference).days - line.months * 30.43 < 6


def test_every_purpose_is_in_the_timetable_and_explained() -> None:
    assert set(TIMETABLE) == set(Purpose)
    assert all(line.what and line.since and line.why for line in TIMETABLE.values())


@given(st.sampled_from(Purpose), st.dates(date(2025, 1, 1), date(2060, 1, 1)), st.integers(-400, 400))
def test_what_is_older_than_the_first_kept_day_is_due(purpose: Purpose, today: date, apart: int) -> None:
    day = first_kept(purpose, today) + timedelta(days=apart)
    assert (erase_on(purpose, day) <= today) == (apart < 0)


def a_file(**changes: Any) -> PersonFile:
    facts: dict[str, Any] = {"ordered": True, "ended_on": END, "accounted_on": date(2026, 12, 1)}
    return PersonFile("mem_1", END, **{**facts, **changes})


def test_each_purpose_of_an_ended_contract_has_its_day() -> None:
    assert due_days(a_file(closed_on=date(2027, 4, 2))) == {
        Purpose.WORK: date(2027, 4, 15),
        Purpose.PROSPECT: date(2027, 4, 15),
        Purpose.SURVEYS: date(2028, 3, 16),
        Purpose.ATTENDANCE: date(2032, 3, 16),
        Purpose.CLAIMS: date(2032, 4, 3),
        Purpose.ACCOUNTING: date(2037, 1, 1),
        Purpose.CONTRACT: date(2037, 3, 16),
    }


def test_without_an_order_all_goes_after_three_years_of_silence() -> None:
    days = due_days(PersonFile("mem_1", END, enrolling=True))
    assert days == dict.fromkeys((Purpose.WORK, Purpose.SURVEYS, Purpose.PROSPECT, Purpose.CONTRACT), date(2030, 3, 16))


def test_without_an_order_a_claim_that_is_kept_keeps_who_made_it() -> None:
    days = due_days(PersonFile("mem_1", END, closed_on=date(2028, 1, 1)))
    assert set(days.values()) == {date(2033, 1, 2)}
    assert Purpose.CLAIMS in days


def test_who_enrols_again_keeps_the_profile_and_the_identity() -> None:
    back = a_file(enrolling=True)
    assert due_days(back)[Purpose.PROSPECT] == date(2030, 3, 16)
    late = PersonFile("mem_1", date(2036, 1, 1), ordered=True, enrolling=True, ended_on=END)
    assert due_days(late)[Purpose.CONTRACT] == due_days(late)[Purpose.PROSPECT] == date(2039, 1, 2)


def test_a_contract_in_force_and_an_open_claim_stop_what_they_concern() -> None:
    assert due_days(a_file(held=True)) == {}
    assert due_days(a_file(in_force=True, ended_on=None)) == {}
    assert list(due_days(a_file(in_force=True, closed_on=END))) == [Purpose.CLAIMS]


days_or_none = st.none() | st.dates(date(2026, 1, 1), date(2030, 12, 31))


@given(days_or_none, days_or_none, days_or_none, st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.booleans())
def test_nothing_goes_before_its_own_day_and_the_contract_goes_last(
    ended: date | None, accounted: date | None, closed: date | None, contact: date, enrolling: bool
) -> None:
    file = PersonFile(
        "mem_1", contact, ordered=True, enrolling=enrolling, ended_on=ended, accounted_on=accounted, closed_on=closed
    )
    days = due_days(file)
    since = {
        Purpose.WORK: ended,
        Purpose.PROSPECT: ended,
        Purpose.SURVEYS: ended,
        Purpose.ATTENDANCE: ended,
        Purpose.CONTRACT: ended,
        Purpose.ACCOUNTING: accounted,
        Purpose.CLAIMS: closed,
    }
    for purpose, day in days.items():
        reference = since[purpose]
        if purpose is not Purpose.PROSPECT and reference is not None:
            assert day >= erase_on(purpose, reference)
    if Purpose.CONTRACT in days:
        assert days[Purpose.CONTRACT] == max(days.values())
    if Purpose.ACCOUNTING in days and closed:
        assert days[Purpose.ACCOUNTING] >= days[Purpose.CLAIMS]
