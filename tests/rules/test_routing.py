"""Who should read what arrives: continuity within capacity, then the backup, then the lightest desk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.routing import Desk, propose

FULL, AWAY = Desk(5, 5), Desk(0, 5, here=False)
USERS = ("U1", "U2", "U3", "U4")
DESKS = st.builds(Desk, st.integers(0, 8), st.integers(1, 8), st.booleans(), st.sampled_from(("", *USERS)))


@pytest.mark.parametrize(
    ("own", "desks", "expected"),
    [
        (("", "U1"), {"U1": Desk(4, 5), "U2": Desk(0, 5)}, "U1"),  # continuity before load
        (("U2", "U1"), {"U1": Desk(0, 5), "U2": Desk(4, 5)}, "U2"),  # who read it last
        (("U1",), {"U1": Desk(5, 5, backup="U3"), "U2": Desk(0, 5), "U3": Desk(4, 5)}, "U3"),  # then the backup
        (("U1",), {"U1": FULL, "U2": Desk(3, 5), "U3": Desk(4, 9)}, "U3"),  # lightest for its capacity
        (("U1",), {"U1": FULL, "U2": FULL}, "U1"),  # nobody has room: continuity again
        (("U1",), {"U1": AWAY, "U2": FULL}, "U2"),
        (("U1",), {"U1": AWAY, "U2": AWAY}, "U1"),  # nobody is there: it waits
        (("UGONE",), {"U1": Desk(0, 5)}, "U1"),  # has left the tutors' channel
        (("UGONE",), {}, "UGONE"),
        (("", ""), {}, ""),
    ],
)
def test_the_order(own, desks, expected) -> None:
    assert propose(own, desks) == expected


@given(st.lists(st.sampled_from(("", *USERS)), max_size=2), st.dictionaries(st.sampled_from(USERS), DESKS))
def test_nobody_is_overloaded_or_away_while_somebody_has_room(own, desks) -> None:
    chosen = propose(own, desks)
    if any(desk.has_room for desk in desks.values()):
        assert desks[chosen].has_room
    elif any(desk.here for desk in desks.values()):
        assert desks[chosen].here
    own_here = [user for user in own if user in desks and desks[user].has_room]
    if own_here:
        assert chosen == own_here[0]
