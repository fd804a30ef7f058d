"""The private address of a member's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass
class CalendarLink:
    """An address that nobody can guess; a new one revokes the old. Its secret opens the dates only."""

    id: str
    member_id: str
    secret: str
    created_at: datetime
    revoked_at: datetime | None = None
