"""The weeks in which a group chose not to meet: before its dates exist, or later (programme §5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from programme.errors import Refusal
from programme.journal import Action
from programme.model.group import Group, GroupState
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.planning import SUMMER_WEEKS, PlanningError
from programme.rules.rescheduling import Timetable, keep_off, monday_of
from programme.usecases import moves
from programme.usecases.gate import draft_plan
from programme.usecases.groups import members_of
from programme.usecases.participants import require_participant
from programme.usecases.rescheduling import write
from programme.usecases.timetables import days_off_of, refusal_of, timetable_of

BEFORE_DATES = frozenset({GroupState.VOTING, GroupState.GATED})


@dataclass(frozen=True)
class Weeks:
    """The Mondays that can be chosen, and those chosen now."""

    choices: tuple[date, ...]
    chosen: tuple[date, ...]


def weeks(ports: Ports, *, caller: Caller) -> Weeks:
    """The weeks that the caller's group can keep free, from the coming one on. Refusal(not_in_group)."""
    now = ports.clock.now()
    with ports.reading() as uow:
        group = _group_of(uow, caller)
        choices = _choices(uow, group, now)
        return Weeks(choices, tuple(monday for monday in group.weeks_off if monday in choices))


def preview(ports: Ports, *, caller: Caller, mondays: Iterable[date]) -> moves.Preview | None:
    """What keeping these weeks free would move; None as long as the group has no dates."""
    now = ports.clock.now()
    with ports.reading() as uow:
        group = _group_of(uow, caller)
        group.weeks_off = _chosen(uow, group, mondays, now)
        if group.state in BEFORE_DATES:
            _require_room(uow, group, now)
            return None
        read = moves.read_running(uow, caller, now)
        return moves.describe(uow, read, _kept_free(uow, group, read.table, now))


def choose(ports: Ports, *, caller: Caller, mondays: Iterable[date], fingerprint: str) -> tuple[date, ...]:
    """Keep these weeks free, and no others from now on; return them. The same choice again changes nothing.

    Sessions that stood in one of them move later, as little as possible; freeing a week moves none.
    Refusal(plan_changed | plan_past_limit | weeks_off_many).
    """
    now = ports.clock.now()
    with ports.uow() as uow:
        group = _group_of(uow, caller)
        chosen = _chosen(uow, group, mondays, now)
        if chosen == group.weeks_off:
            return chosen
        if group.state in BEFORE_DATES:
            group.weeks_off = chosen
            _require_room(uow, group, now)
        else:
            read = moves.read_running(uow, caller, now)
            if fingerprint != moves.fingerprint_of(read.sessions):
                raise Refusal("plan_changed")
            group.weeks_off = chosen
            after = _kept_free(uow, group, read.table, now)
            write(ports, uow, group, before=read.table, after=after, by=caller.slack_user_id)
        uow.journal.write(caller.slack_user_id, Action.WEEKS_OFF_CHOSEN, group.id, weeks=len(chosen))
        return chosen


def _group_of(uow: UnitOfWork, caller: Caller) -> Group:
    """The group that the caller sits in, once it has its channel and before its end."""
    member = uow.members.by_slack(caller.slack_user_id)
    seat = uow.groups.live_seat(member.id) if member else None
    if seat is None:
        raise Refusal("not_in_group")
    group = uow.groups.get(seat.group_id)
    require_participant(uow, caller, group.id)
    if group.state is GroupState.PAUSED:
        raise Refusal("plan_paused")
    if group.state not in BEFORE_DATES | {GroupState.RUNNING}:
        raise Refusal("not_in_group")
    return group


def _choices(uow: UnitOfWork, group: Group, now: datetime) -> tuple[date, ...]:
    """The Mondays from the next week to the last one that the programme can reach."""
    first = monday_of(day_in(now, group.zone)) + timedelta(weeks=1)
    count = SUMMER_WEEKS + 2
    sessions = uow.sessions.of_group(group.id)
    if sessions:
        last = monday_of(max(sessions[-1].day, _table(uow, group, now).last_allowed_day))
        count = min(count, (last - first).days // 7 + 1)
    return tuple(first + timedelta(weeks=n) for n in range(count))


def _table(uow: UnitOfWork, group: Group, now: datetime) -> Timetable:
    return timetable_of(uow, group, uow.sessions.of_group(group.id), now)


def _chosen(uow: UnitOfWork, group: Group, mondays: Iterable[date], now: datetime) -> tuple[date, ...]:
    """The past weeks as they were, and of the coming ones those chosen now."""
    choices = _choices(uow, group, now)
    past = [monday for monday in group.weeks_off if monday not in choices]
    return tuple(sorted({*past, *(monday for monday in mondays if monday in choices)}))


def _kept_free(uow: UnitOfWork, group: Group, table: Timetable, now: datetime) -> Timetable:
    off = days_off_of(group, members_of(uow, group.id), table.days[0])
    try:
        return keep_off(table, off, now)
    except PlanningError as error:
        raise refusal_of(error) from error


def _require_room(uow: UnitOfWork, group: Group, now: datetime) -> None:
    """Sixteen sessions must still fit once the group starts; until the slot is chosen nothing can be counted."""
    if not group.slot:
        return
    try:
        draft_plan(group, members_of(uow, group.id), now)
    except PlanningError as error:
        raise Refusal("weeks_off_many") from error
