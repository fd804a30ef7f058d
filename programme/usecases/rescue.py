"""A place that falls free: what becomes of the group, and of those who stay (programme §4)."""

from __future__ import annotations

from programme.model.group import Group, GroupState, Seat, SeatState
from programme.ports import Ports, UnitOfWork
from programme.usecases import seats


def release_seat(ports: Ports, uow: UnitOfWork, group: Group, seat: Seat) -> None:
    """Free the place of somebody who cannot be in a group any more, and see to those who stay."""
    before = group.state in {GroupState.PROPOSED, GroupState.OFFERED}
    seat.state = SeatState.EXPIRED if before else SeatState.LEFT
    seat.left_at = ports.clock.now()
    place_freed(ports, uow, group)


def place_freed(ports: Ports, uow: UnitOfWork, group: Group) -> None:
    """See to a group in which a seat has just been left: the group only ever learns that a place is free."""
    if group.state in {GroupState.PROPOSED, GroupState.OFFERED}:
        seats.let_go(ports, uow, group)
