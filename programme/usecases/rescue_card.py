"""The card from which the admins rescue a group: who could come, what it could join, how long it may pause."""

from __future__ import annotations

from datetime import datetime

from programme.messages.rescue import RescueCard, RescueChoice
from programme.model.group import OPEN_GROUPS, Group, GroupState, Rescue, RescueKind, RescueState
from programme.model.ids import new_id
from programme.model.member import Member
from programme.ports import Ports, UnitOfWork
from programme.rules import rescue as rules
from programme.rules.geography import distance_km
from programme.rules.rescue import Newcomer, weeks_of_pause_left
from programme.usecases import mergers
from programme.usecases.groups import contract_in_force, members_of, redraw, seated, tell_admins
from programme.usecases.newcomers import BEGUN, held
from programme.usecases.waiting import candidates, waiting_room

SHOWN = 20
"""Newcomers and groups offered on a card."""
RESCUED = OPEN_GROUPS | {GroupState.OPENING}


def post(ports: Ports, uow: UnitOfWork, group: Group, *, place_freed: bool = False) -> None:
    """Post a new card, at the end of the admin channel where it is seen."""
    key = f"rescue:{group.id}:{new_id('card')}"
    tell_admins(uow, key, compose(ports, uow, group, place_freed=place_freed))
    group.rescue_card = key


def refresh(ports: Ports, uow: UnitOfWork, group: Group) -> None:
    """Redraw the latest card as things stand."""
    if group.rescue_card:
        redraw(uow, group.rescue_card, compose(ports, uow, group), lane="admins")


def compose(ports: Ports, uow: UnitOfWork, group: Group, *, place_freed: bool = False) -> RescueCard:
    """Return the card; while a question is open, or once the group is over, it offers nothing else."""
    question = next((one for one in uow.groups.rescues_of(group.id) if one.state is RescueState.OPEN), None)
    idle = question is None and group.state in RESCUED
    people = members_of(uow, group.id)
    known = {member.id: member for _, member in waiting_room(uow)} if idle else {}
    return RescueCard(
        group_id=group.id,
        label=group.label,
        stage=group.state.value,
        held=held(uow, group),
        members=tuple(RescueChoice(value=one.id, label=f"{one.full_name} – {one.commune}") for one in people),
        newcomers=tuple(
            RescueChoice(value=one.member_id, label=_newcomer(known[one.member_id], one))
            for one in (fitting(uow, group, ports.clock.now())[:SHOWN] if idle else ())
        ),
        mergers=tuple(
            RescueChoice(value=other.id, label=f"{other.label} ({len(seated(uow, other.id))} personnes)")
            for other in (mergers.possible(uow, group)[:SHOWN] if idle else ())
        ),
        pause_weeks=weeks_of_pause_left(group.paused_days) if idle and may_pause(uow, group, ports) else 0,
        paused_until=group.paused_until,
        may_agree_to_three=idle and may_be_three(uow, group),
        place_freed=place_freed,
        question=question.kind.value if question else "",
        rescue_id=question.id if question else "",
        asked=len(question.asked) if question else 0,
        agreed=len(question.agreed) if question else 0,
    )


def fitting(uow: UnitOfWork, group: Group, now: datetime) -> list[Newcomer]:
    """Return those who could take a free place, the nearest first; whoever said no to this group is not asked again.

    A group that has begun takes only people to whom a session may be given today: the law holds for each of them.
    """
    waiting = waiting_room(uow)
    past = {one.subject for one in uow.groups.rescues_of(group.id) if one.kind is RescueKind.REPLACEMENT}
    sitting = [(contract_in_force(uow, member), member) for member in members_of(uow, group.id)]
    staying = [(enrolment, member) for enrolment, member in sitting if enrolment is not None]
    both = candidates(uow, [*staying, *waiting])
    found = rules.newcomers(both[: len(staying)], both[len(staying) :], group.slot)
    if group.state in BEGUN:
        found = [one for one in found if _may_begin(uow, one.member_id, now)]
    return [one for one in found if one.member_id not in past]


def _may_begin(uow: UnitOfWork, member_id: str, now: datetime) -> bool:
    enrolment = uow.enrolments.current(member_id)
    order = uow.orders.of_enrolment(enrolment.id) if enrolment else None
    if order is None or order.confirmation_sent_at is None or order.withdrawal_end is None:
        return False
    return order.early_start or order.withdrawal_end <= now


def may_be_three(uow: UnitOfWork, group: Group) -> bool:
    """Whether three people are left who have not begun, and have not all agreed to begin as three."""
    seats = seated(uow, group.id)
    before = group.state in {GroupState.OPENING, GroupState.VOTING, GroupState.GATED}
    return before and len(seats) == 3 and not all(seat.agrees_to_three for seat in seats)


def may_pause(uow: UnitOfWork, group: Group, ports: Ports) -> bool:
    """Whether the group's clock runs: before its first session there is nothing to stop, and dates may be moved."""
    sessions = uow.sessions.of_group(group.id)
    return group.state is GroupState.RUNNING and bool(sessions) and sessions[0].starts_at <= ports.clock.now()


def worst_km(uow: UnitOfWork, rescue: Rescue) -> float:
    """Return the longest distance between two of the people asked."""
    people = [uow.members.get(member_id) for member_id in rescue.asked]
    return max((distance_km(a, b) for a in people for b in people), default=0.0)


def _newcomer(member: Member, found: Newcomer) -> str:
    return f"{member.full_name} – {member.commune}, {max(1, round(found.worst_km))} km"
