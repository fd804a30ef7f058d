"""Evidence records: what was shown, accepted or declared, append-only and chained by hash (C. civ. 1366).

At the end of its time (``rules/retention.py``) a record loses its facts and stays as a link: its seal can no longer be
computed again, but it still joins its neighbours, and nothing younger than the shortest duration may be hollow.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from programme.rules.instants import day_in
from programme.rules.retention import Purpose, erase_on

GENESIS = "0" * 64
ERASED_FACT = "erased"
"""The one fact of a hollow record: the day on which the others were erased."""


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


def is_hollow(record: Evidence) -> bool:
    """Whether the record has lost its facts at the end of their time, but for the day on which they went."""
    return set(record.facts) == {ERASED_FACT}


def _holds(record: Evidence, today: date) -> bool:
    """Whether the record is as it was sealed, or was hollowed at an age at which it may be."""
    if not is_hollow(record):
        return record.hash == link_hash(record)
    soonest = erase_on(Purpose.PROSPECT, day_in(record.recorded_at))
    return soonest.isoformat() <= str(record.facts[ERASED_FACT]) <= today.isoformat()


def first_broken(chain: Iterable[Evidence], today: date = date.max) -> Evidence | None:
    """Return the first record whose hash, number or link to its predecessor is wrong, or None.

    Without ``today``, the day on which a record says that it lost its facts may be one to come.
    """
    previous, expected, earliest = GENESIS, 1, None
    for record in chain:
        in_order = earliest is None or record.recorded_at >= earliest
        joined = record.sequence == expected and record.previous_hash == previous
        if not (joined and in_order and _holds(record, today)):
            return record
        previous, expected, earliest = record.hash, expected + 1, record.recorded_at
    return None
