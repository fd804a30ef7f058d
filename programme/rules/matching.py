"""Forming groups of four people near each other, or three who agree to it; never five.

The hard constraints are in ``compatibility`` (both radii, a slot common to all, nobody refused, not one employer);
the aims and their order are in ``packing``. Sets of people who cannot meet are settled separately, each with the
aims above for itself: who waits in Brest changes nothing in Nice. Up to ``EXACT_SIZE`` people in such a set the
division is the best there is; above, ``crowd`` comes close.

Everything is a function of the candidates, whatever the order in which they are given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations
from math import ceil

from programme.rules.compatibility import Candidate, Pairs, can_meet, common_slots
from programme.rules.crowd import divide_crowd
from programme.rules.division import Members
from programme.rules.geography import distance_km
from programme.rules.packing import Instance, best_grouping
from programme.rules.waiting_room import Suggestion, WaitingRoom, waiting_room, what_would_help

__all__ = [
    "EXACT_SIZE",
    "GROUP_SIZES",
    "Candidate",
    "Explanation",
    "Proposal",
    "Score",
    "Suggestion",
    "WaitingRoom",
    "can_meet",
    "explain",
    "measure",
    "proposal_for",
    "propose",
    "score",
    "separate_crowds",
    "waiting_room",
    "what_would_help",
]

GROUP_SIZES = (3, 4)
EXACT_SIZE = 24
CLOSENESS_POINTS, SLOT_POINTS, SLOTS_COUNTED = 70, 6, 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """A group that may be formed; distances are as the crow flies."""

    member_ids: tuple[str, ...]
    """Three or four ids, sorted."""
    worst_km: float
    """Distance between the two who live farthest apart."""
    total_km: float
    """Sum over all pairs."""
    common_slots: tuple[str, ...]
    """Slots in which all are free, sorted; at least one."""
    returned_ids: tuple[str, ...] = ()
    """Those who came from the head of the queue, sorted."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a proposal is as it is, in figures; the sentence is written where it is shown."""

    people: int
    within_km: int
    """Longest distance rounded up: nobody travels farther to anybody."""
    slots: tuple[str, ...]
    needs_consent_to_three: bool
    returned: int
    """How many came from the head of the queue."""


def propose(candidates: Iterable[Candidate], *, allow_three: Collection[str] = frozenset()) -> list[Proposal]:
    """Divide the waiting room into proposals, in order of service; nobody is in two of them.

    ``allow_three`` holds the ids of those who agree to a group of three. Raises ``ValueError`` if two candidates
    have the same id.
    """
    pairs = Pairs(candidates)
    if len({person.id for person in pairs.people}) != len(pairs.people):
        raise ValueError("two candidates have the same id")
    consenting = frozenset(i for i, person in enumerate(pairs.people) if person.id in allow_three)
    groups = [group for crowd in separate_crowds(pairs, consenting) for group in _divide(pairs, crowd, consenting)]
    return [_proposal([pairs.people[i] for i in group]) for group in sorted(groups)]


def proposal_for(people: Iterable[Candidate]) -> Proposal:
    """Proposal of these three or four people, such as an admin puts together.

    Raises ``ValueError`` if they may not be a group. Consent to three is for the caller to check.
    """
    members = list(people)
    if len(members) not in GROUP_SIZES:
        raise ValueError("a group has three or four people")
    if not common_slots(members) or not all(can_meet(a, b) for a, b in combinations(members, 2)):
        raise ValueError("these people may not be a group")
    return _proposal(members)


def measure(people: Iterable[Candidate]) -> Proposal:
    """Distances and slots of people who sit together already, even if the rule would not put them together today."""
    return _proposal(people)


def _proposal(people: Iterable[Candidate]) -> Proposal:
    members = sorted(people, key=lambda person: person.id)
    distances = [distance_km(a, b) for a, b in combinations(members, 2)]
    return Proposal(
        member_ids=tuple(person.id for person in members),
        worst_km=max(distances),
        total_km=sum(distances),
        common_slots=tuple(sorted(common_slots(members))),
        returned_ids=tuple(person.id for person in members if person.head_of_queue),
    )


def explain(proposal: Proposal) -> Explanation:
    """Figures for the sentence shown on the card: "4 personnes, 11 km au plus, mardi soir"."""
    people = len(proposal.member_ids)
    return Explanation(
        people=people,
        within_km=ceil(round(proposal.worst_km, 3)),
        slots=proposal.common_slots,
        needs_consent_to_three=people == 3,
        returned=len(proposal.returned_ids),
    )


@dataclass(frozen=True, slots=True)
class Score:
    """What a proposal is worth to its people, out of 100: closeness counts for 70, shared slots for 30."""

    closeness: int
    """70 for people who live at the same place, 0 at the smallest distance that one of them would travel."""
    slots: int
    """6 for each slot in which all are free, up to five."""

    @property
    def total(self) -> int:
        """Both together."""
        return self.closeness + self.slots


def score(proposal: Proposal, people: Iterable[Candidate]) -> Score:
    """Mark a proposal; ``people`` are its members. Every proposal is feasible: a low mark is only a reason to look."""
    smallest = min(person.radius_km for person in people)
    near = max(0.0, 1 - proposal.worst_km / smallest) if smallest else float(proposal.worst_km == 0)
    return Score(round(CLOSENESS_POINTS * near), SLOT_POINTS * min(SLOTS_COUNTED, len(proposal.common_slots)))


def _divide(pairs: Pairs, crowd: Members, consenting: frozenset[int]) -> list[Members]:
    if len(crowd) > EXACT_SIZE:
        return divide_crowd(pairs, crowd, consenting)
    instance = Instance.of(pairs, crowd, consenting)
    return [instance.people_of(group.mask) for group in best_grouping(instance)]


def separate_crowds(pairs: Pairs, consenting: frozenset[int]) -> list[Members]:
    """Connected sets of people who have enough partners for a group (three, or two with consent to three)."""
    able = _with_enough_partners(pairs, consenting)
    crowds: list[Members] = []
    seen: set[int] = set()
    for first in sorted(able):
        if first in seen:
            continue
        seen.add(first)
        crowd = [first]
        for i in crowd:
            for j in pairs.nearest[i]:
                if j in able and j not in seen:
                    seen.add(j)
                    crowd.append(j)
        crowds.append(tuple(sorted(crowd)))
    return crowds


def _with_enough_partners(pairs: Pairs, consenting: frozenset[int]) -> set[int]:
    """Drop people with too few partners, again and again, as each one dropped is a partner less for others."""
    partners = [len(near) for near in pairs.nearest]
    able = set(range(len(partners)))
    needed = [2 if i in consenting else 3 for i in range(len(partners))]
    dropped = [i for i in able if partners[i] < needed[i]]
    able.difference_update(dropped)
    for i in dropped:
        for j in pairs.nearest[i]:
            partners[j] -= 1
            if j in able and partners[j] < needed[j]:
                able.discard(j)
                dropped.append(j)
    return able
