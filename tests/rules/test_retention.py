"""The retention timetable and its days of erasure."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.retention import TIMETABLE, Purpose, erase_on

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
