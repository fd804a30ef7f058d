"""Announcements: an admin writes to everybody, to a group or to those who wait (programme §9).

It is seen and counted before it is confirmed, leaves ten minutes later as a routine message (one post a day, outside
quiet hours, as each person wishes), and can be called back for all whom it has not reached yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from programme.errors import InvalidForm, Refusal
from programme.journal import Action
from programme.messages.announcements import AnnouncementCard, AnnouncementWord
from programme.model.agenda import DeadlineKind
from programme.model.announcement import Announcement, AnnouncementState, Audience
from programme.model.group import OPEN_GROUPS, Group
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.nudge import NudgeState, Topic
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.usecases import pings
from programme.usecases.groups import contract_in_force, members_of, redraw, require_admin, tell_admins
from programme.usecases.waiting import waiting_room

SHORTEST, LONGEST = 10, 1400
UNDO = timedelta(minutes=10)
"""How long a confirmed announcement waits before it leaves."""


@dataclass(frozen=True)
class Draft:
    """What the form brings; ``group_id`` counts only for the audience of a group."""

    audience: Audience
    group_id: str
    text: str


@dataclass(frozen=True)
class Preview:
    """Exactly what each person will read, how many they are, and how many of them want no announcements."""

    word: AnnouncementWord
    people: int
    unwilling: int


def groups_to_write_to(ports: Ports, *, caller: Caller) -> list[Group]:
    """Return the groups that live in their channel, for the form; for admins."""
    require_admin(caller)
    with ports.reading() as uow:
        return uow.groups.in_states(*OPEN_GROUPS)


def preview(ports: Ports, *, caller: Caller, draft: Draft) -> Preview:
    """Return the announcement as it will be seen; InvalidForm for a text, group or audience that cannot be."""
    require_admin(caller)
    with ports.reading() as uow:
        word = _word(uow, caller.slack_user_id, _checked(draft))
        people = _recipients(uow, draft.audience, draft.group_id)
        if not people:
            raise InvalidForm({"audience": "announcement_nobody"})
        unwilling = sum(_stopped(uow, one) for one in people)
        return Preview(word, len(people), unwilling)


def _checked(draft: Draft) -> Draft:
    text = draft.text.strip()
    wrong = {}
    if not SHORTEST <= len(text) <= LONGEST:
        wrong["text"] = "announcement_text"
    if draft.audience is Audience.GROUP and not draft.group_id:
        wrong["group"] = "announcement_group"
    if wrong:
        raise InvalidForm(wrong)
    return Draft(draft.audience, draft.group_id if draft.audience is Audience.GROUP else "", text)


def _stopped(uow: UnitOfWork, member: Member) -> bool:
    return Topic.ANNOUNCEMENT.value in pings.wishes_of(uow, member.slack_user_id).stopped


def _recipients(uow: UnitOfWork, audience: Audience, group_id: str) -> list[Member]:
    """Whoever it is for now; who has left Slack is not written to."""
    match audience:
        case Audience.GROUP:
            people = members_of(uow, group_id)
        case Audience.WAITING:
            people = [member for _, member in waiting_room(uow)]
        case Audience.MEMBERS:
            people = [member for member in uow.members.all() if contract_in_force(uow, member) is not None]
    return [member for member in people if member.active]


def confirm(ports: Ports, *, caller: Caller, draft: Draft, people: int, source: str) -> Announcement:
    """Let it leave in ten minutes; the same form again changes nothing.

    Refusal("announcement_stale") when it would now go to another number of ``people`` than the preview said.
    """
    require_admin(caller)
    checked = _checked(draft)
    with ports.uow() as uow:
        known = uow.announcements.from_source(source)
        if known is not None:
            return known
        if len(_recipients(uow, checked.audience, checked.group_id)) != people:
            raise Refusal("announcement_stale")
        now = ports.clock.now()
        announcement = Announcement(
            id=new_id("ann"),
            source=source,
            author=caller.slack_user_id,
            audience=checked.audience,
            group_id=checked.group_id,
            text=checked.text,
            confirmed_at=now,
            leaves_at=now + UNDO,
            people=people,
        )
        uow.announcements.add(announcement)
        uow.agenda.put(DeadlineKind.ANNOUNCEMENT, announcement.id, announcement.leaves_at)
        tell_admins(uow, _card_key(announcement), _card(uow, announcement))
        facts = {"audience": announcement.audience.value, "people": people}
        uow.journal.write(caller.slack_user_id, Action.ANNOUNCEMENT_CONFIRMED, announcement.id, **facts)
        return announcement


def leave(ports: Ports, uow: UnitOfWork, announcement_id: str) -> None:
    """The ten minutes are over (DeadlineKind.ANNOUNCEMENT): a copy for each, in a transaction of its own."""
    announcement = uow.announcements.get(announcement_id)
    if announcement.state is not AnnouncementState.CONFIRMED:
        return
    people = _recipients(uow, announcement.audience, announcement.group_id)
    for member in people:
        uow.agenda.put(DeadlineKind.ANNOUNCEMENT_COPY, f"{announcement.id}:{member.id}", ports.clock.now())
    announcement.state, announcement.people = AnnouncementState.SENT, len(people)
    redraw(uow, _card_key(announcement), _card(uow, announcement), lane="admins")
    uow.journal.write("bot", Action.ANNOUNCEMENT_SENT, announcement.id, people=len(people))


def hand_copy(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Hand it to one person's day, once (DeadlineKind.ANNOUNCEMENT_COPY)."""
    announcement_id, _, member_id = subject.partition(":")
    announcement, member = uow.announcements.get(announcement_id), uow.members.get(member_id)
    if announcement.state is AnnouncementState.SENT and member.active:
        word = _word(uow, announcement.author, _draft(announcement))
        pings.routine(uow, member.slack_user_id, _key(announcement, member.id), word, ports.clock.now())


def call_back(ports: Ports, *, caller: Caller, announcement_id: str) -> int:
    """Stop an announcement for all whom it has not reached, and return how many it had; again changes nothing.

    Refusal("announcement_gone") once it has left for everybody.
    """
    require_admin(caller)
    with ports.uow() as uow:
        announcement = uow.announcements.get(announcement_id)
        if announcement.state is AnnouncementState.CALLED_BACK:
            return announcement.reached
        nudges = uow.nudges.starting(_key(announcement, ""))
        waiting = [nudge for nudge in nudges if nudge.state is NudgeState.WAITING]
        reached = sum(nudge.state is NudgeState.SENT for nudge in nudges)
        if announcement.state is AnnouncementState.SENT and not waiting and len(nudges) >= announcement.people:
            raise Refusal("announcement_gone")
        announcement.call_back(caller.slack_user_id, ports.clock.now(), reached)
        for nudge in waiting:
            nudge.state = NudgeState.DROPPED
            pings.set_alarm(uow, nudge.slack_user_id)
        uow.agenda.cancel(DeadlineKind.ANNOUNCEMENT, announcement.id)
        redraw(uow, _card_key(announcement), _card(uow, announcement), lane="admins")
        uow.journal.write(caller.slack_user_id, Action.ANNOUNCEMENT_CALLED_BACK, announcement.id, reached=reached)
        return reached


def _draft(announcement: Announcement) -> Draft:
    return Draft(announcement.audience, announcement.group_id, announcement.text)


def _word(uow: UnitOfWork, author: str, draft: Draft) -> AnnouncementWord:
    return AnnouncementWord(
        from_user=author, audience=draft.audience.value, group_label=_label(uow, draft.group_id), text=draft.text
    )


def _label(uow: UnitOfWork, group_id: str) -> str:
    return uow.groups.get(group_id).label if group_id else ""


def _key(announcement: Announcement, member_id: str) -> str:
    """The key of one person's copy, unique for ever."""
    return f"announcement:{announcement.id}:{member_id}"


def _card_key(announcement: Announcement) -> str:
    return f"announcement:{announcement.id}"


def _card(uow: UnitOfWork, announcement: Announcement) -> AnnouncementCard:
    return AnnouncementCard(
        announcement_id=announcement.id,
        from_user=announcement.author,
        audience=announcement.audience.value,
        group_label=_label(uow, announcement.group_id),
        text=announcement.text,
        people=announcement.people,
        leaves_at=announcement.leaves_at,
        state=announcement.state.value,
        called_back_by=announcement.called_back_by,
        reached=announcement.reached,
    )
