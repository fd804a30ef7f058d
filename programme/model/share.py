"""A document that its author lets the group read, and takes back at will (programme §6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Share:
    """One version shown in the channel of one group, by the author's act alone, until ``revoked_at``."""

    id: str
    document_id: str
    number: int
    group_id: str
    shared_at: datetime
    revoked_at: datetime | None = None
    version: int = 0

    @property
    def post_key(self) -> str:
        """The post in the group's channel; the files stand in its thread."""
        return f"share:{self.id}"

    @property
    def files_key(self) -> str:
        """The files under that post."""
        return f"share:{self.id}:files"
