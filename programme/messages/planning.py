"""Planning: moves, catch-ups, and the weeks to spare."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from programme.messages.base import BaseMessage, Part


class MovedSession(Part):
    """One session that has another date."""

    number: int
    before: datetime
    after: datetime


class SessionsMoved(BaseMessage):
    """In the group's channel, only where people had already been told the old date: who moved what."""

    kind: Literal["sessions_moved"] = "sessions_moved"
    by_user: str
    zone: str
    moved: tuple[MovedSession, ...]
    slack_weeks: int
    absences_lifted: bool = False


class CatchUpProposal(BaseMessage):
    """In the group's channel: too few were or will be present; dates to hold the session before the next one.

    ``settled`` closes the proposal: another date is set, or late signatures have made the session count.
    """

    kind: Literal["catch_up_proposal"] = "catch_up_proposal"
    session_id: str
    number: int
    zone: str
    missed: bool
    dates: tuple[datetime, ...]
    settled: Literal["", "moved", "held"] = ""
    settled_at: datetime | None = None


class MarginWarning(BaseMessage):
    """To the tutors and the admins: soon, more sessions left than weeks left (CGV art. 4)."""

    kind: Literal["margin_warning"] = "margin_warning"
    group_label: str
    tutor_user: str
    slack_weeks: int
    sessions_left: int
    last_allowed_day: date


class GroupSettingsChanged(BaseMessage):
    """In the group's channel: a member has changed what the group decides of its sessions."""

    kind: Literal["group_settings_changed"] = "group_settings_changed"
    by_user: str
    minutes: int
    guide_lead_days: int
    guide_hour: int
    video_url: str


class KitSent(BaseMessage):
    """To a member: the paper kit has left, to this address; ``received`` closes the message."""

    kind: Literal["kit_sent"] = "kit_sent"
    kit_id: str
    address: str
    received: bool = False


PlanningMessage = SessionsMoved | CatchUpProposal | MarginWarning | GroupSettingsChanged | KitSent
