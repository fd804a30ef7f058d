"""Distances against known ones and another formula; zones against the packaged zone names."""

from __future__ import annotations

import math
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.content.gazetteer import Gazetteer
from programme.rules.geography import EARTH_RADIUS_KM, distance_km, time_zone


class Point(NamedTuple):
    latitude: float
    longitude: float


PARIS, LYON, PAPEETE = Point(48.8566, 2.3522), Point(45.7640, 4.8357), Point(-17.5350, -149.5696)
points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


def unit(point: Point) -> tuple[float, float, float]:
    lat, lon = math.radians(point.latitude), math.radians(point.longitude)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (PARIS, LYON, 391.5),
        (PARIS, PAPEETE, 15716),
        (Point(0, 179.5), Point(0, -179.5), 111.195),
        (Point(90, 0), Point(-90, 0), math.pi * EARTH_RADIUS_KM),
        (PARIS, PARIS, 0),
    ],
)
def test_known_distances(a: Point, b: Point, expected: float) -> None:
    assert distance_km(a, b) == pytest.approx(expected, rel=2e-3)


@given(points, points)
def test_the_same_as_the_angle_between_unit_vectors_and_symmetric(a: Point, b: Point) -> None:
    chord = math.dist(unit(a), unit(b))
    by_vectors = 2 * EARTH_RADIUS_KM * math.asin(min(1.0, chord / 2))
    assert distance_km(a, b) == pytest.approx(by_vectors, abs=0.5)
    assert distance_km(a, b) == pytest.approx(distance_km(b, a), abs=1e-6)


@pytest.mark.parametrize(
    ("insee", "zone"),
    [
        ("75101", "Europe/Paris"),
        ("2A004", "Europe/Paris"),
        ("97105", "America/Guadeloupe"),
        ("97209", "America/Martinique"),
        ("97302", "America/Cayenne"),
        ("97411", "Indian/Reunion"),
        ("97502", "America/Miquelon"),
        ("97608", "Indian/Mayotte"),
        ("97701", "America/St_Barthelemy"),
        ("97801", "America/Marigot"),
        ("98613", "Pacific/Wallis"),
        ("98735", "Pacific/Tahiti"),
        ("98719", "Pacific/Gambier"),
        ("98731", "Pacific/Marquesas"),
        ("98818", "Pacific/Noumea"),
    ],
)
def test_the_zone_follows_the_commune(insee: str, zone: str) -> None:
    assert time_zone(insee) == zone


def test_every_commune_has_a_zone_that_fits_its_longitude() -> None:
    # Solar noon is never more than about two and a half hours from noon of the standard zone time.
    for place in Gazetteer.load().places():
        offset = datetime(2026, 1, 15, 12, tzinfo=ZoneInfo(time_zone(place.insee))).utcoffset()
        assert offset is not None
        late = offset.total_seconds() / 3600 - place.longitude / 15
        assert abs((late + 12) % 24 - 12) < 2.5, place
