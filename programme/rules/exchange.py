"""Placing more people in a large crowd by exchanges: a waiting person enters a group, others come out and try in turn.

An exchange breaks one group and forms another, so the number placed never falls; it rises whenever someone who came
out finds three waiting people. Those who came out longest ago come out first, so the walk does not turn in circles.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice

from programme.rules.division import NEAR, Division, Members

EXCHANGES_PER_PERSON = 40
CHOICES = 30
"""Exchanges compared for one person before one is made."""


def exchange(division: Division) -> None:
    """Walk until nobody waits who can be exchanged, or for a number of steps in proportion to the crowd."""
    came_out: dict[int, int] = {}
    queue = deque(division.waiting)
    for step in range(EXCHANGES_PER_PERSON * len(division.crowd)):
        if not queue:
            return
        person = queue.popleft()
        if person in division.group_of or _join_waiting(division, person):
            continue
        choices = list(islice(_exchanges(division, person), CHOICES))
        if not choices:
            continue
        entering, broken = min(choices, key=lambda choice: _reluctance(division, choice, came_out))
        division.dissolve(broken)
        division.form(entering)
        for other in broken:
            if other not in division.group_of:
                came_out[other] = step
                _join_waiting(division, other)
        queue.extend(other for other in broken if other not in division.group_of)


def _reluctance(
    division: Division, choice: tuple[Members, Members], came_out: dict[int, int]
) -> tuple[bool, int, Members]:
    """Never a head of queue if possible; then whoever came out longest ago."""
    entering, broken = choice
    leaving = [i for i in broken if i not in entering]
    heads = any(division.pairs.people[i].head_of_queue for i in leaving)
    return heads, max(came_out.get(i, -1) for i in leaving), entering


def _join_waiting(division: Division, person: int) -> bool:
    """Form a four of the person and three waiting people, if there is one."""
    pairs = division.pairs
    free = [i for i in pairs.nearest[person] if i not in division.group_of]
    members = next(fours_with(division, person, free), None)
    if members is None:
        return False
    division.form(members)
    return True


def _exchanges(division: Division, person: int) -> Iterator[tuple[Members, Members]]:
    """Fours of a waiting person with their nearest partners that break one group only, and that group."""
    for members in fours_with(division, person, division.pairs.nearest[person][:NEAR], at_most_one_group=True):
        broken = next((group for i in members if (group := division.group_of.get(i)) is not None), None)
        if broken is not None:
            yield members, broken


def fours_with(
    division: Division, person: int, partners: list[int], *, at_most_one_group: bool = False
) -> Iterator[Members]:
    """Feasible fours of a person and three partners, nearest first; none that mixes two groups if so asked."""
    km, slots = division.pairs.km, division.pairs.slots
    group_of = division.group_of
    for position, a in enumerate(partners):
        slots_a, group_a = slots[person] & slots[a], group_of.get(a)
        with_a = [b for b in partners[position + 1 :] if b in km[a] and slots_a & slots[b]]
        for position_b, b in enumerate(with_a):
            group_b = group_of.get(b)
            if at_most_one_group and group_a and group_b and group_a != group_b:
                continue
            slots_b, group = slots_a & slots[b], group_a or group_b
            for c in with_a[position_b + 1 :]:
                if c not in km[b] or not slots_b & slots[c]:
                    continue
                if not (at_most_one_group and group and group_of.get(c) not in (None, group)):
                    yield tuple(sorted((person, a, b, c)))
