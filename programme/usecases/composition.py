"""Changing who is in a proposal: swap, add, remove, by an admin, within the hard constraints of the matching."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from programme.errors import InvalidForm, Refusal
from programme.journal import Action
from programme.model.group import Group, GroupState, Seat, SeatState
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.slots import ALL_SLOTS
from programme.ports import Ports, UnitOfWork
from programme.rules import matching
from programme.rules.compatibility import Candidate
from programme.rules.geography import distance_km
from programme.rules.matching import GROUP_SIZES, can_meet
from programme.usecases import maps
from programme.usecases.groups import members_of, redraw, require_admin, seated
from programme.usecases.matching import middle, proposal_card
from programme.usecases.waiting import candidates, candidates_of, waiting_room

SHOWN = 100
"""People offered in the form: Slack shows no more."""


@dataclass(frozen=True)
class Person:
    """Somebody who may be put into the proposal."""

    member_id: str
    label: str


@dataclass(frozen=True)
class Composition:
    """Who is in the proposal, who else could be, and what it stood on when it was shown."""

    group_id: str
    label: str
    members: tuple[Person, ...]
    others: tuple[Person, ...]
    fingerprint: str


def composition(ports: Ports, *, caller: Caller, group_id: str) -> Composition:
    """Return what the form offers: the members, then those who could meet two of them at least, the nearest first."""
    require_admin(caller)
    with ports.reading() as uow:
        group = _proposed(uow, group_id)
        members = members_of(uow, group_id)
        others = _others(uow, members)[: SHOWN - len(members)]
        return Composition(
            group_id=group_id,
            label=group.label,
            members=tuple(_person(member) for member in members),
            others=tuple(_person(member, km) for member, km in others),
            fingerprint=_fingerprint(members),
        )


def recompose(ports: Ports, *, caller: Caller, group_id: str, member_ids: Sequence[str], fingerprint: str) -> Group:
    """Give the proposal these three or four people; the same people again change nothing.

    InvalidForm("composition_impossible") when the rule forbids them together, Refusal("proposal_changed") when another
    admin was faster, Refusal("group_state") once it is decided.
    """
    require_admin(caller)
    with ports.uow() as uow:
        group = _proposed(uow, group_id)
        wanted, present = set(member_ids), {seat.member_id for seat in seated(uow, group_id)}
        if wanted == present:
            return group
        if fingerprint != _fingerprint(members_of(uow, group_id)):
            raise Refusal("proposal_changed")
        proposal = _judged(uow, members_of(uow, group_id), wanted)
        _seat(uow, ports, group_id, wanted)
        people = members_of(uow, group_id)
        group.place, group.changed_by = middle(people).commune, caller.slack_user_id
        group.worst_km, group.total_km = proposal.worst_km, proposal.total_km
        group.common_slots = tuple(sorted(proposal.common_slots, key=ALL_SLOTS.index))
        redraw(uow, f"proposal:{group_id}", proposal_card(uow, group), lane="admins")
        maps.show(uow, group)
        uow.journal.write(caller.slack_user_id, Action.GROUP_RECOMPOSED, group_id, members=sorted(wanted))
        return group


def _proposed(uow: UnitOfWork, group_id: str) -> Group:
    group = uow.groups.get(group_id)
    if group.state is not GroupState.PROPOSED:
        raise Refusal("group_state", state=group.state.value)
    return group


def _judged(uow: UnitOfWork, members: list[Member], wanted: set[str]) -> matching.Proposal:
    both = {person.id: person for person in _everybody(uow, members)}
    if len(wanted) not in GROUP_SIZES or not wanted <= set(both):
        raise InvalidForm({"members": "composition_impossible"})
    try:
        return matching.proposal_for([both[member_id] for member_id in wanted])
    except ValueError as error:
        raise InvalidForm({"members": "composition_impossible"}) from error


def _everybody(uow: UnitOfWork, members: list[Member]) -> list[Candidate]:
    sitting = [(uow.enrolments.current(member.id), member) for member in members]
    return candidates(uow, [*((one, member) for one, member in sitting if one is not None), *waiting_room(uow)])


def _seat(uow: UnitOfWork, ports: Ports, group_id: str, wanted: set[str]) -> None:
    known = {seat.member_id: seat for seat in uow.groups.seats(group_id)}
    for member_id, seat in known.items():
        if member_id not in wanted:
            seat.state, seat.left_at = SeatState.LEFT, ports.clock.now()
    for member_id in sorted(wanted):
        if member_id in known:
            known[member_id].state, known[member_id].left_at = SeatState.PROPOSED, None
        else:
            uow.groups.add_seat(Seat(new_id("sea"), group_id, member_id))


def _others(uow: UnitOfWork, members: list[Member]) -> list[tuple[Member, float]]:
    waiting = waiting_room(uow)
    sitting = candidates_of(uow, members)
    found = candidates(uow, waiting)
    fitting = [
        (member, max(distance_km(one, other) for other in sitting))
        for (_, member), one in zip(waiting, found, strict=True)
        if sum(can_meet(one, other) for other in sitting) >= min(GROUP_SIZES) - 1
    ]
    return sorted(fitting, key=lambda pair: (pair[1], pair[0].id))


def _person(member: Member, km: float | None = None) -> Person:
    away = f", {max(1, round(km))} km" if km is not None else ""
    return Person(member.id, f"{member.full_name} – {member.commune}{away}")


def _fingerprint(members: list[Member]) -> str:
    return hashlib.sha256("|".join(sorted(member.id for member in members)).encode()).hexdigest()[:16]
