"""Who can take a free place, which groups may become one, and what a pause does to the clock (programme §4, CGV 4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from programme.rules.compatibility import Candidate, can_meet, common_slots
from programme.rules.geography import distance_km
from programme.rules.planning import Plan, PlanningError, move_following

LARGEST = 4
LONGEST_PAUSE_WEEKS = 8
"""All pauses of a group together (docs/cgv.md, "The pause")."""
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who waits and could take the free place."""

    member_id: str
    worst_km: float
    """Distance to the member of the group who lives farthest away."""


def newcomers(staying: Sequence[Candidate], waiting: Iterable[Candidate], slot: str = "") -> list[Newcomer]:
    """Those who may take a place beside the members who stay: heads of queue first, then the nearest.

    The hard constraints of the matching hold for each pair; ``slot`` is the appointment once it is chosen. Nobody when
    the group is full, and everybody who waits when nobody stays.
    """
    if len(staying) >= LARGEST:
        return []
    fitting = [person for person in waiting if _fits(person, staying, slot)]
    fitting.sort(key=lambda one: (not one.head_of_queue, _farthest(one, staying), one.waiting_since, one.id))
    return [Newcomer(person.id, _farthest(person, staying)) for person in fitting]


def _fits(person: Candidate, staying: Sequence[Candidate], slot: str) -> bool:
    together = common_slots([person, *staying])
    return (slot in together if slot else bool(together)) and all(can_meet(person, one) for one in staying)


def _farthest(person: Candidate, staying: Sequence[Candidate]) -> float:
    return max((distance_km(person, one) for one in staying), default=0.0)


def may_merge(staying: Sequence[Candidate], joining: Sequence[Candidate], slot: str = "") -> bool:
    """Whether two small groups may become one: never five, every pair within both radii, one slot for all."""
    people = [*staying, *joining]
    if not staying or not joining or len(people) > LARGEST:
        return False
    together = common_slots(people)
    return (slot in together if slot else bool(together)) and all(can_meet(a, b) for a, b in combinations(people, 2))


def weeks_of_pause_left(paused_days: int) -> int:
    """Whole weeks that a group may still pause."""
    return max(0, LONGEST_PAUSE_WEEKS - -(-paused_days // 7))


def paused(plan: Plan, first: int, weeks: int) -> Plan:
    """The plan after a pause of whole weeks before session ``first`` (1 is the first): the limit moves by as much.

    Each later session keeps its weekday; days off are respected as long as the limit allows, else the group, which
    agreed to these weeks, gets the plain shift and can still move a session.
    """
    longer = Plan(plan.days, plan.days_off, plan.paused_days + 7 * weeks)
    return _shifted(longer, first, weeks)


def resumed(plan: Plan, first: int, unused_days: int, today: date) -> Plan:
    """The plan after a pause that ends ``unused_days`` early: sessions come back by whole weeks, the limit by the days.

    The first of them stays at least two days away, so that its guide can still come before it.
    """
    back = unused_days // 7
    while back and plan.days[first - 1] - back * WEEK < today + timedelta(days=2):
        back -= 1
    shorter = Plan(plan.days, plan.days_off, plan.paused_days - unused_days)
    return _shifted(shorter, first, -back) if back else shorter


def _shifted(plan: Plan, first: int, weeks: int) -> Plan:
    try:
        return move_following(plan, first, weeks)
    except PlanningError:
        moved = tuple(day + weeks * WEEK for day in plan.days[first - 1 :])
        return Plan((*plan.days[: first - 1], *moved), plan.days_off, plan.paused_days)
