"""A group whose programme is over, and what its members then read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from programme.messages.last_steps import LastSteps
from programme.model.attestation import Attestation
from programme.model.enrolment import Enrolment
from programme.model.group import Group
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.session import Attendance, AttendanceState, SessionState
from programme.ports import Ports
from programme.usecases import agenda, delivery
from tests.conftest import World
from tests.usecases.running import LEA, MAX, NOE, ZOE, hold, running
from tests.usecases.tutoring import no_failure, read_by
from tests.usecases.waiting_room import Person, group

EVERYBODY = (LEA, MAX, NOE, ZOE)


def people(**profile: Any) -> list[Person]:
    """Four people whom a mail can reach."""
    return [Person(f"UM{n}", profile={"email": f"um{n}@exemple.fr"} | profile) for n in range(1, 5)]


def finished(world: World, missing: Mapping[int, tuple[Caller, ...]] = {}, **profile: Any) -> Group:
    """Hold the sixteen sessions, each without those who are ``missing``, and deliver everything."""
    running(world.ports, *people(**profile))
    there = {number: tuple(one for one in EVERYBODY if one not in missing.get(number, ())) for number in range(1, 17)}
    wrote(world, {number: there[number] for number in range(1, 15)})
    for number in (15, 16):
        hold(world, number, *there[number])
        delivery.deliver_all(world.ports)
    found = group(world.ports)
    assert found.finished_at is not None
    return found


def wrote(world: World, there: Mapping[int, Sequence[Caller]]) -> None:
    """Write these sessions as held with those who were there, and go to the day after the last of them."""
    for number, callers in there.items():
        with world.ports.uow() as uow:
            one = uow.sessions.of_group(group(world.ports).id)[number - 1]
            enough = len(callers) >= 3
            one.state = SessionState.HELD if enough else SessionState.MISSED
            one.closed_at, one.guide_posted_at = one.starts_at + timedelta(hours=24), one.starts_at
            for caller in callers:
                member = uow.members.by_slack(caller.slack_user_id)
                assert member is not None
                line = Attendance(new_id("att"), one.id, member.id, AttendanceState.SIGNED, one.starts_at)
                uow.sessions.add_attendance(line)
        world.clock.instant = one.starts_at + timedelta(hours=25)
    agenda.run_due(world.ports, no_failure)
    delivery.deliver_all(world.ports)


def member_of(ports: Ports, caller: Caller) -> Member:
    """The caller as a member."""
    with ports.reading() as uow:
        member = uow.members.by_slack(caller.slack_user_id)
    assert member is not None
    return member


def enrolment_of(ports: Ports, caller: Caller) -> Enrolment:
    """Their enrolment."""
    with ports.reading() as uow:
        enrolment = uow.enrolments.current(member_of(ports, caller).id)
    assert enrolment is not None
    return enrolment


def attestations_of(ports: Ports, caller: Caller) -> list[Attestation]:
    """Every attestation that was issued to them, oldest first."""
    with ports.reading() as uow:
        return uow.attestations.of_member(member_of(ports, caller).id)


def steps_read(world: World, caller: Caller) -> LastSteps:
    """The last steps as they stand in the person's direct messages: one post, as last edited."""
    delivery.deliver_all(world.ports)
    (steps,) = read_by(world, "D" + caller.slack_user_id[1:], LastSteps)
    return steps
