"""The card kept for later instalments leaves Stripe with its contract, once, and not before nothing needs it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from programme.errors import Permanent, Refusal, Retryable
from programme.journal import Action
from programme.messages.common import FailureCard
from programme.messages.instalments import InstalmentCard, InstalmentRefused
from programme.model.accounting import AccountingKind
from programme.model.charge import ChargeStatus
from programme.model.dispute import DisputeState
from programme.model.ending import EndKind
from programme.model.order import Order, PaymentStatus
from programme.usecases import collecting, delivery, disputes, instalment_help, instalment_pages, payments
from programme.usecases.cards import CLAIMABLE
from programme.usecases.endings import end_contract
from tests.builders import current, paid
from tests.conftest import World
from tests.usecases.in_three import ADMIN, LEA, at_ten, begun, due_day, hold, instalment, live_until, said
from tests.usecases.test_disputes import contest, decide


def ended(world: World, order: Order, kind: EndKind = EndKind.OPERATOR_FAILURE) -> None:
    with world.store.uow() as uow:
        found = uow.orders.get(order.id)
        end_contract(world.ports, uow, found, kind, declared_at=world.clock.now(), actor="UADMIN1")
    delivery.deliver_all(world.ports)


def kept(world: World, order: Order) -> str:
    return current(world, order.id).payment_method_id


@pytest.mark.parametrize("kind", [EndKind.WITHDRAWAL, EndKind.ABANDONMENT])
def test_the_end_of_the_contract_lets_the_card_go_once(world: World, kind: EndKind) -> None:
    order = begun(world)
    card = kept(world, order)
    for _ in range(2):
        ended(world, order, kind)
        live_until(world, world.clock.now() + timedelta(days=3))
    assert world.payments.detached == [card]
    assert (kept(world, order), current(world, order.id).card) == ("", "")
    with world.store.reading() as uow:
        assert [line.action for line in uow.journal.of(order.id)].count(Action.CARD_RELEASED) == 1


def test_the_last_instalment_lets_it_go_and_none_before(world: World) -> None:
    order = begun(world)
    card = kept(world, order)
    live_until(world, at_ten(due_day(world, order, 2), 1))
    assert (instalment(world, order).status, world.payments.detached) == (PaymentStatus.PAID, [])
    live_until(world, at_ten(due_day(world, order, 3), 1))
    assert world.payments.detached == [card]
    assert [one.what for one in world.workspace.said(FailureCard)] == []


def test_a_payment_in_full_kept_no_card(world: World) -> None:
    order = paid(world, "ULEA")
    ended(world, order)
    assert world.payments.detached == []


def test_an_answer_that_is_lost_asks_again_under_the_same_key(world: World) -> None:
    order = begun(world)
    world.payments.fail_next = [Retryable("timeout", uncertain=True)]
    ended(world, order)
    live_until(world, world.clock.now() + timedelta(minutes=1))
    assert len(world.payments.detached) == 1


@pytest.mark.parametrize("outcome", [DisputeState.WON, DisputeState.LOST])
def test_a_dispute_keeps_it_until_the_bank_has_decided(world: World, outcome: DisputeState) -> None:
    order = begun(world)
    dispute = contest(world, order)
    disputes.look(world.ports, dispute)
    ended(world, order)
    live_until(world, world.clock.now() + timedelta(days=20))
    assert world.payments.detached == []
    card = kept(world, order)
    decide(world, outcome)
    disputes.look(world.ports, dispute)
    live_until(world, world.clock.now() + timedelta(hours=2))
    assert world.payments.detached == [card]


def test_a_dispute_of_a_contract_in_force_lets_nothing_go(world: World) -> None:
    order = begun(world)
    disputes.look(world.ports, contest(world, order))
    decide(world, DisputeState.WON)
    disputes.look(world.ports, "dp_1")
    delivery.deliver_all(world.ports)
    assert world.payments.detached == []


def test_a_sum_still_owed_keeps_it_for_the_two_years_of_a_claim(world: World) -> None:
    order = begun(world)
    card = kept(world, order)
    hold(world, order, sessions=8)
    world.clock.move(hours=1)
    ended(world, order, EndKind.ABANDONMENT)
    end = world.clock.now()
    live_until(world, end + CLAIMABLE - timedelta(seconds=1))
    assert (world.payments.detached, sum(world.payments.collected().values())) == ([], 15_000)
    live_until(world, end + CLAIMABLE)
    assert world.payments.detached == [card]


def test_the_card_that_another_one_replaces_goes_at_once(world: World) -> None:
    order = begun(world)
    before = kept(world, order)
    assert instalment_pages.renew(world.ports, caller=LEA, payment_id=instalment(world, order).id)
    live_until(world, world.clock.now())
    page = instalment(world, order).checkout_id
    world.payments.pay(page)
    payments.settle_checkout(world.ports, page)
    live_until(world, world.clock.now())
    assert world.payments.detached == [before]
    assert kept(world, order) == f"pm_{page}"


def late(world: World, amount: int) -> Order:
    """A page that was open when the contract ended is paid at the last moment, with that sum."""
    order = begun(world)
    assert instalment_pages.renew(world.ports, caller=LEA, payment_id=instalment(world, order).id)
    live_until(world, world.clock.now())
    page = instalment(world, order).checkout_id
    world.payments.pay(page, amount_total=amount)
    ended(world, order)
    live_until(world, world.clock.now() + timedelta(hours=1))
    return order


@pytest.mark.parametrize("amount", [15_000, 14_987, 45_000])
def test_a_late_payment_goes_back_and_its_receipt_says_what_was_received(world: World, amount: int) -> None:
    order = late(world, amount)
    received = instalment(world, order)
    assert (received.status, received.amount, received.refunded) == (PaymentStatus.PAID, amount, amount)
    assert world.payments.refunded == [(received.intent_id, amount)]
    with world.store.reading() as uow:
        receipt = uow.accounting.about(AccountingKind.RECEIPT, received.id)
    assert receipt is not None
    assert (receipt.amounts.ttc, receipt.content["amount"]) == (amount, amount)
    assert len(world.payments.detached) == len(set(world.payments.detached)) == 2


def test_a_card_that_is_gone_is_a_person_s_at_once_and_the_member_pays_otherwise(world: World) -> None:
    order = begun(world)
    world.payments.detached.append(kept(world, order))  # in Stripe's dashboard
    live_until(world, at_ten(due_day(world, order), 20))
    assert world.workspace.said(FailureCard) == []
    [card] = world.workspace.said(InstalmentCard, "CADMIN")
    assert (card.why, card.state) == ("card_gone", "waiting")
    [told] = said(world, InstalmentRefused)
    assert (told.card_gone, told.next_on) == (True, None)
    [mail] = [one["data"] for one in world.mailer.sent if one["template"] == "instalment_refused"]
    assert mail["card_gone"]
    payment = instalment(world, order)
    with pytest.raises(Refusal, match="instalment_no_card"):
        instalment_help.try_again(world.ports, caller=ADMIN, payment_id=payment.id)
    assert instalment_pages.renew(world.ports, caller=LEA, payment_id=payment.id)
    live_until(world, world.clock.now())
    page = instalment(world, order).checkout_id
    world.payments.pay(page)
    payments.settle_checkout(world.ports, page)
    live_until(world, world.clock.now())
    assert instalment(world, order).status is PaymentStatus.PAID
    assert kept(world, order) == f"pm_{page}"
    live_until(world, at_ten(due_day(world, order, 3), 1))
    assert instalment(world, order, 3).status is PaymentStatus.PAID


def test_what_stripe_cannot_do_is_told(world: World) -> None:
    order = begun(world)
    world.payments.fail_next = [Permanent("stripe: no")]
    ended(world, order)
    assert [one.what for one in world.workspace.said(FailureCard)] == ["let_card_go"]


def test_a_refusal_that_comes_between_two_groups_waits_for_the_next_day(world: World) -> None:
    order = begun(world)
    world.payments.bank = ChargeStatus.PROCESSING
    live_until(world, at_ten(due_day(world, order)))
    with world.store.uow() as uow:
        payment = uow.orders.payments(order.id)[1]
        payment.due_on = None
        charge = world.payments.charges[payment.intent_id]
    world.payments.charges[charge.id] = charge.model_copy(update={"status": ChargeStatus.DECLINED, "failure": "ch_9"})
    live_until(world, world.clock.now() + timedelta(days=1))
    assert collecting.settle_charge(world.ports, charge.id)
    live_until(world, world.clock.now() + timedelta(days=30))
    assert instalment(world, order).status is PaymentStatus.FAILED
    assert said(world, InstalmentRefused) == []
    assert world.workspace.said(InstalmentCard) == []
