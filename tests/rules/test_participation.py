"""What counts of what somebody followed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from programme.rules.participation import Followed, counted, minutes_of

BEGINS = datetime(2026, 12, 1, 18, tzinfo=UTC)


def followed(number: int, week: int, minutes: int = 120) -> Followed:
    return Followed(f"ses_{number}_{week}", number, BEGINS + timedelta(weeks=week), minutes)


SESSIONS = st.lists(
    st.builds(followed, number=st.integers(1, 16), week=st.integers(0, 30), minutes=st.sampled_from((90, 120, 150))),
    max_size=40,
    unique_by=lambda one: one.session_id,
)


@given(SESSIONS)
def test_each_number_counts_once_with_the_minutes_of_one_of_its_sheets(sessions: list[Followed]) -> None:
    kept = counted(sessions)

    assert [one.number for one in kept] == sorted({one.number for one in sessions})
    assert set(kept) <= set(sessions)
    assert minutes_of(kept) <= minutes_of(sessions)
    assert counted(kept) == kept
    assert counted(reversed(sessions)) == kept


def test_who_meets_a_session_again_in_another_group_followed_it_the_first_time() -> None:
    assert counted([followed(3, 9, 150), followed(3, 2, 90), followed(4, 10)]) == (followed(3, 2, 90), followed(4, 10))
