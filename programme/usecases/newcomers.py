"""Somebody joins a group that exists: the seat, the charter, the sessions already held and the way to catch up."""

from __future__ import annotations

from datetime import datetime

from programme.effects import InviteToChannel
from programme.messages.groups import CharterRequest
from programme.messages.rescue import CatchUp
from programme.model.agenda import DeadlineKind
from programme.model.group import Group, GroupState, Seat, SeatState
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.session import GroupSession, SessionState
from programme.ports import UnitOfWork
from programme.rules.compatibility import common_slots
from programme.usecases import instalment_dates, pings
from programme.usecases.groups import members_of, seated
from programme.usecases.waiting import candidates_of

CATCH_UP = ("F01", "F02", "F03", "F04")
"""The worksheets that somebody who comes late fills in with the tutor before the group's next session."""
BEGUN = frozenset({GroupState.RUNNING, GroupState.PAUSED})


def take_seat(uow: UnitOfWork, group: Group, member: Member, now: datetime, *, signed_at: datetime | None) -> Seat:
    """Give the member a seat, or the one they once had; ``signed_at`` is a charter signed before, in another group."""
    seat = next((one for one in uow.groups.seats(group.id) if one.member_id == member.id), None)
    if seat is None:
        seat = Seat(new_id("sea"), group.id, member.id)
        uow.groups.add_seat(seat)
    seat.state, seat.left_at, seat.votes, seat.agrees_to_three = SeatState.ACCEPTED, None, (), False
    seat.answered_at = seat.joined_at = now
    seat.charter_signed_at = signed_at
    seat.first_session = next_number(uow, group, now) if group.state in BEGUN else 1
    seated(uow, group.id)  # never five
    _narrow_vote(uow, group)
    return seat


def next_number(uow: UnitOfWork, group: Group, now: datetime) -> int:
    """Return the number of the first session that has not begun; one more than the last when there is none."""
    sessions = uow.sessions.of_group(group.id)
    coming = next_session(sessions, now)
    return coming.number if coming else len(sessions) + 1


def next_session(sessions: list[GroupSession], now: datetime) -> GroupSession | None:
    """Return the first planned session that has not begun."""
    return next((one for one in sessions if one.state is SessionState.PLANNED and one.starts_at > now), None)


def held(uow: UnitOfWork, group: Group) -> int:
    """Count the sessions held."""
    return sum(session.state is SessionState.HELD for session in uow.sessions.of_group(group.id))


def welcome(uow: UnitOfWork, group: Group, member: Member, seat: Seat, now: datetime) -> None:
    """Ask for the charter and let the newcomer in; into a group that has begun, only once it is signed."""
    if seat.charter_signed_at is None:
        key = f"charter:{group.id}:{member.id}"
        request = CharterRequest(group_id=group.id)
        if uow.outbox.get(key) is None:
            pings.timely(uow, member.slack_user_id, key, request, now)
        else:  # they once sat here
            pings.update(uow, member.slack_user_id, key, request)
        if group.state in BEGUN:
            return
    invitation = InviteToChannel(group_id=group.id, users=(member.slack_user_id,))
    uow.outbox.put(f"invite:{group.id}:{new_id('inv')}", invitation, lane=f"group:{group.id}")
    if group.state in BEGUN:
        sessions = uow.sessions.of_group(group.id)
        coming = next_session(sessions, now)
        instalment_dates.fix_dates(uow, member, [one.day for one in sessions if one.number >= seat.first_session], now)
        told = CatchUp(
            label=group.label,
            held=held(uow, group),
            next_number=seat.first_session,
            next_start=coming.starts_at if coming else None,
            zone=group.zone,
            tutor_user=group.tutor_id,
        )
        pings.timely(uow, member.slack_user_id, f"catch_up:{group.id}:{member.id}:{new_id('cat')}", told, now)


def _narrow_vote(uow: UnitOfWork, group: Group) -> None:
    """Before the appointment is chosen, only slots that suit the newcomer too stay in the vote."""
    if group.slot:
        return
    together = common_slots(candidates_of(uow, members_of(uow, group.id)))
    kept = tuple(slot for slot in group.common_slots if slot in together)
    group.common_slots = kept or tuple(sorted(together))
    for seat in seated(uow, group.id):
        seat.votes = tuple(vote for vote in seat.votes if vote in group.common_slots)


def reopen_gate(uow: UnitOfWork, group: Group, now: datetime) -> None:
    """Look at the gate again: somebody came, with a legal delay of their own, or three have agreed to begin."""
    if group.state is GroupState.GATED:
        uow.agenda.reopen(DeadlineKind.GATE, group.id, now)
