"""When something that must recur last went well, so that the console can tell that it has stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Beat(StrEnum):
    """TICKS turn, Stripe has answered a RECONCILIATION, a BACKUP was written; the database was RESTORED from one."""

    TICKS = "ticks"
    RECONCILIATION = "reconciliation"
    BACKUP = "backup"
    RESTORED = "restored"


@dataclass
class Heartbeat:
    """One row a beat: the last time it went well."""

    name: Beat
    at: datetime
