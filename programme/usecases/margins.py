"""Weeks to spare (CGV art. 4): how many a group still has, and the warning before sessions left exceed weeks left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from programme.messages.planning import MarginWarning
from programme.model.group import Group, GroupState
from programme.model.session import GroupSession, SessionState
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import ONE_DAY, day_in
from programme.rules.planning import Window, programme_window, slack_weeks
from programme.usecases.groups import tell_admins
from programme.usecases.participants import tell_tutors
from programme.usecases.timetables import last_day_of

WARNED_FROM = 1
"""Weeks to spare at which the tutors and the admins are warned; each fewer week is told once more."""


def window_of(group: Group, sessions: Sequence[GroupSession]) -> Window:
    """The window that the first session opened, with the group's pauses; a later catch-up does not widen it."""
    opened = programme_window(group.first_day or sessions[0].day)
    return replace(opened, last_allowed_day=last_day_of(group, sessions))


def slack_left(group: Group, sessions: Sequence[GroupSession], now: datetime) -> int:
    """Weeks that the group can still lose: counted in weeks left, and in what follows the last date planned.

    A missed session is one that is left to hold. Negative when the programme can no longer fit.
    """
    window = window_of(group, sessions)
    missed = sum(session.state is SessionState.MISSED for session in sessions)
    coming = sum(session.state is SessionState.PLANNED and session.starts_at > now for session in sessions)
    in_time = slack_weeks(missed + coming, _next_free_day(sessions, now), window)
    after_the_last = (window.last_allowed_day - sessions[-1].day).days // 7
    return min(in_time, after_the_last - missed)


def weeks_left(group: Group, sessions: Sequence[GroupSession], now: datetime) -> int:
    """Whole weeks in which a session can still be held, this one included."""
    return slack_weeks(0, _next_free_day(sessions, now), window_of(group, sessions))


def _next_free_day(sessions: Sequence[GroupSession], now: datetime) -> date:
    """Today, or tomorrow once today's session has begun; never before the first session."""
    today = day_in(now, sessions[0].zone)
    used = any(session.day == today and session.starts_at <= now for session in sessions)
    return max(today + ONE_DAY if used else today, sessions[0].day)


def watch(ports: Ports, uow: UnitOfWork, group: Group) -> None:
    """Warn the tutors and the admins once for each week lost near the limit, while something can still be done."""
    if group.state is not GroupState.RUNNING:
        return
    sessions, now = uow.sessions.of_group(group.id), ports.clock.now()
    slack = slack_left(group, sessions, now)
    if slack > WARNED_FROM:
        return
    left = sum(session.state is not SessionState.HELD for session in sessions)
    warning = MarginWarning(
        group_label=group.label,
        tutor_user=group.tutor_id,
        slack_weeks=slack,
        sessions_left=left,
        last_allowed_day=window_of(group, sessions).last_allowed_day,
    )
    tell_tutors(uow, f"margin:{group.id}:{slack}", warning, now)
    tell_admins(uow, f"margin:{group.id}:{slack}:admins", warning)
