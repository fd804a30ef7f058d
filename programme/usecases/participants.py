"""Whether a caller takes part in a group, and the way to reach those who follow it."""

from __future__ import annotations

from datetime import datetime

from programme.effects import Post
from programme.errors import NotAllowed, Refusal
from programme.messages import Message
from programme.model.group import Group
from programme.model.member import Member
from programme.model.people import Caller
from programme.ports import UnitOfWork
from programme.rules.instants import PARIS
from programme.rules.planning import quiet_until
from programme.usecases.groups import members_of


def require_participant(uow: UnitOfWork, caller: Caller, group_id: str) -> Member:
    """Return the caller as a member who sits in this group; NotAllowed for everybody else."""
    for member in members_of(uow, group_id):
        if member.slack_user_id == caller.slack_user_id:
            return member
    raise NotAllowed


def started_group_of(uow: UnitOfWork, caller: Caller) -> Group:
    """Return the caller's latest group whose sessions began, over or not; Refusal("not_in_group") otherwise."""
    member = uow.members.by_slack(caller.slack_user_id)
    seat = uow.groups.started_seat(member.id) if member else None
    if seat is None:
        raise Refusal("not_in_group")
    return uow.groups.get(seat.group_id)


def tell_tutors(uow: UnitOfWork, key: str, message: Message, now: datetime) -> None:
    """Post in the tutors' channel, by day in Paris; what waits for the morning holds back nothing else."""
    due_at = quiet_until(now, PARIS)
    lane = "by_day:tutors" if due_at > now else "tutors"
    uow.outbox.put(key, Post(to="tutors", message=message), lane=lane, due_at=due_at)
