"""Where a group's people live, as a sketch: positions in kilometres around their middle, moved a little on purpose.

A map with the exact commune of each person would tell more than the decision needs; distances are told as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, cos, pi, radians, sin

from programme.rules.geography import Located, distance_km

JITTER_KM = 1.0
KM_PER_DEGREE = 111.195


@dataclass(frozen=True)
class Dot:
    """One person on the sketch: kilometres east and north of the middle."""

    east: float
    north: float


@dataclass(frozen=True)
class Sketch:
    """The people in their order, and the distance of each pair rounded up, by positions in that order."""

    dots: tuple[Dot, ...]
    distances: tuple[tuple[int, int, int], ...]


def sketch(people: Sequence[Located], seed: str) -> Sketch:
    """Draw these people; the same seed always moves them the same way, so that two pictures cannot be averaged."""
    middle_lat = sum(one.latitude for one in people) / len(people)
    middle_lon = sum(one.longitude for one in people) / len(people)
    scale = KM_PER_DEGREE * cos(radians(middle_lat))
    dots = []
    for position, one in enumerate(people):
        angle, length = _jitter(f"{seed}:{position}")
        dots.append(
            Dot(
                (one.longitude - middle_lon) * scale + length * cos(angle),
                (one.latitude - middle_lat) * KM_PER_DEGREE + length * sin(angle),
            )
        )
    pairs = combinations(range(len(people)), 2)
    return Sketch(tuple(dots), tuple((a, b, _rounded(distance_km(people[a], people[b]))) for a, b in pairs))


def _rounded(km: float) -> int:
    return max(1, ceil(round(km, 3)))


def _jitter(seed: str) -> tuple[float, float]:
    """An angle, and a length between half and the whole of the jitter: nobody stays where they are."""
    digest = hashlib.sha256(seed.encode()).digest()
    return 2 * pi * digest[0] / 256, JITTER_KM * (0.5 + digest[1] / 512)
