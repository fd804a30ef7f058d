"""The stories of the demonstration's tour, as data: what to press, and how each step plays itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def read_stories() -> list[dict[str, Any]]:
    """The six stories, in the order in which they are told."""
    files = sorted(Path(__file__).parent.glob("*.yml"))
    return [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
