"""Groups for a crowd too large for the exact search: a first division, then exact improvements window by window.

The first division serves the people with the fewest partners first. Then windows of neighbouring groups and waiting
people are taken apart and put together again by ``packing``: to place more people, and to bring groups closer.
Every step is a function of the order of service, so the same crowd always gets the same groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from programme.rules.compatibility import Pairs
from programme.rules.packing import Instance, Score, best_grouping

FIRST_LOOK = 10
"""Free neighbours tried first for a group; all of them if that fails."""
REPAIR_SIZE = 22
"""People in a window taken apart to place one more group."""
POLISH_SIZE = 12
"""People in a window taken apart to bring its groups closer."""
REPAIR_ROUNDS = 4
POLISH_ROUNDS = 2
NEAR = 40
"""Neighbours looked at when a window is chosen."""

Members = tuple[int, ...]


class Division:
    """A crowd being divided into groups; everyone is known by their place in ``pairs``."""

    def __init__(self, pairs: Pairs, crowd: Iterable[int], consenting: frozenset[int]) -> None:
        self.pairs = pairs
        self.crowd = sorted(crowd)
        self.consenting = consenting
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

    def first_division(self) -> None:
        """Heads of queue, then the people with the fewest partners, each take their closest free group."""
        people, nearest = self.pairs.people, self.pairs.nearest
        for i in sorted(self.crowd, key=lambda i: (not people[i].head_of_queue, len(nearest[i]), i)):
            if i in self.group_of:
                continue
            free = [j for j in nearest[i] if j not in self.group_of]
            found = self._closest_four(i, free[:FIRST_LOOK])
            if found is None and len(free) > FIRST_LOOK:
                found = self._closest_four(i, free[:NEAR])
            if found is not None:
                self.form(found)

    def _closest_four(self, i: int, free: Sequence[int]) -> Members | None:
        """The feasible four of ``i`` and three of the free people with the smallest longest distance, then sum."""
        km, slots = self.pairs.km, self.pairs.slots
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

    def place_more(self) -> None:
        """Take windows around waiting people apart, as long as that places more of them."""
        for _ in range(REPAIR_ROUNDS):
            before = len(self.group_of)
            for i in self.waiting:
                if i not in self.group_of and len(window := self._window_of_waiting(i)) > 3:
                    self._divide_again(window, closest=False)
            if len(self.group_of) == before:
                return

    def bring_closer(self) -> None:
        """Take windows around groups apart, the worst-off first, to shorten the longest distance and then the sum."""
        for _ in range(POLISH_ROUNDS):
            changed = False
            for _, members in sorted(((self._worst(g), g) for g in self.groups), reverse=True):
                if self.group_of.get(members[0]) == members:
                    changed |= self._divide_again(self._window(members, POLISH_SIZE), closest=True)
            if not changed:
                return

    def _worst(self, members: Members) -> float:
        return max(self.pairs.km[a][b] for a, b in combinations(members, 2))

    def _divide_again(self, window: Sequence[int], *, closest: bool) -> bool:
        """Replace the groups of a window by its best division, if that is better; True if something changed."""
        instance = Instance.of(self.pairs, window, self.consenting)
        position = {i: k for k, i in enumerate(instance.members)}
        present = {self.group_of[i] for i in window if i in self.group_of}
        masks = {sum(1 << position[i] for i in members) for members in present}
        current = [group for group in (*instance.fours, *instance.threes) if group.mask in masks]
        better = best_grouping(instance, closest=closest)
        old, new = instance.score(current), instance.score(better)
        if not _is_better(new, old, closest=closest):
            return False
        for i in window:
            self.group_of.pop(i, None)
        for group in better:
            self.form(instance.people_of(group.mask))
        return True

    def _window(self, core: Sequence[int], size: int) -> list[int]:
        """The core, with the nearest groups and waiting people around it, at most ``size`` in all."""
        window = set(core)
        around = sorted(
            (self.pairs.km[i][j], j) for i in core for j in self.pairs.nearest[i][:NEAR] if j not in window
        )
        for _, j in around:
            if len(window) >= size:
                break
            if j not in window and len(window) + len(unit := self.group_of.get(j, (j,))) <= size:
                window.update(unit)
        return sorted(window)

    def _window_of_waiting(self, i: int) -> list[int]:
        """A window around a waiting person and the waiting people nearest to them; empty if there are too few."""
        waiting = self._waiting_near(i)
        return self._window(waiting, REPAIR_SIZE) if len(waiting) >= (3 if self.consenting else 4) else []

    def _waiting_near(self, i: int) -> list[int]:
        """The person and at most five waiting people among the partners, and partners of partners."""
        nearest = self.pairs.nearest
        found: dict[int, None] = {i: None}
        for j in [i, *nearest[i][:NEAR]]:
            for k in (j, *nearest[j][:NEAR]):
                if k not in self.group_of:
                    found[k] = None
            if len(found) > 5:
                break
        return list(found)[:6]


def _is_better(new: Score, old: Score, *, closest: bool) -> bool:
    return new < old if closest else new[:3] < old[:3]


def divide_crowd(pairs: Pairs, crowd: Iterable[int], consenting: frozenset[int]) -> list[Members]:
    """Groups for a crowd of any size: fours first, then threes among the people left who consent."""
    division = Division(pairs, crowd, frozenset())
    division.first_division()
    division.place_more()
    division.consenting = consenting
    if consenting:
        division.place_more()
    division.bring_closer()
    return division.groups
