"""A member, or a prospect on the way to become one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Member:
    """The civil identity and the wishes that a person declared (programme §2, step 2).

    ``radius_km`` is how far they would travel; ``availability`` holds slots such as ``tue-evening``;
    ``avoided`` holds Slack user ids; ``employer`` is never shown to anyone.
    """

    id: str
    slack_user_id: str
    created_at: datetime
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    email_verified_at: datetime | None = None
    address: str = ""
    postcode: str = ""
    commune: str = ""
    insee: str = ""
    latitude: float = 0.0
    longitude: float = 0.0
    time_zone: str = "Europe/Paris"
    radius_km: int = 20
    availability: tuple[str, ...] = ()
    avoided: tuple[str, ...] = ()
    employer: str = ""
    profiled_at: datetime | None = None
    active: bool = True
    version: int = 0

    @property
    def full_name(self) -> str:
        """First name and name, for contracts and letters."""
        return f"{self.first_name} {self.last_name}".strip()
