"""What people ask of their own data: a copy (GDPR art. 15 and 20), a correction (16), an erasure (17)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

EXPORT_LIFETIME = timedelta(days=7)
REFLECTION = timedelta(hours=72)
"""Between the request and the erasure, which nothing can undo."""


@dataclass
class DataExport:
    """One copy of a person's data as a ZIP, behind an address that nobody can guess and that expires.

    Only the digest of the secret is kept; ``sha256`` is empty until the file is made and again once it has expired.
    """

    id: str
    member_id: str
    secret_digest: str
    asked_at: datetime
    sha256: str = ""
    expires_at: datetime | None = None
    version: int = 0

    def is_open(self, now: datetime) -> bool:
        """Whether the file can still be fetched."""
        return bool(self.sha256) and self.expires_at is not None and now < self.expires_at


def secret_digest(secret: str) -> str:
    """Return what is kept of the secret of an address."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass
class Correction:
    """One field of a profile before and after, by whom: the history of what was rectified."""

    id: str
    member_id: str
    at: datetime
    actor: str
    field: str
    before: str
    after: str


class ErasureState(StrEnum):
    """ASKED may be called back until it is due; DONE is final."""

    ASKED = "asked"
    CANCELLED = "cancelled"
    DONE = "done"


@dataclass
class Erasure:
    """A request to be forgotten, as far as no law makes us keep (GDPR art. 17(3))."""

    id: str
    member_id: str
    asked_at: datetime
    due_at: datetime
    state: ErasureState = ErasureState.ASKED
    done_at: datetime | None = None
    version: int = 0
