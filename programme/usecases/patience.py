"""The waiting room as those who wait see it: honest counts, what would help, and a word a week, not more.

What would help is computed by the rule that forms the groups; a press on its button is the consent that it needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from programme.errors import Refusal
from programme.journal import Action
from programme.messages.waiting import Advice, WaitingWord
from programme.model.agenda import DeadlineKind
from programme.model.enrolment import Enrolment
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.slots import ALL_SLOTS
from programme.ports import Ports, UnitOfWork
from programme.rules.compatibility import Candidate
from programme.rules.geography import distance_km
from programme.rules.instants import day_in
from programme.rules.recurrence import next_weekly
from programme.rules.waiting_room import EXTRA_KM, what_would_help
from programme.rules.waiting_room import waiting_room as count
from programme.usecases import pings
from programme.usecases.groups import contract_in_force
from programme.usecases.waiting import candidates, since

WEDNESDAY, NOON = 2, time(12)
FIRST_WORD_AFTER = timedelta(days=6)
"""Who has waited less than that has just been told how it goes on."""
WIDEST_KM = 100
MOST_COMPARED = 150
"""The nearest people with whom a change is tried out: in a large city more would change no advice."""
_KM_PER_DEGREE = 111.0


@dataclass(frozen=True)
class Waiting:
    """What the Home shows to somebody who waits; a count under three is None."""

    since: date
    near: int | None
    sharing: int | None
    by_slot: tuple[tuple[str, int], ...]
    advice: tuple[Advice, ...]
    radius_km: int


def corner(uow: UnitOfWork, member: Member) -> Waiting | None:
    """Return what the waiting room looks like from where the member stands; None for who does not wait."""
    people = {one.member_id: one for one in uow.enrolments.waiting()}
    own = people.pop(member.id, None)
    if own is None or not member.active:
        return None
    reach = member.radius_km + EXTRA_KM
    near = [one for one in uow.members.all() if one.id in people and one.active and _may_be_near(member, one, reach)]
    me, *others = candidates(uow, [(own, member), *((people[one.id], one) for one in near)], heads=False)
    room = count(me, others)
    return Waiting(
        since=day_in(since(own), member.time_zone),
        near=room.within_reach,
        sharing=room.sharing_a_slot,
        by_slot=room.by_slot,
        advice=_advice(me, others, member),
        radius_km=member.radius_km,
    )


def _advice(me: Candidate, others: list[Candidate], member: Member) -> tuple[Advice, ...]:
    nearest = sorted(others, key=lambda one: (distance_km(me, one), one.id))[:MOST_COMPARED]
    return tuple(
        Advice(slot=one.slot or "", radius_km=member.radius_km + one.extra_km if one.extra_km else 0, people=one.people)
        for one in what_would_help(me, nearest)
        if member.radius_km + one.extra_km <= WIDEST_KM
    )


def _may_be_near(a: Member, b: Member, km: int) -> bool:
    return abs(a.latitude - b.latitude) * _KM_PER_DEGREE <= km


def accept(ports: Ports, *, caller: Caller, slot: str = "", radius_km: int = 0) -> None:
    """Take an advice: be free in one more slot, or travel as far as ``radius_km``. The second press changes nothing.

    Refusal("not_waiting") once a group is on its way, Refusal("advice_past") for what is no longer on offer.
    """
    with ports.uow() as uow:
        member = uow.members.by_slack(caller.slack_user_id)
        if member is None or not _waits(uow, member):
            raise Refusal("not_waiting")
        if slot:
            _add_slot(member, slot)
        else:
            _widen(member, radius_km)
        uow.journal.write(caller.slack_user_id, Action.WISHES_WIDENED, member.id, slot=slot, radius_km=radius_km)


def _add_slot(member: Member, slot: str) -> None:
    if slot not in ALL_SLOTS:
        raise Refusal("advice_past")
    member.availability = tuple(one for one in ALL_SLOTS if one == slot or one in member.availability)


def _widen(member: Member, radius_km: int) -> None:
    """The button names the distance itself, so that two presses do not widen twice."""
    if not member.radius_km <= radius_km <= min(WIDEST_KM, member.radius_km + EXTRA_KM):
        raise Refusal("advice_past")
    member.radius_km = radius_km


def schedule_next(uow: UnitOfWork, now: datetime) -> None:
    """Set the word of the next Wednesday at noon; its day makes it unique."""
    at = next_weekly(now, WEDNESDAY, NOON)
    uow.agenda.put(DeadlineKind.WAITING_ROOM, day_in(at).isoformat(), at)


def weekly_words(ports: Ports, uow: UnitOfWork, _subject: str) -> None:
    """Have a word with each of those who wait (DeadlineKind.WAITING_ROOM), each in a transaction of their own."""
    now = ports.clock.now()
    schedule_next(uow, now)
    for enrolment in uow.enrolments.waiting():
        if since(enrolment) <= now - FIRST_WORD_AFTER:
            uow.agenda.reopen(DeadlineKind.WAITING_WORD, enrolment.member_id, now)


def say_word(ports: Ports, uow: UnitOfWork, member_id: str) -> None:
    """Tell one person where the search stands (DeadlineKind.WAITING_WORD), once a week, outside their quiet hours."""
    member, now = uow.members.get(member_id), ports.clock.now()
    enrolment = contract_in_force(uow, member)
    seen = corner(uow, member)
    if enrolment is None or seen is None:
        return
    word = WaitingWord(
        since=seen.since,
        weeks=(now - since(enrolment)).days // 7,
        near=seen.near,
        sharing=seen.sharing,
        by_slot=seen.by_slot,
        advice=seen.advice,
    )
    year, week, _ = day_in(now, member.time_zone).isocalendar()
    pings.routine(uow, member.slack_user_id, f"waiting:{member_id}:{year}-W{week:02d}", word, now)


def _waits(uow: UnitOfWork, member: Member) -> bool:
    current: Enrolment | None = contract_in_force(uow, member)
    return current is not None and uow.groups.live_seat(member.id) is None
