"""A delivery that keeps what it sent to the app and what came back, for the inspector of the wire."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.clock import Clock
from sandbox.record import masked
from sandbox.slack.delivery import Delivery
from sandbox.slack.envelope import Ack, Envelope
from sandbox.slack.service import FaultsLike, RecorderLike
from sandbox.slack.workspace import Workspace

MAX_ENVELOPES = 500


@dataclass(frozen=True)
class SentEnvelope:
    """One attempt to deliver a payload: when (on the clock), what, and the app's answer."""

    number: int
    at: datetime
    kind: str
    name: str
    attempt: int
    payload: Any
    answer: Any
    error: str | None
    ms: float


class WatchedDelivery(Delivery):
    """A ``Delivery`` whose last envelopes can be read; ``ended`` once the sandbox stops."""

    def __init__(self, clock: Clock, recorder: RecorderLike, faults: FaultsLike, workspace: Workspace) -> None:
        super().__init__(clock, recorder, faults, workspace)
        self.envelopes: deque[SentEnvelope] = deque(maxlen=MAX_ENVELOPES)
        self.envelopes_sent = 0
        self.ended = False

    def reset(self, workspace: Workspace) -> None:
        """Forget the envelopes with everything else."""
        super().reset(workspace)
        self.envelopes.clear()

    async def close(self) -> None:
        """End everything that is under way; windows that listen are let go."""
        self.ended = True
        await super().close()

    async def _send(self, envelope: Envelope) -> Ack:
        began = time.perf_counter()
        ack = await super()._send(envelope)
        self._keep(envelope, ack, (time.perf_counter() - began) * 1000)
        return ack

    def _keep(self, envelope: Envelope, ack: Ack, ms: float) -> None:
        self.envelopes_sent += 1
        self.envelopes.append(
            SentEnvelope(
                number=self.envelopes_sent,
                at=self.clock.now(),
                kind=envelope.kind,
                name=_name(envelope.payload),
                attempt=envelope.retry_attempt,
                payload=masked(envelope.payload),
                answer=masked(ack.payload),
                error=ack.error,
                ms=round(ms, 1),
            )
        )


def _name(payload: dict[str, Any]) -> str:
    """The event's type, the command, or the interaction's type."""
    inner = payload.get("event") or payload
    return str(inner.get("type") or payload.get("command"))
