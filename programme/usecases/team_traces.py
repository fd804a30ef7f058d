"""What the team has looked at or done in somebody's file: the person reads it in their own Home (programme §9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from programme.effects import PublishHome
from programme.journal import TEAM_ACTS, Action
from programme.model.ids import new_id
from programme.model.member import Member
from programme.ports import UnitOfWork
from programme.rules.instants import day_in

SHOWN = 3


@dataclass(frozen=True)
class Trace:
    """Who of the team did what, on which day of the person's own clock."""

    user: str
    action: Action
    day: date


def leave(uow: UnitOfWork, actor: str, action: Action, subject: str, people: Iterable[Member]) -> None:
    """Note a look or an act, and let those concerned see it in their Home at once."""
    uow.journal.write(actor, action, subject)
    for member in people:
        home = PublishHome(slack_user_id=member.slack_user_id)
        uow.outbox.put(f"home:{new_id('seen')}", home, lane=f"home:{member.slack_user_id}")


def latest(uow: UnitOfWork, member: Member, limit: int = SHOWN) -> tuple[Trace, ...]:
    """Return the newest traces of other people in this member's file; the same act of a day counts once."""
    entries = uow.journal.about(list(_subjects(uow, member)))
    ours = {"bot", member.slack_user_id}
    found: dict[Trace, datetime] = {}
    for entry in entries:
        if entry.action in TEAM_ACTS and entry.actor not in ours:
            trace = Trace(entry.actor, entry.action, day_in(entry.at, member.time_zone))
            found.setdefault(trace, entry.at)
    return tuple(sorted(found, key=lambda trace: found[trace], reverse=True)[:limit])


def _subjects(uow: UnitOfWork, member: Member) -> Iterator[str]:
    """The ids under which the journal speaks of this person."""
    yield member.id
    enrolment = uow.enrolments.current(member.id)
    if enrolment is not None:
        yield enrolment.id
        order = uow.orders.of_enrolment(enrolment.id)
        if order is not None:
            yield order.id
            end = uow.endings.of_order(order.id)
            if end is not None:
                yield end.id
    seat = uow.groups.latest_seat(member.id)
    if seat is not None:
        yield seat.group_id
