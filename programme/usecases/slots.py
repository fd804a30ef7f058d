"""The vote for the weekly appointment, among the slots that suit everybody."""

from __future__ import annotations

from collections import Counter

from programme.errors import NotFound, Refusal
from programme.journal import Action
from programme.messages.groups import SlotVote
from programme.model.agenda import DeadlineKind
from programme.model.group import Group, GroupState, Seat
from programme.model.people import Caller
from programme.model.slots import ALL_SLOTS, wall_time_of
from programme.ports import Ports, UnitOfWork
from programme.usecases import board, gate
from programme.usecases.groups import common_zone, members_of, own_seat, redraw, seated, skip, tell_group, turn_of


def open_vote(uow: UnitOfWork, group: Group) -> None:
    """Post the vote in the group's channel."""
    tell_group(uow, group.id, _key(group), _message(uow, group))


def vote(ports: Ports, *, caller: Caller, group_id: str, slot: str) -> tuple[str, ...]:
    """Give or take back one's vote for a slot; returns the caller's votes.

    A member may vote for several slots. Once everybody has voted, the vote closes. Refusal("vote_closed") afterwards.
    """
    with ports.uow() as uow:
        group = uow.groups.get(group_id)
        _, seat = own_seat(uow, caller, group_id)
        if group.state is not GroupState.VOTING:
            raise Refusal("vote_closed")
        if slot not in group.common_slots:
            raise NotFound
        votes = {*seat.votes} ^ {slot}
        seat.votes = tuple(one for one in group.common_slots if one in votes)
        uow.journal.write(caller.slack_user_id, Action.SLOT_VOTED, group_id, slot=slot, given=slot in votes)
        if all(one.votes for one in seated(uow, group_id)):
            uow.agenda.cancel(DeadlineKind.VOTE_CLOSE, group_id)
            _choose(ports, uow, group)
        else:
            redraw(uow, _key(group), _message(uow, group), lane=f"group:{group_id}")
        return seat.votes


def refresh_vote(uow: UnitOfWork, group: Group) -> None:
    """Redraw the vote under way, as somebody has come or gone."""
    if group.state is GroupState.VOTING:
        redraw(uow, _key(group), _message(uow, group), lane=f"group:{group.id}")


def close_vote(ports: Ports, uow: UnitOfWork, group_id: str) -> None:
    """Close the vote at its end: most votes, then the earliest in the week; without a vote, the earliest."""
    group = uow.groups.get(group_id)
    if group.state is not GroupState.VOTING:
        skip(uow, DeadlineKind.VOTE_CLOSE, group_id)
        return
    _choose(ports, uow, group)


def _choose(ports: Ports, uow: UnitOfWork, group: Group) -> None:
    counted = _count(group, seated(uow, group.id))
    group.slot = min(group.common_slots, key=lambda slot: (-counted[slot], ALL_SLOTS.index(slot)))
    group.wall_time = wall_time_of(group.slot)
    group.zone = common_zone(members_of(uow, group.id))
    group.move_to(GroupState.GATED)
    uow.journal.write("bot", Action.SLOT_CHOSEN, group.id, slot=group.slot)
    redraw(uow, _key(group), _message(uow, group), lane=f"group:{group.id}")
    gate.schedule(ports, uow, group)
    board.refresh_board(ports, uow, group.id)


def _count(group: Group, seats: list[Seat]) -> dict[str, int]:
    counted = Counter(slot for seat in seats for slot in seat.votes)
    return {slot: counted[slot] for slot in group.common_slots}


def _message(uow: UnitOfWork, group: Group) -> SlotVote:
    assert group.vote_closes_at is not None
    seats = seated(uow, group.id)
    return SlotVote(
        group_id=group.id,
        votes=_count(group, seats),
        voters=sum(bool(seat.votes) for seat in seats),
        size=len(seats),
        closes_at=group.vote_closes_at,
        zone=group.zone,
        chosen=group.slot,
    )


def _key(group: Group) -> str:
    return f"vote:{group.id}{turn_of(group)}"
