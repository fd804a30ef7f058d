"""A payment contested at the bank: the order is frozen, admins are told once, and what follows depends on the bank."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from programme.errors import Refusal
from programme.messages.disputes import DisputeCard, DisputeReminder
from programme.messages.instalments import InstalmentCard
from programme.model.dispute import DisputeState
from programme.model.ending import EndKind, EndState
from programme.model.order import Order, PaymentStatus
from programme.payment_provider import DisputeSeen
from programme.usecases import delivery, disputes, instalment_help, instalment_pages, reconciliation, refunds
from programme.usecases.endings import end_contract
from tests.builders import paid
from tests.conftest import World
from tests.usecases.in_three import ADMIN, LEA, OTHER_ADMIN, at_ten, begun, due_day, instalment, live_until


def contest(world: World, order: Order, number: int = 1) -> str:
    """The payer contests an instalment at their bank."""
    payment = instalment(world, order, number)
    until = world.clock.now() + timedelta(days=7)
    seen = DisputeSeen("dp_1", payment.intent_id, payment.amount, "fraudulent", DisputeState.OPEN, until)
    world.payments.contested[seen.id] = seen
    return seen.id


def decide(world: World, state: DisputeState) -> None:
    """The bank decides."""
    world.payments.contested["dp_1"] = replace(world.payments.contested["dp_1"], state=state)


def end(world: World, order: Order) -> str:
    with world.store.uow() as uow:
        found = uow.orders.get(order.id)
        now = world.clock.now()
        return end_contract(world.ports, uow, found, EndKind.OPERATOR_FAILURE, declared_at=now, actor="UADMIN1").id


def test_a_dispute_is_told_to_the_admins_once_by_whichever_road(world: World) -> None:
    order = begun(world)
    dispute = contest(world, order)
    assert disputes.look(world.ports, dispute)
    assert not disputes.look(world.ports, dispute)
    assert reconciliation.reconcile(world.ports) == 0
    delivery.deliver_all(world.ports)
    [card] = world.workspace.said(DisputeCard, "CADMIN")
    assert (card.member_user, card.amount, card.reason) == ("ULEA", 15_000, "fraudulent")
    assert card.evidence_due_at == world.clock.now() + timedelta(days=7)
    assert world.workspace.said(DisputeCard, "DLEA") == []


def test_without_any_webhook_the_reconciliation_finds_it(world: World) -> None:
    order = begun(world)
    contest(world, order)
    assert reconciliation.reconcile(world.ports) == 1


def test_a_payment_of_somebody_else_is_no_dispute_of_ours(world: World) -> None:
    world.payments.contested["dp_9"] = DisputeSeen("dp_9", "pi_other", 100, "general", DisputeState.OPEN)
    assert disputes.follow(world.ports) == 0
    delivery.deliver_all(world.ports)
    assert world.workspace.said(DisputeCard) == []


def test_nothing_is_collected_while_it_is_open_and_all_goes_on_when_it_is_won(world: World) -> None:
    order = begun(world)
    contest(world, order)
    disputes.follow(world.ports)
    live_until(world, at_ten(due_day(world, order), 5))
    assert sum(world.payments.collected().values()) == 15_000
    for act in (instalment_help.send, instalment_help.try_again):
        with pytest.raises(Refusal, match="order_disputed"):
            act(world.ports, caller=ADMIN, payment_id=instalment(world, order).id)
    with pytest.raises(Refusal, match="order_disputed"):
        instalment_pages.renew(world.ports, caller=LEA, payment_id=instalment(world, order).id)
    decide(world, DisputeState.WON)
    assert disputes.follow(world.ports) == 1
    live_until(world, at_ten(due_day(world, order), 7))
    assert sum(world.payments.collected().values()) == 30_000
    assert [edit[2].state for edit in world.workspace.edits if isinstance(edit[2], DisputeCard)] == ["won"]


def test_the_debit_that_is_on_its_way_stays_and_comes_later(world: World) -> None:
    order = begun(world)
    live_until(world, at_ten(due_day(world, order)) - timedelta(hours=1))
    assert instalment_pages.renew(world.ports, caller=LEA, payment_id=instalment(world, order).id)
    live_until(world, world.clock.now())
    page = instalment(world, order).checkout_id
    contest(world, order)
    disputes.follow(world.ports)
    live_until(world, at_ten(due_day(world, order), 2))
    assert world.payments.sessions[page].status == "expired"
    assert sum(world.payments.collected().values()) == 15_000
    decide(world, DisputeState.WON)
    disputes.follow(world.ports)
    live_until(world, at_ten(due_day(world, order), 4))
    assert sum(world.payments.collected().values()) == 30_000


def test_after_a_lost_one_a_person_decides_about_what_is_to_come(world: World) -> None:
    order = begun(world)
    contest(world, order)
    disputes.follow(world.ports)
    decide(world, DisputeState.LOST)
    disputes.follow(world.ports)
    live_until(world, at_ten(due_day(world, order), 20))
    assert sum(world.payments.collected().values()) == 15_000
    assert [card.why for card in world.workspace.said(InstalmentCard, "CADMIN")] == ["disputed"]
    assert instalment(world, order, 1).refunded == 15_000


def test_no_refund_leaves_while_it_is_open(world: World) -> None:
    order = paid(world, "ULEA")
    contest(world, order)
    ended = end(world, order)
    disputes.follow(world.ports)
    with pytest.raises(Refusal, match="order_disputed"):
        refunds.approve(world.ports, caller=ADMIN, end_id=ended)
    decide(world, DisputeState.WON)
    disputes.follow(world.ports)
    for admin in (ADMIN, OTHER_ADMIN):
        refunds.approve(world.ports, caller=admin, end_id=ended)
    live_until(world, world.clock.now() + timedelta(minutes=11))
    assert [amount for _, amount in world.payments.refunded] == [45_000]


def test_a_refund_that_was_approved_waits_for_the_bank_and_is_not_paid_twice(world: World) -> None:
    order = paid(world, "ULEA")
    ended = end(world, order)
    for admin in (ADMIN, OTHER_ADMIN):
        refunds.approve(world.ports, caller=admin, end_id=ended)
    contest(world, order)
    disputes.follow(world.ports)
    live_until(world, world.clock.now() + timedelta(days=3))
    assert world.payments.refunded == []
    decide(world, DisputeState.LOST)
    disputes.follow(world.ports)
    live_until(world, world.clock.now() + timedelta(days=2))
    assert world.payments.refunded == []
    with world.store.reading() as uow:
        assert uow.endings.get(ended).state is EndState.SETTLED
        assert uow.orders.payments(order.id)[0].refunded == 45_000


def test_the_last_day_for_evidence_is_recalled_unless_it_is_over(world: World) -> None:
    order = begun(world)
    contest(world, order)
    disputes.follow(world.ports)
    live_until(world, world.clock.now() + timedelta(days=5))
    assert len(world.workspace.said(DisputeReminder, "CADMIN")) == 1
    assert instalment(world, order, 1).status is PaymentStatus.PAID
