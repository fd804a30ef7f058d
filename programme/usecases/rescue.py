"""A place that falls free: what becomes of those who stay, and what the admins can do about it (programme §4)."""

from __future__ import annotations

from programme.effects import RemoveFromChannel
from programme.errors import NotFound, Refusal
from programme.journal import Action
from programme.messages.rescue import PlaceFree, SeatGivenBack
from programme.model.group import OPEN_GROUPS, Group, GroupState, Rescue, RescueKind, RescueState, Seat, SeatState
from programme.model.ids import new_id
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.rescue import weeks_of_pause_left
from programme.usecases import consent, mergers, pings, rescue_card, seats, slots
from programme.usecases.board import refresh_board
from programme.usecases.day_posts import tell_by_day
from programme.usecases.groups import contract_in_force, require_admin, seated
from programme.usecases.newcomers import BEGUN


def release_seat(ports: Ports, uow: UnitOfWork, group: Group, seat: Seat) -> None:
    """Free the place of somebody who cannot be in the group any more, and see to those who stay."""
    if group.state not in rescue_card.RESCUED | {GroupState.PROPOSED, GroupState.OFFERED}:
        return
    before = group.state in {GroupState.PROPOSED, GroupState.OFFERED}
    seat.state = SeatState.EXPIRED if before else SeatState.LEFT
    seat.left_at = ports.clock.now()
    if group.channel_id and not before:
        user = uow.members.get(seat.member_id).slack_user_id
        effect = RemoveFromChannel(group_id=group.id, user=user)
        uow.outbox.put(f"remove:{group.id}:{new_id('rem')}", effect, lane=f"group:{group.id}")
    place_freed(ports, uow, group)


def place_freed(ports: Ports, uow: UnitOfWork, group: Group) -> None:
    """See to a group in which a seat has just been left: the group only ever learns that a place is free."""
    if group.state in {GroupState.PROPOSED, GroupState.OFFERED}:
        seats.let_go(ports, uow, group)
        return
    if group.state not in rescue_card.RESCUED:
        return
    consent.cancel_all(ports, uow, group)
    staying = seated(uow, group.id)
    for seat in staying:
        seat.agrees_to_three = False
    uow.journal.write("bot", Action.PLACE_FREED, group.id, left=len(staying))
    if not staying:
        mergers.close(ports, uow, group)
        return
    if group.channel_id:
        told = PlaceFree(size=len(staying), running=group.state in BEGUN)
        tell_by_day(uow, group, f"place_free:{group.id}:{new_id('free')}", told, ports.clock.now())
        slots.refresh_vote(uow, group)
    rescue_card.post(ports, uow, group, place_freed=True)
    refresh_board(ports, uow, group.id)


def free_seat(ports: Ports, *, caller: Caller, group_id: str, member_id: str) -> None:
    """Free a member's place for an admin; the contract goes on, and the member waits for another group.

    The second press changes nothing. NotFound for somebody who never sat there.
    """
    with ports.uow() as uow:
        group = _group(uow, caller, group_id)
        seat = next((one for one in uow.groups.seats(group_id) if one.member_id == member_id), None)
        if seat is None:
            raise NotFound
        if seat.state is not SeatState.ACCEPTED:
            return
        release_seat(ports, uow, group, seat)
        uow.journal.write(caller.slack_user_id, Action.SEAT_FREED, group_id, member=member_id)
        member = uow.members.get(member_id)
        if contract_in_force(uow, member):
            key = f"seat_back:{seat.id}:{new_id('back')}"
            pings.timely(uow, member.slack_user_id, key, SeatGivenBack(label=group.label), ports.clock.now())


def show(ports: Ports, *, caller: Caller, number: int) -> str:
    """Post the rescue card of a group by its number and return its label. Refusal("group_unknown")."""
    require_admin(caller)
    with ports.uow() as uow:
        found = [one for one in uow.groups.in_states(*rescue_card.RESCUED) if one.number == number]
        if not found:
            raise Refusal("group_unknown")
        rescue_card.post(ports, uow, found[0])
        return found[0].label


def offer_place(ports: Ports, *, caller: Caller, group_id: str, member_id: str) -> Rescue:
    """Ask the members and somebody who waits whether that person may take the free place.

    Refusal("newcomer_gone") when the person no longer fits or waits, Refusal("rescue_open") while a question is open.
    """
    with ports.uow() as uow:
        group = _group(uow, caller, group_id)
        _demand_none_open(uow, group)
        if member_id not in {one.member_id for one in rescue_card.fitting(uow, group, ports.clock.now())}:
            raise Refusal("newcomer_gone")
        kind = RescueKind.REPLACEMENT
        by = caller.slack_user_id
        return consent.ask(ports, uow, group, kind, by=by, others=[member_id], subject=member_id)


def propose_merger(ports: Ports, *, caller: Caller, group_id: str, other_id: str) -> Rescue:
    """Ask everybody in both groups whether the first may join the second. Refusal("merger_gone")."""
    with ports.uow() as uow:
        group = _group(uow, caller, group_id)
        _demand_none_open(uow, group)
        if other_id not in {other.id for other in mergers.possible(uow, group)}:
            raise Refusal("merger_gone")
        others = [seat.member_id for seat in seated(uow, other_id)]
        by = caller.slack_user_id
        return consent.ask(ports, uow, group, RescueKind.MERGE, by=by, others=others, subject=other_id)


def propose_pause(ports: Ports, *, caller: Caller, group_id: str, weeks: int) -> Rescue:
    """Ask every member whether the group pauses for so many weeks. Refusal("pause_too_long")."""
    with ports.uow() as uow:
        group = _group(uow, caller, group_id)
        if not rescue_card.may_pause(uow, group, ports):
            raise Refusal("pause_not_yet")
        if not 1 <= weeks <= weeks_of_pause_left(group.paused_days):
            raise Refusal("pause_too_long")
        return consent.ask(ports, uow, group, RescueKind.PAUSE, by=caller.slack_user_id, weeks=weeks)


def propose_resumption(ports: Ports, *, caller: Caller, group_id: str) -> Rescue:
    """Ask every member whether the group resumes before the day foreseen."""
    with ports.uow() as uow:
        group = _group(uow, caller, group_id)
        if group.state is not GroupState.PAUSED:
            raise Refusal("group_state", state=group.state.value)
        return consent.ask(ports, uow, group, RescueKind.RESUME, by=caller.slack_user_id)


def propose_three(ports: Ports, *, caller: Caller, group_id: str) -> Rescue:
    """Ask each of the three who are left whether they begin as three (CGV 4)."""
    with ports.uow() as uow:
        group = _group(uow, caller, group_id)
        _demand_none_open(uow, group)
        if not rescue_card.may_be_three(uow, group):
            raise Refusal("group_state", state=group.state.value)
        return consent.ask(ports, uow, group, RescueKind.THREE, by=caller.slack_user_id)


def withdraw_question(ports: Ports, *, caller: Caller, rescue_id: str) -> None:
    """Take a question back before everybody has answered; the second press changes nothing."""
    require_admin(caller)
    with ports.uow() as uow:
        question = uow.groups.rescue(rescue_id)
        if question.state is RescueState.OPEN:
            uow.journal.write(caller.slack_user_id, Action.CONSENT_CANCELLED, question.group_id)
            consent.close(ports, uow, question, RescueState.CANCELLED)


def _group(uow: UnitOfWork, caller: Caller, group_id: str) -> Group:
    require_admin(caller)
    group = uow.groups.get(group_id)
    if group.state not in OPEN_GROUPS | {GroupState.OPENING}:
        raise Refusal("group_state", state=group.state.value)
    return group


def _demand_none_open(uow: UnitOfWork, group: Group) -> None:
    """Tell an admin who was overtaken by another that a question is open, rather than that nobody fits any more."""
    if any(group.id in {one.group_id, one.subject} for one in uow.groups.open_rescues()):
        raise Refusal("rescue_open")
