"""A question put to each person whom a change of their group concerns: one refusal or silence and nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from programme.errors import NotFound, Refusal
from programme.journal import Action
from programme.messages.rescue import ConsentAnswer, ConsentOutcome, ConsentRequest, GroupChanged
from programme.model.agenda import DeadlineKind
from programme.model.group import LIVE_SEATS, Group, GroupState, Rescue, RescueKind, RescueState
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.planning import quiet_until
from programme.rules.rescue import WEEK
from programme.usecases import mergers, newcomers, pauses, pings, rescue_card, slots
from programme.usecases.board import refresh_board
from programme.usecases.day_posts import tell_by_day
from programme.usecases.groups import common_zone, contract_in_force, members_of, seated, skip, tell_admins

REMINDER_AFTER = timedelta(days=3)
LIFETIME = timedelta(days=5)


def ask(
    ports: Ports,
    uow: UnitOfWork,
    group: Group,
    kind: RescueKind,
    *,
    by: str,
    others: Iterable[str] = (),
    subject: str = "",
    weeks: int = 0,
) -> Rescue:
    """Put the question to every member of the group and to ``others``. Refusal("rescue_open") while one is open."""
    if any(_concerns(one, group.id) or (subject and _concerns(one, subject)) for one in uow.groups.open_rescues()):
        raise Refusal("rescue_open")
    now = ports.clock.now()
    asked = tuple(dict.fromkeys([*(seat.member_id for seat in seated(uow, group.id)), *others]))
    zone = common_zone(members_of(uow, group.id))
    rescue = Rescue(
        id=new_id("res"),
        group_id=group.id,
        kind=kind,
        opened_at=now,
        expires_at=quiet_until(now + LIFETIME, zone),
        opened_by=by,
        asked=asked,
        subject=subject,
        weeks=weeks,
    )
    uow.groups.add_rescue(rescue)
    uow.agenda.put(DeadlineKind.CONSENT_REMINDER, rescue.id, quiet_until(now + REMINDER_AFTER, zone))
    uow.agenda.put(DeadlineKind.CONSENT_EXPIRY, rescue.id, rescue.expires_at)
    for member_id in asked:
        member = uow.members.get(member_id)
        pings.timely(uow, member.slack_user_id, _key(rescue, member), request(uow, rescue, member, now), now)
    uow.journal.write(by, Action.CONSENT_ASKED, group.id, what=kind.value, people=len(asked))
    rescue_card.refresh(ports, uow, group)
    return rescue


def answer(ports: Ports, *, caller: Caller, rescue_id: str, agree: bool) -> RescueState:
    """Agree or refuse; the last agreement makes it happen. The same answer twice changes nothing.

    NotFound for whom it does not concern, Refusal("rescue_closed") once it is over, Refusal("enrolment_ended").
    """
    with ports.uow() as uow:
        rescue, member = uow.groups.rescue(rescue_id), uow.members.by_slack(caller.slack_user_id)
        if member is None or member.id not in rescue.asked:
            raise NotFound
        if (member.id in rescue.agreed) if agree else (member.id == rescue.refused_by):
            return rescue.state
        if rescue.state is not RescueState.OPEN or member.id in rescue.agreed:
            raise Refusal("rescue_closed")
        if contract_in_force(uow, member) is None:
            raise Refusal("enrolment_ended")
        uow.journal.write(caller.slack_user_id, Action.CONSENT_ANSWERED, rescue.group_id, agreed=agree)
        if not agree:
            rescue.refused_by = member.id
            close(ports, uow, rescue, RescueState.REFUSED)
            return rescue.state
        rescue.agreed = (*rescue.agreed, member.id)
        if set(rescue.agreed) == set(rescue.asked):
            _agreed(ports, uow, rescue)
        else:
            _redraw(uow, rescue, [member], "agreed", ports.clock.now())
            rescue_card.refresh(ports, uow, uow.groups.get(rescue.group_id))
        return rescue.state


def remind(ports: Ports, uow: UnitOfWork, rescue_id: str) -> None:
    """Remind those who have not answered (DeadlineKind.CONSENT_REMINDER)."""
    rescue, now = uow.groups.rescue(rescue_id), ports.clock.now()
    if rescue.state is not RescueState.OPEN or rescue.expires_at <= now:
        skip(uow, DeadlineKind.CONSENT_REMINDER, rescue_id)
        return
    for member_id in rescue.asked:
        if member_id not in rescue.agreed:
            member = uow.members.get(member_id)
            reminder = request(uow, rescue, member, now).model_copy(update={"reminder": True})
            key = f"{_key(rescue, member)}:reminder"
            pings.routine(uow, member.slack_user_id, key, reminder, now, before=rescue.expires_at)


def expire(ports: Ports, uow: UnitOfWork, rescue_id: str) -> None:
    """Close a question that somebody has left without an answer (DeadlineKind.CONSENT_EXPIRY)."""
    rescue = uow.groups.rescue(rescue_id)
    if rescue.state is not RescueState.OPEN:
        skip(uow, DeadlineKind.CONSENT_EXPIRY, rescue_id)
        return
    close(ports, uow, rescue, RescueState.EXPIRED)


def cancel_all(ports: Ports, uow: UnitOfWork, group: Group) -> None:
    """Close the questions that a change of the group has made pointless: they were about other people."""
    for rescue in uow.groups.open_rescues():
        if _concerns(rescue, group.id):
            close(ports, uow, rescue, RescueState.CANCELLED)


def close(ports: Ports, uow: UnitOfWork, rescue: Rescue, state: RescueState) -> None:
    """End a question: take the buttons off every request, tell the admins, without naming anybody."""
    now = ports.clock.now()
    rescue.state, rescue.closed_at = state, now
    for kind in (DeadlineKind.CONSENT_REMINDER, DeadlineKind.CONSENT_EXPIRY):
        uow.agenda.cancel(kind, rescue.id)
    for member_id in rescue.asked:
        shown: ConsentAnswer = "refused" if member_id == rescue.refused_by else "closed"
        _redraw(uow, rescue, [uow.members.get(member_id)], "decided" if state is RescueState.AGREED else shown, now)
    group = uow.groups.get(rescue.group_id)
    outcome = ConsentOutcome(label=group.label, what=rescue.kind.value, end=state.value)
    tell_admins(uow, f"consent:{rescue.id}:outcome", outcome)
    rescue_card.refresh(ports, uow, group)


def _agreed(ports: Ports, uow: UnitOfWork, rescue: Rescue) -> None:
    """Do what everybody has agreed to, if it still can be done."""
    if _still_possible(uow, rescue):
        close(ports, uow, rescue, RescueState.AGREED)
        _APPLY[rescue.kind](ports, uow, rescue)
        rescue_card.refresh(ports, uow, uow.groups.get(rescue.group_id))
    else:
        close(ports, uow, rescue, RescueState.CANCELLED)


def _still_possible(uow: UnitOfWork, rescue: Rescue) -> bool:
    group = uow.groups.get(rescue.group_id)
    if any(contract_in_force(uow, uow.members.get(member_id)) is None for member_id in rescue.asked):
        return False
    match rescue.kind:
        case RescueKind.REPLACEMENT:
            free = len(seated(uow, group.id)) < 4 and uow.groups.live_seat(rescue.subject) is None
            return free and group.state not in {GroupState.FINISHED, GroupState.DISSOLVED}
        case RescueKind.MERGE:
            return uow.groups.get(rescue.subject) in mergers.possible(uow, group)
        case RescueKind.PAUSE:
            return group.state is GroupState.RUNNING
        case RescueKind.RESUME:
            return group.state is GroupState.PAUSED
        case RescueKind.THREE:
            return len(seated(uow, group.id)) == 3


def _replace(ports: Ports, uow: UnitOfWork, rescue: Rescue) -> None:
    group, member, now = uow.groups.get(rescue.group_id), uow.members.get(rescue.subject), ports.clock.now()
    seat = newcomers.take_seat(uow, group, member, now, signed_at=None)
    if group.channel_id:
        newcomers.welcome(uow, group, member, seat, now)
        slots.refresh_vote(uow, group)
        changed = GroupChanged(what="replacement", users=(member.slack_user_id,), zone=group.zone)
        tell_by_day(uow, group, f"changed:{group.id}:{new_id('chg')}", changed, now)
    uow.journal.write("bot", Action.SEAT_TAKEN, group.id, member=member.id, first_session=seat.first_session)
    newcomers.reopen_gate(uow, group, now)
    refresh_board(ports, uow, group.id)


def _start_as_three(ports: Ports, uow: UnitOfWork, rescue: Rescue) -> None:
    group = uow.groups.get(rescue.group_id)
    for seat in seated(uow, group.id):
        seat.agrees_to_three = True
    newcomers.reopen_gate(uow, group, ports.clock.now())
    changed = GroupChanged(what="three", zone=group.zone)
    tell_by_day(uow, group, f"changed:{group.id}:{new_id('chg')}", changed, ports.clock.now())
    refresh_board(ports, uow, group.id)


_APPLY: dict[RescueKind, Callable[[Ports, UnitOfWork, Rescue], None]] = {
    RescueKind.REPLACEMENT: _replace,
    RescueKind.MERGE: mergers.merge,
    RescueKind.PAUSE: pauses.pause,
    RescueKind.RESUME: pauses.resume,
    RescueKind.THREE: _start_as_three,
}


def request(uow: UnitOfWork, rescue: Rescue, member: Member, now: datetime) -> ConsentRequest:
    """Return the question as it is put to one person."""
    group = uow.groups.get(rescue.group_id)
    merging = rescue.kind is RescueKind.MERGE
    other = uow.groups.get(rescue.subject) if merging else group
    joining = member.id == rescue.subject or (merging and _sits_in(uow, group, member))
    return ConsentRequest(
        rescue_id=rescue.id,
        what=rescue.kind.value,
        joining=joining,
        label=other.label if joining or not merging else group.label,
        size=len(rescue.asked),
        place=other.place,
        worst_km=rescue_card.worst_km(uow, rescue),
        slot=other.slot,
        held=newcomers.held(uow, group),
        next_number=newcomers.next_number(uow, other, now),
        weeks=rescue.weeks,
        until=day_in(now, group.zone) + rescue.weeks * WEEK if rescue.kind is RescueKind.PAUSE else group.paused_until,
        expires_at=rescue.expires_at,
        zone=member.time_zone,
    )


def _sits_in(uow: UnitOfWork, group: Group, member: Member) -> bool:
    return any(seat.member_id == member.id and seat.state in LIVE_SEATS for seat in uow.groups.seats(group.id))


def _concerns(rescue: Rescue, subject: str) -> bool:
    return subject in {rescue.group_id, rescue.subject}


def _redraw(uow: UnitOfWork, rescue: Rescue, members: Iterable[Member], shown: ConsentAnswer, now: datetime) -> None:
    for member in members:
        message = request(uow, rescue, member, now).model_copy(update={"answer": shown})
        for key in (_key(rescue, member), f"{_key(rescue, member)}:reminder"):
            pings.update(uow, member.slack_user_id, key, message)


def _key(rescue: Rescue, member: Member) -> str:
    return f"consent:{rescue.id}:{member.id}"
