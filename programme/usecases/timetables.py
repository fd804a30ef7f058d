"""The timetable of a group as the rules see it: its dates, what may still move, and the days on which it is off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from programme.errors import Refusal
from programme.messages.groups import PlanPublished
from programme.model.group import Group
from programme.model.member import Member
from programme.model.session import GroupSession, SessionState
from programme.ports import UnitOfWork
from programme.rules.holidays import public_holidays, territory_of_postcode
from programme.rules.instants import ONE_DAY
from programme.rules.planning import PlanningError, PlanningReason, guide_instant, programme_window
from programme.rules.rescheduling import Timetable, week_days
from programme.usecases.groups import members_of, redraw

REFUSALS = {
    PlanningReason.FIRST_DAY_OFF: "plan_day_off",
    PlanningReason.PAST_LIMIT: "plan_past_limit",
    PlanningReason.NOT_INCREASING: "plan_not_increasing",
    PlanningReason.TWO_IN_A_WEEK: "plan_two_in_a_week",
    PlanningReason.UNKNOWN_SESSION: "plan_session_unknown",
    PlanningReason.BEGUN: "plan_session_begun",
    PlanningReason.IN_THE_PAST: "plan_in_the_past",
}


def refusal_of(error: PlanningError) -> Refusal:
    """The sentence for a calendar that cannot be."""
    return Refusal(REFUSALS[error.reason])


def holidays_of(members: Iterable[Member], first: date) -> dict[date, str]:
    """Public holidays of the members' territories, with their names, as far as a programme from ``first`` can reach."""
    territories = {territory_of_postcode(member.postcode) for member in members}
    years = (first.year, first.year + 1)
    return {day: name for year in years for place in territories for day, name in public_holidays(year, place).items()}


def days_off_of(group: Group, members: Iterable[Member], first: date) -> frozenset[date]:
    """Public holidays, and the days of the weeks in which the group chose not to meet."""
    weeks = (week_days(monday) for monday in group.weeks_off)
    return frozenset(holidays_of(members, first)).union(*weeks)


def timetable_of(uow: UnitOfWork, group: Group, sessions: Sequence[GroupSession], now: datetime) -> Timetable:
    """The group's timetable; a missed session may still move as long as the next one has not begun."""
    first = sessions[0]
    opened = first.state is not SessionState.PLANNED or first.attempt > 1 or first.starts_at <= now
    missed = frozenset(
        one.number
        for one in sessions
        if one.attempt > 1 or one.state is SessionState.MISSED
        if one.state is not SessionState.HELD
    )
    return Timetable(
        days=tuple(one.day for one in sessions),
        walls=tuple(one.wall_time for one in sessions),
        zone=group.zone,
        movable=frozenset(one.number for one in sessions if _may_move(one, sessions, now)),
        missed=missed,
        days_off=days_off_of(group, members_of(uow, group.id), first.day),
        paused_days=group.paused_days,
        opened_on=(group.first_day or first.day) if opened else None,
    )


def _may_move(one: GroupSession, sessions: Sequence[GroupSession], now: datetime) -> bool:
    if one.state is SessionState.PLANNED:
        return one.starts_at > now
    following = sessions[one.number] if one.number < len(sessions) else None
    return one.state is SessionState.MISSED and (following is None or following.starts_at > now)


def guide_due(group: Group, session: GroupSession) -> datetime:
    """When the guide of a session goes out, as the group chose."""
    return guide_instant(session.day, session.zone, group.guide_lead_days, group.guide_hour)


def last_day_of(group: Group, sessions: Sequence[GroupSession]) -> date:
    """The last day on which the group may meet: of the window that its first session opened, and its pauses."""
    window = programme_window(group.first_day or sessions[0].day)
    return window.last_allowed_day + group.paused_days * ONE_DAY


def plan_message(group: Group, sessions: Sequence[GroupSession]) -> PlanPublished:
    """What the post with the sixteen dates says."""
    last_day = last_day_of(group, sessions)
    return PlanPublished(
        group_id=group.id,
        starts=tuple(session.starts_at for session in sessions),
        zone=group.zone,
        minutes=group.minutes,
        slack_weeks=max(0, (last_day - sessions[-1].day).days // 7),
        last_allowed_day=last_day,
        guide_lead_days=group.guide_lead_days,
        guide_hour=group.guide_hour,
    )


def redraw_plan(uow: UnitOfWork, group: Group) -> None:
    """Bring the post with the sixteen dates up to date: it does not ping."""
    key = f"plan:{group.id}"
    if uow.outbox.get(key) is not None:
        redraw(uow, key, plan_message(group, uow.sessions.of_group(group.id)), lane=f"group:{group.id}")
