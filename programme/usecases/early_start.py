"""Taking the request of an early start back: possible until the first session (L221-25); the right itself is whole."""

from __future__ import annotations

from programme.errors import Refusal
from programme.journal import Action
from programme.messages.enrolment import EarlyStartCard, EarlyStartTakenBack
from programme.model.enrolment import Choice
from programme.model.group import Group, GroupState
from programme.model.member import Member
from programme.model.order import Order
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.usecases import gate, pings
from programme.usecases.board import refresh_board
from programme.usecases.groups import tell_admins
from programme.usecases.standing import open_enrolment, prove


def take_back(ports: Ports, *, caller: Caller) -> None:
    """Go back to waiting for the end of the period; a second press changes nothing.

    Refusal("early_start_begun") once the group's first session has begun. A group that waits for its gate then waits
    for this member too; where dates are published already, the admins are asked to move those that come too early.
    """
    with ports.uow() as uow:
        member, enrolment = open_enrolment(uow, caller)
        order = uow.orders.of_enrolment(enrolment.id)
        if order is None:
            raise Refusal("early_start_none")
        if not order.early_start:
            return
        seat = uow.groups.live_seat(member.id)
        group = uow.groups.get(seat.group_id) if seat else None
        now = ports.clock.now()
        if group and any(session.starts_at <= now for session in uow.sessions.of_group(group.id)):
            raise Refusal("early_start_begun")
        order.early_start = enrolment.early_start_valid = False
        enrolment.choice, enrolment.chosen_at = Choice.WAIT, now
        prove(ports, uow, enrolment, "early_start_taken_back", {"order": order.id, "slack_user": caller.slack_user_id})
        uow.journal.write(caller.slack_user_id, Action.EARLY_START_TAKEN_BACK, order.id)
        message = EarlyStartTakenBack(last_day=order.withdrawal_last_day)
        pings.legal(uow, member.slack_user_id, f"early-start:{order.id}:back", message)
        if group is not None:
            _hold_back(ports, uow, group, member, order)


def _hold_back(ports: Ports, uow: UnitOfWork, group: Group, member: Member, order: Order) -> None:
    if group.state is GroupState.GATED:
        gate.schedule(ports, uow, group)
        refresh_board(ports, uow, group.id)
    sessions = uow.sessions.of_group(group.id)
    early = [one for one in sessions if order.withdrawal_end and one.starts_at < order.withdrawal_end]
    if early and order.withdrawal_last_day:
        card = EarlyStartCard(
            label=group.label, user=member.slack_user_id, sessions=len(early), last_day=order.withdrawal_last_day
        )
        tell_admins(uow, f"early-start:{order.id}:card", card)
