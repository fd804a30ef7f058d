"""Erasure on request (GDPR art. 17): what no law makes us keep goes, the rest is told with its reason and its last day.

Three days of reflection stand between the request and the act, which nothing can undo.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from programme.effects import EraseContents
from programme.errors import NotFound, Refusal
from programme.journal import Action
from programme.messages.personal_data import ErasureDone, ErasurePlanned, Holding
from programme.model.agenda import DeadlineKind
from programme.model.enrolment import EnrolmentStatus
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.personal_data import REFLECTION, Erasure, ErasureState
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import ONE_DAY, day_in
from programme.rules.retention import TIMETABLE, Purpose, due_days
from programme.usecases import data_export, pings

ON_REQUEST = frozenset({Purpose.WORK, Purpose.SURVEYS, Purpose.PROSPECT})
"""What no law makes us keep; without an order, the identity goes with the profile."""
LEGAL = (Purpose.CONTRACT, Purpose.ACCOUNTING, Purpose.CLAIMS, Purpose.ATTENDANCE)


@dataclass(frozen=True)
class Preview:
    """What the person sees before they confirm; ``asked`` is a request that waits already."""

    stays: tuple[Holding, ...]
    asked: Erasure | None


def preview(ports: Ports, *, caller: Caller) -> Preview:
    """Return what would stay. Refusal("erasure_in_force") while a contract runs or a claim is open."""
    with ports.reading() as uow:
        member = _free_to_go(uow, caller)
        return Preview(tuple(_holdings(uow, member)), uow.personal_data.open_erasure(member.id))


def ask(ports: Ports, *, caller: Caller) -> datetime:
    """Plan the erasure and return its instant; a second press returns the same."""
    with ports.uow() as uow:
        member = _free_to_go(uow, caller)
        erasure = uow.personal_data.open_erasure(member.id)
        if erasure is None:
            now = ports.clock.now()
            erasure = Erasure(new_id("ers"), member.id, now, now + REFLECTION)
            uow.personal_data.add(erasure)
            uow.agenda.put(DeadlineKind.ERASURE, erasure.id, erasure.due_at)
            uow.journal.write(caller.slack_user_id, Action.ERASURE_ASKED, erasure.id)
            pings.answer(uow, caller.slack_user_id, _key(erasure), _planned(uow, member, erasure))
        return erasure.due_at


def call_back(ports: Ports, *, caller: Caller, erasure_id: str) -> bool:
    """Cancel the request; tells whether it is cancelled: once carried out, nothing brings the data back."""
    with ports.uow() as uow:
        erasure = uow.personal_data.erasure(erasure_id)
        member = uow.members.get(erasure.member_id)
        if member.slack_user_id != caller.slack_user_id:
            raise NotFound
        if erasure.state is ErasureState.ASKED:
            erasure.state = ErasureState.CANCELLED
            uow.agenda.cancel(DeadlineKind.ERASURE, erasure.id)
            uow.journal.write(caller.slack_user_id, Action.ERASURE_CANCELLED, erasure.id)
            pings.update(uow, caller.slack_user_id, _key(erasure), _planned(uow, member, erasure))
        return erasure.state is ErasureState.CANCELLED


def carry_out(ports: Ports, uow: UnitOfWork, erasure_id: str) -> None:
    """The time of reflection is over. A contract concluded in the meantime needs its data: the request then lapses."""
    erasure = uow.personal_data.erasure(erasure_id)
    member = uow.members.get(erasure.member_id)
    if erasure.state is not ErasureState.ASKED:
        return
    if _in_force(uow, member):
        erasure.state = ErasureState.CANCELLED
        uow.journal.write("bot", Action.ERASURE_CANCELLED, erasure.id)
        return
    user, now = member.slack_user_id, ports.clock.now()
    done = ErasureDone(stays=tuple(_holdings(uow, member)))
    export = uow.personal_data.latest_export(member.id)
    if export is not None:
        data_export.forget(uow, export, now)
    erasure.state, erasure.done_at = ErasureState.DONE, now
    uow.journal.write("bot", Action.ERASURE_DONE, erasure.id)
    digests = tuple(uow.personal_data.erase(member, ON_REQUEST, day_in(now)))
    if digests:
        uow.outbox.put(f"erased:{erasure_id}", EraseContents(digests=digests), lane=f"erasure:{erasure_id}")
    pings.legal(uow, user, f"erasure-done:{erasure_id}", done)


def _free_to_go(uow: UnitOfWork, caller: Caller) -> Member:
    member = uow.members.by_slack(caller.slack_user_id)
    if member is None:
        raise Refusal("no_data")
    if _in_force(uow, member):
        raise Refusal("erasure_in_force")
    return member


def _in_force(uow: UnitOfWork, member: Member) -> bool:
    """Whether a contract still runs, or a claim is open: it needs what it is about (GDPR art. 17(3)(e))."""
    if uow.retention.file(member.id).held:
        return True
    enrolment = uow.enrolments.current(member.id)
    if enrolment is None or enrolment.ordered_at is None:
        return False
    return enrolment.status is EnrolmentStatus.ACTIVE


def _holdings(uow: UnitOfWork, member: Member) -> Iterator[Holding]:
    """What the law makes us keep of this person, each with its last day: the day on which the daily run erases it."""
    file = uow.retention.file(member.id)
    days = due_days(file)
    for purpose in LEGAL if file.ordered else ():
        if uow.retention.holders(purpose, member.id):
            line, day = TIMETABLE[purpose], days.get(purpose)
            yield Holding(what=line.what, why=line.why, until=day - ONE_DAY if day else None)


def _planned(uow: UnitOfWork, member: Member, erasure: Erasure) -> ErasurePlanned:
    return ErasurePlanned(
        erasure_id=erasure.id,
        due_at=erasure.due_at,
        stays=tuple(_holdings(uow, member)),
        cancelled=erasure.state is ErasureState.CANCELLED,
    )


def _key(erasure: Erasure) -> str:
    return f"erasure:{erasure.id}"
