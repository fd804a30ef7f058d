"""One group as the team may see it: its stage, its people with their counts, and what calls for attention.

Who opens the page leaves a trace that its members see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from programme.errors import Refusal
from programme.journal import Action
from programme.messages.reports import GroupWeek
from programme.model.group import Group, GroupState, Seat, SeatState
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.session import SessionState
from programme.ports import Ports, UnitOfWork
from programme.usecases import team_traces
from programme.usecases.absences import presence
from programme.usecases.groups import members_of, require_admin, seated
from programme.usecases.reports import group_week


@dataclass(frozen=True)
class Sitting:
    """One person of the group: their place, sessions attended of those held, documents handed in."""

    user: str
    name: str
    seat: SeatState
    present: int
    held: int
    documents: int


@dataclass(frozen=True)
class GroupPage:
    """Everything that the page says; ``week`` is the line of the Monday report as it would be now."""

    number: int
    label: str
    state: GroupState
    tutor: str
    channel_id: str
    channel_trouble: str
    zone: str
    next_number: int | None
    next_start: datetime | None
    week: GroupWeek
    people: tuple[Sitting, ...]
    questions: int


def look(ports: Ports, *, caller: Caller, number: int) -> GroupPage:
    """Open a group's page, of which its members see the trace; Refusal("group_number_unknown") for no such number."""
    require_admin(caller)
    with ports.uow() as uow:
        group = next((one for one in uow.groups.in_states(*GroupState) if one.number == number), None)
        if group is None:
            raise Refusal("group_number_unknown")
        people = members_of(uow, group.id)
        seats = {seat.member_id: seat for seat in seated(uow, group.id)}
        team_traces.leave(uow, caller.slack_user_id, Action.GROUP_LOOKED_AT, group.id, people)
        coming = [one for one in uow.sessions.of_group(group.id) if one.state is SessionState.PLANNED]
        return GroupPage(
            number=group.number,
            label=group.label,
            state=group.state,
            tutor=group.tutor_id,
            channel_id=group.channel_id,
            channel_trouble=group.channel_trouble,
            zone=group.zone,
            next_number=coming[0].number if coming else None,
            next_start=coming[0].starts_at if coming else None,
            week=group_week(ports, uow, group, ports.clock.now()),
            people=_people(uow, group, people, seats),
            questions=sum(one.group_id == group.id for one in uow.groups.open_rescues()),
        )


def _people(uow: UnitOfWork, group: Group, people: list[Member], seats: dict[str, Seat]) -> tuple[Sitting, ...]:
    held = [one for one in uow.sessions.of_group(group.id) if one.state is SessionState.HELD]
    first = {member_id: seat.first_session for member_id, seat in seats.items()}
    there = presence(held, uow.sessions.attendance_of_group(group.id), seats, first)
    return tuple(
        Sitting(
            user=member.slack_user_id,
            name=member.full_name,
            seat=seats[member.id].state,
            present=sum(there[member.id]),
            held=len(there[member.id]),
            documents=sum(bool(one.handed_in) for one in uow.documents.of_member(member.id)),
        )
        for member in people
    )
