"""The tutors' day: hand-overs, absences, what nobody has taken, and the digest."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from programme.messages.base import BaseMessage, Part


class QueueLine(Part):
    """One document or question that waits for this tutor; ``begun`` once they have taken it."""

    subject_id: str
    title: str
    author_user: str
    due_at: datetime | None
    begun: bool
    question: bool


class GroupLine(Part):
    """One group that this tutor follows."""

    label: str
    channel_id: str
    next_number: int | None = None
    next_start: datetime | None = None
    zone: str = "Europe/Paris"


class AwayLine(Part):
    """An absence, under way or announced."""

    absence_id: str
    tutor_user: str
    first_day: date
    last_day: date
    backup_user: str = ""


class TutorDay(BaseMessage):
    """To one tutor: what waits for them by clock, how much it is, their groups and who is away.

    ``digest`` is the one message of the day, at the hour they chose; otherwise it answers ``/bilan-tutorat``.
    """

    kind: Literal["tutor_day"] = "tutor_day"
    tutor_user: str
    day: date
    lines: tuple[QueueLine, ...] = ()
    more: int = 0
    load: int = 0
    capacity: int = 0
    digest_hour: int = 9
    groups: tuple[GroupLine, ...] = ()
    away: tuple[AwayLine, ...] = ()
    digest: bool = False


class TutorAway(BaseMessage):
    """In the tutors' channel: a colleague is away, who stands in, and what was handed over or moved."""

    kind: Literal["tutor_away"] = "tutor_away"
    tutor_user: str
    first_day: date
    last_day: date
    backup_user: str = ""
    moved: int = 0
    back: bool = False


class PromiseMoved(BaseMessage):
    """To the member, in their thread: the answer is promised for later, and why."""

    kind: Literal["promise_moved"] = "promise_moved"
    title: str
    due_at: datetime


class Unclaimed(BaseMessage):
    """In the card's thread, then to the admins: nobody has taken this document yet."""

    kind: Literal["unclaimed"] = "unclaimed"
    subject_id: str
    title: str
    author_user: str
    tutor_user: str
    backup_user: str = ""
    due_at: datetime
    to_admins: bool = False


class AdminActed(BaseMessage):
    """To the member, in their thread: an admin did something to their document or question, and what."""

    kind: Literal["admin_acted"] = "admin_acted"
    admin_user: str
    tutor_user: str
    title: str
    what: Literal["taken", "reassigned"]


TutoringMessage = TutorDay | TutorAway | PromiseMoved | Unclaimed | AdminActed
