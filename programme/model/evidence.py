"""Evidence records: what was shown, accepted or declared, append-only and chained by hash (C. civ. 1366)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

GENESIS = "0" * 64


@dataclass
class Evidence:
    """One link of the chain; ``facts`` holds versions, SHA-256, labels, boxes, Slack identity and times."""

    id: str
    sequence: int
    enrolment_id: str
    kind: str
    recorded_at: datetime
    facts: dict[str, Any]
    previous_hash: str
    hash: str


def link_hash(record: Evidence) -> str:
    """Return the SHA-256 that seals a record to its predecessor."""
    sealed = {
        "id": record.id,
        "sequence": record.sequence,
        "enrolment_id": record.enrolment_id,
        "kind": record.kind,
        "recorded_at": record.recorded_at.isoformat(),
        "facts": record.facts,
        "previous_hash": record.previous_hash,
    }
    text = json.dumps(sealed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken(chain: Iterable[Evidence]) -> Evidence | None:
    """Return the first record whose hash, number or link to its predecessor is wrong, or None."""
    previous, expected = GENESIS, 1
    for record in chain:
        if record.sequence != expected or record.previous_hash != previous or record.hash != link_hash(record):
            return record
        previous, expected = record.hash, expected + 1
    return None
