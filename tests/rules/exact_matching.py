"""The oracle of the matching tests: seeded waiting rooms, and their optimum found by CP-SAT on its own terms."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations

from ortools.sat.python import cp_model

from programme.rules.compatibility import Candidate

SLOTS = ("mon-evening", "tue-lunch", "tue-evening", "wed-afternoon", "thu-evening", "sat-morning")
EMPLOYERS = ("Mairie de Lyon", "MAIRIE DE LYON", "Acme SAS", "acme", "Aucun", None, None, None)


def kilometres(a: Candidate, b: Candidate) -> float:
    """Distance by the spherical law of cosines on unit vectors: another formula than the rule's."""
    va, vb = _unit(a), _unit(b)
    cross = math.dist(va, vb)
    return 2 * 6371.0088 * math.asin(min(1.0, cross / 2))


def _unit(c: Candidate) -> tuple[float, float, float]:
    lat, lon = math.radians(c.latitude), math.radians(c.longitude)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def seeded_room(seed: int, *, largest: int = 24) -> tuple[list[Candidate], frozenset[str]]:
    """Seeded candidates in two or three clusters, and the ids of those who accept a group of three."""
    rng = random.Random(seed)
    size = rng.randint(largest // 4, largest)
    spread = rng.choice((0.02, 0.08, 0.15, 0.3))
    radii = rng.choice(((5, 10, 15, 20, 30, 50), (20, 30, 40), (40, 60, 80)))
    slots = rng.choice(((1, 2), (1, 3), (1, 4), (2, 4), (2, 5), (4, 6)))
    centres = [(45.75 + rng.uniform(-0.3, 0.3), 4.85 + rng.uniform(-0.3, 0.3)) for _ in range(rng.randint(1, 3))]
    ids = [f"mem_{k:02}" for k in range(size)]
    people = []
    for name in ids:
        latitude, longitude = rng.choice(centres)
        people.append(
            Candidate(
                id=name,
                latitude=round(rng.gauss(latitude, spread), 3),
                longitude=round(rng.gauss(longitude, spread), 3),
                radius_km=rng.choice(radii),
                slots=frozenset(rng.sample(SLOTS, rng.randint(*slots))),
                refuses=frozenset(rng.sample(ids, rng.choice((0, 0, 0, 1, 2)))) - {name},
                employer=rng.choice(EMPLOYERS),
                waiting_since=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=rng.randint(0, 60)),
                head_of_queue=rng.random() < 0.15,
            )
        )
    willing = rng.choice((0.0, 0.3, 1.0))
    return people, frozenset(name for name in ids if rng.random() < willing)


def may_meet(a: Candidate, b: Candidate) -> bool:
    """Pair constraints, written a second time: employers of the seeded rooms compare by their first word."""
    if kilometres(a, b) > min(a.radius_km, b.radius_km) or a.id in b.refuses or b.id in a.refuses:
        return False
    firsts = [(c.employer or "aucun").lower().split()[0] for c in (a, b)]
    return firsts[0] != firsts[1] or firsts[0] == "aucun"


@dataclass(frozen=True)
class Optimum:
    fours: int
    threes: int
    heads: int


class Oracle:
    """All feasible groups of one waiting room, and what the best division achieves."""

    def __init__(self, people: list[Candidate], consenting: frozenset[str]) -> None:
        ok = {frozenset((a.id, b.id)) for a, b in combinations(people, 2) if may_meet(a, b)}
        self.people = people
        self.groups: list[tuple[float, tuple[Candidate, ...]]] = []
        for size in (3, 4):
            for group in combinations(people, size):
                if size == 3 and not {c.id for c in group} <= consenting:
                    continue
                if not frozenset.intersection(*(c.slots for c in group)):
                    continue
                if all(frozenset((a.id, b.id)) in ok for a, b in combinations(group, 2)):
                    self.groups.append((max(kilometres(a, b) for a, b in combinations(group, 2)), group))

    def optimum(self) -> Optimum:
        """Most fours, then most threes, then most heads of queue."""
        model, chosen = self._model(self.groups)
        pairs = [(var, group) for var, (_, group) in zip(chosen, self.groups, strict=True)]
        aims = (
            sum(var for var, group in pairs if len(group) == 4),
            sum(var for var, group in pairs if len(group) == 3),
            sum(var * sum(c.head_of_queue for c in group) for var, group in pairs),
        )
        reached = []
        for aim in aims:
            model.maximize(aim)
            solver = _solver()
            if solver.solve(model) != cp_model.OPTIMAL:
                raise AssertionError("the oracle must finish")
            reached.append(round(solver.objective_value))
            model.add(aim == reached[-1])
        return Optimum(*reached)

    def smallest_worst(self, target: Optimum, at_most: float) -> float:
        """Smallest longest distance of a division that reaches the target, knowing one that needs ``at_most``."""
        best = at_most
        while True:
            closer = [item for item in self.groups if item[0] < best - 1e-6]
            model, chosen = self._model(closer)
            pairs = list(zip(chosen, closer, strict=True))
            model.add(sum(var for var, (_, group) in pairs if len(group) == 4) == target.fours)
            model.add(sum(var for var, (_, group) in pairs if len(group) == 3) == target.threes)
            model.add(sum(var * sum(c.head_of_queue for c in group) for var, (_, group) in pairs) == target.heads)
            solver = _solver()
            if solver.solve(model) == cp_model.INFEASIBLE:
                return best
            best = max(km for var, (km, _) in pairs if solver.value(var))

    def _model(
        self, groups: list[tuple[float, tuple[Candidate, ...]]]
    ) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
        model = cp_model.CpModel()
        chosen = [model.new_bool_var("") for _ in groups]
        for person in self.people:
            holding = [var for var, (_, group) in zip(chosen, groups, strict=True) if person in group]
            model.add_exactly_one(*holding, model.new_bool_var(""))
        return model, chosen


def _solver() -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.symmetry_level = 3
    solver.parameters.random_seed = 1
    return solver
