"""Groups for a crowd too large for the exact search: a first division, exchanges, then exact work window by window.

Windows of neighbouring groups and waiting people are taken apart and put together again by ``packing``: to place more
people, and to bring groups closer. Every step is a function of the order of service, so the same crowd always gets
the same groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from programme.rules.compatibility import Pairs
from programme.rules.division import NEAR, Division, Members, divide_simply
from programme.rules.exchange import exchange
from programme.rules.packing import Instance, Score, best_grouping

REPAIR_SIZE = 22
"""People in a window taken apart to place one more group."""
POLISH_SIZE = 14
"""People in a window taken apart to bring its groups closer."""
REPAIR_ROUNDS = 4
POLISH_ROUNDS = 3
MOST_WAITING = 6
"""Waiting people in a window taken apart to place one more group."""

_NOBODY: frozenset[int] = frozenset()


def divide_crowd(pairs: Pairs, crowd: Iterable[int], consenting: frozenset[int]) -> list[Members]:
    """Groups for a crowd of any size: fours first, then threes among the people left who consent."""
    division = Division(pairs, crowd)
    divide_simply(division)
    exchange(division)
    _place_more(division, _NOBODY)
    if consenting:
        _place_more(division, consenting)
    _bring_closer(division, consenting)
    return division.groups


def _place_more(division: Division, consenting: frozenset[int]) -> None:
    """Take windows around waiting people apart, as long as that places more of them."""
    enough = 3 if consenting else 4
    for _ in range(REPAIR_ROUNDS):
        before = len(division.group_of)
        for i in division.waiting:
            if i in division.group_of:
                continue
            core = _waiting_near(division, i)
            if len(core) >= enough:
                _divide_again(division, _window(division, core, REPAIR_SIZE), consenting, closest=False)
        if len(division.group_of) == before:
            return


def _bring_closer(division: Division, consenting: frozenset[int]) -> None:
    """Take windows around groups apart, the worst-off first, to shorten the longest distance and then the sum."""
    for _ in range(POLISH_ROUNDS):
        changed = False
        for _, members in sorted(((_worst(division.pairs, g), g) for g in division.groups), reverse=True):
            if division.group_of.get(members[0]) == members:
                window = _window(division, members, POLISH_SIZE)
                changed |= _divide_again(division, window, consenting, closest=True)
        if not changed:
            return


def _worst(pairs: Pairs, members: Members) -> float:
    return max(pairs.km[a][b] for a, b in combinations(members, 2))


def _divide_again(division: Division, window: Sequence[int], consenting: frozenset[int], *, closest: bool) -> bool:
    """Replace the groups of a window by its best division if that is better; True if something changed."""
    instance = Instance.of(division.pairs, window, consenting)
    position = {i: k for k, i in enumerate(instance.members)}
    present = {division.group_of[i] for i in window if i in division.group_of}
    masks = {sum(1 << position[i] for i in members) for members in present}
    current = [group for group in (*instance.fours, *instance.threes) if group.mask in masks]
    better = best_grouping(instance, closest=closest)
    if not _is_better(instance.score(better), instance.score(current), closest=closest):
        return False
    for members in present:
        division.dissolve(members)
    for group in better:
        division.form(instance.people_of(group.mask))
    return True


def _is_better(new: Score, old: Score, *, closest: bool) -> bool:
    return new < old if closest else new[:3] < old[:3]


def _window(division: Division, core: Sequence[int], size: int) -> list[int]:
    """The core and its groups, with the nearest groups and waiting people around, at most ``size`` in all."""
    pairs, window = division.pairs, set(core)
    around = sorted((pairs.km[i][j], j) for i in core for j in pairs.nearest[i][:NEAR] if j not in window)
    for _, j in around:
        if len(window) >= size:
            break
        unit = division.group_of.get(j, (j,))
        if j not in window and len(window) + len(unit) <= size:
            window.update(unit)
    return sorted(window)


def _waiting_near(division: Division, i: int) -> list[int]:
    """The person and the waiting people nearest to them, among their partners and their partners' partners."""
    nearest = division.pairs.nearest
    found: dict[int, None] = {i: None}
    for j in (i, *nearest[i][:NEAR]):
        found.update((k, None) for k in (j, *nearest[j][:NEAR]) if k not in division.group_of)
        if len(found) >= MOST_WAITING:
            break
    return list(found)[:MOST_WAITING]
