"""Who may be in a group with whom: the hard constraints of matching, pair by pair.

A group needs every pair to be compatible and one weekly slot common to all (``common_slots``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import reduce
from math import cos, radians

from programme.rules.folding import fold
from programme.rules.geography import distance_km

KM_PER_DEGREE = 111.0
"""Slightly less than one degree of latitude, so that a window cut with it never loses anyone."""

_LEGAL_FORMS = frozenset({"sa", "sas", "sasu", "sarl", "eurl", "snc", "sci", "scop", "scic", "gie", "association"})
_NO_EMPLOYER = frozenset(
    {
        "",
        "aucun",
        "aucune",
        "aucun employeur",
        "chomage",
        "demandeur d emploi",
        "demandeuse d emploi",
        "en recherche d emploi",
        "independant",
        "independante",
        "neant",
        "non",
        "pas d employeur",
        "rien",
        "sans",
        "sans emploi",
        "sans employeur",
    }
)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who waits for a group; whoever builds it has checked that they are paid, active and not withdrawn."""

    id: str
    latitude: float
    longitude: float
    radius_km: int
    """How far they would travel, already widened by waiting time if they agreed to that."""
    slots: frozenset[str]
    """Weekly slots in which they are free, such as ``"mon-evening"``: any names, compared as they are."""
    refuses: frozenset[str] = frozenset()
    """Ids of members they do not want to be with; one side is enough."""
    employer: str | None = None
    """As written by the member; never shown. Two spellings of one name are one employer."""
    waiting_since: datetime = field(default=_LONG_AGO)
    """Aware UTC instant; among otherwise equal groupings the one that serves who has waited longest wins."""
    head_of_queue: bool = False
    """Back from a proposal that someone else declined."""


def employer_key(employer: str | None) -> str | None:
    """Employer folded and without its legal form; ``None`` for no employer ("aucun", "sans emploi"…)."""
    words = fold(employer or "").split()
    if " ".join(words) in _NO_EMPLOYER:
        return None
    return " ".join(word for word in words if word not in _LEGAL_FORMS) or " ".join(words)


def can_meet(a: Candidate, b: Candidate) -> bool:
    """Within both radii, a slot in common, neither refuses the other, not the same employer."""
    return within_reach(a, b) and bool(a.slots & b.slots) and agree(a, b)


def within_reach(a: Candidate, b: Candidate) -> bool:
    """The distance is within both radii."""
    return distance_km(a, b) <= min(a.radius_km, b.radius_km)


def agree(a: Candidate, b: Candidate) -> bool:
    """Neither refuses the other and they do not work for the same employer."""
    if b.id in a.refuses or a.id in b.refuses:
        return False
    employer = employer_key(a.employer)
    return employer is None or employer != employer_key(b.employer)


def common_slots(people: Iterable[Candidate]) -> frozenset[str]:
    """Slots in which all of them are free; at least one person is expected."""
    return reduce(frozenset.__and__, (person.slots for person in people))


class Pairs:
    """Compatible pairs among candidates in order of service: head of queue, longest wait, id.

    People are known by their place in that order; ``km[i]`` maps each person compatible with ``i`` to the distance.
    """

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self.people: Sequence[Candidate] = sorted(
            candidates, key=lambda c: (not c.head_of_queue, c.waiting_since, c.id)
        )
        names = sorted({slot for person in self.people for slot in person.slots})
        bit = {name: 1 << position for position, name in enumerate(names)}
        self.slots = [sum(bit[slot] for slot in person.slots) for person in self.people]
        self.km: list[dict[int, float]] = [{} for _ in self.people]
        self._employers = [employer_key(person.employer) for person in self.people]
        self._link_all()
        self.nearest = [sorted(near, key=lambda j: (near[j], j)) for near in self.km]

    def _link_all(self) -> None:
        """Sweep from south to north: only people within one's own radius of latitude are compared."""
        order = sorted(range(len(self.people)), key=lambda i: (self.people[i].latitude, i))
        latitudes = [self.people[i].latitude for i in order]
        for position, i in enumerate(order):
            reach = self.people[i].radius_km / KM_PER_DEGREE
            end = bisect_right(latitudes, latitudes[position] + reach)
            self._link(i, order[position + 1 : end])

    def _link(self, i: int, others: Sequence[int]) -> None:
        person, slots, employer = self.people[i], self.slots[i], self._employers[i]
        highest = min(90.0, abs(person.latitude) + person.radius_km / KM_PER_DEGREE)
        km_per_degree_east = KM_PER_DEGREE * cos(radians(highest))
        for j in others:
            other = self.people[j]
            if not slots & self.slots[j] or (employer is not None and employer == self._employers[j]):
                continue
            radius = min(person.radius_km, other.radius_km)
            gap = abs(person.longitude - other.longitude)
            if min(gap, 360 - gap) * km_per_degree_east > radius:
                continue
            distance = distance_km(person, other)
            if distance <= radius and other.id not in person.refuses and person.id not in other.refuses:
                self.km[i][j] = self.km[j][i] = distance
