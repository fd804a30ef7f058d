"""Idempotency keys: the same key with the same parameters gets the same answer, for 24 hours of the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.clock import Clock
from sandbox.stripe.errors import StripeError
from sandbox.stripe.forms import Form
from sandbox.stripe.store import Object

KEPT = timedelta(hours=24)
MAX_LENGTH = 255


@dataclass(frozen=True)
class KeptAnswer:
    """An answer that a key brings back."""

    path: str
    parameters: Form
    status: int
    body: Object
    request_id: str
    kept_at: datetime


class IdempotencyKeys:
    """The answers kept for the keys of the last 24 hours."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answers: dict[str, KeptAnswer] = {}

    def find(self, key: str, path: str, parameters: Form) -> KeptAnswer | None:
        """The kept answer; raises ``idempotency_error`` when the key was used for something else."""
        if len(key) > MAX_LENGTH:
            message = f"Idempotency keys can have at most {MAX_LENGTH} characters."
            raise StripeError(message, kind="idempotency_error", kept=False)
        found = self._answers.get(key)
        if found is None or self._clock.now() - found.kept_at >= KEPT:
            return None
        other = f"Try using a key other than '{key}' if you meant to execute a different request."
        if found.path != path:
            what = f"the same endpoint they were first used for ('{path}' vs '{found.path}')"
            raise _misused(f"Keys for idempotent requests can only be used for {what}. {other}")
        if found.parameters != parameters:
            what = "the same parameters they were first used with"
            raise _misused(f"Keys for idempotent requests can only be used with {what}. {other}")
        return found

    def keep(self, key: str, answer: KeptAnswer) -> None:
        """Keep the answer of the first request with this key."""
        self._answers[key] = answer

    def clear(self) -> None:
        """Forget every key."""
        self._answers.clear()


def _misused(message: str) -> StripeError:
    return StripeError(message, kind="idempotency_error", kept=False)
