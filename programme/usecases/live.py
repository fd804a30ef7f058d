"""Live mode: during a session, one post follows the agenda; the group starts it, steps it and ends it (programme §5).

A button carries the step that it leaves, so that a double click or two people at once move on by one step. The post is
edited at each step, and by itself every five minutes, every minute near the end of a step: never more than once a
minute.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from programme.content.guides import AgendaStep
from programme.errors import Refusal
from programme.journal import Action
from programme.messages.sessions import LiveSession
from programme.model.agenda import DeadlineKind
from programme.model.group import GroupState
from programme.model.people import Caller
from programme.model.session import GroupSession, SessionState
from programme.ports import Ports, UnitOfWork
from programme.usecases.groups import members_of, redraw, tell_group
from programme.usecases.guide_pages import agenda_of
from programme.usecases.participants import require_participant

EARLY = timedelta(minutes=15)
LATEST = timedelta(hours=6)
"""From a quarter of an hour before a session to six hours after, its agenda may be followed."""
FORGOTTEN = timedelta(minutes=60)
"""Past the planned end of the last step, or of any step nobody leaves, the agenda stops by itself."""
MINUTE = timedelta(minutes=1)
NEAR, PACE = 5, 5
"""Minutes: near the end of a step the post follows each minute, before that every five."""


def start(ports: Ports, *, caller: Caller, session_id: str) -> int:
    """Begin the agenda at its first step, once; return the step the group is at. Refusal("live_not_now")."""
    with ports.uow() as uow:
        session = _enter(ports, uow, caller, session_id)
        if session.live_step is not None:
            return session.live_step
        session.live_step, session.live_step_at = 0, ports.clock.now()
        tell_group(uow, session.group_id, _key(session), describe(ports, uow, session))
        _next_tick(ports, uow, session)
        uow.journal.write(caller.slack_user_id, Action.LIVE_STARTED, session.id)
        return 0


def step_on(ports: Ports, *, caller: Caller, session_id: str, leaving: int) -> int:
    """Leave step ``leaving`` for the next one; who comes second finds it done. Return the step the group is at."""
    with ports.uow() as uow:
        session = _enter(ports, uow, caller, session_id)
        steps = _steps(ports, uow, session)
        if session.live_step is None or session.live_ended_at is not None:
            raise Refusal("live_not_now")
        if session.live_step != leaving or leaving + 1 >= len(steps):
            return session.live_step
        session.live_step, session.live_step_at = leaving + 1, ports.clock.now()
        _redraw(ports, uow, session)
        _next_tick(ports, uow, session)
        uow.journal.write(caller.slack_user_id, Action.LIVE_STEPPED, session.id, step=session.live_step)
        return session.live_step


def end(ports: Ports, *, caller: Caller, session_id: str) -> None:
    """End the agenda, once; the sheet stays to be signed."""
    with ports.uow() as uow:
        session = uow.sessions.get(session_id)
        require_participant(uow, caller, session.group_id)
        if stop(ports, uow, session):
            uow.journal.write(caller.slack_user_id, Action.LIVE_ENDED, session.id)


def stop(ports: Ports, uow: UnitOfWork, session: GroupSession) -> bool:
    """End the agenda if it is running: by hand, with the closing of the sheet, or forgotten."""
    if session.live_step is None or session.live_ended_at is not None:
        return False
    session.live_ended_at = ports.clock.now()
    uow.agenda.cancel(DeadlineKind.LIVE_TICK, session.id)
    _redraw(ports, uow, session)
    return True


def tick(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Bring the time left up to date (DeadlineKind.LIVE_TICK, ``subject`` is the session's id)."""
    session = uow.sessions.get(subject)
    if session.live_step is None or session.live_ended_at is not None:
        return
    if ports.clock.now() >= _step_end(ports, uow, session) + FORGOTTEN:
        session.live_ended_at = ports.clock.now()
        _redraw(ports, uow, session)
        return
    _redraw(ports, uow, session)
    _next_tick(ports, uow, session)


def describe(ports: Ports, uow: UnitOfWork, session: GroupSession) -> LiveSession:
    """What the post says now."""
    steps = _steps(ports, uow, session)
    at = min(session.live_step or 0, len(steps) - 1)
    ends_at = _step_end(ports, uow, session)
    following = steps[at + 1].title if at + 1 < len(steps) else ""
    return LiveSession(
        session_id=session.id,
        number=session.number,
        zone=session.zone,
        step=at,
        steps=len(steps),
        title=steps[at].title,
        detail=steps[at].detail,
        minutes=steps[at].minutes,
        ends_at=ends_at,
        left=_minutes_left(ends_at, ports.clock.now()),
        following=following,
        ended=session.live_ended_at is not None,
    )


def _enter(ports: Ports, uow: UnitOfWork, caller: Caller, session_id: str) -> GroupSession:
    session = uow.sessions.get(session_id)
    require_participant(uow, caller, session.group_id)
    now = ports.clock.now()
    running = uow.groups.get(session.group_id).state is GroupState.RUNNING and session.state is SessionState.PLANNED
    if not running or not session.starts_at - EARLY <= now <= session.starts_at + LATEST:
        raise Refusal("live_not_now")
    return session


def _steps(ports: Ports, uow: UnitOfWork, session: GroupSession) -> tuple[AgendaStep, ...]:
    people = len(members_of(uow, session.group_id))
    guides = ports.content.edition(uow.groups.get(session.group_id).guides_version)
    return agenda_of(guides.number(session.number), session.minutes, people)


def _step_end(ports: Ports, uow: UnitOfWork, session: GroupSession) -> datetime:
    assert session.live_step is not None
    assert session.live_step_at is not None
    steps = _steps(ports, uow, session)
    return session.live_step_at + timedelta(minutes=steps[min(session.live_step, len(steps) - 1)].minutes)


def _minutes_left(ends_at: datetime, now: datetime) -> int:
    """Whole minutes left, rounded up; 0 or less once the time is over."""
    return -int((now - ends_at) // MINUTE)


def _next_tick(ports: Ports, uow: UnitOfWork, session: GroupSession) -> None:
    """When the post next changes by itself: each minute near the end of a step, else every five; at least one away."""
    now = ports.clock.now()
    left = _minutes_left(_step_end(ports, uow, session), now)
    pause = 1 if 0 < left <= NEAR else min(PACE, left - NEAR) if left > NEAR else PACE
    uow.agenda.reopen(DeadlineKind.LIVE_TICK, session.id, now + pause * MINUTE)


def _redraw(ports: Ports, uow: UnitOfWork, session: GroupSession) -> None:
    redraw(uow, _key(session), describe(ports, uow, session), lane=f"group:{session.group_id}")


def _key(session: GroupSession) -> str:
    return f"live:{session.id}:{session.attempt}"
