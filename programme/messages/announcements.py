"""What an admin writes to many at once, and the card that keeps its trace."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from programme.messages.base import BaseMessage


class AnnouncementWord(BaseMessage):
    """To one person, as a routine message: what the team writes to everybody, to a group or to those who wait."""

    kind: Literal["announcement_word"] = "announcement_word"
    from_user: str
    audience: str
    group_label: str = ""
    text: str


class AnnouncementCard(BaseMessage):
    """To the admins: who writes what to how many, until when it can be called back, and what became of it."""

    kind: Literal["announcement_card"] = "announcement_card"
    announcement_id: str
    from_user: str
    audience: str
    group_label: str = ""
    text: str
    people: int
    leaves_at: datetime
    state: str
    called_back_by: str = ""
    reached: int = 0


AnnouncementMessage = AnnouncementWord | AnnouncementCard
