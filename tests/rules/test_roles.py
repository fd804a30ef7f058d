"""The rotation of roles is fair over a programme."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.roles import ROLE_LABELS, Role, roles_for

MEMBERS = ["mem_a", "mem_b", "mem_c", "mem_d"]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_everybody_holds_every_role_as_often_as_anybody_over_sixteen_sessions(count: int) -> None:
    members = MEMBERS[:count]
    held = Counter(pair for number in range(1, 17) for pair in roles_for(number, members).items())
    for role in list(Role)[:count]:
        times = [held[role, member] for member in members]
        assert sum(times) == 16
        assert max(times) - min(times) <= 1


@given(st.integers(1, 500), st.integers(1, 4))
def test_each_session_gives_each_member_one_role(number: int, count: int) -> None:
    roles = roles_for(number, MEMBERS[:count])
    assert list(roles) == list(Role)[:count]
    assert sorted(roles.values()) == MEMBERS[:count]


@given(st.integers(1, 500), st.integers(2, 4))
def test_nobody_keeps_a_role_two_sessions_in_a_row(number: int, count: int) -> None:
    now, then = roles_for(number, MEMBERS[:count]), roles_for(number + 1, MEMBERS[:count])
    assert all(now[role] != then[role] for role in now)


def test_three_members_have_no_observer() -> None:
    assert Role.OBSERVATEUR not in roles_for(1, MEMBERS[:3])
    assert Role.OBSERVATEUR in roles_for(1, MEMBERS)
    assert roles_for(1, []) == {}


@pytest.mark.parametrize(("number", "members"), [(0, MEMBERS), (1, [*MEMBERS, "mem_e"]), (1, ["mem_a", "mem_a"])])
def test_impossible_sessions_are_refused(number: int, members: list[str]) -> None:
    with pytest.raises(ValueError, match="session"):
        roles_for(number, members)


def test_every_role_has_a_label() -> None:
    assert set(ROLE_LABELS) == set(Role)
