"""Groups: proposal, seats, channel, board."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from programme.messages.base import BaseMessage, Part

Decision = Literal["", "confirmed", "rejected", "lapsed", "expired"]
OfferAnswer = Literal["", "accepted", "declined", "expired", "withdrawn"]
OfferEnd = Literal["accepted", "declined", "expired", "gone"]
Stage = Literal["voting", "gated", "running", "paused", "finished"]
Awaited = Literal["vote", "charter", "confirmation", "legal_delay", "seat"]


class TutorChoice(Part):
    """A tutor who may be given a group: Slack user, name, how many groups they follow now."""

    user: str
    name: str
    groups: int


class ProposalScore(Part):
    """Why a proposal is worth what it is: a mark out of 100, of which 70 for closeness and 30 for shared slots."""

    total: int
    closeness: int
    slots: int
    heads_of_queue: int
    longest_wait_days: int


class GroupProposalCard(BaseMessage):
    """To the admins: a proposal of the matching, to confirm, change or reject; ``decision`` closes the card."""

    kind: Literal["group_proposal_card"] = "group_proposal_card"
    group_id: str
    label: str
    members: tuple[str, ...]
    worst_km: float
    total_km: float
    common_slots: tuple[str, ...]
    tutors: tuple[TutorChoice, ...] = ()
    score: ProposalScore | None = None
    expires_at: datetime | None = None
    changed_by: str = ""
    decision: Decision = ""
    decided_by: str = ""
    tutor_user: str = ""
    reason: str = ""


class SeatOffer(BaseMessage):
    """To a member: a place in a group; accept or decline; ``answer`` closes the message.

    With ``size`` three, accepting is the agreement to start with three (CGV 8).
    """

    kind: Literal["seat_offer"] = "seat_offer"
    group_id: str
    size: int
    place: str
    worst_km: float
    common_slots: tuple[str, ...]
    expires_at: datetime
    zone: str = "Europe/Paris"
    reminder: bool = False
    answer: OfferAnswer = ""


class OfferWithdrawn(BaseMessage):
    """To a member who had accepted or not yet answered: the group will not form, you are first in the queue."""

    kind: Literal["offer_withdrawn"] = "offer_withdrawn"
    place: str


class GroupOutcome(BaseMessage):
    """To the admins: what became of an offered group (formed, or dissolved and why)."""

    kind: Literal["group_outcome"] = "group_outcome"
    label: str
    formed: bool
    detail: OfferEnd


ChannelTrouble = Literal[
    "not_invited",
    "left",
    "deactivated",
    "reactivated",
    "tutor_gone",
    "stranger",
    "renamed",
    "archived",
    "unarchived",
    "bot_removed",
    "bot_back",
    "moved",
]


class GroupAlert(BaseMessage):
    """To the admins: something happened to a group's channel that a person did, or must do something about.

    ``users`` maps each person concerned to Slack's word for what failed; ``detail`` is a channel's name.
    """

    kind: Literal["group_alert"] = "group_alert"
    label: str
    what: ChannelTrouble
    users: dict[str, str] = Field(default_factory=dict)
    group_id: str = ""
    channel: str = ""
    detail: str = ""


class ChannelMoved(BaseMessage):
    """In a group's new channel: why it is here, and where the rest stays."""

    kind: Literal["channel_moved"] = "channel_moved"
    label: str
    member_users: tuple[str, ...]
    tutor_user: str


class GroupWelcome(BaseMessage):
    """In the group's channel: who is here, the tutor, what happens next."""

    kind: Literal["group_welcome"] = "group_welcome"
    group_id: str
    label: str
    member_users: tuple[str, ...]
    tutor_user: str
    place: str


class SlotVote(BaseMessage):
    """In the group's channel: vote for the weekly appointment; ``votes`` maps a slot to its number of votes."""

    kind: Literal["slot_vote"] = "slot_vote"
    group_id: str
    votes: dict[str, int]
    voters: int
    size: int
    closes_at: datetime
    zone: str
    chosen: str = ""


class CharterRequest(BaseMessage):
    """To a member: sign the confidentiality undertaking and the charter of the group."""

    kind: Literal["charter_request"] = "charter_request"
    group_id: str
    signed: bool = False


class PlanPublished(BaseMessage):
    """In the group's channel: the sixteen dates."""

    kind: Literal["plan_published"] = "plan_published"
    group_id: str
    starts: tuple[datetime, ...]
    zone: str
    minutes: int
    slack_weeks: int
    last_allowed_day: date
    guide_lead_days: int = 2
    guide_hour: int = 18


class Board(BaseMessage):
    """The living board of a group, edited in place: nothing on it tells who has not paid, signed or answered."""

    kind: Literal["board"] = "board"
    group_id: str
    label: str
    member_users: tuple[str, ...]
    tutor_user: str
    stage: Stage
    awaited: tuple[Awaited, ...] = ()
    next_number: int | None = None
    next_start: datetime | None = None
    zone: str = "Europe/Paris"
    held: int = 0
    documents: dict[str, int] = Field(default_factory=dict)
    weeks_left: int | None = None


class ProgrammeEnded(BaseMessage):
    """In the group's channel after session 16: thanks, what members keep, when the channel closes.

    ``work_until`` is the last day on which their works can be exported: they are erased on the day after.
    """

    kind: Literal["programme_ended"] = "programme_ended"
    label: str
    held: int
    closes_on: date
    work_until: date | None = None


GroupMessage = (
    GroupProposalCard
    | SeatOffer
    | OfferWithdrawn
    | GroupOutcome
    | GroupAlert
    | ChannelMoved
    | GroupWelcome
    | SlotVote
    | CharterRequest
    | PlanPublished
    | Board
    | ProgrammeEnded
)
