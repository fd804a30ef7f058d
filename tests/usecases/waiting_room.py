"""People who wait for a group, and the shortcuts that bring a group to a given stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from programme.effects import load
from programme.model.enrolment import Enrolment
from programme.model.group import Group, GroupState, Seat
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.order import Order, OrderStatus, Payment, PaymentPlan
from programme.model.outbox import OutboxRow
from programme.model.people import Caller, Role
from programme.ports import Ports
from programme.rules.withdrawal import strict_period
from programme.usecases import channels, gate, matching, seats, slots
from store.tables.delivery import outbox

ADMIN = Caller("UADMIN1", frozenset({Role.ADMIN}))
OTHER_ADMIN = Caller("UADMIN2", frozenset({Role.ADMIN}))
LYON = (45.76, 4.84)
SLOTS = ("tue-evening", "thu-evening", "sat-morning")


@dataclass
class Person:
    """How a test describes someone who waits."""

    user: str
    paid_days_ago: float = 1
    early: bool = True
    confirmed: bool = True
    place: tuple[float, float] = LYON
    slots: Sequence[str] = SLOTS
    profile: dict[str, Any] = field(default_factory=dict)


def four(**facts: Any) -> list[Person]:
    """Four people who fit together."""
    return [Person(f"UM{number}", **facts) for number in range(1, 5)]


def enrol(ports: Ports, *people: Person) -> None:
    """Write paid members into the waiting room."""
    with ports.uow() as uow:
        for person in people:
            paid_at = ports.clock.now() - timedelta(days=person.paid_days_ago)
            member = _member(person, paid_at)
            enrolment = Enrolment(new_id("enr"), member.id, paid_at, ordered_at=paid_at, paid_at=paid_at)
            uow.members.add(member)
            uow.enrolments.add(enrolment)
            order = _order(person, enrolment, paid_at)
            uow.orders.add(order, [Payment(new_id("pay"), order.id, 1, order.price)])


def _member(person: Person, paid_at: datetime) -> Member:
    facts: dict[str, Any] = {
        "first_name": "Camille",
        "last_name": person.user.title(),
        "postcode": "69001",
        "commune": "Lyon",
        "insee": "69123",
        "latitude": person.place[0],
        "longitude": person.place[1],
        "availability": tuple(person.slots),
    }
    return Member(new_id("mem"), person.user, paid_at, **(facts | person.profile))


def _order(person: Person, enrolment: Enrolment, paid_at: datetime) -> Order:
    period = strict_period(paid_at)
    return Order(
        id=new_id("ord"),
        enrolment_id=enrolment.id,
        member_id=enrolment.member_id,
        list_price=45000,
        price=45000,
        plan=PaymentPlan.FULL,
        concluded_at=paid_at,
        status=OrderStatus.PAID,
        first_paid_at=paid_at,
        withdrawal_last_day=period.last_day,
        withdrawal_end=period.end,
        early_start=person.early,
        confirmation_sent_at=paid_at if person.confirmed else None,
    )


def groups(ports: Ports) -> list[Group]:
    """Every group, oldest first."""
    with ports.uow() as uow:
        return uow.groups.in_states(*GroupState)


def group(ports: Ports) -> Group:
    """The newest group."""
    return groups(ports)[-1]


def seats_of(ports: Ports, group_id: str) -> dict[str, Seat]:
    """The group's seats by Slack user."""
    with ports.uow() as uow:
        return {uow.members.get(seat.member_id).slack_user_id: seat for seat in uow.groups.seats(group_id)}


def users(ports: Ports) -> list[str]:
    """The Slack users of the newest group."""
    return sorted(seats_of(ports, group(ports).id))


def rows(world: Any, prefix: str = "") -> list[OutboxRow]:
    """The outbox in order, optionally only keys that begin like this."""
    with world.store.uow() as uow:
        query = select(OutboxRow).order_by(outbox.c.sequence)
        return [row for row in uow.outbox._db.scalars(query) if row.key.startswith(prefix)]


def messages(world: Any, kind: str, prefix: str = "") -> list[Any]:
    """The messages of one kind on their way out, posted or edited, in order."""
    effects = [load(row.effect) for row in rows(world, prefix)]
    return [e.message for e in effects if e.kind in ("post", "edit") and e.message.kind == kind]


def proposed(ports: Ports, *people: Person) -> Group:
    """Enrol these people (four who fit by default) and run the matching."""
    enrol(ports, *(people or four()))
    matching.propose_now(ports, ADMIN)
    return group(ports)


def offered(ports: Ports, *people: Person) -> Group:
    """The same, confirmed by an admin."""
    found = proposed(ports, *people)
    seats.confirm_group(ports, caller=ADMIN, group_id=found.id, tutor_id="UTUTOR1")
    return group(ports)


def opening(ports: Ports, *people: Person) -> Group:
    """The same, accepted by all."""
    found = offered(ports, *people)
    for user in users(ports):
        seats.answer_seat(ports, caller=Caller(user), group_id=found.id, accept=True)
    return group(ports)


def voting(ports: Ports, *people: Person) -> Group:
    """The same, in its channel."""
    found = opening(ports, *people)
    with ports.uow() as uow:
        channels.channel_opened(ports, uow, found.id, "CGROUP", "bilan-001-lyon")
    return group(ports)


def gated(ports: Ports, *people: Person) -> Group:
    """The same, with the slot chosen."""
    found = voting(ports, *people)
    for user in users(ports):
        slots.vote(ports, caller=Caller(user), group_id=found.id, slot=found.common_slots[0])
    return group(ports)


def sign_all(ports: Ports) -> None:
    """Every member signs the charter."""
    for user in users(ports):
        gate.sign_charter(ports, caller=Caller(user), group_id=group(ports).id)
