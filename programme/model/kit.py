"""The paper kit: the guides of the first two sessions, lent to each member (CGV 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Kit:
    """One parcel to one member; ``address`` is where it went, frozen when it was sent."""

    id: str
    member_id: str
    group_id: str
    address: str = ""
    sent_at: datetime | None = None
    sent_by: str = ""
    received_at: datetime | None = None
    version: int = 0
