"""What a group decides of its sessions: their length, the hour of the guides, the video link (programme §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from programme.errors import InvalidForm, Refusal
from programme.journal import Action
from programme.messages.planning import GroupSettingsChanged
from programme.model.agenda import DeadlineKind
from programme.model.group import Group, GroupState
from programme.model.people import Caller
from programme.model.session import SessionState
from programme.ports import Ports, UnitOfWork
from programme.usecases.channel_links import VIDEO_LINK, bookmark
from programme.usecases.day_posts import tell_by_day
from programme.usecases.participants import require_participant
from programme.usecases.sessions import redraw_guide
from programme.usecases.timetables import guide_due, redraw_plan

LENGTHS = (90, 120, 150)
"""Minutes of a session (CGV 4: 1 h 30 to 2 h 30); those for which an agenda is written."""
LEAD_DAYS = range(1, 5)
GUIDE_HOURS = range(8, 20)
"""Whole hours at which nobody sleeps: outside the quiet hours."""
LONGEST_URL = 500
OPEN = frozenset({GroupState.VOTING, GroupState.GATED, GroupState.RUNNING, GroupState.PAUSED})


@dataclass(frozen=True)
class GroupSettings:
    """The choices of one group."""

    minutes: int
    guide_lead_days: int
    guide_hour: int
    video_url: str


def settings_of(ports: Ports, *, caller: Caller) -> GroupSettings:
    """The choices of the caller's group; Refusal("not_in_group")."""
    with ports.reading() as uow:
        return _read(_group_of(uow, caller))


def change(ports: Ports, *, caller: Caller, wanted: GroupSettings) -> GroupSettings:
    """Change the choices for what is still to come, by any member; the group is told by whom. InvalidForm."""
    with ports.uow() as uow:
        group = _group_of(uow, caller)
        _check(wanted)
        before = _read(group)
        if wanted == before:
            return wanted
        group.minutes, group.video_url = wanted.minutes, wanted.video_url
        group.guide_lead_days, group.guide_hour = wanted.guide_lead_days, wanted.guide_hour
        _follow(ports, uow, group, before, ports.clock.now())
        uow.journal.write(caller.slack_user_id, Action.GROUP_SETTINGS_CHANGED, group.id)
        told = GroupSettingsChanged(
            by_user=caller.slack_user_id,
            minutes=wanted.minutes,
            guide_lead_days=wanted.guide_lead_days,
            guide_hour=wanted.guide_hour,
            video_url=wanted.video_url,
        )
        group.board_revision += 1
        tell_by_day(uow, group, f"settings:{group.id}:{group.board_revision}", told, ports.clock.now())
        return wanted


def _group_of(uow: UnitOfWork, caller: Caller) -> Group:
    member = uow.members.by_slack(caller.slack_user_id)
    seat = uow.groups.live_seat(member.id) if member else None
    if seat is None:
        raise Refusal("not_in_group")
    group = uow.groups.get(seat.group_id)
    require_participant(uow, caller, group.id)
    if group.state not in OPEN:
        raise Refusal("not_in_group")
    return group


def _read(group: Group) -> GroupSettings:
    return GroupSettings(group.minutes, group.guide_lead_days, group.guide_hour, group.video_url)


def _check(wanted: GroupSettings) -> None:
    errors = {}
    if wanted.minutes not in LENGTHS:
        errors["minutes"] = "choice_unknown"
    if wanted.guide_lead_days not in LEAD_DAYS:
        errors["guide_lead_days"] = "choice_unknown"
    if wanted.guide_hour not in GUIDE_HOURS:
        errors["guide_hour"] = "choice_unknown"
    if wanted.video_url and not _is_safe_link(wanted.video_url):
        errors["video_url"] = "video_url_wrong"
    if errors:
        raise InvalidForm(errors)


def _is_safe_link(url: str) -> bool:
    """An https address that Slack and calendars can show as it is; no name or password hides in it."""
    if len(url) > LONGEST_URL or any(character in url for character in "<>|\"'\\^`{}") or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and "." in (parts.hostname or "") and parts.username is None and " " not in url


def _follow(ports: Ports, uow: UnitOfWork, group: Group, before: GroupSettings, now: datetime) -> None:
    """Sessions to come take the new choices: calendars see them as changed, guides follow."""
    for session in uow.sessions.of_group(group.id):
        if session.state is not SessionState.PLANNED or session.starts_at <= now:
            continue
        seen = (before.minutes, before.video_url) != (group.minutes, group.video_url)
        session.sequence += seen
        session.minutes = group.minutes
        uow.agenda.put(DeadlineKind.GUIDE, session.id, guide_due(group, session))
        if seen:
            redraw_guide(ports, uow, session)
    redraw_plan(uow, group)
    if before.video_url != group.video_url and group.channel_id:
        bookmark(uow, group, VIDEO_LINK, url=group.video_url, emoji=":movie_camera:")
