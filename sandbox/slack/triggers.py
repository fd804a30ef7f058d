"""Trigger ids: the right to open a modal before a person who just did something; three seconds, once."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack.errors import SlackError

TRIGGER_SECONDS = 3.0


@dataclass
class Trigger:
    """One trigger: whose act it was, and in which view (None outside modals)."""

    id: str
    user_id: str
    issued: float
    view_id: str | None = None
    exchanged: bool = False


class Triggers:
    """Issues triggers and exchanges them. They age in real time, whatever the sandbox's clock says."""

    def __init__(self, real_time: Callable[[], float] = time.monotonic) -> None:
        self._real_time = real_time
        self._triggers: dict[str, Trigger] = {}

    def issue(self, user_id: str, view_id: str | None = None) -> str:
        """A fresh trigger id for an act of this user."""
        number = len(self._triggers) + 1
        trigger_id = f"{number:012d}.{len(user_id):06d}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(trigger_id, user_id, self._real_time(), view_id)
        return trigger_id

    def check(self, trigger_id: str) -> Trigger:
        """The trigger, still usable.

        Raises SlackError: invalid_trigger_id (never issued), exchanged_trigger_id (used before),
        expired_trigger_id (older than three seconds).
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.exchanged:
            raise SlackError("exchanged_trigger_id")
        if self._real_time() - trigger.issued > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        return trigger
