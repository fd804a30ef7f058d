"""A crowd being divided into groups, and the first division: simple, complete, to be improved afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from programme.rules.compatibility import Pairs

FIRST_LOOK = 10
"""Free neighbours tried first for a group."""
NEAR = 40
"""Neighbours of one person looked at in a large crowd."""

Members = tuple[int, ...]
"""People of one group by their place in ``Pairs``, sorted."""


class Division:
    """Who is with whom; everyone is known by their place in ``pairs``."""

    def __init__(self, pairs: Pairs, crowd: Iterable[int]) -> None:
        self.pairs = pairs
        self.crowd = sorted(crowd)
        self.group_of: dict[int, Members] = {}

    @property
    def groups(self) -> list[Members]:
        """The groups formed, in order of service."""
        return sorted(set(self.group_of.values()))

    @property
    def waiting(self) -> list[int]:
        """People without a group, in order of service."""
        return [i for i in self.crowd if i not in self.group_of]

    def form(self, members: Members) -> None:
        """Put people who have no group into one."""
        for i in members:
            self.group_of[i] = members

    def dissolve(self, members: Members) -> None:
        """Send the people of a group back to the waiting ones."""
        for i in members:
            del self.group_of[i]


def divide_simply(division: Division) -> None:
    """Heads of queue, then the people with the fewest partners, each take their closest free group of four."""
    people, nearest = division.pairs.people, division.pairs.nearest
    for i in sorted(division.crowd, key=lambda i: (not people[i].head_of_queue, len(nearest[i]), i)):
        if i in division.group_of:
            continue
        free = [j for j in nearest[i] if j not in division.group_of]
        found = _closest_four(division.pairs, i, free[:FIRST_LOOK])
        if found is None and len(free) > FIRST_LOOK:
            found = _closest_four(division.pairs, i, free[:NEAR])
        if found is not None:
            division.form(found)


def _closest_four(pairs: Pairs, i: int, free: Sequence[int]) -> Members | None:
    """The four of ``i`` and three of the free people with the smallest longest distance, then the smallest sum."""
    km, slots = pairs.km, pairs.slots
    mine = km[i]
    best: tuple[float, float, Members] | None = None
    for a, b, c in combinations(free, 3):
        if best is not None and mine[c] > best[0]:
            continue
        ab, ac, bc = km[a].get(b), km[a].get(c), km[b].get(c)
        if ab is None or ac is None or bc is None or not slots[i] & slots[a] & slots[b] & slots[c]:
            continue
        worst = max(mine[a], mine[b], mine[c], ab, ac, bc)
        offer = (worst, mine[a] + mine[b] + mine[c] + ab + ac + bc, tuple(sorted((i, a, b, c))))
        if best is None or offer < best:
            best = offer
    return None if best is None else best[2]
