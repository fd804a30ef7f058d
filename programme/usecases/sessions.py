"""Guides of the sessions, the plan as a member sees it, and the end of the programme (programme §5 and §8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from programme.content.guides import SESSIONS
from programme.effects import ArchiveChannel
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
from programme.rules.closing import closes_at, works_until
from programme.rules.instants import ONE_DAY, day_in, start_of_day
from programme.rules.planning import quiet_until
from programme.rules.roles import roles_for
from programme.usecases import finishing, pings
from programme.usecases.board import refresh_board
from programme.usecases.groups import members_of, redraw, skip, tell_group
from programme.usecases.guide_pages import guide_posts
from programme.usecases.margins import slack_left, window_of
from programme.usecases.participants import started_group_of

GUIDE_USEFUL = timedelta(hours=24)
"""How long after the session's start its guide is still worth a post; later it stays one command away."""
CATCH_UP_TIME = timedelta(days=13)
"""From the closing of a last session that was missed to the end of the programme, if nobody catches it up."""


def post_guide(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Post the guide of a session in its group's channel (DeadlineKind.GUIDE, ``subject`` is the session's id)."""
    session = uow.sessions.get(subject)
    group = uow.groups.get(session.group_id)
    now = ports.clock.now()
    if session.guide_posted_at is not None:
        return None
    live = group.state in {GroupState.RUNNING, GroupState.PAUSED} and session.state is SessionState.PLANNED
    if not live or now >= session.starts_at + GUIDE_USEFUL:
        return skip(uow, DeadlineKind.GUIDE, session.id)
    morning = quiet_until(now, group.zone)
    if now < morning < session.starts_at:
        return uow.agenda.put(DeadlineKind.GUIDE, session.id, morning)  # a move at night wakes nobody
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
            pings.answer(uow, caller.slack_user_id, key, message)
        uow.journal.write(caller.slack_user_id, Action.GUIDE_SENT, out[wanted].id, number=wanted)
        return wanted


def redraw_guide(ports: Ports, uow: UnitOfWork, session: GroupSession) -> None:
    """Bring the posted guide of a session up to date, after its date, its length or its roles have changed."""
    for message in _guide(ports, uow, session):
        key = _part_key(f"guide:{session.group_id}:{session.number:02d}", message.part)
        if uow.outbox.get(key) is not None:
            redraw(uow, key, message, lane=f"group:{session.group_id}")


def _part_key(key: str, part: int) -> str:
    return key if part == 1 else f"{key}:p{part}"


def _guide(ports: Ports, uow: UnitOfWork, session: GroupSession) -> list[SessionGuide]:
    """Return one message for each post of the guide."""
    members = {member.id: member.slack_user_id for member in members_of(uow, session.group_id)}
    if set(session.roles.values()) != set(members):
        # Somebody has left or joined since the roles were given out.
        session.roles = {role.value: holder for role, holder in roles_for(session.number, sorted(members)).items()}
    start = session.starts_at.astimezone(ZoneInfo(session.zone)).time()
    group = uow.groups.get(session.group_id)
    posts = guide_posts(
        ports.content,
        session.number,
        minutes=session.minutes,
        people=len(members),
        start=start,
        edition=group.guides_version,
    )
    return [
        SessionGuide(
            group_id=session.group_id,
            number=session.number,
            starts_at=session.starts_at,
            zone=session.zone,
            minutes=session.minutes,
            roles={role: members[holder] for role, holder in session.roles.items()},
            video_url=group.video_url,
            edition=group.guides_version,
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
            slack_weeks=slack_left(group, sessions, now),
            last_allowed_day=window_of(group, sessions).last_allowed_day,
        )


def _group_of(uow: UnitOfWork, caller: Caller) -> Group:
    """The caller's group: the one they sit in, else the last one that they followed."""
    member = uow.members.by_slack(caller.slack_user_id)
    seat = uow.groups.live_seat(member.id) if member else None
    return uow.groups.get(seat.group_id) if seat else started_group_of(uow, caller)


def last_closed(ports: Ports, uow: UnitOfWork, group: Group, session: GroupSession) -> None:
    """The last session is closed: the programme ends, unless it was missed and can still be caught up."""
    now, sessions = ports.clock.now(), uow.sessions.of_group(group.id)
    limit = start_of_day(window_of(group, sessions).last_allowed_day + ONE_DAY, group.zone)
    until = min(limit, now + CATCH_UP_TIME)
    if session.state is SessionState.MISSED and now < until:
        uow.agenda.reopen(DeadlineKind.PROGRAMME_END, group.id, until)
        refresh_board(ports, uow, group.id)
    else:
        finish_group(ports, uow, group)


def last_recovered(ports: Ports, uow: UnitOfWork, group: Group, session: GroupSession) -> None:
    """Late signatures have made the last session count while the group could still catch it up: it is the end."""
    last = uow.sessions.of_group(group.id)[-1]
    if group.state is GroupState.RUNNING and session.id == last.id:
        uow.agenda.cancel(DeadlineKind.PROGRAMME_END, group.id)
        finish_group(ports, uow, group)


def end_programme(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Nobody has caught up the last session (DeadlineKind.PROGRAMME_END): the programme ends without it."""
    group = uow.groups.get(subject)
    last = uow.sessions.of_group(group.id)[-1]
    if group.state is GroupState.RUNNING and last.state is SessionState.MISSED:
        finish_group(ports, uow, group)


def finish_group(ports: Ports, uow: UnitOfWork, group: Group) -> None:
    """The last session is closed: say goodbye, date the closing of the channel, lead each member to the end."""
    now = ports.clock.now()
    group.move_to(GroupState.FINISHED)
    group.finished_at = now
    tell_group(uow, group.id, f"ended:{group.id}", _ended(uow, group, now))
    uow.agenda.put(DeadlineKind.CHANNEL_ARCHIVE, group.id, closes_at(now))
    finishing.begin(ports, uow, group, now)
    uow.journal.write("bot", Action.GROUP_FINISHED, group.id)
    refresh_board(ports, uow, group.id)


def correct_end(uow: UnitOfWork, group: Group) -> None:
    """Tell the number of sessions held again, after late signatures made one more count."""
    if group.finished_at is not None:
        redraw(uow, f"ended:{group.id}", _ended(uow, group, group.finished_at), lane=f"group:{group.id}")


def _ended(uow: UnitOfWork, group: Group, finished_at: datetime) -> ProgrammeEnded:
    held = sum(session.state is SessionState.HELD for session in uow.sessions.of_group(group.id))
    closes_on = day_in(closes_at(finished_at), group.zone)
    work_until = works_until(finished_at, group.zone)
    return ProgrammeEnded(label=group.label, held=held, closes_on=closes_on, work_until=work_until)


def archive_channel(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Fourteen days after the end: close the channel and the members' enrolments (DeadlineKind.CHANNEL_ARCHIVE)."""
    group = uow.groups.get(subject)
    if group.state is GroupState.DISSOLVED:  # its members sit elsewhere, or nowhere
        uow.outbox.put(f"archive:{group.id}", ArchiveChannel(group_id=group.id), lane=f"group:{group.id}")
        return
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
