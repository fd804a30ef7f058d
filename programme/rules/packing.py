"""Exact division of a few people into groups of four (and three), by branch and bound over sets kept as bit masks.

Aims, each only among the groupings that serve the ones before:

1. as many groups of four as possible;
2. then as many groups of three, among people who consent to three;
3. then as many people from the head of the queue as possible;
4. then the longest distance of the worst-off group as small as possible;
5. then the sum of the groups' distances; then the people left out are those who came last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from programme.rules.compatibility import Pairs

SEARCH_LIMIT = 200_000
"""Branches tried before a question is given up as answered "no": never met up to 24 people in the tests."""
SUM_LIMIT = 20_000
"""Sub-problems solved before the sum of distances is left as it is."""


class Group(NamedTuple):
    """People who can be together: bit mask over the instance, longest pair and sum over pairs in kilometres."""

    worst: float
    total: float
    mask: int


class Score(NamedTuple):
    """Value of a grouping by the aims above; the smaller the better."""

    fours: int
    """Negative count."""
    threes: int
    """Negative count."""
    heads_left_out: int
    worst: float
    total: float


class TooHardError(Exception):
    """The search limit was reached; the caller keeps what it has."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A few people taken out of the waiting room, with every group they can form."""

    members: tuple[int, ...]
    """Their places in ``Pairs``, in order of service; bit ``k`` of a mask is ``members[k]``."""
    heads: int
    fours: tuple[Group, ...]
    """Sorted, the closest first."""
    threes: tuple[Group, ...]
    """Only of people who consent to three."""

    @classmethod
    def of(cls, pairs: Pairs, members: Sequence[int], consenting: frozenset[int]) -> Instance:
        """List every feasible group; about ten thousand of them for 24 people who can all meet."""
        ordered = tuple(sorted(members))
        heads = sum(1 << k for k, i in enumerate(ordered) if pairs.people[i].head_of_queue)
        fours, threes = _feasible_groups(pairs, ordered, consenting)
        return cls(ordered, heads, tuple(sorted(fours)), tuple(sorted(threes)))

    def people_of(self, mask: int) -> tuple[int, ...]:
        """Places in ``Pairs`` of the people in a mask."""
        return tuple(i for k, i in enumerate(self.members) if mask >> k & 1)

    def score(self, groups: Sequence[Group]) -> Score:
        """Value of a grouping."""
        covered = 0
        for group in groups:
            covered |= group.mask
        fours = sum(group.mask.bit_count() == 4 for group in groups)
        return Score(
            -fours,
            fours - len(groups),
            (self.heads & ~covered).bit_count(),
            max((group.worst for group in groups), default=0.0),
            round(sum(group.total for group in groups), 6),
        )


def _feasible_groups(
    pairs: Pairs, members: tuple[int, ...], consenting: frozenset[int]
) -> tuple[list[Group], list[Group]]:
    fours: list[Group] = []
    threes: list[Group] = []
    rows = [pairs.km[i] for i in members]
    later = [[k for k in range(a + 1, len(members)) if members[k] in rows[a]] for a in range(len(members))]
    for a, first in enumerate(members):
        for b in later[a]:
            ab, slots_ab = rows[a][members[b]], pairs.slots[first] & pairs.slots[members[b]]
            after_b = [k for k in later[a] if k > b and members[k] in rows[b] and slots_ab & pairs.slots[members[k]]]
            for c in after_b:
                ac, bc = rows[a][members[c]], rows[b][members[c]]
                worst, total, slots = max(ab, ac, bc), ab + ac + bc, slots_ab & pairs.slots[members[c]]
                mask = 1 << a | 1 << b | 1 << c
                if {first, members[b], members[c]} <= consenting:
                    threes.append(Group(worst, total, mask))
                for d in after_b:
                    if d > c and members[d] in rows[c] and slots & pairs.slots[members[d]]:
                        ad, bd, cd = rows[a][members[d]], rows[b][members[d]], rows[c][members[d]]
                        fours.append(Group(max(worst, ad, bd, cd), total + ad + bd + cd, mask | 1 << d))
    return fours, threes


def best_grouping(instance: Instance, *, closest: bool = True) -> list[Group]:
    """The best division by the aims of this module, or by the first three if not ``closest``; may be empty."""
    search = _Search(instance, instance.fours, instance.threes)
    size = len(instance.members)
    found: list[Group] = []
    for fours in range(size // 4, -1, -1):
        if (attempt := search.find(fours, 0, size)) is not None:
            found = attempt
            break
    fours = len(found)
    found = _more_threes(search, found, fours, instance)
    threes = len(found) - fours
    for heads_left_out in range(instance.score(found).heads_left_out):
        if (attempt := search.find(fours, threes, heads_left_out)) is not None:
            found = attempt
            break
    return _closest(instance, found, fours, threes) if found and closest else found


def _more_threes(search: _Search, found: list[Group], fours: int, instance: Instance) -> list[Group]:
    size = len(instance.members)
    if not instance.threes:
        return found
    for threes in range((size - 4 * fours) // 3, 0, -1):
        if (attempt := search.find(fours, threes, size)) is not None:
            return attempt
    return found


def _closest(instance: Instance, found: list[Group], fours: int, threes: int) -> list[Group]:
    """Smallest longest distance by bisection over the distances that occur, then the smallest sum."""
    heads_left_out = instance.score(found).heads_left_out
    distances = sorted({group.worst for group in (*instance.fours, *instance.threes)})
    low, high = 0, distances.index(max(group.worst for group in found))
    while low < high:
        middle = (low + high) // 2
        search = _Search.within(instance, distances[middle])
        attempt = search.find(fours, threes, heads_left_out)
        if attempt is None:
            low = middle + 1
        else:
            found, high = attempt, distances.index(max(group.worst for group in attempt))
    return _Search.within(instance, distances[high]).smallest_sum(found, fours, threes, heads_left_out)


_State = tuple[int, int, int, int]
"""People left as a mask, fours and threes still to form, heads of queue that may still be left out."""


class _Offer(NamedTuple):
    """A division of the people left: sum of distances, and lateness: smaller the later the left-out ones came."""

    total: float
    lateness: int
    groups: tuple[Group, ...]


class _Search:
    """Depth-first search which always settles the person with the fewest possible partners."""

    def __init__(self, instance: Instance, fours: Sequence[Group], threes: Sequence[Group]) -> None:
        size = len(instance.members)
        self._size = size
        self._heads = instance.heads
        self._fours: list[list[Group]] = [[] for _ in range(size)]
        self._threes: list[list[Group]] = [[] for _ in range(size)]
        self._partners = [0] * size
        for groups, shelf in ((fours, self._fours), (threes, self._threes)):
            for group in groups:
                for k in _bits(group.mask):
                    shelf[k].append(group)
                    self._partners[k] |= group.mask
        self._dead: set[_State] = set()
        self._branches = 0

    @classmethod
    def within(cls, instance: Instance, km: float) -> _Search:
        """Search among the groups whose longest distance is at most ``km``."""
        return cls(
            instance,
            [group for group in instance.fours if group.worst <= km],
            [group for group in instance.threes if group.worst <= km],
        )

    def find(self, fours: int, threes: int, heads_left_out: int) -> list[Group] | None:
        """Disjoint groups in exactly these numbers, leaving out at most so many heads of queue; or ``None``."""
        self._dead.clear()
        self._branches = 0
        chosen: list[Group] = []
        try:
            return chosen if self._settle((1 << self._size) - 1, fours, threes, heads_left_out, chosen) else None
        except TooHardError:
            return None

    def _settle(self, left: int, fours: int, threes: int, heads: int, chosen: list[Group]) -> bool:
        if fours == 0 and threes == 0:
            return (left & self._heads).bit_count() <= heads
        spare = left.bit_count() - 4 * fours - 3 * threes
        state = (left, fours, threes, heads)
        if spare < 0 or state in self._dead:
            return False
        self._branches += 1
        if self._branches > SEARCH_LIMIT:
            raise TooHardError
        person = self._scarcest(left)
        for group in self._open_groups(person, left, fours, threes):
            chosen.append(group)
            four = group.mask.bit_count() == 4
            if self._settle(left & ~group.mask, fours - four, threes - (not four), heads, chosen):
                return True
            chosen.pop()
        is_head = self._heads >> person & 1
        if spare and heads >= is_head and self._settle(left & ~(1 << person), fours, threes, heads - is_head, chosen):
            return True
        self._dead.add(state)
        return False

    def _scarcest(self, left: int) -> int:
        """Whoever has the fewest partners left; among equals, first come, first served."""
        return min(_bits(left), key=lambda k: (self._partners[k] & left).bit_count())

    def _open_groups(self, person: int, left: int, fours: int, threes: int) -> list[Group]:
        found = [g for g in self._fours[person] if g.mask & left == g.mask] if fours else []
        return found + [g for g in self._threes[person] if g.mask & left == g.mask] if threes else found

    def smallest_sum(self, found: list[Group], fours: int, threes: int, heads: int) -> list[Group]:
        """The grouping of these numbers with the smallest sum; ``found`` if there is too much to search."""
        try:
            best = self._cheapest(((1 << self._size) - 1, fours, threes, heads), {})
        except TooHardError:
            return found
        return list(best.groups) if best is not None else found

    def _cheapest(self, state: _State, memo: dict[_State, _Offer | None]) -> _Offer | None:
        """Best division of the people left into these numbers of groups, or ``None``."""
        left, fours, threes, heads = state
        if fours == 0 and threes == 0:
            if (left & self._heads).bit_count() > heads:
                return None
            return _Offer(0.0, sum(self._size - k for k in _bits(left)), ())
        if left.bit_count() < 4 * fours + 3 * threes:
            return None
        if state not in memo:
            if len(memo) > SUM_LIMIT:
                raise TooHardError
            memo[state] = min(self._offers(state, memo), key=lambda offer: offer[:2], default=None)
        return memo[state]

    def _offers(self, state: _State, memo: dict[_State, _Offer | None]) -> Iterator[_Offer]:
        """For the person with the fewest partners: left out, or in each of their groups, with the best of the rest."""
        left, fours, threes, heads = state
        person = self._scarcest(left)
        is_head = self._heads >> person & 1
        if heads >= is_head:
            rest = self._cheapest((left & ~(1 << person), fours, threes, heads - is_head), memo)
            if rest is not None:
                yield rest._replace(lateness=rest.lateness + self._size - person)
        for group in self._open_groups(person, left, fours, threes):
            four = group.mask.bit_count() == 4
            rest = self._cheapest((left & ~group.mask, fours - four, threes - (not four), heads), memo)
            if rest is not None:
                yield _Offer(round(rest.total + group.total, 6), rest.lateness, (group, *rest.groups))


def _bits(mask: int) -> list[int]:
    """Positions of the bits set, the lowest first."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found
