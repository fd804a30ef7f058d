"""Matching at scale: 5,000 people spread like France's population, beside two simple methods in the same run.

    python -m tests.bench.bench_matching [people] [seed]

Prints, for each method, the time, the people placed and the longest distances. Nothing is asserted: a loaded machine
must not fail a build. The share placed is of an upper bound, so 100 % may be out of reach of any method; the distances
of a method that places fewer people are those of the easier people.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from itertools import combinations
from statistics import fmean, median

from programme.content.gazetteer import Gazetteer, Place
from programme.rules.compatibility import Candidate, Pairs
from programme.rules.division import Division, Members
from programme.rules.exchange import fours_with
from programme.rules.matching import propose, separate_crowds

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOMENTS = ("morning", "lunch", "afternoon", "evening")
SLOTS = tuple(f"{day}-{moment}" for day in DAYS for moment in MOMENTS)
WEIGHTS = tuple(
    (6 if moment == "evening" else 1) if day not in ("sat", "sun") else 2 for day in DAYS for moment in MOMENTS
)


def france(people: int, seed: int) -> list[Candidate]:
    """Candidates drawn by commune population; radius 5 to 60 km, two to six slots, few employers and refusals."""
    rng = random.Random(seed)
    gazetteer = Gazetteer.load()
    by_commune: dict[str, Place] = {place.insee: place for place in gazetteer.places()}
    communes = list(by_commune.values())
    chosen = rng.choices(communes, [place.population for place in communes], k=people)
    ids = [f"mem_{k:05}" for k in range(people)]
    return [
        Candidate(
            id=name,
            latitude=place.latitude,
            longitude=place.longitude,
            radius_km=rng.choice((5, 10, 15, 20, 20, 30, 30, 40, 60)),
            slots=frozenset(rng.choices(SLOTS, WEIGHTS, k=rng.randint(2, 6))),
            refuses=frozenset(rng.sample(ids, 1)) if rng.random() < 0.02 else frozenset(),
            employer=f"Employeur {rng.randint(1, people)}" if rng.random() < 0.6 else None,
            head_of_queue=rng.random() < 0.02,
        )
        for name, place in zip(ids, chosen, strict=True)
    ]


def naive_greedy(pairs: Pairs) -> list[Members]:
    """First come, first served: each takes the first three feasible neighbours by distance."""
    taken: set[int] = set()
    groups = []
    for i in range(len(pairs.people)):
        if i in taken:
            continue
        group, slots = [i], pairs.slots[i]
        for j in pairs.nearest[i]:
            if len(group) < 4 and j not in taken and slots & pairs.slots[j] and all(k in pairs.km[j] for k in group):
                group.append(j)
                slots &= pairs.slots[j]
        if len(group) == 4:
            groups.append(tuple(group))
            taken.update(group)
    return groups


def clusters(pairs: Pairs) -> list[Members]:
    """Balanced cells instead of k-means: halve the map along its longer side until 40 are left, then first fit."""
    groups: list[Members] = []
    for cell in _halve(pairs, list(range(len(pairs.people)))):
        free = sorted(cell)
        while free:
            i, *others = free
            found = next((c for c in combinations(others, 3) if _feasible(pairs, (i, *c))), None)
            free = [k for k in others if found is None or k not in found]
            if found is not None:
                groups.append((i, *found))
    return groups


def _halve(pairs: Pairs, cell: list[int]) -> list[list[int]]:
    if len(cell) <= 40:
        return [cell]
    axes = [[getattr(pairs.people[i], axis) for i in cell] for axis in ("latitude", "longitude")]
    spread = [max(values) - min(values) for values in axes]
    axis = "latitude" if spread[0] > 0.7 * spread[1] else "longitude"
    cell.sort(key=lambda i: (getattr(pairs.people[i], axis), i))
    middle = len(cell) // 2
    return _halve(pairs, cell[:middle]) + _halve(pairs, cell[middle:])


def _feasible(pairs: Pairs, group: Members) -> bool:
    slots = pairs.slots[group[0]]
    for i in group[1:]:
        slots &= pairs.slots[i]
    return slots != 0 and all(b in pairs.km[a] for a, b in combinations(group, 2))


def upper_bound(pairs: Pairs) -> int:
    """No method can place more in fours: people who are in at least one feasible four, crowd by crowd."""
    able = [
        sum(next(fours_with(Division(pairs, ()), i, pairs.nearest[i]), None) is not None for i in crowd)
        for crowd in separate_crowds(pairs, frozenset())
    ]
    return sum(count // 4 * 4 for count in able)


def line(name: str, seconds: float, pairs: Pairs, groups: Sequence[Members], bound: int) -> str:
    """One row of the report."""
    worst = sorted(max(pairs.km[a][b] for a, b in combinations(group, 2)) for group in groups)
    placed = sum(len(group) for group in groups)
    return (
        f"{name:22}{seconds:7.2f} s {placed:6} placed {placed / bound:7.2%}   longest km: mean {fmean(worst):5.1f}"
        f"  median {median(worst):5.1f}  p95 {worst[int(0.95 * len(worst))]:5.1f}  max {worst[-1]:5.1f}"
    )


def main() -> None:
    """Run the three methods on the same crowd and print a row for each."""
    arguments = dict(enumerate(sys.argv))
    people, seed = int(arguments.get(1, 5000)), int(arguments.get(2, 1))
    candidates = france(people, seed)
    start = time.perf_counter()
    pairs = Pairs(candidates)
    linking = time.perf_counter() - start
    bound = upper_bound(pairs)
    links = sum(len(near) for near in pairs.nearest) // 2
    out = [f"{people} people, {links} compatible pairs found in {linking:.2f} s, at most {bound} in fours"]
    methods: tuple[tuple[str, Callable[[Pairs], list[Members]]], ...] = (
        ("first come", naive_greedy),
        ("cells (k-means-like)", clusters),
    )
    for name, method in methods:
        start = time.perf_counter()
        groups = method(pairs)
        out.append(line(name, linking + time.perf_counter() - start, pairs, groups, bound))
    start = time.perf_counter()
    proposals = propose(candidates)
    seconds = time.perf_counter() - start
    position = {person.id: i for i, person in enumerate(pairs.people)}
    ours = [tuple(position[name] for name in proposal.member_ids) for proposal in proposals]
    out.append(line("propose", seconds, pairs, ours, bound))
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
