"""Rows of the outbox: what must reach the outside world, written in the transaction that decided it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class OutboxStatus(StrEnum):
    """DUE waits, SENDING is claimed under a lease, SENT is done, FAILED waits for a human.

    DROPPED is what a human has set aside after a failure.
    """

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass
class OutboxRow:
    """One effect. ``key`` is unique for ever: the same effect is never written, hence never sent, twice.

    Rows of one ``lane`` go out in the order of ``sequence``; ``receipt`` is what the outside answered
    (for a Slack post its channel and ts, indexed so that a reply in its thread finds it).
    """

    key: str
    lane: str
    effect: dict[str, Any]
    due_at: datetime
    created_at: datetime
    sequence: int = 0
    status: OutboxStatus = OutboxStatus.DUE
    lease_until: datetime | None = None
    attempts: int = 0
    receipt: dict[str, Any] = field(default_factory=dict)
    receipt_channel: str = ""
    receipt_ts: str = ""
    last_error: str = ""
    sent_at: datetime | None = None


@dataclass
class InboxRow:
    """An event that was handled; unique by source and event id."""

    source: str
    event_id: str
    handled_at: datetime
