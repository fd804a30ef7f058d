"""Guides of the sessions, the plan as a member sees it, and the end of the programme (programme §5 and §8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from programme.content.guides import SESSIONS
from programme.effects import ArchiveChannel, Post
from programme.errors import Refusal
from programme.journal import Action
from programme.messages.groups import ProgrammeEnded
from programme.messages.sessions import SessionGuide
from programme.model.agenda import DeadlineKind
from programme.model.enrolment import EnrolmentStatus
from programme.model.group import Group, GroupState
from programme.model.people import Caller
from programme.model.session import GroupSession, SessionState
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import ONE_DAY, day_in
from programme.rules.planning import programme_window, slack_weeks
from programme.rules.roles import roles_for
from programme.usecases.board import refresh_board
from programme.usecases.groups import members_of, redraw, skip, tell_group
from programme.usecases.guide_pages import guide_posts
from programme.usecases.participants import started_group_of

GUIDE_USEFUL = timedelta(hours=24)
"""How long after the session's start its guide is still worth a post; later it stays one command away."""
CLOSING_NOTICE = timedelta(days=14)
"""From the last session to the closing of the channel (programme §4)."""


def post_guide(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Post the guide of a session in its group's channel (DeadlineKind.GUIDE, ``subject`` is the session's id)."""
    session = uow.sessions.get(subject)
    group = uow.groups.get(session.group_id)
    now = ports.clock.now()
    if session.guide_posted_at is not None:
        return None
    live = group.state is GroupState.RUNNING and session.state is SessionState.PLANNED
    if not live or now >= session.starts_at + GUIDE_USEFUL:
        return skip(uow, DeadlineKind.GUIDE, session.id)
    for message in _guide(ports, uow, session):
        tell_group(uow, group.id, _part_key(f"guide:{group.id}:{session.number:02d}", message.part), message)
    session.guide_posted_at = now
    return uow.journal.write("bot", Action.GUIDE_POSTED, session.id, number=session.number)


def send_guide(ports: Ports, *, caller: Caller, number: int | None, request: str) -> int:
    """Send a guide to the caller's direct messages and return its number; ``request`` makes the sending unique.

    Without a number, the latest guide that is out. It stays open to members for as long as we keep it: Slack may
    have hidden the channel's post. Refusal("guide_number" | "guide_locked" | "not_in_group").
    """
    with ports.uow() as uow:
        group = started_group_of(uow, caller)
        if number is not None and not 1 <= number <= SESSIONS:
            raise Refusal("guide_number")
        now = ports.clock.now()
        out = {s.number: s for s in uow.sessions.of_group(group.id) if s.guide_posted_at or s.starts_at <= now}
        wanted = max(out, default=0) if number is None else number
        if wanted not in out:
            raise Refusal("guide_locked")
        for message in _guide(ports, uow, out[wanted]):
            key = _part_key(f"guide:{group.id}:{wanted:02d}:copy:{request}", message.part)
            to = f"user:{caller.slack_user_id}"
            uow.outbox.put(key, Post(to=to, message=message), lane=to)
        uow.journal.write(caller.slack_user_id, Action.GUIDE_SENT, out[wanted].id, number=wanted)
        return wanted


def _part_key(key: str, part: int) -> str:
    return key if part == 1 else f"{key}:p{part}"


def _guide(ports: Ports, uow: UnitOfWork, session: GroupSession) -> list[SessionGuide]:
    """Return one message for each post of the guide."""
    members = {member.id: member.slack_user_id for member in members_of(uow, session.group_id)}
    if set(session.roles.values()) != set(members):
        # Somebody has left or joined since the roles were given out.
        session.roles = {role.value: holder for role, holder in roles_for(session.number, sorted(members)).items()}
    start = session.starts_at.astimezone(ZoneInfo(session.zone)).time()
    posts = guide_posts(ports.content, session.number, minutes=session.minutes, people=len(members), start=start)
    return [
        SessionGuide(
            group_id=session.group_id,
            number=session.number,
            starts_at=session.starts_at,
            zone=session.zone,
            minutes=session.minutes,
            roles={role: members[holder] for role, holder in session.roles.items()},
            part=part,
            parts=len(posts),
        )
        for part in range(1, len(posts) + 1)
    ]


@dataclass(frozen=True)
class Appointment:
    """One date of the plan as members see it."""

    number: int
    starts_at: datetime
    zone: str
    state: SessionState
    begun: bool


@dataclass(frozen=True)
class PlanView:
    """The sixteen dates, the weeks to spare and the last day on which a session may be held (CGV art. 4)."""

    label: str
    appointments: tuple[Appointment, ...]
    slack_weeks: int
    last_allowed_day: date


def plan_of(ports: Ports, *, caller: Caller) -> PlanView:
    """Return the caller's plan; Refusal("not_in_group" | "plan_none")."""
    with ports.reading() as uow:
        group = _group_of(uow, caller)
        sessions = uow.sessions.of_group(group.id)
        if not sessions:
            raise Refusal("plan_none")
        now = ports.clock.now()
        return PlanView(
            label=group.label,
            appointments=tuple(
                Appointment(s.number, s.starts_at, s.zone, s.state, begun=s.starts_at <= now) for s in sessions
            ),
            slack_weeks=slack_left(sessions, now),
            last_allowed_day=programme_window(sessions[0].day).last_allowed_day,
        )


def _group_of(uow: UnitOfWork, caller: Caller) -> Group:
    """The caller's group: the one they sit in, else the last one that they followed."""
    member = uow.members.by_slack(caller.slack_user_id)
    seat = uow.groups.live_seat(member.id) if member else None
    return uow.groups.get(seat.group_id) if seat else started_group_of(uow, caller)


def slack_left(sessions: Sequence[GroupSession], now: datetime) -> int:
    """Weeks left minus sessions left to hold; a missed session is one that is left (CGV art. 4)."""
    to_hold = sum(s.state is SessionState.MISSED or (_is_open(s) and s.starts_at > now) for s in sessions)
    first = sessions[0]
    return slack_weeks(to_hold, _next_free_day(sessions, now), programme_window(first.day))


def weeks_left(sessions: Sequence[GroupSession], now: datetime) -> int:
    """Whole weeks in which a session can still be held, this one included."""
    return slack_weeks(0, _next_free_day(sessions, now), programme_window(sessions[0].day))


def _is_open(session: GroupSession) -> bool:
    return session.state is SessionState.PLANNED


def _next_free_day(sessions: Sequence[GroupSession], now: datetime) -> date:
    """Today, or tomorrow once today's session has begun; never before the first session."""
    today = day_in(now, sessions[0].zone)
    used = any(session.day == today and session.starts_at <= now for session in sessions)
    return max(today + ONE_DAY if used else today, sessions[0].day)


def finish_group(ports: Ports, uow: UnitOfWork, group: Group) -> None:
    """The last session is closed: say goodbye, date the closing of the channel, redraw the board."""
    now = ports.clock.now()
    group.move_to(GroupState.FINISHED)
    group.finished_at = now
    tell_group(uow, group.id, f"ended:{group.id}", _ended(uow, group, now))
    uow.agenda.put(DeadlineKind.CHANNEL_ARCHIVE, group.id, now + CLOSING_NOTICE)
    uow.journal.write("bot", Action.GROUP_FINISHED, group.id)
    refresh_board(ports, uow, group.id)


def correct_end(uow: UnitOfWork, group: Group) -> None:
    """Tell the number of sessions held again, after late signatures made one more count."""
    if group.finished_at is not None:
        redraw(uow, f"ended:{group.id}", _ended(uow, group, group.finished_at), lane=f"group:{group.id}")


def _ended(uow: UnitOfWork, group: Group, finished_at: datetime) -> ProgrammeEnded:
    held = sum(session.state is SessionState.HELD for session in uow.sessions.of_group(group.id))
    return ProgrammeEnded(label=group.label, held=held, closes_on=day_in(finished_at + CLOSING_NOTICE, group.zone))


def archive_channel(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Fourteen days after the end: close the channel and the members' enrolments (DeadlineKind.CHANNEL_ARCHIVE)."""
    group = uow.groups.get(subject)
    if group.state is not GroupState.FINISHED:
        return
    group.move_to(GroupState.ARCHIVED)
    uow.outbox.put(f"archive:{group.id}", ArchiveChannel(group_id=group.id), lane=f"group:{group.id}")
    for member in members_of(uow, group.id):
        enrolment = uow.enrolments.current(member.id)
        if enrolment is not None and enrolment.status is EnrolmentStatus.ACTIVE and enrolment.paid_at is not None:
            enrolment.status = EnrolmentStatus.FINISHED
            enrolment.ended_at = ports.clock.now()
    uow.journal.write("bot", Action.CHANNEL_ARCHIVED, group.id)
