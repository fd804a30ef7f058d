"""What a waiting person is told: how many people wait within reach, and what would make a group likelier.

Only counts, and never a count under ``FEWEST_TOLD``: two people nearby could be guessed at. Refusals and employers do
not change the counts of the waiting room, or they could be read off them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from programme.rules.compatibility import Candidate, Pairs, within_reach

FEWEST_TOLD = 3
EXTRA_KM = 10
SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class WaitingRoom:
    """Counts of other people waiting; ``None`` stands for "fewer than three", zero included."""

    within_reach: int | None
    """Within both radii."""
    sharing_a_slot: int | None
    """Of those, with at least one slot in common."""
    by_slot: tuple[tuple[str, int], ...]
    """Of those, for each of the person's own slots where at least three are free: the busiest slot first."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One change that would give the person more possible partners: another slot, or a wider radius."""

    slot: str | None
    extra_km: int
    people: int
    """People with whom a group of four would then be possible: three at least, as a group needs three others."""


def waiting_room(candidate: Candidate, others: Iterable[Candidate]) -> WaitingRoom:
    """Count who waits within reach of a person, with the reach of the matching rule."""
    near = [other for other in others if other.id != candidate.id and within_reach(candidate, other)]
    by_slot = {slot: sum(slot in other.slots for other in near) for slot in candidate.slots}
    return WaitingRoom(
        within_reach=_told(len(near)),
        sharing_a_slot=_told(sum(bool(other.slots & candidate.slots) for other in near)),
        by_slot=tuple(
            sorted(
                ((slot, count) for slot, count in by_slot.items() if count >= FEWEST_TOLD),
                key=lambda item: (-item[1], item[0]),
            )
        ),
    )


def what_would_help(candidate: Candidate, others: Iterable[Candidate]) -> tuple[Suggestion, ...]:
    """The changes that add the most people with whom a group of four is possible, at most three, the best first.

    Everything else stays equal: the others keep their radius and their slots. Empty if nothing would help.
    """
    widest = replace(candidate, radius_km=candidate.radius_km + EXTRA_KM)
    near = [other for other in others if other.id != candidate.id and within_reach(widest, other)]
    slots = frozenset[str]().union(*(other.slots for other in near))
    room = _Room(replace(widest, slots=slots), near)
    today = room.partners(candidate.slots, candidate.radius_km)
    offers = [
        Suggestion(slot, 0, room.partners(candidate.slots | {slot}, candidate.radius_km))
        for slot in sorted(slots - candidate.slots)
    ]
    offers.append(Suggestion(None, EXTRA_KM, room.partners(candidate.slots, widest.radius_km)))
    helpful = [offer for offer in offers if offer.people > today]
    return tuple(sorted(helpful, key=lambda offer: (-offer.people, offer.extra_km))[:SUGGESTIONS])


def _told(count: int) -> int | None:
    return count if count >= FEWEST_TOLD else None


class _Room:
    """The compatible pairs around a person taken with every slot and the widest radius."""

    def __init__(self, person: Candidate, near: list[Candidate]) -> None:
        self._pairs = Pairs([person, *near])
        self._me = self._pairs.people.index(person)

    def partners(self, slots: frozenset[str], radius_km: int) -> int:
        """People in at least one feasible group of four with the person, were these their slots and radius."""
        km = self._pairs.km[self._me]
        found: set[int] = set()
        for slot in sorted(slots):
            free = [
                i for i in self._pairs.nearest[self._me] if km[i] <= radius_km and slot in self._pairs.people[i].slots
            ]
            for i in free:
                if i not in found:
                    found.update(self._four_with(i, free))
        return len(found)

    def _four_with(self, i: int, free: list[int]) -> tuple[int, ...]:
        """Three people of ``free`` who can all meet, ``i`` among them; empty if there are none."""
        links = self._pairs.km
        partners = [j for j in free if j in links[i]]
        for j in partners:
            for k in partners:
                if k in links[j]:
                    return i, j, k
        return ()
