"""What a group still waits for before its first act of performance (CGV 8, L221-25): facts only, never whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from programme.messages.groups import Awaited
from programme.model.group import Group, GroupState, Seat
from programme.model.member import Member
from programme.model.order import Order
from programme.ports import UnitOfWork
from programme.rules.withdrawal import MemberClock, anchor, group_start
from programme.usecases.groups import contract_in_force, members_of, seated


@dataclass(frozen=True)
class Conditions:
    """``earliest`` is the law's first instant of performance, None while an order is not paid."""

    earliest: datetime | None
    awaited: tuple[Awaited, ...]


def conditions(uow: UnitOfWork, group: Group, now: datetime) -> Conditions:
    """Return what holds the group back at this instant; ``awaited`` is empty when nothing does."""
    members, seats = members_of(uow, group.id), seated(uow, group.id)
    orders = [order for member in members if (order := _order(uow, member)) is not None]
    earliest = _earliest(orders) if len(orders) == len(members) else None
    holds: dict[Awaited, bool] = {
        "vote": group.state is GroupState.VOTING,
        "charter": any(seat.charter_signed_at is None for seat in seats),
        "confirmation": any(order.confirmation_sent_at is None for order in orders),
        "legal_delay": earliest is not None and earliest > now,
        "seat": earliest is None or len(seats) < 3 or (len(seats) == 3 and not _agree_to_three(seats)),
    }
    return Conditions(earliest, tuple(awaited for awaited, held in holds.items() if held))


def _agree_to_three(seats: Sequence[Seat]) -> bool:
    """Three may start only if each of the three agrees (CGV 4)."""
    return all(seat.agrees_to_three for seat in seats)


def _order(uow: UnitOfWork, member: Member) -> Order | None:
    """The paid order of a contract in force."""
    enrolment = contract_in_force(uow, member)
    return uow.orders.of_enrolment(enrolment.id) if enrolment else None


def _earliest(orders: Sequence[Order]) -> datetime | None:
    clocks = []
    for order in orders:
        if order.first_paid_at is None or order.withdrawal_end is None:
            return None
        since = anchor(order.concluded_at, order.first_paid_at)
        clocks.append(MemberClock(since, order.withdrawal_end, order.early_start))
    return group_start(clocks).earliest if clocks else None
