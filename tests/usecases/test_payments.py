"""Order and payment: frozen sums, one order, one state whatever repeats."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from programme.errors import NotFound, Permanent, Refusal, Retryable
from programme.messages.common import FailureCard
from programme.messages.orders import OrderConfirmed, PaymentLink, PaymentLinkExpired
from programme.model.enrolment import Choice
from programme.model.order import OrderStatus, PaymentPlan
from programme.model.people import Caller
from programme.usecases import agenda, contract, delivery, payments
from tests.builders import current, ordered, paid, ready_to_order
from tests.conftest import World

LEA = Caller("ULEA")


def fail(what: str, error: Exception) -> None:
    raise AssertionError(what) from error


def test_the_link_goes_to_the_member_alone(world: World) -> None:
    order = ordered(world, "ULEA")
    [post] = [post for post in world.workspace.posts if isinstance(post.message, PaymentLink)]
    assert post.channel == "DLEA"
    assert post.message.url == order.checkout_url
    assert post.message.price == 45_000


def test_two_presses_place_one_order(world: World) -> None:
    ready_to_order(world.ports, "ULEA")
    orders = {payments.place_order(world.ports, caller=LEA, plan=plan, shown={}).id for plan in PaymentPlan}
    delivery.deliver_all(world.ports)
    assert len(orders) == 1
    assert len(world.payments.sessions) == 1


def test_an_order_needs_every_step(world: World) -> None:
    with pytest.raises(Refusal, match="not_enrolled"):
        payments.place_order(world.ports, caller=LEA, plan=PaymentPlan.FULL, shown={})


def test_three_instalments_are_refused_while_they_are_not_offered(world: World) -> None:
    ready_to_order(world.ports, "ULEA")
    closed = replace(world.ports, config=replace(world.ports.config, payment_in_three=False))
    with pytest.raises(Refusal, match="plan_not_offered"):
        payments.place_order(closed, caller=LEA, plan=PaymentPlan.THREE, shown={})
    delivery.deliver_all(closed)
    assert world.payments.sessions == {}
    assert payments.place_order(closed, caller=LEA, plan=PaymentPlan.FULL, shown={}).plan is PaymentPlan.FULL


def test_three_instalments_begin_with_the_first(world: World) -> None:
    order = ordered(world, "ULEA", plan=PaymentPlan.THREE)
    assert world.payments.sessions[order.checkout_id].amount_total == 15_000
    with world.store.reading() as uow:
        assert [payment.amount for payment in uow.orders.payments(order.id)] == [15_000] * 3


def test_paying_fixes_the_withdrawal_period_and_sends_the_contract(world: World) -> None:
    world.clock.instant = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    order = paid(world, "ULEA", choice=Choice.EARLY)
    assert order.status is OrderStatus.PAID
    assert order.withdrawal_last_day == date(2026, 12, 7)
    assert order.withdrawal_end == datetime(2026, 12, 7, 23, 0, tzinfo=UTC)
    assert order.early_start
    assert order.confirmation_sent_at == world.clock.now()
    [mail] = world.mailer.sent
    assert (mail["to"], mail["template"]) == ("lea@exemple.fr", "confirmation")
    assert [template for template, _ in world.printer.printed] == ["contrat", "facture", "recu"]
    facts = world.printer.printed[0][1]
    assert len(facts["requests"]) == 3
    assert {text["sha256"] for text in facts["texts"]} == set(order.texts.values())
    [confirmed] = world.workspace.said(OrderConfirmed, "DLEA")
    assert confirmed.paid == 45_000


def test_webhook_and_reconciliation_in_any_number_count_once(world: World) -> None:
    order = ordered(world, "ULEA")
    world.payments.pay(order.checkout_id)
    assert payments.settle_checkout(world.ports, order.checkout_id)
    assert not payments.settle_checkout(world.ports, order.checkout_id)
    assert payments.reconcile(world.ports) == 0
    delivery.deliver_all(world.ports)
    assert len(world.mailer.sent) == 1
    assert len(world.workspace.said(OrderConfirmed)) == 1


def test_without_any_webhook_the_reconciliation_finds_the_payment(world: World) -> None:
    order = ordered(world, "ULEA")
    assert payments.reconcile(world.ports) == 0
    world.payments.pay(order.checkout_id)
    assert payments.reconcile(world.ports) == 1
    assert current(world, order.id).status is OrderStatus.PAID


@pytest.mark.parametrize("falsified", [{"amount_total": 44_999}, {"currency": "usd"}])
def test_another_sum_or_currency_starts_nothing_and_alerts(world: World, falsified: dict[str, object]) -> None:
    order = ordered(world, "ULEA")
    world.payments.pay(order.checkout_id, **falsified)
    assert not payments.settle_checkout(world.ports, order.checkout_id)
    delivery.deliver_all(world.ports)
    assert current(world, order.id).status is OrderStatus.PLACED
    assert len(world.workspace.said(FailureCard, "CADMIN")) == 1


def test_an_unpaid_session_changes_nothing(world: World) -> None:
    order = ordered(world, "ULEA")
    world.payments.pay(order.checkout_id, payment_status="unpaid")
    assert not payments.settle_checkout(world.ports, order.checkout_id)


def test_an_expired_link_is_told_and_renewed_with_one_tap(world: World) -> None:
    order = ordered(world, "ULEA")
    assert not payments.renew_link(world.ports, caller=LEA, order_id=order.id)
    world.clock.move(hours=24)
    agenda.run_due(world.ports, fail)
    delivery.deliver_all(world.ports)
    assert len(world.workspace.said(PaymentLinkExpired, "DLEA")) == 1
    assert payments.renew_link(world.ports, caller=LEA, order_id=order.id)
    delivery.deliver_all(world.ports)
    assert current(world, order.id).checkout_id != order.checkout_id
    assert len(world.workspace.said(PaymentLink, "DLEA")) == 2


def test_nobody_renews_the_link_of_another(world: World) -> None:
    order = ordered(world, "ULEA")
    with pytest.raises(NotFound):
        payments.renew_link(world.ports, caller=Caller("UPAUL"), order_id=order.id)


def test_stripe_away_only_delays_the_link(world: World) -> None:
    ready_to_order(world.ports, "ULEA")
    payments.place_order(world.ports, caller=LEA, plan=PaymentPlan.FULL, shown={})
    world.payments.fail_next = [Retryable("down"), Retryable("down")]
    for _ in range(3):
        delivery.deliver_all(world.ports)
        world.clock.move(minutes=1)
    assert len(world.workspace.said(PaymentLink)) == 1


def test_a_refused_mail_is_told_to_the_admins_and_keeps_the_gate_shut(world: World) -> None:
    order = ordered(world, "ULEA")
    world.mailer.fail_next = [Permanent("550")]
    world.payments.pay(order.checkout_id)
    payments.settle_checkout(world.ports, order.checkout_id)
    delivery.deliver_all(world.ports)
    assert current(world, order.id).confirmation_sent_at is None
    assert len(world.workspace.said(FailureCard, "CADMIN")) == 1


def test_the_contract_is_sent_again_on_request(world: World) -> None:
    paid(world, "ULEA")
    assert contract.resend(world.ports, caller=LEA, request="t1") == "lea@exemple.fr"
    contract.resend(world.ports, caller=LEA, request="t1")
    delivery.deliver_all(world.ports)
    assert [mail["template"] for mail in world.mailer.sent] == ["confirmation", "contract_copy"]


def test_no_contract_before_it_is_concluded(world: World) -> None:
    ordered(world, "ULEA")
    with pytest.raises(Refusal, match="contract_not_concluded"):
        contract.resend(world.ports, caller=LEA, request="t1")
