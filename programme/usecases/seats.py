"""Seats: the admin's decision on a proposal, then each member's answer; one refusal or silence dissolves the offer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from programme.effects import OpenGroupChannel
from programme.errors import InvalidForm, Refusal
from programme.journal import Action
from programme.messages.groups import GroupOutcome, OfferAnswer, OfferEnd, OfferWithdrawn, SeatOffer
from programme.model.agenda import DeadlineKind
from programme.model.group import Group, GroupState, Seat, SeatState
from programme.model.people import Caller, Role
from programme.ports import Ports, UnitOfWork
from programme.rules.matching import GROUP_SIZES
from programme.rules.planning import quiet_until
from programme.usecases import pings
from programme.usecases.channels import channel_name
from programme.usecases.groups import (
    common_zone,
    contract_in_force,
    members_of,
    own_seat,
    party,
    redraw,
    require_admin,
    seated,
    skip,
    tell_admins,
)
from programme.usecases.matching import EXPIRED, proposal_card

REMINDER_AFTER = timedelta(days=3)
OFFER_LIFETIME = timedelta(days=5)
REASON_LENGTH = 500
ENDED: dict[SeatState, OfferAnswer] = {
    SeatState.DECLINED: "declined",
    SeatState.EXPIRED: "expired",
    SeatState.RELEASED: "withdrawn",
}


def confirm_group(ports: Ports, *, caller: Caller, group_id: str, tutor_id: str = "") -> GroupState:
    """Offer the seats of a proposed group to its members, under the tutor chosen (else the one proposed).

    The second click of the same admin changes nothing. Refusal("tutor_missing") when that person is no tutor,
    Refusal("group_member_gone") when one of the members has left meanwhile.
    """
    require_admin(caller)
    with ports.uow() as uow:
        group = uow.groups.get(group_id)
        if group.decided_by == caller.slack_user_id and group.state is not GroupState.REJECTED:
            return group.state
        group.move_to(GroupState.OFFERED)
        tutor = tutor_id or group.tutor_id
        if tutor not in uow.people.holders(Role.TUTOR):
            raise Refusal("tutor_missing")
        if not all(contract_in_force(uow, member) for member in members_of(uow, group_id)):
            raise Refusal("group_member_gone")
        group.tutor_id, group.decided_by = tutor, caller.slack_user_id
        uow.agenda.cancel(DeadlineKind.PROPOSAL_EXPIRY, group_id)
        _offer(uow, group, ports.clock.now())
        redraw(uow, f"proposal:{group_id}", proposal_card(uow, group), lane="admins")
        uow.journal.write(caller.slack_user_id, Action.GROUP_CONFIRMED, group_id, tutor=tutor)
        return group.state


def reject_group(ports: Ports, *, caller: Caller, group_id: str, reason: str) -> None:
    """Reject a proposal; its members go back to the head of the queue. InvalidForm without a reason."""
    require_admin(caller)
    if not reason.strip():
        raise InvalidForm({"reason": "rejection_reason_missing"})
    with ports.uow() as uow:
        group = uow.groups.get(group_id)
        if group.decided_by == caller.slack_user_id and group.state is GroupState.REJECTED:
            return
        group.move_to(GroupState.REJECTED)
        group.decided_by, group.decision_reason = caller.slack_user_id, reason.strip()[:REASON_LENGTH]
        uow.agenda.cancel(DeadlineKind.PROPOSAL_EXPIRY, group_id)
        _release(seated(uow, group_id), ports.clock.now())
        redraw(uow, f"proposal:{group_id}", proposal_card(uow, group), lane="admins")
        uow.journal.write(caller.slack_user_id, Action.GROUP_REJECTED, group_id)


def answer_seat(ports: Ports, *, caller: Caller, group_id: str, accept: bool) -> GroupState:
    """Accept or decline a seat; the last acceptance opens the channel, a refusal dissolves the offer.

    Accepting a group of three is the agreement to start with three. The same answer twice changes nothing; another
    answer, or one that comes too late, is Refusal("seat_answered").
    """
    wanted = SeatState.ACCEPTED if accept else SeatState.DECLINED
    with ports.uow() as uow:
        group = uow.groups.get(group_id)
        member, seat = own_seat(uow, caller, group_id)
        if seat.state is wanted:
            return group.state
        if group.state is not GroupState.OFFERED or seat.state is not SeatState.OFFERED:
            raise Refusal("seat_answered")
        if accept and contract_in_force(uow, member) is None:
            raise Refusal("enrolment_ended")
        now = ports.clock.now()
        seat.state, seat.answered_at = wanted, now
        uow.journal.write(caller.slack_user_id, Action.SEAT_ANSWERED, group_id, accepted=accept)
        if accept:
            _accepted(uow, group, seat, now)
        else:
            uow.agenda.cancel(DeadlineKind.OFFER_EXPIRY, group_id)
            _dissolve(uow, group, "declined", now)
        return group.state


def expire_proposal(ports: Ports, uow: UnitOfWork, group_id: str) -> None:
    """Close a proposal that no admin has decided (DeadlineKind.PROPOSAL_EXPIRY): its people may be proposed again."""
    group = uow.groups.get(group_id)
    if group.state is not GroupState.PROPOSED:
        skip(uow, DeadlineKind.PROPOSAL_EXPIRY, group_id)
        return
    _lapse(ports, uow, group, EXPIRED)


def let_go(ports: Ports, uow: UnitOfWork, group: Group) -> None:
    """End a proposal or an offer one of whose people is no longer there; the others come first in the queue."""
    now = ports.clock.now()
    if group.state is GroupState.OFFERED:
        uow.agenda.cancel(DeadlineKind.OFFER_EXPIRY, group.id)
        _dissolve(uow, group, "gone", now)
        return
    uow.agenda.cancel(DeadlineKind.PROPOSAL_EXPIRY, group.id)
    _lapse(ports, uow, group, "gone")


def _lapse(ports: Ports, uow: UnitOfWork, group: Group, why: str) -> None:
    """Nobody decided against these people: only the proposal is over."""
    group.move_to(GroupState.REJECTED)
    group.decision_reason = why
    _release(seated(uow, group.id), ports.clock.now())
    redraw(uow, f"proposal:{group.id}", proposal_card(uow, group), lane="admins")
    uow.journal.write("bot", Action.GROUP_REJECTED, group.id, why=why)


def remind_offers(ports: Ports, uow: UnitOfWork, group_id: str) -> None:
    """Remind those who have not answered; of no use once the offer is closed or has run out."""
    group = uow.groups.get(group_id)
    expires_at = group.offer_expires_at
    if group.state is not GroupState.OFFERED or expires_at is None or expires_at <= ports.clock.now():
        skip(uow, DeadlineKind.OFFER_REMINDER, group_id)
        return
    for seat in seated(uow, group_id):
        if seat.state is SeatState.OFFERED:
            user = uow.members.get(seat.member_id).slack_user_id
            offer = _offer_message(uow, group).model_copy(update={"reminder": True})
            pings.routine(uow, user, _reminder_key(seat), offer, ports.clock.now(), before=expires_at)


def expire_offers(ports: Ports, uow: UnitOfWork, group_id: str) -> None:
    """Close an offer that somebody has left without an answer: the others are free again, at the head of the queue."""
    group = uow.groups.get(group_id)
    if group.state is not GroupState.OFFERED:
        skip(uow, DeadlineKind.OFFER_EXPIRY, group_id)
        return
    for seat in seated(uow, group_id):
        if seat.state is SeatState.OFFERED:
            seat.state = SeatState.EXPIRED
    _dissolve(uow, group, "expired", ports.clock.now())


def _offer(uow: UnitOfWork, group: Group, now: datetime) -> None:
    zone = common_zone(members_of(uow, group.id))
    group.offer_expires_at = quiet_until(now + OFFER_LIFETIME, zone)
    uow.agenda.put(DeadlineKind.OFFER_REMINDER, group.id, quiet_until(now + REMINDER_AFTER, zone))
    uow.agenda.put(DeadlineKind.OFFER_EXPIRY, group.id, group.offer_expires_at)
    for seat in seated(uow, group.id):
        seat.state = SeatState.OFFERED
        user = uow.members.get(seat.member_id).slack_user_id
        pings.timely(uow, user, _offer_key(seat), _offer_message(uow, group), now)


def _accepted(uow: UnitOfWork, group: Group, seat: Seat, now: datetime) -> None:
    seats = seated(uow, group.id)
    seat.agrees_to_three = len(seats) == min(GROUP_SIZES)
    _close_offer(uow, group, seat, "accepted")
    if any(other.state is not SeatState.ACCEPTED for other in seats):
        return
    group.move_to(GroupState.OPENING)
    for other in seats:
        other.joined_at = now
    uow.agenda.cancel(DeadlineKind.OFFER_REMINDER, group.id)
    uow.agenda.cancel(DeadlineKind.OFFER_EXPIRY, group.id)
    opening = OpenGroupChannel(group_id=group.id, name=channel_name(group))
    morning = quiet_until(now, common_zone(members_of(uow, group.id)))  # an invitation pings
    uow.outbox.put(f"channel:{group.id}", opening, lane=f"group:{group.id}", due_at=morning)
    tell_admins(uow, f"outcome:{group.id}", GroupOutcome(label=group.label, formed=True, detail="accepted"))


def _dissolve(uow: UnitOfWork, group: Group, why: OfferEnd, now: datetime) -> None:
    """End the offer for all; those who neither declined nor kept silent are released, which puts them first in line."""
    released = seated(uow, group.id)
    _release(released, now)
    group.move_to(GroupState.DISSOLVED)
    uow.agenda.cancel(DeadlineKind.OFFER_REMINDER, group.id)
    for seat in party(uow, group.id):
        seat.left_at = now
        _close_offer(uow, group, seat, ENDED[seat.state])
    for seat in released:
        user = uow.members.get(seat.member_id).slack_user_id
        withdrawn = OfferWithdrawn(place=group.place)
        pings.timely(uow, user, f"withdrawn:{group.id}:{seat.member_id}", withdrawn, now)
    tell_admins(uow, f"outcome:{group.id}", GroupOutcome(label=group.label, formed=False, detail=why))
    uow.journal.write("bot", Action.GROUP_DISSOLVED, group.id, why=why)


def _release(seats: Iterable[Seat], now: datetime) -> None:
    for seat in seats:
        seat.state, seat.left_at = SeatState.RELEASED, now


def _close_offer(uow: UnitOfWork, group: Group, seat: Seat, answer: OfferAnswer) -> None:
    """Take the buttons off the offer and off its reminder."""
    message = _offer_message(uow, group).model_copy(update={"answer": answer})
    user = uow.members.get(seat.member_id).slack_user_id
    for post_key in (_offer_key(seat), _reminder_key(seat)):
        pings.update(uow, user, post_key, message)


def _offer_message(uow: UnitOfWork, group: Group) -> SeatOffer:
    assert group.offer_expires_at is not None
    return SeatOffer(
        group_id=group.id,
        size=len(party(uow, group.id)),
        place=group.place,
        worst_km=group.worst_km,
        common_slots=group.common_slots,
        expires_at=group.offer_expires_at,
        zone=common_zone([uow.members.get(seat.member_id) for seat in party(uow, group.id)]),
    )


def _offer_key(seat: Seat) -> str:
    return f"offer:{seat.group_id}:{seat.member_id}"


def _reminder_key(seat: Seat) -> str:
    return f"{_offer_key(seat)}:reminder"
