"""The method's material at the end: each member declares that it was given back or destroyed (CGV 6).

Asked with the last steps, or when a contract ends early once the sessions had begun; reminded once. We agree to the
destruction beforehand, as the terms want it. The members' own work is theirs and is no part of this.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from programme.errors import InvalidForm, NotAllowed
from programme.journal import Action
from programme.messages.material import MaterialRequest
from programme.model.agenda import DeadlineKind
from programme.model.enrolment import Enrolment
from programme.model.ids import new_id
from programme.model.material import MaterialDeclaration, MaterialEnd, MaterialItem
from programme.model.member import Member
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.closing import works_until
from programme.rules.instants import day_in
from programme.rules.retention import Purpose, last_day
from programme.usecases import last_steps, pings
from programme.usecases.groups import skip
from programme.usecases.participation import finished_group

REMINDED_AFTER = timedelta(days=10)
"""Four days before the channel closes."""


def begin(uow: UnitOfWork, enrolment: Enrolment, now: datetime) -> MaterialDeclaration | None:
    """Ask for the declaration, once an enrolment, and date its reminder; None when it was asked for before."""
    if uow.material.of_enrolment(enrolment.id) is not None:
        return None
    declaration = MaterialDeclaration(new_id("mat"), enrolment.id, enrolment.member_id, now)
    uow.material.add(declaration)
    uow.agenda.put(DeadlineKind.MATERIAL_REMINDER, declaration.id, now + REMINDED_AFTER)
    return declaration


def ended_early(uow: UnitOfWork, enrolment: Enrolment, member: Member, now: datetime) -> None:
    """A contract has ended after its group had begun: its member has received some of the method."""
    declaration = begin(uow, enrolment, now)
    if declaration is not None and member.active:
        request = _request(uow, declaration)
        pings.routine(uow, member.slack_user_id, _key(declaration), request, now)


def remind(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Remind, once, who has declared nothing (DeadlineKind.MATERIAL_REMINDER, ``subject`` is the declaration's id)."""
    declaration, now = uow.material.get(subject), ports.clock.now()
    if declaration.declared_at is not None or declaration.reminded_at is not None:
        return None
    member = uow.members.get(declaration.member_id)
    if not member.active or uow.personal_data.is_erased(member.id):
        return skip(uow, DeadlineKind.MATERIAL_REMINDER, declaration.id)
    declaration.reminded_at = now
    request = _request(uow, declaration, reminder=True)
    pings.routine(uow, member.slack_user_id, _key(declaration, reminder=True), request, now)
    return uow.journal.write("bot", Action.MATERIAL_REMINDED, declaration.id)


def _key(declaration: MaterialDeclaration, *, reminder: bool = False) -> str:
    return f"material:{declaration.id}:reminder" if reminder else f"material:{declaration.id}"


def _request(uow: UnitOfWork, declaration: MaterialDeclaration, *, reminder: bool = False) -> MaterialRequest:
    return MaterialRequest(
        declaration_id=declaration.id,
        work_until=work_until(uow, declaration),
        reminder=reminder,
        how=how_of(declaration),
        day=declaration.day,
    )


def how_of(declaration: MaterialDeclaration | None) -> Literal["", "returned", "destroyed"]:
    """Return what messages say of it: nothing until it is declared."""
    return declaration.how.value if declaration is not None and declaration.how is not None else ""


def work_until(uow: UnitOfWork, declaration: MaterialDeclaration) -> date:
    """Return the last day on which the member's work is still with us."""
    group = finished_group(uow, uow.enrolments.get(declaration.enrolment_id))
    if group is not None and group.finished_at is not None:
        return works_until(group.finished_at, group.zone)
    return last_day(Purpose.WORK, day_in(declaration.asked_at))


@dataclass(frozen=True)
class OwnMaterial:
    """What the form shows: where to send it back, and what was declared so far."""

    declaration_id: str
    address: str
    today: date
    how: MaterialEnd | None
    day: date | None
    items: tuple[str, ...]


def own(ports: Ports, *, caller: Caller, declaration_id: str) -> OwnMaterial:
    """Return one's own declaration; NotAllowed for another's, NotFound for none."""
    with ports.reading() as uow:
        declaration, member = _enter(uow, caller, declaration_id)
    trader = ports.content.trader
    return OwnMaterial(
        declaration_id=declaration.id,
        address=f"{trader.name}, {trader.address}",
        today=day_in(ports.clock.now(), member.time_zone),
        how=declaration.how,
        day=declaration.day,
        items=declaration.items,
    )


def _enter(uow: UnitOfWork, caller: Caller, declaration_id: str) -> tuple[MaterialDeclaration, Member]:
    declaration = uow.material.get(declaration_id)
    member = uow.members.get(declaration.member_id)
    if member.slack_user_id != caller.slack_user_id:
        raise NotAllowed
    return declaration, member


def declare(
    ports: Ports, *, caller: Caller, declaration_id: str, how: str, day: date | None, items: Collection[str]
) -> MaterialDeclaration:
    """Record the member's word as evidence; the same again changes nothing, another word is a new link.

    InvalidForm(how, day, items); refusals are those of ``own``.
    """
    with ports.uow() as uow:
        declaration, member = _enter(uow, caller, declaration_id)
        now = ports.clock.now()
        ended, chosen = _valid(declaration, how, day, items, day_in(now, member.time_zone))
        if (declaration.how, declaration.day, declaration.items) == (ended, day, chosen):
            return declaration
        declaration.how, declaration.day, declaration.items, declaration.declared_at = ended, day, chosen, now
        uow.agenda.cancel(DeadlineKind.MATERIAL_REMINDER, declaration.id)
        facts = {"declaration": declaration.id, "how": ended.value, "day": str(day), "items": list(chosen)}
        uow.enrolments.record(
            enrolment_id=declaration.enrolment_id,
            kind="material_declared",
            at=now,
            facts=facts | {"by": caller.slack_user_id},
        )
        uow.journal.write(caller.slack_user_id, Action.MATERIAL_DECLARED, declaration.id, how=ended.value)
        for reminder in (False, True):
            request = _request(uow, declaration, reminder=reminder)
            pings.update(uow, caller.slack_user_id, _key(declaration, reminder=reminder), request)
        last_steps.refresh(ports, uow, member)
        return declaration


def _valid(
    declaration: MaterialDeclaration, how: str, day: date | None, items: Collection[str], today: date
) -> tuple[MaterialEnd, tuple[str, ...]]:
    chosen = tuple(item.value for item in MaterialItem if item.value in items)
    since = day_in(declaration.asked_at) - timedelta(days=366)
    wrong = {
        "how": ("material_how", how not in {end.value for end in MaterialEnd}),
        "day": ("material_day", day is None or not since <= day <= today),
        "items": ("material_items", not chosen),
    }
    found = {name: sentence for name, (sentence, is_wrong) in wrong.items() if is_wrong}
    if found:
        raise InvalidForm(found)
    return MaterialEnd(how), chosen
