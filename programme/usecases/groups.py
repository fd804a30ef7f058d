"""What every act on a group needs: who sits in it, the rights, and the ways to reach people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from programme.effects import Edit, Post
from programme.errors import NotAllowed, NotFound
from programme.journal import Action
from programme.messages import Message
from programme.model.agenda import DeadlineKind
from programme.model.enrolment import Enrolment, EnrolmentStatus
from programme.model.group import LIVE_SEATS, Group, Seat, SeatState
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.outbox import OutboxStatus
from programme.model.people import Caller
from programme.ports import UnitOfWork
from programme.rules.instants import PARIS
from programme.rules.matching import GROUP_SIZES


def require_admin(caller: Caller) -> None:
    """Raise NotAllowed unless the caller belongs to the admin channel."""
    if not caller.is_admin:
        raise NotAllowed


def turn_of(group: Group) -> str:
    """Return what tells the posts of a group's second and later channels from those of the first."""
    return "" if group.channel_turn == 1 else f":c{group.channel_turn}"


def seated(uow: UnitOfWork, group_id: str) -> list[Seat]:
    """Return the group's live seats by member; ValueError where there are more than four (programme §4: never five)."""
    seats = [seat for seat in uow.groups.seats(group_id) if seat.state in LIVE_SEATS]
    if len(seats) > max(GROUP_SIZES):
        raise ValueError(f"{group_id} has {len(seats)} seats")
    return seats


def party(uow: UnitOfWork, group_id: str) -> list[Seat]:
    """Return the seats of a proposal, answered or not, without the people whom an admin has taken out of it."""
    return [seat for seat in uow.groups.seats(group_id) if seat.state is not SeatState.LEFT]


def members_of(uow: UnitOfWork, group_id: str) -> list[Member]:
    """Return the members who sit in the group, in the order of their ids."""
    return [uow.members.get(seat.member_id) for seat in seated(uow, group_id)]


def own_seat(uow: UnitOfWork, caller: Caller, group_id: str) -> tuple[Member, Seat]:
    """Return the caller and their seat, past or live, in this group; NotFound for anybody else."""
    member = uow.members.by_slack(caller.slack_user_id)
    for seat in uow.groups.seats(group_id):
        if member is not None and seat.member_id == member.id:
            return member, seat
    raise NotFound


def contract_in_force(uow: UnitOfWork, member: Member) -> Enrolment | None:
    """Return the member's paid and active enrolment, or None for one who cannot be in a group now."""
    enrolment = uow.enrolments.current(member.id)
    if enrolment is None or enrolment.status is not EnrolmentStatus.ACTIVE or enrolment.paid_at is None:
        return None
    return enrolment if member.active else None


def common_zone(members: Sequence[Member]) -> str:
    """Return the zone of most members; the first in alphabetical order among equals, Paris for nobody."""
    counted = Counter(member.time_zone for member in members)
    return min(counted, key=lambda zone: (-counted[zone], zone), default=PARIS)


def tell_group(uow: UnitOfWork, group_id: str, key: str, message: Message, *, pin: bool = False) -> None:
    """Post in the group's channel."""
    to = f"group:{group_id}"
    uow.outbox.put(key, Post(to=to, message=message, pin=pin), lane=to)


def tell_admins(uow: UnitOfWork, key: str, message: Message) -> None:
    """Post in the admin channel."""
    uow.outbox.put(key, Post(to="admins", message=message), lane="admins")


def redraw(uow: UnitOfWork, post_key: str, message: Message, *, lane: str) -> None:
    """Edit an earlier post in place; every edit has a key of its own, as the same post may be edited often.

    The edit of a post that still waits, for the morning or for its channel, waits behind it in its lane.
    """
    row = uow.outbox.get(post_key)
    waits = row is not None and row.status in {OutboxStatus.DUE, OutboxStatus.SENDING}
    edit = Edit(post_key=post_key, message=message)
    uow.outbox.put(f"{post_key}:{new_id('edit')}", edit, lane=row.lane if row and waits else lane)


def skip(uow: UnitOfWork, kind: DeadlineKind, subject: str) -> None:
    """Note a deadline whose act has lost its meaning, as the group has moved on."""
    uow.journal.write("bot", Action.DEADLINE_SKIPPED, subject, kind=kind.value)
