"""The living board of a group: one pinned post, edited in place: where the group stands, and never whose turn it is."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from programme.effects import Edit
from programme.messages.groups import Board, Stage
from programme.model.group import Group, GroupState
from programme.model.session import GroupSession, SessionState
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.planning import programme_window
from programme.usecases.conditions import conditions
from programme.usecases.groups import members_of, tell_group, turn_of

STAGES: dict[GroupState, Stage] = {
    GroupState.VOTING: "voting",
    GroupState.GATED: "gated",
    GroupState.RUNNING: "running",
    GroupState.PAUSED: "paused",
    GroupState.FINISHED: "finished",
}


def post_board(ports: Ports, uow: UnitOfWork, group_id: str) -> None:
    """Post and pin the board, once."""
    board = compose_board(uow, uow.groups.get(group_id), ports.clock.now())
    tell_group(uow, group_id, board_key(uow.groups.get(group_id)), board, pin=True)


def refresh_board(ports: Ports, uow: UnitOfWork, group_id: str) -> None:
    """Redraw the board as things stand; nothing before the channel exists or after it is archived."""
    group = uow.groups.get(group_id)
    if group.state not in STAGES:
        return
    group.board_revision += 1
    board = compose_board(uow, group, ports.clock.now())
    key = f"board:{group_id}:{group.board_revision}"
    uow.outbox.put(key, Edit(post_key=board_key(group), message=board), lane=f"group:{group_id}")


def board_key(group: Group) -> str:
    """Return the key of the board's post; a group that got another channel has another board in it."""
    return f"board:{group.id}{turn_of(group)}"


def compose_board(uow: UnitOfWork, group: Group, now: datetime) -> Board:
    """Return the board as things stand; what is awaited is said without telling from whom."""
    sessions = uow.sessions.of_group(group.id)
    following = _next(sessions, now)
    waits = group.state in {GroupState.VOTING, GroupState.GATED}
    return Board(
        group_id=group.id,
        label=group.label,
        member_users=tuple(member.slack_user_id for member in members_of(uow, group.id)),
        tutor_user=group.tutor_id,
        stage=STAGES[group.state],
        awaited=conditions(uow, group, now).awaited if waits else (),
        next_number=following.number if following else None,
        next_start=following.starts_at if following else None,
        zone=group.zone,
        held=sum(session.state is SessionState.HELD for session in sessions),
        documents=_documents(uow, group),
        weeks_left=_weeks_left(group, now),
    )


def _next(sessions: list[GroupSession], now: datetime) -> GroupSession | None:
    """The first planned session that is not over yet."""
    return next(
        (
            session
            for session in sessions
            if session.state is SessionState.PLANNED and session.starts_at + timedelta(minutes=session.minutes) > now
        ),
        None,
    )


def _documents(uow: UnitOfWork, group: Group) -> dict[str, int]:
    """How many documents each member has handed in, by Slack user: counts only."""
    if group.first_day is None:
        return {}
    handed_in = Counter(document.member_id for document in uow.documents.of_group(group.id))
    return {member.slack_user_id: handed_in[member.id] for member in members_of(uow, group.id)}


def _weeks_left(group: Group, now: datetime) -> int | None:
    if group.first_day is None or group.state not in {GroupState.RUNNING, GroupState.PAUSED}:
        return None
    last_day = programme_window(group.first_day, group.paused_days).last_allowed_day
    return max(0, ((last_day - day_in(now, group.zone)).days + 1) // 7)
