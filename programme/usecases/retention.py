"""The retention timetable, run every day (GDPR art. 5(1)(e), CGV 9): what is due and still there is erased, at once.

One run is one transaction: a crash in between loses nothing and erases nothing twice, and a run after days without
one does the same once. What an erasure on request deletes leaves by the same road (``PersonalData.erase``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from programme.effects import EraseContents
from programme.journal import Action
from programme.model.agenda import DeadlineKind
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.closing import closes_at
from programme.rules.instants import day_in, start_of_day
from programme.rules.recurrence import next_daily
from programme.rules.retention import TIMETABLE, PersonFile, Purpose, due_days, erase_on, first_kept
from programme.usecases.groups import require_admin

HOUR = time(4, 30)
"""At night, and never between 02:00 and 03:00, which a change of the clocks skips or repeats."""
BY_PERSON = (
    Purpose.PROSPECT,
    Purpose.CONTRACT,
    Purpose.ACCOUNTING,
    Purpose.CLAIMS,
    Purpose.ATTENDANCE,
    Purpose.WORK,
    Purpose.SURVEYS,
)


@dataclass
class Line:
    """One purpose today: how many are due (people, groups, rows of a log), and the next day that brings one."""

    purpose: Purpose
    due: int = 0
    next_on: date | None = None

    @property
    def what(self) -> str:
        """What is kept, in French."""
        return TIMETABLE[self.purpose].what

    @property
    def since(self) -> str:
        """From when the duration runs, in French."""
        return TIMETABLE[self.purpose].since

    def add(self, day: date, today: date) -> None:
        """Count what is due on a day."""
        if day <= today:
            self.due += 1
        else:
            self.next_on = min(day, self.next_on or day)


@dataclass
class Plan:
    """What is due: the purposes of each person, the groups, and the lines of the timetable with their counts."""

    people: dict[str, set[Purpose]] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    lines: dict[Purpose, Line] = field(default_factory=lambda: {one: Line(one) for one in TIMETABLE})

    @property
    def counts(self) -> dict[str, int]:
        """How many are due, by purpose."""
        return {line.purpose.value: line.due for line in self.lines.values() if line.due}


def schedule_next(uow: UnitOfWork, now: datetime) -> None:
    """Set tomorrow's run; its day makes it unique."""
    at = next_daily(now, HOUR)
    uow.agenda.put(DeadlineKind.RETENTION, day_in(at).isoformat(), at)


def run_daily(ports: Ports, uow: UnitOfWork, _subject: str) -> None:
    """Erase what is due today (DeadlineKind.RETENTION), however many days have passed since the last run."""
    schedule_next(uow, ports.clock.now())
    _run(ports, uow)


def run(ports: Ports) -> Plan:
    """Erase what is due now, by the operator's hand; returns what it was."""
    with ports.uow() as uow:
        return _run(ports, uow)


def preview(ports: Ports) -> Plan:
    """Return what a run would erase now, and when the next things are due; nothing changes."""
    with ports.reading() as uow:
        return _plan(uow, ports.clock.now())


def preview_for(ports: Ports, *, caller: Caller) -> Plan:
    """Return the same for an admin."""
    require_admin(caller)
    return preview(ports)


def _run(ports: Ports, uow: UnitOfWork) -> Plan:
    now = ports.clock.now()
    plan = _plan(uow, now)
    for member_id, purposes in plan.people.items():
        digests = tuple(uow.personal_data.erase(uow.members.get(member_id), purposes, day_in(now)))
        if digests:
            key = f"retained:{member_id}:{now.isoformat()}"
            uow.outbox.put(key, EraseContents(digests=digests), lane=f"erasure:{member_id}")
    for group_id in plan.groups:
        uow.retention.empty_group(group_id)
    for purpose in Purpose:
        uow.retention.erase_rows(purpose, _limit(purpose, now))
    uow.journal.write("bot", Action.RETENTION_RUN, day_in(now).isoformat(), **plan.counts)
    return plan


def _plan(uow: UnitOfWork, now: datetime) -> Plan:
    plan = Plan()
    left = {purpose: uow.retention.holders(purpose) for purpose in BY_PERSON}
    for file in uow.retention.files():
        today = min(day_in(now), day_in(now, file.zone))  # announced in either zone, the day is over in both
        for purpose, day in _still_there(file, left):
            plan.lines[purpose].add(day, today)
            if day <= today:
                plan.people.setdefault(file.member_id, set()).add(purpose)
    for group_id, ended_at in uow.retention.ended_groups():
        day = erase_on(Purpose.GROUP_CHAT, day_in(closes_at(ended_at)))
        plan.lines[Purpose.GROUP_CHAT].add(day, day_in(now))
        if day <= day_in(now):
            plan.groups.append(group_id)
    for purpose in Purpose:
        plan.lines[purpose].due += uow.retention.old_rows(purpose, _limit(purpose, now))
    return plan


def _still_there(file: PersonFile, left: Mapping[Purpose, set[str]]) -> Iterator[tuple[Purpose, date]]:
    for purpose, day in due_days(file).items():
        if file.member_id in left[purpose]:
            yield purpose, day


def _limit(purpose: Purpose, now: datetime) -> datetime:
    """The instant before which rows that are dated one by one are due."""
    return start_of_day(first_kept(purpose, day_in(now)))
