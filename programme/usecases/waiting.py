"""Who waits for a group, as the matching rule sees them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from programme.model.enrolment import Enrolment
from programme.model.group import RescueKind, SeatState
from programme.model.member import Member
from programme.ports import UnitOfWork
from programme.rules.compatibility import Candidate
from programme.usecases.groups import contract_in_force

Waiting = list[tuple[Enrolment, Member]]


def waiting_room(uow: UnitOfWork) -> Waiting:
    """Return who waits: paid, active, not withdrawn, without a seat or an offer of one, oldest payment first."""
    offered = {rescue.subject for rescue in uow.groups.open_rescues() if rescue.kind is RescueKind.REPLACEMENT}
    both = [(enrolment, uow.members.get(enrolment.member_id)) for enrolment in uow.enrolments.waiting()]
    return [
        (enrolment, member)
        for enrolment, member in both
        if member.id not in offered and contract_in_force(uow, member) is enrolment
    ]


def candidates(uow: UnitOfWork, people: Iterable[tuple[Enrolment, Member]], *, heads: bool = True) -> list[Candidate]:
    """Return these people as candidates; whom they avoid counts among them only.

    ``heads`` asks who comes back from a failed proposal, which costs a question to the store for each of them.
    """
    both = list(people)
    ids = {member.slack_user_id: member.id for _, member in both}
    return [
        Candidate(
            id=member.id,
            latitude=member.latitude,
            longitude=member.longitude,
            radius_km=member.radius_km,
            slots=frozenset(member.availability),
            refuses=frozenset(ids[user] for user in member.avoided if user in ids),
            employer=member.employer,
            waiting_since=since(enrolment),
            head_of_queue=heads and _was_released(uow, member.id),
        )
        for enrolment, member in both
    ]


def candidates_of(uow: UnitOfWork, members: Iterable[Member]) -> list[Candidate]:
    """Return the members of a group as candidates; those whose contract has ended are not among them."""
    both = [(contract_in_force(uow, member), member) for member in members]
    return candidates(uow, [(enrolment, member) for enrolment, member in both if enrolment is not None])


def since(enrolment: Enrolment) -> datetime:
    """Return the instant from which the person waits: the first payment."""
    return enrolment.paid_at or enrolment.opened_at


def _was_released(uow: UnitOfWork, member_id: str) -> bool:
    """Whether the member's latest group failed through no act of theirs: they come first."""
    seat = uow.groups.latest_seat(member_id)
    return seat is not None and seat.state is SeatState.RELEASED
