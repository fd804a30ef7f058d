"""Matching: each morning the waiting room is divided into proposals, which an admin decides on (programme §4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from programme.journal import Action
from programme.messages.groups import Decision, GroupProposalCard, ProposalScore, TutorChoice
from programme.model.agenda import DeadlineKind
from programme.model.group import OPEN_GROUPS, Group, GroupState, Seat, SeatState
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller, Role
from programme.model.slots import ALL_SLOTS
from programme.ports import Ports, UnitOfWork
from programme.rules import matching
from programme.rules.geography import distance_km
from programme.rules.instants import day_in
from programme.rules.matching import Candidate, Proposal
from programme.rules.recurrence import next_daily
from programme.usecases import maps
from programme.usecases.groups import party, require_admin, seated, tell_admins
from programme.usecases.waiting import candidates, candidates_of, since, waiting_room

MATCHING_HOUR = time(7, 30)
THREE_AFTER = timedelta(days=21)
"""A group of three is offered only to people who have all waited that long; each agrees by accepting the offer."""
SAME_PEOPLE_AFTER = timedelta(days=21)
"""A proposal that failed does not come back with the same people for that long."""
PROPOSAL_LIFETIME = timedelta(days=7)
"""How long the admins may think; then its people are free for the next proposals."""
EXPIRED = "expired"
TUTORED = (GroupState.PROPOSED, GroupState.OFFERED, GroupState.OPENING, *sorted(OPEN_GROUPS))


@dataclass(frozen=True)
class Matching:
    """What a run of the matching found: how many groups were proposed, how many people still wait."""

    groups: int
    waiting: int


def schedule_next(uow: UnitOfWork, now: datetime) -> None:
    """Set the next morning's run; its subject is its Paris day."""
    at = next_daily(now, MATCHING_HOUR)
    uow.agenda.put(DeadlineKind.MATCHING, day_in(at).isoformat(), at)


def propose_groups(ports: Ports, uow: UnitOfWork, _subject: str) -> None:
    """Run the matching of a morning and set the next one; a late run is as good, as it looks at those who wait now."""
    schedule_next(uow, ports.clock.now())
    _propose(ports, uow, "bot")


def propose_now(ports: Ports, caller: Caller) -> Matching:
    """Run the matching at once, for an admin."""
    require_admin(caller)
    with ports.uow() as uow:
        return _propose(ports, uow, caller.slack_user_id)


def proposal_card(uow: UnitOfWork, group: Group) -> GroupProposalCard:
    """Return the card of a proposed or decided group."""
    decided = group.state is not GroupState.PROPOSED
    people = [uow.members.get(seat.member_id) for seat in party(uow, group.id)]
    return GroupProposalCard(
        group_id=group.id,
        label=group.label,
        members=tuple(_described(member) for member in people),
        worst_km=group.worst_km,
        total_km=group.total_km,
        common_slots=group.common_slots,
        tutors=() if decided else tutors_by_load(uow, besides=group.id),
        score=None if decided else _score(uow, group, people),
        expires_at=None if decided else group.proposed_at + PROPOSAL_LIFETIME,
        changed_by=group.changed_by,
        decision=_decision(group),
        decided_by=group.decided_by,
        tutor_user=group.tutor_id if decided else "",
        reason=group.decision_reason,
    )


def tutors_by_load(uow: UnitOfWork, *, besides: str = "") -> tuple[TutorChoice, ...]:
    """Return the tutors, the one with the fewest groups first; the group ``besides`` does not count."""
    groups = uow.groups.in_states(*TUTORED)
    load = Counter(group.tutor_id for group in groups if group.id != besides)
    admins = uow.people.holders(Role.ADMIN)
    holders = sorted(uow.people.holders(Role.TUTOR), key=lambda user: (user in admins, load[user], user))
    known = {user: uow.people.get(user) for user in holders}
    return tuple(
        TutorChoice(user=user, name=person.display_name if person else "", groups=load[user])
        for user, person in known.items()
    )


def _propose(ports: Ports, uow: UnitOfWork, actor: str) -> Matching:
    now = ports.clock.now()
    waiting = waiting_room(uow)
    patient = frozenset(enrolment.member_id for enrolment, _ in waiting if since(enrolment) <= now - THREE_AFTER)
    proposals = _not_again(candidates(uow, waiting), patient, _failed(uow, now))
    people = {member.id: member for _, member in waiting}
    for proposal in proposals:
        _write(uow, proposal, [people[member_id] for member_id in proposal.member_ids], now, actor)
    return Matching(len(proposals), len(waiting) - sum(len(proposal.member_ids) for proposal in proposals))


def _failed(uow: UnitOfWork, now: datetime) -> dict[frozenset[str], frozenset[str]]:
    """Map the people of each proposal that failed lately to those to leave out should it come again.

    These are the ones who declined or kept silent; where an admin rejected it, the one of the latest enrolment.
    """
    failed = {}
    for group in uow.groups.in_states(GroupState.REJECTED, GroupState.DISSOLVED):
        if group.decided_by and group.proposed_at > now - SAME_PEOPLE_AFTER:
            seats = party(uow, group.id)
            unwilling = [s.member_id for s in seats if s.state in {SeatState.DECLINED, SeatState.EXPIRED}]
            failed[frozenset(s.member_id for s in seats)] = frozenset(unwilling or [_latest(uow, seats)])
    return failed


def _latest(uow: UnitOfWork, seats: Iterable[Seat]) -> str:
    enrolments = [(uow.enrolments.current(seat.member_id), seat.member_id) for seat in seats]
    return max((enrolment.paid_at, member) for enrolment, member in enrolments if enrolment and enrolment.paid_at)[1]


def _not_again(
    people: list[Candidate], patient: frozenset[str], failed: Mapping[frozenset[str], frozenset[str]]
) -> list[Proposal]:
    """Propose; while a proposal repeats one that failed, leave out those who made it fail and divide again."""
    while True:
        proposals = matching.propose(people, allow_three=patient)
        repeated = (failed.get(frozenset(proposal.member_ids), frozenset()) for proposal in proposals)
        left_out = frozenset[str]().union(*repeated)
        if not left_out:
            return proposals
        people = [person for person in people if person.id not in left_out]


def _write(uow: UnitOfWork, proposal: Proposal, people: list[Member], now: datetime, actor: str) -> None:
    tutors = tutors_by_load(uow)
    group = Group(
        id=new_id("grp"),
        number=uow.groups.next_number(),
        proposed_at=now,
        place=middle(people).commune,
        worst_km=proposal.worst_km,
        total_km=proposal.total_km,
        common_slots=tuple(sorted(proposal.common_slots, key=ALL_SLOTS.index)),
        tutor_id=tutors[0].user if tutors else "",
    )
    uow.groups.add(group, [Seat(new_id("sea"), group.id, member.id) for member in people])
    seated(uow, group.id)
    uow.agenda.put(DeadlineKind.PROPOSAL_EXPIRY, group.id, now + PROPOSAL_LIFETIME)
    uow.journal.write(actor, Action.GROUP_PROPOSED, group.id, members=len(people))
    tell_admins(uow, f"proposal:{group.id}", proposal_card(uow, group))
    maps.show(uow, group)


def middle(people: list[Member]) -> Member:
    """The person who lives nearest to all the others: their commune names the group."""
    return min(people, key=lambda one: (sum(distance_km(one, other) for other in people), one.id))


def _score(uow: UnitOfWork, group: Group, people: list[Member]) -> ProposalScore:
    found = candidates_of(uow, people)
    if len(found) < len(people):  # somebody's contract has ended: the card will say so when it is pressed
        return ProposalScore(total=0, closeness=0, slots=0, heads_of_queue=0, longest_wait_days=0)
    marks = matching.score(matching.measure(found), found)
    return ProposalScore(
        total=marks.total,
        closeness=marks.closeness,
        slots=marks.slots,
        heads_of_queue=sum(person.head_of_queue for person in found),
        longest_wait_days=max((group.proposed_at - person.waiting_since).days for person in found),
    )


def _described(member: Member) -> str:
    return f"{member.full_name} – {member.commune}"


def _decision(group: Group) -> Decision:
    if group.state is GroupState.PROPOSED:
        return ""
    if group.state is GroupState.REJECTED:
        if group.decided_by:
            return "rejected"
        return "expired" if group.decision_reason == EXPIRED else "lapsed"
    return "confirmed"
