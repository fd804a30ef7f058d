"""Measure the shipped gazetteer: time, and the error of the positions estimated from neighbours.

    python -m tools.measure_gazetteer FOLDER

FOLDER holds the archives of ``tools.build_gazetteer``. The error is measured by hiding: each commune under 900 people
which has its own point is estimated as if it had none, and the estimate is compared with the point.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import defaultdict
from pathlib import Path

from programme.content.gazetteer import Gazetteer
from programme.rules.geography import distance_km
from tools.build_gazetteer import EXACT, read_communes, read_places
from tools.gazetteer_points import Neighbours, place_communes

SMALL = 900


def estimation_errors(folder: Path) -> dict[str, list[float]]:
    """Kilometres between the estimate and the point of each small commune that has one, by kind of estimate."""
    communes = read_communes(folder)
    placed = place_communes(communes, read_places(folder))
    known = {code: point for code, (point, precision) in placed.items() if precision in EXACT}
    neighbours = Neighbours.of(communes, known)
    errors: dict[str, list[float]] = defaultdict(list)
    for commune in communes:
        if commune.code in known and commune.population < SMALL and commune.area == commune.region:
            estimate = neighbours.estimate(commune)
            if estimate is not None:
                errors[estimate[1]].append(distance_km(estimate[0], known[commune.code]))
    return errors


def lookup_times(gazetteer: Gazetteer, count: int = 3000) -> list[float]:
    """Milliseconds of searches for names cut short, half of them with a letter missing; sorted."""
    rng = random.Random(1)  # noqa: S311 - a repeatable sample, no secret
    places = list(gazetteer.places())
    times = []
    for place in rng.choices(places, [p.population + 1 for p in places], k=count):
        typed = place.commune[: rng.randint(2, len(place.commune))]
        if rng.random() < 0.5:
            at = rng.randrange(len(typed))
            typed = typed[:at] + typed[at + 1 :]
        start = time.perf_counter()
        gazetteer.search(typed)
        times.append(1000 * (time.perf_counter() - start))
    return sorted(times)


def main() -> None:
    """Print the figures that ``communes.LICENCE.md`` quotes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    start = time.perf_counter()
    gazetteer = Gazetteer.load()
    lines = [f"load {time.perf_counter() - start:.2f} s"]
    times = lookup_times(gazetteer)
    lines.append("search ms: " + _spread(times))
    for kind, errors in estimation_errors(parser.parse_args().folder).items():
        lines.append(f"error km, by {kind} ({len(errors)} communes): " + _spread(sorted(errors)))
    sys.stdout.write("\n".join(lines) + "\n")


def _spread(values: list[float]) -> str:
    shares = {"median": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}
    return "  ".join(f"{name} {values[int(share * (len(values) - 1))]:.2f}" for name, share in shares.items())


if __name__ == "__main__":
    main()
