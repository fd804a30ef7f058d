"""Distances and civil time zones of French places.

Distances are great-circle ("as the crow flies"): the rule promises no road and no travel time.
Zones follow the INSEE code, not the postcode: one postcode of French Polynesia can serve two zones.
"""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Protocol

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG), in kilometres."""

METROPOLITAN_ZONE = "Europe/Paris"

_ZONE_BY_DEPARTMENT = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
    "989": "Etc/GMT+8",
}
_GAMBIER = frozenset({"98719"})
_MARQUESAS = frozenset({"98718", "98723", "98731", "98746", "98756", "98757"})


class Located(Protocol):
    """Anything with a position in decimal degrees (WGS 84)."""

    @property
    def latitude(self) -> float:
        """Degrees north of the equator."""

    @property
    def longitude(self) -> float:
        """Degrees east of Greenwich."""


def distance_km(a: Located, b: Located) -> float:
    """Great-circle distance in kilometres, by the haversine formula; symmetric, 0 for the same point."""
    lat_a, lat_b = radians(a.latitude), radians(b.latitude)
    half_dlat = (lat_b - lat_a) / 2
    half_dlon = radians(b.longitude - a.longitude) / 2
    chord = sin(half_dlat) ** 2 + cos(lat_a) * cos(lat_b) * sin(half_dlon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def time_zone(insee: str) -> str:
    """IANA zone of a commune from its five-character INSEE code (``"75056"``, ``"2A004"``, ``"98723"``).

    A member's zone comes from the postal address, never from the Slack profile, which anyone can change.
    """
    if insee in _GAMBIER:
        return "Pacific/Gambier"
    if insee in _MARQUESAS:
        return "Pacific/Marquesas"
    return _ZONE_BY_DEPARTMENT.get(insee[:3], METROPOLITAN_ZONE)
