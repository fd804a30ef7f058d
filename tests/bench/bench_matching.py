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
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations
from math import cos, radians
from statistics import fmean, median

from programme.content.gazetteer import Gazetteer, Place
from programme.rules.compatibility import Candidate, Pairs
from programme.rules.division import Division, Members
from programme.rules.exchange import fours_with
from programme.rules.matching import propose, separate_crowds
from tests.rules.exact_matching import Oracle, seeded_room

CLUSTER, LLOYD_ROUNDS = 20, 8
"""People a cluster of the k-means baseline holds on average, and how often its centres move."""
SMALL_ROOMS = 100
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


def k_means(pairs: Pairs) -> list[Members]:
    """K-means (Lloyd) on the map with some twenty people a cluster, then first fit inside each: rules come after."""
    free = list(range(len(pairs.people)))
    points = [(person.latitude, person.longitude * cos(radians(person.latitude))) for person in pairs.people]
    rng = random.Random(1)
    centres = [points[i] for i in rng.sample(free, max(1, len(free) // CLUSTER))]
    cells: dict[int, list[int]] = {}
    for _ in range(LLOYD_ROUNDS):
        cells = {}
        for i in free:
            cells.setdefault(_closest(points[i], centres), []).append(i)
        for number, cell in cells.items():
            centres[number] = (fmean(points[i][0] for i in cell), fmean(points[i][1] for i in cell))
    return [group for _, cell in sorted(cells.items()) for group in _first_fit(pairs, cell)]


def _closest(point: tuple[float, float], centres: Sequence[tuple[float, float]]) -> int:
    x, y = point
    return min(range(len(centres)), key=lambda k: (centres[k][0] - x) ** 2 + (centres[k][1] - y) ** 2)


def _first_fit(pairs: Pairs, cell: Sequence[int]) -> list[Members]:
    groups: list[Members] = []
    left = sorted(cell)
    while left:
        i, *others = left
        found = next((c for c in combinations(others, 3) if _feasible(pairs, (i, *c))), None)
        left = [k for k in others if found is None or k not in found]
        if found is not None:
            groups.append((i, *found))
    return groups


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


def against_the_optimum(instances: int) -> list[str]:
    """Small seeded rooms: each method beside CP-SAT's optimum, fours only, so that all play the same game."""
    placed: Counter[str] = Counter()
    ratios: dict[str, list[float]] = {}
    for seed in range(instances):
        people, _ = seeded_room(seed)
        pairs, oracle = Pairs(people), Oracle(people, frozenset())
        best = oracle.optimum()
        placed["optimum"] += 4 * best.fours
        found = {"first come": naive_greedy(pairs), "k-means": k_means(pairs), "propose": _proposed(pairs, people)}
        for name, groups in found.items():
            placed[name] += 4 * len(groups)
            if name == "propose" and groups:
                worst = max(pairs.km[a][b] for group in groups for a, b in combinations(group, 2))
                ratios.setdefault(name, []).append(worst / max(oracle.smallest_worst(best, worst), 1e-9))
    lines = [
        f"{instances} seeded rooms of up to 24 people, beside the optimum of CP-SAT ({placed['optimum']} in fours)"
    ]
    for name in ("first come", "k-means", "propose"):
        share = placed[name] / placed["optimum"]
        worst_ratio = f"   worst distance {fmean(ratios[name]):.4f} of the optimum's" if name in ratios else ""
        lines.append(f"{name:22}{placed[name]:6} placed {share:7.2%}{worst_ratio}")
    return lines


def _proposed(pairs: Pairs, people: Sequence[Candidate]) -> list[Members]:
    position = {person.id: i for i, person in enumerate(pairs.people)}
    return [tuple(position[name] for name in proposal.member_ids) for proposal in propose(people)]


def main() -> None:
    """Run the three methods on the same crowd and on small rooms, and print a row for each."""
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
        ("k-means", k_means),
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
    out += ["", *against_the_optimum(int(arguments.get(3, SMALL_ROOMS)))]
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
