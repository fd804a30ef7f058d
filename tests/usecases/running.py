"""A group whose sessions have begun, and time that passes for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from programme.model.group import Group, GroupState
from programme.model.people import Caller
from programme.model.session import Attendance, GroupSession
from programme.ports import Ports
from programme.usecases import agenda, attendance
from tests.usecases.waiting_room import Person, gated, group, sign_all

LEA, MAX, NOE, ZOE = (Caller(f"UM{number}") for number in range(1, 5))
STRANGER = Caller("USTRANGER")
RUN_POSTCODES = {"postcode": "97400", "commune": "Saint-Denis", "insee": "97411", "time_zone": "Indian/Reunion"}


def running(ports: Ports, *people: Person) -> Group:
    """Bring a group to its start: the sixteen sessions are planned."""
    gated(ports, *people)
    sign_all(ports)
    found = group(ports)
    assert found.state is GroupState.RUNNING
    return found


def three(**facts: Any) -> list[Person]:
    """Three people who fit together."""
    return [Person(f"UM{number}", **({"paid_days_ago": 22} | facts)) for number in range(1, 4)]


def sessions_of(ports: Ports) -> list[GroupSession]:
    """The newest group's sessions, first one first."""
    with ports.reading() as uow:
        return uow.sessions.of_group(group(ports).id)


def session(ports: Ports, number: int) -> GroupSession:
    """One of them."""
    return sessions_of(ports)[number - 1]


def lines(ports: Ports, number: int) -> dict[str, Attendance]:
    """The sheet of a session by Slack user."""
    with ports.reading() as uow:
        found = uow.sessions.attendance(session(ports, number).id)
        return {uow.members.get(line.member_id).slack_user_id: line for line in found}


def until(world: Any, instant: datetime) -> None:
    """Let time pass, doing what is due at its hour; nothing may fail."""
    while True:
        with world.store.reading() as uow:
            coming = uow.agenda.next_due()
        if coming is None or coming > instant:
            break
        world.clock.instant = max(world.clock.instant, coming)
        agenda.run_due(world.ports, _fail)
    world.clock.instant = instant
    agenda.run_due(world.ports, _fail)


def _fail(what: str, error: Exception) -> None:
    raise AssertionError(what) from error


def begin(world: Any, number: int = 1, minutes: float = 5) -> GroupSession:
    """Go to a few minutes after the start of a session."""
    until(world, session(world.ports, number).starts_at + timedelta(minutes=minutes))
    return session(world.ports, number)


def sign(ports: Ports, number: int, *callers: Caller) -> None:
    """These members sign."""
    for caller in callers:
        attendance.sign(ports, caller=caller, session_id=session(ports, number).id)


def hold(world: Any, number: int, *callers: Caller) -> GroupSession:
    """Hold a session with these members and let its sheet close."""
    begin(world, number)
    sign(world.ports, number, *callers)
    until(world, session(world.ports, number).starts_at + timedelta(hours=25))
    return session(world.ports, number)
