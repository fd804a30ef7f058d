"""Pause and resumption of a group: its sessions move, its limit moves with them (CGV 4, docs/cgv.md "The pause")."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from programme.journal import Action
from programme.messages.rescue import GroupChanged
from programme.model.agenda import DeadlineKind
from programme.model.group import Group, GroupState, Rescue
from programme.model.ids import new_id
from programme.ports import Ports, UnitOfWork
from programme.rules import planning
from programme.rules.instants import day_in
from programme.rules.planning import Plan
from programme.rules.rescheduling import Timetable
from programme.rules.rescue import WEEK, paused, resumed
from programme.usecases.board import refresh_board
from programme.usecases.day_posts import tell_by_day
from programme.usecases.groups import skip
from programme.usecases.newcomers import next_number, next_session
from programme.usecases.rescheduling import write
from programme.usecases.timetables import timetable_of

RESUMES_AT = time(8)


def pause(ports: Ports, uow: UnitOfWork, rescue: Rescue) -> None:
    """Every member has agreed: stop the clock for so many weeks, and move the sessions that have not begun."""
    group, now = uow.groups.get(rescue.group_id), ports.clock.now()
    before, first = timetable_of(uow, group, uow.sessions.of_group(group.id), now), next_number(uow, group, now)
    group.move_to(GroupState.PAUSED)
    group.paused_from = day_in(now, group.zone)
    group.paused_until = group.paused_from + rescue.weeks * WEEK
    group.paused_days += 7 * rescue.weeks
    if first <= len(before.days):
        _redate(ports, uow, group, before, paused(_plan(before), first, rescue.weeks), rescue)
    resumes_at = planning.appointment_utc(group.paused_until, RESUMES_AT, group.zone)
    uow.agenda.reopen(DeadlineKind.PAUSE_END, group.id, resumes_at)
    uow.journal.write("bot", Action.GROUP_PAUSED, group.id, weeks=rescue.weeks)
    _tell(ports, uow, group, "pause", weeks=rescue.weeks)


def resume(ports: Ports, uow: UnitOfWork, rescue: Rescue) -> None:
    """Every member has agreed to resume before the day foreseen: the unused days go back to the clock."""
    group, now = uow.groups.get(rescue.group_id), ports.clock.now()
    assert group.paused_until is not None
    today = day_in(now, group.zone)
    unused = max(0, (group.paused_until - today).days)
    before, first = timetable_of(uow, group, uow.sessions.of_group(group.id), now), next_number(uow, group, now)
    group.paused_days -= unused
    if first <= len(before.days):
        _redate(ports, uow, group, before, resumed(_plan(before), first, unused, today), rescue)
    uow.agenda.cancel(DeadlineKind.PAUSE_END, group.id)
    _go_on(ports, uow, group)


def end_pause(ports: Ports, uow: UnitOfWork, group_id: str) -> None:
    """The day of resumption has come (DeadlineKind.PAUSE_END)."""
    group = uow.groups.get(group_id)
    if group.state is not GroupState.PAUSED:
        skip(uow, DeadlineKind.PAUSE_END, group_id)
        return
    _go_on(ports, uow, group)


def _go_on(ports: Ports, uow: UnitOfWork, group: Group) -> None:
    group.move_to(GroupState.RUNNING)
    group.paused_from = group.paused_until = None
    uow.journal.write("bot", Action.GROUP_RESUMED, group.id)
    _tell(ports, uow, group, "resume")


def _tell(ports: Ports, uow: UnitOfWork, group: Group, what: str, weeks: int = 0) -> None:
    coming = next_session(uow.sessions.of_group(group.id), ports.clock.now())
    changed = GroupChanged(
        what="pause" if what == "pause" else "resume",
        until=group.paused_until,
        weeks=weeks,
        next_start=coming.starts_at if coming else None,
        zone=group.zone,
    )
    tell_by_day(uow, group, f"changed:{group.id}:{new_id('chg')}", changed, ports.clock.now())
    refresh_board(ports, uow, group.id)


def _plan(table: Timetable) -> Plan:
    return Plan(table.days, table.days_off, table.paused_days)


def _redate(ports: Ports, uow: UnitOfWork, group: Group, before: Timetable, plan: Plan, rescue: Rescue) -> None:
    """Write the new days, with everything that hangs on them."""
    after = replace(before, days=plan.days, paused_days=plan.paused_days)
    write(ports, uow, group, before=before, after=after, by=rescue.opened_by)
