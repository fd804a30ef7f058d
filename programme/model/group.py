"""A group of four (or three) near each other, from proposal to archive (programme §4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from programme.errors import Refusal


class GroupState(StrEnum):
    """PROPOSED waits for an admin, OFFERED for the members, OPENING for its channel, VOTING for the slot, GATED for the
    law's and the members' conditions, RUNNING holds sessions, PAUSED has stopped its clock, FINISHED is over, ARCHIVED
    is closed; REJECTED and DISSOLVED sent their members back to the queue."""

    PROPOSED = "proposed"
    OFFERED = "offered"
    OPENING = "opening"
    VOTING = "voting"
    GATED = "gated"
    RUNNING = "running"
    PAUSED = "paused"
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
    GroupState.RUNNING: frozenset({GroupState.FINISHED, GroupState.PAUSED, GroupState.DISSOLVED}),
    GroupState.PAUSED: frozenset({GroupState.RUNNING, GroupState.DISSOLVED}),
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


OPEN_GROUPS = frozenset({GroupState.VOTING, GroupState.GATED, GroupState.RUNNING, GroupState.PAUSED})
"""The states in which a group lives in its channel."""
LIVE_SEATS = frozenset({SeatState.PROPOSED, SeatState.OFFERED, SeatState.ACCEPTED})


@dataclass
class Group:
    """Four people, their tutor, their channel and their weekly appointment.

    The appointment is local wall time and zone; ``channel_id`` is what we keep, the name may be changed by hand.
    ``guides_version`` and ``worksheets_version`` freeze the guides and worksheets with which the group started.
    ``channel_trouble`` says why nothing can be said in the channel now; ``channel_turn`` counts the channels the
    group has had; ``channel_known`` holds what was told of it ("left:U1", "stranger:U2"), so that nothing is told
    twice. ``paused_days`` is what all pauses add to the last allowed day, the one under way included (CGV 4).
    ``weeks_off`` holds the Mondays of the weeks in which it chose not to meet; its guides come ``guide_lead_days``
    before a session, at ``guide_hour`` local time.
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
    changed_by: str = ""
    offer_expires_at: datetime | None = None
    channel_id: str = ""
    channel_name: str = ""
    channel_trouble: str = ""
    channel_turn: int = 1
    channel_known: tuple[str, ...] = ()
    vote_closes_at: datetime | None = None
    slot: str = ""
    zone: str = "Europe/Paris"
    wall_time: time | None = None
    minutes: int = 120
    first_day: date | None = None
    days_off: tuple[date, ...] = ()
    weeks_off: tuple[date, ...] = ()
    guide_lead_days: int = 2
    guide_hour: int = 18
    video_url: str = ""
    guides_version: str = ""
    worksheets_version: str = ""
    board_revision: int = 0
    paused_from: date | None = None
    paused_until: date | None = None
    paused_days: int = 0
    merged_into: str = ""
    rescue_card: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    version: int = 0

    def learn(self, fact: str) -> bool:
        """Note what has been told of the channel; False when it was known."""
        if fact in self.channel_known:
            return False
        self.channel_known = (*self.channel_known, fact)
        return True

    def forget(self, fact: str) -> None:
        """What was told is no longer so."""
        self.channel_known = tuple(known for known in self.channel_known if known != fact)

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
    """The place of one member in one group; it says whether they agree to start with three (CGV 8).

    ``first_session`` is the first session that counts for the member: 1, or later for who joins a running group.
    """

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
    first_session: int = 1
    version: int = 0


class RescueKind(StrEnum):
    """What is asked of those concerned: to take somebody in, to join another group, to pause, to begin as three."""

    REPLACEMENT = "replacement"
    MERGE = "merge"
    PAUSE = "pause"
    RESUME = "resume"
    THREE = "three"


class RescueState(StrEnum):
    """OPEN waits for answers; one refusal, or silence, ends it; CANCELLED when it has lost its meaning."""

    OPEN = "open"
    AGREED = "agreed"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass
class Rescue:
    """A question to each person whom a change of their group concerns: it happens only if every one of them agrees.

    ``subject`` is the newcomer's member id, or the id of the group that would be joined; ``weeks`` is how long a pause
    lasts; ``asked`` holds member ids and ``agreed`` those who have said yes.
    """

    id: str
    group_id: str
    kind: RescueKind
    opened_at: datetime
    expires_at: datetime
    opened_by: str
    asked: tuple[str, ...]
    subject: str = ""
    weeks: int = 0
    state: RescueState = RescueState.OPEN
    agreed: tuple[str, ...] = ()
    refused_by: str = ""
    closed_at: datetime | None = None
    version: int = 0
