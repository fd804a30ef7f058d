"""A group of four (or three) near each other, from proposal to archive (programme §4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from programme.errors import Refusal


class GroupState(StrEnum):
    """PROPOSED waits for an admin, OFFERED for the members, OPENING for its channel, VOTING for the slot, GATED for the
    law's and the members' conditions, RUNNING holds sessions, FINISHED is over, ARCHIVED is closed; REJECTED and
    DISSOLVED sent their members back to the queue."""

    PROPOSED = "proposed"
    OFFERED = "offered"
    OPENING = "opening"
    VOTING = "voting"
    GATED = "gated"
    RUNNING = "running"
    FINISHED = "finished"
    ARCHIVED = "archived"
    REJECTED = "rejected"
    DISSOLVED = "dissolved"


_NEXT: dict[GroupState, frozenset[GroupState]] = {
    GroupState.PROPOSED: frozenset({GroupState.OFFERED, GroupState.REJECTED}),
    GroupState.OFFERED: frozenset({GroupState.OPENING, GroupState.DISSOLVED}),
    GroupState.OPENING: frozenset({GroupState.VOTING, GroupState.DISSOLVED}),
    GroupState.VOTING: frozenset({GroupState.GATED, GroupState.DISSOLVED}),
    GroupState.GATED: frozenset({GroupState.RUNNING, GroupState.DISSOLVED}),
    GroupState.RUNNING: frozenset({GroupState.FINISHED, GroupState.DISSOLVED}),
    GroupState.FINISHED: frozenset({GroupState.ARCHIVED}),
}


class SeatState(StrEnum):
    """One person's place in a group."""

    PROPOSED = "proposed"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    RELEASED = "released"
    LEFT = "left"


LIVE_SEATS = frozenset({SeatState.PROPOSED, SeatState.OFFERED, SeatState.ACCEPTED})


@dataclass
class Group:
    """Four people, their tutor, their channel and their weekly appointment.

    The appointment is local wall time and zone; ``channel_id`` is what we keep, the name may be changed by hand.
    ``guides_version`` freezes the guides with which the group started.
    """

    id: str
    number: int
    proposed_at: datetime
    state: GroupState = GroupState.PROPOSED
    place: str = ""
    worst_km: float = 0.0
    total_km: float = 0.0
    common_slots: tuple[str, ...] = ()
    tutor_id: str = ""
    decided_by: str = ""
    decision_reason: str = ""
    offer_expires_at: datetime | None = None
    channel_id: str = ""
    channel_name: str = ""
    vote_closes_at: datetime | None = None
    slot: str = ""
    zone: str = "Europe/Paris"
    wall_time: time | None = None
    minutes: int = 120
    first_day: date | None = None
    days_off: tuple[date, ...] = ()
    video_url: str = ""
    guides_version: str = ""
    board_revision: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    version: int = 0

    def move_to(self, state: GroupState) -> None:
        """Change state along the drawn road; Refusal("group_state") for any other move."""
        if state not in _NEXT.get(self.state, frozenset()):
            raise Refusal("group_state", state=self.state.value)
        self.state = state

    @property
    def label(self) -> str:
        """The name that people read: « groupe 012 – Lyon »."""
        return f"groupe {self.number:03d} – {self.place}"


@dataclass
class Seat:
    """The place of one member in one group; it says whether they agree to start with three (CGV 8)."""

    id: str
    group_id: str
    member_id: str
    state: SeatState = SeatState.PROPOSED
    agrees_to_three: bool = False
    votes: tuple[str, ...] = field(default=())
    answered_at: datetime | None = None
    joined_at: datetime | None = None
    left_at: datetime | None = None
    charter_signed_at: datetime | None = None
    version: int = 0
