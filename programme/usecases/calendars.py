"""The calendar of one member: what a file or a feed says, and the private link of the feed (programme §5)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from programme.errors import Refusal
from programme.journal import Action
from programme.model.calendar import CalendarLink
from programme.model.document import StoredFile
from programme.model.group import Group, GroupState, SeatState
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.session import GroupSession, SessionState
from programme.ports import Ports, UnitOfWork
from programme.usecases import pings

SECRET_BYTES = 32
FILE_NAME = "seances-ensemble1job.ics"
FILE_TYPE = "text/calendar"


@dataclass(frozen=True)
class CalendarEvent:
    """One session in a calendar; ``uid`` never changes, ``sequence`` grows with each change."""

    uid: str
    number: int
    title: str
    aim: str
    starts_at: datetime
    minutes: int
    zone: str
    sequence: int
    cancelled: bool
    video_url: str
    place: str


@dataclass(frozen=True)
class MemberCalendar:
    """Everything that a member's calendar shows; it names no other member."""

    label: str
    organiser: str
    organiser_email: str
    made_at: datetime
    events: tuple[CalendarEvent, ...]


def own_calendar(ports: Ports, *, caller: Caller) -> MemberCalendar:
    """The caller's calendar; Refusal("plan_none") as long as there are no dates."""
    with ports.reading() as uow:
        calendar = _calendar(ports, uow, _member(uow, caller))
        if not calendar.events:
            raise Refusal("plan_none")
        return calendar


def calendar_by_secret(ports: Ports, secret: str) -> MemberCalendar | None:
    """The calendar behind a link in force; None for a secret that is unknown or revoked."""
    with ports.reading() as uow:
        link = uow.sessions.calendar_link_by_secret(secret)
        return _calendar(ports, uow, uow.members.get(link.member_id)) if link else None


def link(ports: Ports, *, caller: Caller) -> str:
    """The caller's link, made at the first call; "" where this installation has no public address."""
    with ports.uow() as uow:
        member = _member(uow, caller)
        found = uow.sessions.calendar_link(member.id) or _new_link(ports, uow, member)
        return _address(ports, found)


def renew_link(ports: Ports, *, caller: Caller, known: str) -> str:
    """Revoke the link that the caller sees and give a new one; a second press finds the new one in force."""
    with ports.uow() as uow:
        member = _member(uow, caller)
        old = uow.sessions.calendar_link(member.id)
        if old is not None and old.id != known:
            return _address(ports, old)
        if old is not None:
            old.revoked_at = ports.clock.now()
        return _address(ports, _new_link(ports, uow, member))


def link_id(ports: Ports, *, caller: Caller) -> str:
    """The id of the link in force, which a button may carry in place of the secret."""
    with ports.reading() as uow:
        found = uow.sessions.calendar_link(_member(uow, caller).id)
        return found.id if found else ""


def send_file(ports: Ports, *, caller: Caller, content: bytes, request: str) -> None:
    """Put the calendar as a file into the caller's direct messages; ``request`` makes the sending unique."""
    digest = ports.files.store(content)
    with ports.uow() as uow:
        member = _member(uow, caller)
        key = f"calendar:{member.id}:{request}"
        if uow.outbox.get(key) is not None:
            return
        file = StoredFile(
            id=new_id("fil"),
            sha256=digest,
            name=FILE_NAME,
            mimetype=FILE_TYPE,
            size=len(content),
            stored_at=ports.clock.now(),
            owner_id=caller.slack_user_id,
        )
        uow.documents.add_file(file)
        pings.answer_files(uow, caller.slack_user_id, key, [file.id])
        uow.journal.write(caller.slack_user_id, Action.CALENDAR_SENT, member.id)


def _member(uow: UnitOfWork, caller: Caller) -> Member:
    """The caller, once they have been in a group whose channel opened; Refusal("not_in_group")."""
    member = uow.members.by_slack(caller.slack_user_id)
    if member is None or uow.groups.latest_seat(member.id) is None:
        raise Refusal("not_in_group")
    return member


def _new_link(ports: Ports, uow: UnitOfWork, member: Member) -> CalendarLink:
    made = CalendarLink(new_id("cal"), member.id, secrets.token_urlsafe(SECRET_BYTES), ports.clock.now())
    uow.sessions.add_calendar_link(made)
    uow.journal.write(member.slack_user_id, Action.CALENDAR_LINKED, made.id)
    return made


def _address(ports: Ports, found: CalendarLink) -> str:
    base = ports.config.public_url.rstrip("/")
    return f"{base}/calendrier/{found.secret}.ics" if base else ""


def _calendar(ports: Ports, uow: UnitOfWork, member: Member) -> MemberCalendar:
    trader = ports.content.trader
    seat = uow.groups.latest_seat(member.id)
    group = uow.groups.get(seat.group_id) if seat else None
    sessions = uow.sessions.of_group(group.id) if group else []
    over = group is None or group.state is GroupState.DISSOLVED or seat is None or seat.state is not SeatState.ACCEPTED
    return MemberCalendar(
        label=group.label if group else "",
        organiser=trader.name,
        organiser_email=trader.email,
        made_at=ports.clock.now(),
        events=tuple(_event(ports, group, session, over=over) for session in sessions if group),
    )


def _event(ports: Ports, group: Group, session: GroupSession, *, over: bool) -> CalendarEvent:
    """A session that will not be is cancelled, with a SEQUENCE above all that was said of it."""
    missed = session.state is SessionState.MISSED
    dropped = over and session.state is SessionState.PLANNED and session.starts_at > ports.clock.now()
    guide = ports.content.edition(group.guides_version).number(session.number)
    return CalendarEvent(
        uid=f"{session.id}@{ports.config.mail_domain}",
        number=session.number,
        title=guide.title,
        aim=guide.aim,
        starts_at=session.starts_at,
        minutes=session.minutes,
        zone=session.zone,
        sequence=session.sequence + dropped,
        cancelled=missed or dropped,
        video_url=group.video_url,
        place=group.place,
    )
