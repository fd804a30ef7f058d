"""The guides and worksheets as a group began with them, kept in our own store (programme §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass
class GuideEdition:
    """Sixteen guides of one version, as data; ``digest`` is the SHA-256 of their files."""

    digest: str
    kept_at: datetime
    guides: tuple[dict[str, Any], ...]


@dataclass
class WorksheetEdition:
    """Sixteen worksheets of one version, as data; ``digest`` is the SHA-256 of their files."""

    digest: str
    kept_at: datetime
    worksheets: tuple[dict[str, Any], ...]
