"""The paper kit: the guides of the first two sessions, lent to each member: its address, sent, received (CGV 4).

Nothing of it leaves before the group has started: handing over the method is a beginning of performance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from programme.errors import NotAllowed, NotFound, Refusal
from programme.journal import Action
from programme.messages.planning import KitSent
from programme.model.group import Group, GroupState
from programme.model.ids import new_id
from programme.model.kit import Kit
from programme.model.material import MaterialDeclaration
from programme.model.member import Member
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.usecases import pings
from programme.usecases.groups import members_of, require_admin

STARTED = frozenset({GroupState.RUNNING, GroupState.PAUSED, GroupState.FINISHED, GroupState.ARCHIVED})


@dataclass(frozen=True)
class KitLine:
    """One member's parcel as the admins see it, and at the end what the member declared of the method's material."""

    member_id: str
    user: str
    name: str
    address: str
    sent_at: datetime | None
    received_at: datetime | None
    material: MaterialDeclaration | None = None


@dataclass(frozen=True)
class KitSheet:
    """The parcels of one group."""

    group_id: str
    label: str
    zone: str
    lines: tuple[KitLine, ...]


def kit_sheet(ports: Ports, *, caller: Caller, number: int) -> KitSheet:
    """The parcels of the group with this number; NotAllowed, or Refusal(group_unknown | kit_not_yet)."""
    require_admin(caller)
    with ports.reading() as uow:
        group = next((one for one in uow.groups.in_states(*GroupState) if one.number == number), None)
        if group is None:
            raise Refusal("group_unknown")
        return _sheet(uow, group)


def mark_sent(ports: Ports, *, caller: Caller, group_id: str, member_id: str) -> KitSheet:
    """Note that a parcel has left, once; the member is told where it goes, and asked to say when it is there."""
    require_admin(caller)
    with ports.uow() as uow:
        group = uow.groups.get(group_id)
        member = next((one for one in members_of(uow, group_id) if one.id == member_id), None)
        if member is None:
            raise NotFound
        _require_started(group)
        kit = _kit(uow, group, member)
        if kit.sent_at is None:
            kit.sent_at, kit.sent_by, kit.address = ports.clock.now(), caller.slack_user_id, _address(member)
            uow.journal.write(caller.slack_user_id, Action.KIT_SENT, kit.id)
            pings.routine(uow, member.slack_user_id, f"kit:{kit.id}", _message(kit), ports.clock.now())
        return _sheet(uow, group)


def mark_received(ports: Ports, *, caller: Caller, kit_id: str) -> None:
    """The member says that the parcel is there, once."""
    with ports.uow() as uow:
        kit = uow.sessions.kit(kit_id)
        member = uow.members.get(kit.member_id)
        if member.slack_user_id != caller.slack_user_id:
            raise NotAllowed
        if kit.received_at is not None:
            return
        kit.received_at = ports.clock.now()
        uow.journal.write(caller.slack_user_id, Action.KIT_RECEIVED, kit.id)
        pings.update(uow, caller.slack_user_id, f"kit:{kit.id}", _message(kit))


def _require_started(group: Group) -> None:
    if group.state not in STARTED:
        raise Refusal("kit_not_yet")


def _kit(uow: UnitOfWork, group: Group, member: Member) -> Kit:
    for kit in uow.sessions.kits(group.id):
        if kit.member_id == member.id:
            return kit
    kit = Kit(new_id("kit"), member.id, group.id)
    uow.sessions.add_kit(kit)
    return kit


def _sheet(uow: UnitOfWork, group: Group) -> KitSheet:
    _require_started(group)
    kits = {kit.member_id: kit for kit in uow.sessions.kits(group.id)}
    lines = []
    for member in members_of(uow, group.id):
        kit = kits.get(member.id)
        lines.append(
            KitLine(
                member_id=member.id,
                user=member.slack_user_id,
                name=f"{member.first_name} {member.last_name}",
                address=kit.address if kit and kit.sent_at else _address(member),
                sent_at=kit.sent_at if kit else None,
                received_at=kit.received_at if kit else None,
                material=_material(uow, member),
            )
        )
    return KitSheet(group.id, group.label, group.zone, tuple(lines))


def _material(uow: UnitOfWork, member: Member) -> MaterialDeclaration | None:
    enrolment = uow.enrolments.current(member.id)
    return uow.material.of_enrolment(enrolment.id) if enrolment else None


def _address(member: Member) -> str:
    """Street, postcode and commune, as on an envelope."""
    return "\n".join(part for part in (member.address, f"{member.postcode} {member.commune}".strip()) if part)


def _message(kit: Kit) -> KitSent:
    return KitSent(kit_id=kit.id, address=kit.address, received=kit.received_at is not None)
