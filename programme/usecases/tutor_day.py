"""A tutor's day: what waits for them by clock, their load, their groups, who is away; the one digest (programme §6)."""

from __future__ import annotations

from datetime import date, datetime, time

from programme.errors import InvalidForm, Refusal
from programme.journal import Action
from programme.messages.tutoring import AwayLine, GroupLine, QueueLine, TutorDay
from programme.model.agenda import DeadlineKind
from programme.model.document import DocumentState
from programme.model.group import OPEN_GROUPS
from programme.model.people import Caller, Role
from programme.model.question import Question
from programme.model.session import SessionState
from programme.model.tutor import TutorSettings
from programme.ports import Ports, UnitOfWork
from programme.rules.holidays import is_working_day
from programme.rules.instants import PARIS, at_local, day_in
from programme.rules.recurrence import next_daily
from programme.usecases import pings, reviews
from programme.usecases.card_links import links
from programme.usecases.conversations import Conversation, author_of, card_key
from programme.usecases.tutoring import expected_tutor, require_tutor, waiting

SHOWN = 15
EARLIEST, LATEST = 8, 19
"""The hours of Paris at which a digest may come: never at night."""
MOST = 60


def my_day(ports: Ports, *, caller: Caller) -> TutorDay:
    """Return the caller's day as it stands (``/bilan-tutorat``); NotAllowed for who is no tutor."""
    require_tutor(caller)
    with ports.reading() as uow:
        return compose_day(uow, caller.slack_user_id, ports.clock.now())


def card_addresses(ports: Ports, day: TutorDay) -> dict[str, str]:
    """Return where the card of each line stands in the tutors' channel, by the line's subject."""
    keys = {card_key(line.subject_id): line.subject_id for line in day.lines}
    return {keys[key]: address for key, address in links(ports, keys).items()}


def compose_day(uow: UnitOfWork, tutor: str, now: datetime, *, digest: bool = False) -> TutorDay:
    """Return one tutor's day; lines come by promised instant."""
    mine = sorted(_mine(uow, tutor), key=lambda one: (one.due_at or now, one.id))
    chosen = uow.tutors.settings(tutor)
    today = day_in(now)
    return TutorDay(
        tutor_user=tutor,
        day=today,
        lines=tuple(_line(uow, one) for one in mine[:SHOWN]),
        more=max(0, len(mine) - SHOWN),
        load=len(mine),
        capacity=chosen.capacity,
        digest_hour=chosen.digest_hour,
        groups=_groups(uow, tutor),
        away=tuple(
            AwayLine(
                absence_id=one.id,
                tutor_user=one.tutor_id,
                first_day=one.first_day,
                last_day=one.last_day,
                backup_user=one.backup_id,
            )
            for one in uow.tutors.absences(today)
        ),
        digest=digest,
    )


def _mine(uow: UnitOfWork, tutor: str) -> list[Conversation]:
    return [one for one in waiting(uow) if expected_tutor(uow, one) == tutor]


def _line(uow: UnitOfWork, one: Conversation) -> QueueLine:
    return QueueLine(
        subject_id=one.id,
        title=one.title,
        author_user=author_of(uow, one),
        due_at=one.due_at,
        begun=one.state is DocumentState.IN_REVIEW,
        question=isinstance(one, Question),
    )


def _groups(uow: UnitOfWork, tutor: str) -> tuple[GroupLine, ...]:
    lines = []
    for group in uow.groups.in_states(*OPEN_GROUPS):
        if group.tutor_id == tutor:
            sessions = uow.sessions.of_group(group.id)
            coming = next((one for one in sessions if one.state is SessionState.PLANNED), None)
            lines.append(
                GroupLine(
                    label=group.label,
                    channel_id=group.channel_id,
                    next_number=coming.number if coming else None,
                    next_start=coming.starts_at if coming else None,
                    zone=group.zone,
                )
            )
    return tuple(lines)


def take_next(ports: Ports, *, caller: Caller) -> str:
    """« Prendre le suivant »: the caller takes the document of theirs that is due first; Refusal("queue_empty").

    Returns the address of its card, or "" where Slack does not know it.
    """
    require_tutor(caller)
    with ports.reading() as uow:
        untaken = [one for one in _mine(uow, caller.slack_user_id) if one.state is DocumentState.RECEIVED]
    if not untaken:
        raise Refusal("queue_empty")
    first = min(untaken, key=lambda one: (one.due_at or ports.clock.now(), one.id))
    reviews.take(ports, caller=caller, document_id=first.id)
    card = card_key(first.id)
    return links(ports, [card]).get(card, "")


def settings_of(ports: Ports, *, caller: Caller) -> TutorSettings:
    """Return what the caller chose; NotAllowed for who is no tutor."""
    require_tutor(caller)
    with ports.reading() as uow:
        return uow.tutors.settings(caller.slack_user_id)


def choose(ports: Ports, *, caller: Caller, capacity: str, digest_hour: str, backup: str) -> None:
    """Save the caller's capacity, the hour of their digest (from the next working day on) and their backup.

    InvalidForm for a capacity outside 1–60, an hour outside 8–19, or a backup who is no other tutor.
    """
    require_tutor(caller)
    wrong = {}
    if not (capacity.isascii() and capacity.isdigit() and 1 <= int(capacity) <= MOST):
        wrong["capacity"] = "tutor_capacity"
    if not (digest_hour.isascii() and digest_hour.isdigit() and EARLIEST <= int(digest_hour) <= LATEST):
        wrong["digest_hour"] = "tutor_hour"
    with ports.uow() as uow:
        if backup and (backup == caller.slack_user_id or Role.TUTOR not in uow.people.roles(backup)):
            wrong["backup"] = "backup_unknown"
        if wrong:
            raise InvalidForm(wrong)
        chosen = uow.tutors.choose(caller.slack_user_id)
        chosen.capacity, chosen.digest_hour, chosen.backup_id = int(capacity), int(digest_hour), backup
        uow.journal.write(caller.slack_user_id, Action.TUTOR_CHOSE, caller.slack_user_id)


def schedule_next(uow: UnitOfWork, now: datetime) -> None:
    """Set the next morning at which the digests of the day are planned; its day makes it unique."""
    at = next_daily(now, time(EARLIEST))
    uow.agenda.put(DeadlineKind.TUTOR_MORNING, day_in(at).isoformat(), at)


def plan_digests(ports: Ports, uow: UnitOfWork, _subject: str) -> None:
    """Every morning (DeadlineKind.TUTOR_MORNING): on a working day, a digest for each tutor at their hour."""
    now = ports.clock.now()
    schedule_next(uow, now)
    today = day_in(now)
    if not is_working_day(today):
        return
    for tutor in uow.people.holders(Role.TUTOR):
        at = at_local(today, time(uow.tutors.settings(tutor).digest_hour), PARIS)
        uow.agenda.put(DeadlineKind.TUTOR_DIGEST, f"{tutor}:{today.isoformat()}", max(at, now))


def send_digest(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """At the tutor's hour (DeadlineKind.TUTOR_DIGEST): one message, unless nothing waits or they are away."""
    tutor, _, day = subject.partition(":")
    now = ports.clock.now()
    today = day_in(now)
    away = any(one.tutor_id == tutor and one.covers(today) for one in uow.tutors.absences(today))
    if away or today != date.fromisoformat(day) or Role.TUTOR not in uow.people.roles(tutor) or _is_night(now):
        uow.journal.write("bot", Action.DEADLINE_SKIPPED, subject, kind=DeadlineKind.TUTOR_DIGEST.value)
        return
    told = compose_day(uow, tutor, now, digest=True)
    if not told.lines:
        return
    pings.timely(uow, tutor, f"digest:{subject}", told, now)
    uow.journal.write("bot", Action.TUTOR_DIGEST_SENT, tutor, waiting=told.load)


def _is_night(now: datetime) -> bool:
    """A digest that the bot missed by day is not sent in the evening: the next one tells the same, and more."""
    return at_local(day_in(now), time(LATEST + 1), PARIS) <= now
