"""Rescue: a place falls free, somebody joins, two groups become one, a pause; each with everybody's consent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from programme.messages.base import BaseMessage, Part

ConsentKind = Literal["replacement", "merge", "pause", "resume", "three"]
ConsentAnswer = Literal["", "agreed", "refused", "closed", "decided"]
ConsentEnd = Literal["open", "agreed", "refused", "expired", "cancelled"]


class RescueChoice(Part):
    """Something an admin may choose on a rescue card."""

    value: str
    label: str


class RescueCard(BaseMessage):
    """To the admins: what can be done for a group, and how many have answered the question that is open."""

    kind: Literal["rescue_card"] = "rescue_card"
    group_id: str
    label: str
    stage: str
    held: int
    members: tuple[RescueChoice, ...]
    newcomers: tuple[RescueChoice, ...] = ()
    mergers: tuple[RescueChoice, ...] = ()
    pause_weeks: int = 0
    paused_until: date | None = None
    may_agree_to_three: bool = False
    place_freed: bool = False
    question: ConsentKind | Literal[""] = ""
    rescue_id: str = ""
    asked: int = 0
    agreed: int = 0


class ConsentRequest(BaseMessage):
    """To one person: agree or not to a change of a group; it happens only if every one agrees.

    ``joining`` says that the reader is the one who would come; ``size`` counts the group as it would be.
    """

    kind: Literal["consent_request"] = "consent_request"
    rescue_id: str
    what: ConsentKind
    joining: bool
    label: str
    other_label: str = ""
    size: int
    place: str
    worst_km: float = 0.0
    slot: str = ""
    held: int = 0
    next_number: int = 0
    weeks: int = 0
    until: date | None = None
    expires_at: datetime
    zone: str
    reminder: bool = False
    answer: ConsentAnswer = ""


class ConsentOutcome(BaseMessage):
    """To the admins: how a question ended; nobody is named."""

    kind: Literal["consent_outcome"] = "consent_outcome"
    label: str
    what: ConsentKind
    end: ConsentEnd


class PlaceFree(BaseMessage):
    """In the group's channel: a place is free, and nothing about why."""

    kind: Literal["place_free"] = "place_free"
    size: int
    running: bool


class GroupChanged(BaseMessage):
    """In the group's channel: everybody has agreed, and this is what changes."""

    kind: Literal["group_changed"] = "group_changed"
    what: ConsentKind
    users: tuple[str, ...] = ()
    until: date | None = None
    weeks: int = 0
    next_start: datetime | None = None
    zone: str = "Europe/Paris"


class CatchUp(BaseMessage):
    """To somebody who joins a group that has begun: what was held, and the way to catch up."""

    kind: Literal["catch_up"] = "catch_up"
    label: str
    held: int
    next_number: int
    next_start: datetime | None
    zone: str
    tutor_user: str


class SeatGivenBack(BaseMessage):
    """To a member whose place was freed by the team while their contract goes on: back in the waiting list."""

    kind: Literal["seat_given_back"] = "seat_given_back"
    label: str


class ChannelClosing(BaseMessage):
    """In the channel of a group that lives on elsewhere, or has nobody left: keep what is yours until that day."""

    kind: Literal["channel_closing"] = "channel_closing"
    closes_on: date
    joined: str = ""


RescueMessage = (
    RescueCard | ConsentRequest | ConsentOutcome | PlaceFree | GroupChanged | CatchUp | SeatGivenBack | ChannelClosing
)
