"""Who reads and answers, and who else may: routing, backups and rights over documents and questions (programme §6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from programme.effects import LearnPerson
from programme.errors import NotAllowed
from programme.model.people import Caller, Role
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.routing import Desk, propose
from programme.usecases.conversations import Conversation


def expected_tutor(uow: UnitOfWork, about: Conversation) -> str:
    """Who answers, or should: the one who has it or had it last, otherwise the group's tutor."""
    return about.tutor_id or uow.groups.get(about.group_id).tutor_id


def route(ports: Ports, uow: UnitOfWork, about: Conversation) -> None:
    """Propose what has just arrived to a tutor: the member's own within capacity, else as ``rules/routing`` says."""
    own = (about.tutor_id, uow.groups.get(about.group_id).tutor_id)
    about.tutor_id = propose(own, desks(uow, day_in(ports.clock.now()), besides=about.id))


def desks(uow: UnitOfWork, day: date, *, besides: str = "") -> dict[str, Desk]:
    """Return every tutor with their load on this day; ``besides`` is the one that is being routed."""
    load = Counter(expected_tutor(uow, one) for one in waiting(uow) if one.id != besides)
    away = {absence.tutor_id: absence for absence in uow.tutors.absences(day) if absence.covers(day)}
    found = {}
    for user in uow.people.holders(Role.TUTOR):
        chosen = uow.tutors.settings(user)
        backup = (away[user].backup_id if user in away else "") or chosen.backup_id
        found[user] = Desk(load[user], chosen.capacity, user not in away, backup)
    return found


def waiting(uow: UnitOfWork) -> Iterator[Conversation]:
    """Everything that waits for a tutor."""
    yield from uow.documents.open_for_review()
    yield from uow.questions.unanswered()


def name_of(uow: UnitOfWork, tutor: str) -> str:
    """The tutor's name as Slack tells it, "" while unknown: cards name people without calling them."""
    person = uow.people.get(tutor) if tutor else None
    if tutor and person is None:
        uow.outbox.put(f"person:{tutor}", LearnPerson(slack_user_id=tutor), lane=f"person:{tutor}")
    return person.display_name if person else ""


def days_away(uow: UnitOfWork, tutor: str, today: date) -> frozenset[date]:
    """The days, from today on, that count as days off in a promise: absences of this tutor without a backup."""
    absences = [one for one in uow.tutors.absences(today) if one.tutor_id == tutor and not one.backup_id]
    return frozenset(day for absence in absences for day in absence.days)


def require_tutor(caller: Caller) -> None:
    """Raise NotAllowed unless the caller belongs to the tutors' channel."""
    if not caller.is_tutor:
        raise NotAllowed


def require_follower(ports: Ports, uow: UnitOfWork, caller: Caller, about: Conversation) -> None:
    """Raise NotAllowed unless the caller is the tutor of this document or question, or the backup of that tutor."""
    require_tutor(caller)
    if caller.slack_user_id not in followers(ports, uow, about):
        raise NotAllowed("not_your_member")


def followers(ports: Ports, uow: UnitOfWork, about: Conversation) -> set[str]:
    """The tutors who may read and answer: the one who has it, the group's own, and the backups of both.

    Where nobody follows it any more, as they have left the tutors' channel, every tutor may.
    """
    tutors = uow.people.holders(Role.TUTOR)
    own = {about.tutor_id, uow.groups.get(about.group_id).tutor_id} & set(tutors)
    day = day_in(ports.clock.now())
    backups = {uow.tutors.settings(user).backup_id for user in own}
    backups |= {
        absence.backup_id for absence in uow.tutors.absences(day) if absence.tutor_id in own and absence.covers(day)
    }
    return (own | backups) & set(tutors) or set(tutors)
