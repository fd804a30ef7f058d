"""Somebody who pays in three, in a group that has begun, and time that passes for both."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from programme.model.enrolment import Choice
from programme.model.group import Group, GroupState, Seat, SeatState
from programme.model.ids import new_id
from programme.model.order import Order, Payment, PaymentPlan
from programme.model.people import Caller, Role
from programme.model.session import GroupSession, SessionState
from programme.rules.instants import at_local, day_in
from programme.usecases import agenda, delivery
from programme.usecases.instalment_dates import fix_dates
from tests.builders import paid
from tests.conftest import World

LEA = Caller("ULEA")
ADMIN, OTHER_ADMIN = (Caller(user, frozenset({Role.ADMIN})) for user in ("UADMIN1", "UADMIN2"))


def begun(world: World, **more: Any) -> Order:
    """Léa has paid the first of three, and her group has begun: a bare one, whose sessions nobody holds here."""
    order = paid(world, "ULEA", plan=PaymentPlan.THREE, choice=Choice.EARLY, **more)
    now = world.clock.now()
    group = Group(new_id("grp"), 1, now, state=GroupState.RUNNING, channel_id="CGROUP", started_at=now)
    with world.store.uow() as uow:
        seat = Seat(new_id("sea"), group.id, order.member_id, state=SeatState.ACCEPTED, joined_at=now)
        uow.groups.add(group, [seat])
        fix_dates(uow, uow.members.get(order.member_id), session_days(world), now)
    delivery.deliver_all(world.ports)
    return order


def session_days(world: World) -> list[date]:
    """Sixteen weeks, from the next one on."""
    return [day_in(world.clock.now()) + timedelta(weeks=week) for week in range(1, 17)]


def instalment(world: World, order: Order, number: int = 2) -> Payment:
    """The instalment as it stands."""
    with world.store.reading() as uow:
        return uow.orders.payments(order.id)[number - 1]


def due_day(world: World, order: Order, number: int = 2) -> date:
    """The day on which it is debited."""
    day = instalment(world, order, number).due_on
    assert day is not None
    return day


def at_ten(day: date, days: int = 0) -> datetime:
    """Ten in the morning, in Paris: the hour of debits."""
    return at_local(day + timedelta(days=days), time(10), "Europe/Paris")


def live_until(world: World, instant: datetime) -> None:
    """Let time pass, doing and delivering what is due at its hour; nothing may fail."""
    while True:
        delivery.deliver_all(world.ports)
        coming = delivery.next_due(world.ports)
        if coming is None or coming > instant:
            break
        world.clock.instant = max(world.clock.instant, coming)
        agenda.run_due(world.ports, _fail)
    world.clock.instant = instant


def hold(world: World, order: Order, sessions: int = 1) -> None:
    """Sessions are held, with their attendance closed: they are due whatever comes."""
    now = world.clock.now()
    with world.store.uow() as uow:
        seat = uow.groups.started_seat(order.member_id)
        assert seat is not None
        held = len(uow.sessions.of_group(seat.group_id))
        for number in range(held + 1, min(held + sessions, 16) + 1):
            facts: dict[str, Any] = {"state": SessionState.HELD, "closed_at": now}
            uow.sessions.add(
                GroupSession(new_id("ses"), seat.group_id, number, now.date(), time(19), "Europe/Paris", now, **facts)
            )


def said(world: World, kind: Any) -> list[Any]:
    """What Léa was told, of one kind."""
    return world.workspace.said(kind, "DLEA")


def _fail(what: str, error: Exception) -> None:
    raise AssertionError(what) from error
