"""Routine messages to one person that wait for their day, and what the person wishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Topic(StrEnum):
    """What a routine message is about: each can be stopped by who gets it."""

    CHECK_IN = "check_in"
    WAITING = "waiting"
    OFFER = "offer"
    CONSENT = "consent"
    KIT = "kit"
    SURVEY = "survey"
    MATERIAL = "material"
    ANNOUNCEMENT = "announcement"


class NudgeState(StrEnum):
    """WAITING for its slot, SENT, or DROPPED: stopped, overtaken by a later one, or answered before it left."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"


@dataclass
class Nudge:
    """One routine message; ``key`` is unique for ever. ``post_key`` is the post that carried it, alone or with others.

    ``before`` is when it loses its use.
    """

    key: str
    slack_user_id: str
    topic: Topic
    message: dict[str, Any]
    due_at: datetime
    before: datetime | None = None
    state: NudgeState = NudgeState.WAITING
    sent_at: datetime | None = None
    post_key: str = ""
    version: int = 0


@dataclass
class QuietWishes:
    """What a person chose: the hour of their one message a day, nothing until a day, and what they do not want."""

    slack_user_id: str
    hour: int | None = None
    snoozed_until: datetime | None = None
    stopped: tuple[str, ...] = ()
    version: int = 0
