"""Give every French commune a point: its own from GeoNames, or one estimated from its neighbours.

Names are not unique (there are eleven Saint-Aubin in Normandy), so a GeoNames place is accepted for a commune of the
same name and region only if it lies near the communes that share its postcode (or intercommunality) and has a
plausible population. What is left is placed by its neighbours, and the column ``precision`` says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log
from statistics import fmean, median
from typing import NamedTuple

from programme.content.gazetteer import search_key
from programme.rules.geography import distance_km
from tools.hand_points import POINT, VILLAGE


class Point(NamedTuple):
    """Degrees, WGS 84."""

    latitude: float
    longitude: float


COUNTRY = {
    "971": "GP",
    "972": "MQ",
    "973": "GF",
    "974": "RE",
    "975": "PM",
    "976": "YT",
    "977": "BL",
    "978": "MF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}
MAX_COST = 60.0
PART_RADIUS_KM = 15.0


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of today, or a municipal arrondissement of Paris, Lyon or Marseille."""

    code: str
    name: str
    region: str
    department: str
    population: int
    postcodes: tuple[str, ...]
    group: str
    """SIREN of the intercommunality, or the department where there is none."""
    parts: tuple[str, ...] = ()
    """Names of the old communes merged into it."""

    @property
    def area(self) -> str:
        """Where GeoNames files it: country code overseas, region code in metropolitan France."""
        return COUNTRY.get(self.code[:3], self.region)


@dataclass(frozen=True, slots=True)
class GeoName:
    """A populated place of GeoNames."""

    id: int
    area: str
    point: Point
    population: int
    names: tuple[str, ...]
    """Normalised; the main name first."""


@dataclass(slots=True)
class Neighbours:
    """Known points filed by postcode, intercommunality and department."""

    shelves: dict[str, list[tuple[str, Point]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, communes: Iterable[Commune], points: Mapping[str, Point]) -> Neighbours:
        """File the communes which have a point."""
        filed = cls()
        for commune in communes:
            if commune.code in points:
                for key in (*commune.postcodes, commune.group, commune.department):
                    filed.shelves[key].append((commune.code, points[commune.code]))
        return filed

    def around(self, commune: Commune, *keys: str) -> list[Point]:
        """Points filed under these keys, without the commune's own."""
        return [point for key in keys for code, point in self.shelves.get(key, ()) if code != commune.code]

    def estimate(self, commune: Commune) -> tuple[Point, str] | None:
        """Mean of the same postcode; failing that, the median of the intercommunality, then of the department."""
        if mates := self.around(commune, *commune.postcodes):
            return Point(fmean(p.latitude for p in mates), fmean(p.longitude for p in mates)), "postcode"
        for key, precision in ((commune.group, "intercommunality"), (commune.department, "department")):
            if len(mates := self.around(commune, key)) >= 2:
                return Point(median(p.latitude for p in mates), median(p.longitude for p in mates)), precision
        return None


def place_communes(communes: list[Commune], places: list[GeoName]) -> dict[str, tuple[Point, str]]:
    """Point and precision of every commune that can be placed, by INSEE code."""
    own = _own_points(communes, places)
    placed = {code: (place.point, "commune") for code, place in own.items()}
    placed |= _hand_points(communes, places, known=set(own))
    points = {code: point for code, (point, _) in placed.items()}
    used = {place.id for place in own.values()}
    placed |= _part_points(
        [c for c in communes if c.code not in points],
        [place for place in places if place.id not in used],
        Neighbours.of(communes, points),
    )
    return placed | estimate_rest(communes, placed)


def estimate_rest(communes: list[Commune], placed: Mapping[str, tuple[Point, str]]) -> dict[str, tuple[Point, str]]:
    """Points by neighbours for the communes which have none of their own."""
    neighbours = Neighbours.of(communes, {code: point for code, (point, _) in placed.items()})
    missing = (c for c in communes if c.code not in placed)
    return {c.code: found for c in missing if (found := neighbours.estimate(c)) is not None}


def _own_points(communes: list[Commune], places: list[GeoName]) -> dict[str, GeoName]:
    """Three rounds: the unmistakable names first, then each round judges by the neighbours of the one before."""
    by_name = _index(places)
    occurrences: dict[tuple[str, str], int] = defaultdict(int)
    for commune in communes:
        occurrences[commune.area, search_key(commune.name)] += 1
    matched: dict[str, GeoName] = {}
    for commune in communes:
        key = (commune.area, search_key(commune.name))
        if len(by_name[key]) == 1 and occurrences[key] == 1:
            place = by_name[key][0]
            if place.population < 2.5 * commune.population < 6.25 * place.population:
                matched[commune.code] = place
    for _ in range(3):
        neighbours = Neighbours.of(communes, {code: place.point for code, place in matched.items()})
        matched = _best_matches(communes, by_name, neighbours)
    return matched


def _best_matches(
    communes: list[Commune], by_name: Mapping[tuple[str, str], list[GeoName]], neighbours: Neighbours
) -> dict[str, GeoName]:
    """Cheapest commune-place pairs first, each place used once."""
    offers = []
    for commune in communes:
        wanted = search_key(commune.name)
        for place in by_name.get((commune.area, wanted), ()):
            cost = _cost(commune, place, neighbours) + (0 if place.names[0] == wanted else 5)
            if cost < MAX_COST:
                offers.append((cost, commune.code, place.id, place))
    matched: dict[str, GeoName] = {}
    used: set[int] = set()
    for _, code, place_id, place in sorted(offers, key=lambda offer: offer[:3]):
        if code not in matched and place_id not in used:
            matched[code] = place
            used.add(place_id)
    return matched


def _cost(commune: Commune, place: GeoName, neighbours: Neighbours) -> float:
    """Kilometres from the neighbours, plus a penalty for an unlike population (growth is likelier than loss).

    Overseas a name is enough: few are repeated and communes are vast. A far centre of an intercommunality or
    department says little, so its distance is capped.
    """
    if commune.area != commune.region:
        return 0.0
    reference = neighbours.estimate(commune)
    distance = 30.0
    if reference is not None and reference[1] != "department":
        distance = distance_km(place.point, reference[0])
        distance = distance * 1.5 if reference[1] == "postcode" else min(distance, 40.0)
    if place.population < 10 or commune.population < 10:
        return distance
    ratio = log((commune.population + 50) / (place.population + 50))
    return distance + (15 * ratio if ratio > 0 else -40 * ratio)


def _part_points(
    communes: list[Commune], places: list[GeoName], neighbours: Neighbours
) -> dict[str, tuple[Point, str]]:
    """The largest nearby place which is a part of the commune, by its old communes or by the words of its name."""
    by_area: dict[str, list[tuple[GeoName, frozenset[str]]]] = defaultdict(list)
    for place in places:
        by_area[place.area].append((place, frozenset(place.names[0].split())))
    found: dict[str, tuple[Point, str]] = {}
    for commune in communes:
        reference = neighbours.estimate(commune)
        if reference is None:
            continue
        words = frozenset(search_key(commune.name).split())
        old = {search_key(part) for part in commune.parts}
        near = [
            place
            for place, place_words in by_area[commune.area]
            if (place.names[0] in old or place_words < words or words < place_words)
            and distance_km(place.point, reference[0]) < PART_RADIUS_KM
        ]
        if near:
            best = max(near, key=lambda place: (place.population, -place.id))
            found[commune.code] = (best.point, "part")
    return found


def _hand_points(communes: list[Commune], places: list[GeoName], *, known: set[str]) -> dict[str, tuple[Point, str]]:
    """Communes without an entry: the village that is their seat, else the point set by hand."""
    by_name = _index(places)
    found: dict[str, tuple[Point, str]] = {}
    for commune in communes:
        if commune.code in known:
            continue
        if commune.code in VILLAGE:
            area, village = VILLAGE[commune.code]
            found[commune.code] = (by_name[area, search_key(village)][0].point, "commune")
        elif commune.code in POINT:
            found[commune.code] = (Point(*POINT[commune.code]), "hand")
    return found


def _index(places: Iterable[GeoName]) -> dict[tuple[str, str], list[GeoName]]:
    index: dict[tuple[str, str], list[GeoName]] = defaultdict(list)
    for place in places:
        for name in place.names:
            index[place.area, name].append(place)
    return index
