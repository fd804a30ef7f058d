"""A tutor is away: a backup takes over on the first day, or the promises move; and they come back (programme §6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from programme.effects import Post
from programme.errors import InvalidForm, NotAllowed
from programme.journal import Action
from programme.messages.tutoring import TutorAway
from programme.model.agenda import DeadlineKind
from programme.model.ids import new_id
from programme.model.people import Caller, Role
from programme.model.tutor import TutorAbsence
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import ONE_DAY, PARIS, at_local, day_in
from programme.usecases.handing_over import show_again
from programme.usecases.promises import move_promise
from programme.usecases.tutoring import days_away, expected_tutor, require_tutor, waiting

LONGEST = timedelta(days=92)
MORNING = time(8)


@dataclass(frozen=True)
class AbsenceAsked:
    """What the form holds; ``backup`` is a Slack user or ""."""

    first_day: date | None
    last_day: date | None
    backup: str = ""


def declare(ports: Ports, *, caller: Caller, asked: AbsenceAsked) -> TutorAbsence:
    """The caller will be away on these days; the same form again changes nothing.

    With a backup, what waits goes to them on the first morning, and promises stay. Without, every promise moves by the
    working days lost, and each member is told. InvalidForm for days past, reversed, too many or already declared, and
    for a backup who is no tutor, is the caller, or is away too.
    """
    require_tutor(caller)
    user, today = caller.slack_user_id, day_in(ports.clock.now())
    with ports.uow() as uow:
        first, last = _checked_days(asked, today)
        known = [one for one in uow.tutors.absences(today) if one.tutor_id == user]
        for one in known:
            if (one.first_day, one.last_day, one.backup_id) == (first, last, asked.backup):
                return one
            if one.first_day <= last and first <= one.last_day:
                raise InvalidForm({"first_day": "absence_overlaps"})
        _check_backup(uow, user, asked.backup, first, last)
        counted = days_away(uow, user, today)
        absence = TutorAbsence(new_id("tab"), user, first, last, asked.backup)
        uow.tutors.add_absence(absence)
        if absence.backup_id:
            begins = at_local(first, MORNING, PARIS)
            uow.agenda.put(DeadlineKind.TUTOR_AWAY, absence.id, max(begins, ports.clock.now()))
            moved = 0
        else:
            mine = [one for one in waiting(uow) if expected_tutor(uow, one) == user]
            moved = sum(move_promise(ports, uow, one, absence.days, known=counted) for one in mine)
        _announce(uow, absence, "declared", moved=moved)
        uow.journal.write(user, Action.TUTOR_AWAY, absence.id, days=len(absence.days), moved=moved)
        return absence


def _checked_days(asked: AbsenceAsked, today: date) -> tuple[date, date]:
    first, last = asked.first_day, asked.last_day
    wrong = {}
    if first is None or first < today:
        wrong["first_day"] = "absence_first_day"
    if last is None or (first is not None and not first <= last <= first + LONGEST):
        wrong["last_day"] = "absence_last_day"
    if wrong or first is None or last is None:
        raise InvalidForm(wrong)
    return first, last


def _check_backup(uow: UnitOfWork, user: str, backup: str, first: date, last: date) -> None:
    if not backup:
        return
    away = any(
        one.tutor_id == backup and one.first_day <= last and first <= one.last_day for one in uow.tutors.absences(first)
    )
    if backup == user or away or Role.TUTOR not in uow.people.roles(backup):
        raise InvalidForm({"backup": "backup_unknown"})


def begin(ports: Ports, uow: UnitOfWork, absence_id: str) -> None:
    """The first morning (DeadlineKind.TUTOR_AWAY): everything that waits for the tutor goes to the backup."""
    absence = uow.tutors.absence(absence_id)
    if not absence.covers(day_in(ports.clock.now())):
        uow.journal.write("bot", Action.DEADLINE_SKIPPED, absence.id, kind=DeadlineKind.TUTOR_AWAY.value)
        return
    mine = [one for one in waiting(uow) if expected_tutor(uow, one) == absence.tutor_id]
    for one in mine:
        one.tutor_id = absence.backup_id
        show_again(uow, one)
        uow.journal.write("bot", Action.DOCUMENT_REASSIGNED, one.id, tutor=absence.backup_id, absence=absence.id)
    if mine:
        _announce(uow, absence, "began", moved=len(mine))


def come_back(ports: Ports, *, caller: Caller, absence_id: str) -> None:
    """« Je suis de retour »: the absence ends today, or never begins; promises stay as they were told."""
    with ports.uow() as uow:
        absence = uow.tutors.absence(absence_id)
        if absence.tutor_id != caller.slack_user_id:
            raise NotAllowed
        yesterday = day_in(ports.clock.now()) - ONE_DAY
        if absence.last_day <= yesterday:
            return
        absence.last_day = yesterday
        uow.agenda.cancel(DeadlineKind.TUTOR_AWAY, absence.id)
        _announce(uow, absence, "back", back=True)
        uow.journal.write(caller.slack_user_id, Action.TUTOR_BACK, absence.id)


def _announce(uow: UnitOfWork, absence: TutorAbsence, when: str, *, moved: int = 0, back: bool = False) -> None:
    """One post in the tutors' channel, which calls the backup and nobody else."""
    told = TutorAway(
        tutor_user=absence.tutor_id,
        first_day=absence.first_day,
        last_day=absence.last_day,
        backup_user=absence.backup_id,
        moved=moved,
        back=back,
    )
    uow.outbox.put(f"away:{absence.id}:{when}", Post(to="tutors", message=told), lane="tutors")
