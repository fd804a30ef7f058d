"""Short sentences and failures, common to all features."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from programme.messages.base import BaseMessage


class Notice(BaseMessage):
    """To one person: a short sentence worth keeping; ``text_key`` names it in ``content/messages.toml``."""

    kind: Literal["notice"] = "notice"
    text_key: str
    details: dict[str, str] = Field(default_factory=dict)


class FailureCard(BaseMessage):
    """To the admins: something unknown failed, with its reference and what to do."""

    kind: Literal["failure_card"] = "failure_card"
    reference: str
    what: str
    detail: str


CommonMessage = Notice | FailureCard
