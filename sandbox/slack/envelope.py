"""What travels from Slack to the app, and what comes back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

EnvelopeKind = Literal["events_api", "slash_commands", "interactive"]

ACK_SECONDS = 3.0
NO_RECEIVER = "dispatch_failed"
TIMEOUT = "operation_timeout"


def new_id() -> str:
    """A fresh envelope id."""
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Envelope:
    """One payload on its way. ``retry_attempt`` is 0 on the first attempt, 1 to 3 on those after it."""

    kind: EnvelopeKind
    payload: dict[str, Any]
    accepts_response_payload: bool = False
    retry_attempt: int = 0
    retry_reason: str = ""
    envelope_id: str = field(default_factory=new_id)

    def to_dict(self) -> dict[str, Any]:
        """The JSON of the envelope in Socket Mode; retries are told for events only."""
        body: dict[str, Any] = {
            "envelope_id": self.envelope_id,
            "payload": self.payload,
            "type": self.kind,
            "accepts_response_payload": self.accepts_response_payload,
        }
        if self.kind == "events_api":
            body |= {"retry_attempt": self.retry_attempt, "retry_reason": self.retry_reason}
        return body


@dataclass(frozen=True)
class Ack:
    """The app's answer: ``error`` is None when it acknowledged in time.

    ``error`` is what a person is shown (``operation_timeout``, ``dispatch_failed``); ``reason`` is what the
    next attempt of an event carries (``http_timeout``, ``connection_failed``, ``http_error`` …).
    """

    payload: dict[str, Any] | None = None
    error: str | None = None
    reason: str = ""
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        """Whether the payload was delivered."""
        return self.error is None
