"""The later instalments: dated with the group, announced, collected once, retried, handed to a person, stopped."""

from __future__ import annotations

from datetime import timedelta

import pytest

from programme.errors import NotAllowed, NotFound, Permanent, Refusal, Retryable
from programme.messages.common import FailureCard
from programme.messages.endings import RefundSent
from programme.messages.instalments import (
    InstalmentCard,
    InstalmentLink,
    InstalmentLinkExpired,
    InstalmentNotice,
    InstalmentPaid,
    InstalmentRefused,
    InstalmentsDated,
    InstalmentSuspended,
)
from programme.model.charge import ChargeStatus
from programme.model.ending import EndKind
from programme.model.enrolment import Choice
from programme.model.group import GroupState
from programme.model.order import PaymentPlan, PaymentStatus
from programme.model.people import Caller
from programme.usecases import (
    collecting,
    delivery,
    instalment_help,
    instalment_pages,
    payments,
    refunds,
    termination,
    withdrawal,
)
from programme.usecases.endings import end_contract
from programme.usecases.instalment_dates import fix_dates
from tests.builders import current, paid
from tests.conftest import World
from tests.usecases.in_three import (
    ADMIN,
    LEA,
    OTHER_ADMIN,
    at_ten,
    begun,
    due_day,
    hold,
    instalment,
    live_until,
    said,
    session_days,
)
from tests.usecases.running import running, sessions_of
from tests.usecases.waiting_room import Person, rows


def test_until_the_group_starts_the_later_instalments_have_no_date(world: World) -> None:
    order = paid(world, "ULEA", plan=PaymentPlan.THREE)
    assert [instalment(world, order, number).due_on for number in (2, 3)] == [None, None]
    facts = dict(world.printer.printed)["contrat"]
    assert [line["due_on"] for line in facts["instalments"]] == [None] * 3


def test_the_dates_are_those_of_the_sixth_and_eleventh_sessions_and_are_told(world: World) -> None:
    order = paid(world, "ULEA", plan=PaymentPlan.THREE, choice=Choice.EARLY)
    running(world.ports, *(Person(f"UM{number}") for number in range(1, 4)))
    delivery.deliver_all(world.ports)
    days = [session.day for session in sessions_of(world.ports)]
    assert [due_day(world, order, number) for number in (2, 3)] == [days[5], days[10]]
    [told] = said(world, InstalmentsDated)
    assert [(one.number, one.amount, one.due_on) for one in told.instalments] == [
        (2, 15_000, days[5]),
        (3, 15_000, days[10]),
    ]
    assert told.card == "Visa 4242"
    [mail] = [mail for mail in world.mailer.sent if mail["template"] == "instalments_dated"]
    assert mail["to"] == "lea@exemple.fr"


def test_a_week_before_the_member_is_told_the_day_the_sum_and_the_card(world: World) -> None:
    order = begun(world)
    day = due_day(world, order)
    live_until(world, at_ten(day, -7) - timedelta(seconds=1))
    assert said(world, InstalmentNotice) == []
    live_until(world, at_ten(day, -7))
    [notice] = said(world, InstalmentNotice)
    assert (notice.amount, notice.due_on, notice.card) == (15_000, day, "Visa 4242")
    assert [mail["data"]["amount"] for mail in world.mailer.sent if mail["template"] == "instalment_notice"] == [15_000]
    assert world.payments.charges == {}


def test_three_payments_make_the_price_each_on_its_day(world: World) -> None:
    order = begun(world)
    live_until(world, at_ten(due_day(world, order)) - timedelta(seconds=1))
    assert sum(world.payments.collected().values()) == 15_000
    live_until(world, at_ten(due_day(world, order)))
    assert sum(world.payments.collected().values()) == 30_000
    live_until(world, at_ten(due_day(world, order, 3), 30))
    assert sorted(world.payments.collected().values()) == [15_000] * 3
    assert [paid.paid for paid in said(world, InstalmentPaid)] == [30_000, 45_000]
    assert [instalment(world, order, number).status for number in (1, 2, 3)] == [PaymentStatus.PAID] * 3
    with world.store.reading() as uow:
        proofs = [one for one in uow.enrolments.evidence(order.enrolment_id) if one.kind == "payment_received"]
    assert [proof.facts["number"] for proof in proofs] == [1, 2, 3]


def test_an_answer_that_is_lost_charges_once(world: World) -> None:
    order = begun(world)
    world.payments.lose_answer = [Retryable("timeout", uncertain=True)]
    live_until(world, at_ten(due_day(world, order), 1))
    assert world.payments.lose_answer == []
    assert sum(world.payments.collected().values()) == 30_000
    assert len(said(world, InstalmentPaid)) == 1


def test_a_bot_that_was_dead_for_two_days_charges_once(world: World) -> None:
    """Stripe has forgotten the idempotency key by then: only the charge itself can tell."""
    order = begun(world)
    world.payments.lose_answer = [Retryable("killed", uncertain=True)]
    live_until(world, at_ten(due_day(world, order)))
    world.payments.keys.clear()
    world.clock.move(days=2)
    live_until(world, world.clock.now())
    assert sum(world.payments.collected().values()) == 30_000
    assert instalment(world, order).status is PaymentStatus.PAID


def test_webhook_reconciliation_and_delivery_lead_to_one_state(world: World) -> None:
    order = begun(world)
    world.payments.lose_answer = [Retryable("timeout", uncertain=True, after=3600)]
    live_until(world, at_ten(due_day(world, order)))
    intent = instalment(world, order).intent_id
    assert collecting.settle_charge(world.ports, intent)
    assert not collecting.settle_charge(world.ports, intent)
    assert collecting.reconcile(world.ports) == 0
    live_until(world, at_ten(due_day(world, order), 1))
    assert len(said(world, InstalmentPaid)) == 1
    assert sum(world.payments.collected().values()) == 30_000


def test_without_webhook_the_reconciliation_finds_the_payment(world: World) -> None:
    order = begun(world)
    world.payments.lose_answer = [Retryable("timeout", uncertain=True, after=3600)]
    live_until(world, at_ten(due_day(world, order)))
    assert collecting.reconcile(world.ports) == 1
    assert instalment(world, order).status is PaymentStatus.PAID


def test_a_charge_that_is_not_ours_changes_nothing(world: World) -> None:
    order = begun(world)
    assert not collecting.settle_charge(world.ports, "pi_of_somebody")
    assert not collecting.settle_charge(world.ports, instalment(world, order, 1).intent_id)


@pytest.mark.parametrize("falsified", [{"amount": 14_999}, {"currency": "usd"}])
def test_another_sum_or_currency_counts_for_nothing_and_alerts(world: World, falsified: dict[str, object]) -> None:
    order = begun(world)
    world.payments.lose_answer = [Retryable("timeout", uncertain=True, after=3600)]
    live_until(world, at_ten(due_day(world, order)))
    intent = instalment(world, order).intent_id
    world.payments.charges[intent] = world.payments.charges[intent].model_copy(update=falsified)
    for _ in range(2):
        assert not collecting.settle_charge(world.ports, intent)
    delivery.deliver_all(world.ports)
    assert instalment(world, order).status is PaymentStatus.DUE
    assert [card.what for card in world.workspace.said(FailureCard, "CADMIN")] == ["payment_mismatch"]


def test_a_refusal_is_tried_again_after_three_and_seven_days_then_goes_to_a_person(world: World) -> None:
    order = begun(world)
    day = due_day(world, order)
    world.payments.bank = ChargeStatus.DECLINED
    live_until(world, at_ten(day))
    [refused] = said(world, InstalmentRefused)
    assert refused.next_on == day + timedelta(days=3)
    live_until(world, at_ten(day, 3))
    assert [one.next_on for one in said(world, InstalmentRefused)][1:] == [day + timedelta(days=7)]
    assert world.workspace.said(InstalmentCard) == []
    live_until(world, at_ten(day, 7))
    assert [one.next_on for one in said(world, InstalmentRefused)][2:] == [None]
    [card] = world.workspace.said(InstalmentCard, "CADMIN")
    assert (card.member_user, card.amount, card.why) == ("ULEA", 15_000, "refused")
    assert [mail["template"] for mail in world.mailer.sent].count("instalment_refused") == 3
    live_until(world, at_ten(day, 25))
    assert instalment(world, order).attempts == 3
    assert len(world.payments.charges) == 1


def test_the_second_try_may_succeed(world: World) -> None:
    order = begun(world)
    world.payments.bank = ChargeStatus.DECLINED
    live_until(world, at_ten(due_day(world, order)))
    world.payments.bank = ChargeStatus.SUCCEEDED
    live_until(world, at_ten(due_day(world, order), 8))
    assert sum(world.payments.collected().values()) == 30_000
    assert world.workspace.said(InstalmentCard) == []


def test_a_refusal_told_by_the_webhook_first_is_told_once(world: World) -> None:
    order = begun(world)
    world.payments.bank = ChargeStatus.DECLINED
    world.payments.lose_answer = [Retryable("timeout", uncertain=True, after=3600)]
    live_until(world, at_ten(due_day(world, order)))
    intent = instalment(world, order).intent_id
    assert collecting.settle_charge(world.ports, intent)
    assert not collecting.settle_charge(world.ports, intent)
    live_until(world, at_ten(due_day(world, order), 2))
    assert len(said(world, InstalmentRefused)) == 1
    assert instalment(world, order).attempts == 1


def test_an_admin_tries_again_or_sends_a_link_and_the_card_follows(world: World) -> None:
    order = begun(world)
    world.payments.bank = ChargeStatus.DECLINED
    live_until(world, at_ten(due_day(world, order), 8))
    payment = instalment(world, order)
    for act in (instalment_help.try_again, instalment_help.send):
        with pytest.raises(NotAllowed):
            act(world.ports, caller=LEA, payment_id=payment.id)
    instalment_help.send(world.ports, caller=ADMIN, payment_id=payment.id)
    live_until(world, world.clock.now())
    assert len(said(world, InstalmentLink)) == 1
    world.payments.bank = ChargeStatus.SUCCEEDED
    instalment_help.try_again(world.ports, caller=ADMIN, payment_id=payment.id)
    live_until(world, world.clock.now())
    assert instalment(world, order).status is PaymentStatus.PAID
    states = [edit[2].state for edit in world.workspace.edits if isinstance(edit[2], InstalmentCard)]
    assert states == ["linked", "tried", "paid"]
    assert [page.status for page in world.payments.sessions.values() if page.payment_id] == ["expired"]
    with pytest.raises(Refusal, match="instalment_settled"):
        instalment_help.try_again(world.ports, caller=ADMIN, payment_id=payment.id)


def test_when_the_bank_asks_for_its_client_a_page_arrives_and_pays(world: World) -> None:
    order = begun(world)
    world.payments.bank = ChargeStatus.AUTHENTICATION
    live_until(world, at_ten(due_day(world, order)))
    [link] = said(world, InstalmentLink)
    assert (link.amount, link.to_authenticate) == (15_000, True)
    assert said(world, InstalmentRefused) == []
    page = instalment(world, order).checkout_id
    assert [one.status for one in world.payments.charges.values()] == [ChargeStatus.CANCELLED]
    world.payments.pay(page, card="Mastercard 4444", payment_method_id="pm_new")
    assert collecting.reconcile(world.ports) == 1
    assert not payments.settle_checkout(world.ports, page)
    assert instalment(world, order).status is PaymentStatus.PAID
    assert current(world, order.id).card == "Mastercard 4444"
    world.payments.bank = ChargeStatus.SUCCEEDED
    live_until(world, at_ten(due_day(world, order, 3)))
    [third] = [one for one in world.payments.charges.values() if one.status is ChargeStatus.SUCCEEDED]
    assert third.card_id == "pm_new"
    assert sum(world.payments.collected().values()) == 45_000


def test_a_page_that_nobody_opens_is_renewed_and_then_goes_to_a_person(world: World) -> None:
    order = begun(world)
    world.payments.bank = ChargeStatus.AUTHENTICATION
    day = due_day(world, order)
    live_until(world, at_ten(day))
    payment = instalment(world, order)
    assert not instalment_pages.renew(world.ports, caller=LEA, payment_id=payment.id)
    live_until(world, at_ten(day, 1))
    assert len(said(world, InstalmentLinkExpired)) == 1
    assert instalment_pages.renew(world.ports, caller=LEA, payment_id=payment.id)
    assert not instalment_pages.renew(world.ports, caller=LEA, payment_id=payment.id)
    live_until(world, at_ten(day, 8))
    assert len(said(world, InstalmentLink)) == 4
    assert [card.why for card in world.workspace.said(InstalmentCard, "CADMIN")] == ["authentication"]
    assert len(world.payments.charges) == 1


def test_a_renewed_page_closes_the_one_before_and_nobody_renews_for_another(world: World) -> None:
    order = begun(world)
    payment = instalment(world, order)
    with pytest.raises(NotFound):
        instalment_pages.renew(world.ports, caller=Caller("UM1"), payment_id=payment.id)
    assert instalment_pages.renew(world.ports, caller=LEA, payment_id=payment.id)
    live_until(world, world.clock.now())
    first = instalment(world, order).checkout_id
    instalment_help.send(world.ports, caller=ADMIN, payment_id=payment.id)
    live_until(world, world.clock.now())
    second = instalment(world, order).checkout_id
    assert [world.payments.sessions[page].status for page in (first, second)] == ["expired", "open"]


def test_another_card_before_the_day_replaces_the_debit(world: World) -> None:
    order = begun(world)
    payment = instalment(world, order)
    assert instalment_pages.renew(world.ports, caller=LEA, payment_id=payment.id)
    live_until(world, world.clock.now())
    page = instalment(world, order).checkout_id
    world.payments.pay(page)
    assert payments.settle_checkout(world.ports, page)
    live_until(world, at_ten(due_day(world, order), 10))
    assert sum(world.payments.collected().values()) == 30_000
    assert said(world, InstalmentNotice) == []


def test_a_page_that_was_left_open_is_closed_before_the_debit(world: World) -> None:
    order = begun(world)
    live_until(world, at_ten(due_day(world, order)) - timedelta(hours=1))
    assert instalment_pages.renew(world.ports, caller=LEA, payment_id=instalment(world, order).id)
    live_until(world, world.clock.now())
    page = instalment(world, order).checkout_id
    live_until(world, at_ten(due_day(world, order)))
    assert world.payments.sessions[page].status == "expired"
    assert sum(world.payments.collected().values()) == 30_000


@pytest.mark.parametrize("lost_webhook", [True, False])
def test_a_page_paid_just_before_the_debit_pays_alone(world: World, *, lost_webhook: bool) -> None:
    order = begun(world)
    live_until(world, at_ten(due_day(world, order)) - timedelta(hours=1))
    assert instalment_pages.renew(world.ports, caller=LEA, payment_id=instalment(world, order).id)
    live_until(world, world.clock.now())
    page = instalment(world, order).checkout_id
    world.payments.pay(page)
    if not lost_webhook:
        payments.settle_checkout(world.ports, page)
    live_until(world, at_ten(due_day(world, order), 8))
    assert sum(world.payments.collected().values()) == 30_000
    assert len(said(world, InstalmentPaid)) == 1


@pytest.mark.parametrize("kind", list(EndKind))
def test_any_end_stops_what_is_to_come(world: World, kind: EndKind) -> None:
    order = begun(world)
    with world.store.uow() as uow:
        found = uow.orders.get(order.id)
        end_contract(world.ports, uow, found, kind, declared_at=world.clock.now(), actor="UADMIN1")
    live_until(world, at_ten(due_day(world, order, 3), 20))
    assert sum(world.payments.collected().values()) == 15_000
    assert instalment(world, order).status is PaymentStatus.CANCELLED
    assert said(world, InstalmentNotice) == []
    with pytest.raises(Refusal, match="instalment_settled"):
        instalment_pages.renew(world.ports, caller=LEA, payment_id=instalment(world, order).id)


def test_an_end_stops_the_debit_that_is_on_its_way(world: World) -> None:
    order = begun(world)
    world.payments.fail_next = [Retryable("down", after=7200)]
    live_until(world, at_ten(due_day(world, order)))
    [row] = rows(world, "inst:")
    assert row.sent_at is None
    withdrawal.declare(world.ports, caller=LEA, order_id=order.id, email="lea@exemple.fr")
    with world.store.uow() as uow:
        end_contract(
            world.ports,
            uow,
            uow.orders.get(order.id),
            EndKind.ABANDONMENT,
            declared_at=world.clock.now(),
            actor="UADMIN1",
        )
    live_until(world, at_ten(due_day(world, order), 10))
    assert sum(world.payments.collected().values()) == 15_000


def test_a_debit_that_crosses_the_end_goes_back_whole_and_is_told(world: World) -> None:
    order = begun(world)
    world.payments.lose_answer = [Retryable("timeout", uncertain=True)]
    live_until(world, at_ten(due_day(world, order)) - timedelta(seconds=1))
    world.clock.move(seconds=1)
    with world.store.uow() as uow:
        collecting.collect(world.ports, uow, instalment(world, order).id)
    assert delivery.deliver_next(world.ports)
    with world.store.uow() as uow:
        end_contract(
            world.ports,
            uow,
            uow.orders.get(order.id),
            EndKind.OPERATOR_FAILURE,
            declared_at=world.clock.now(),
            actor="UADMIN1",
        )
    live_until(world, world.clock.now() + timedelta(hours=1))
    late = instalment(world, order)
    assert world.payments.refunded == [(late.intent_id, 15_000)]
    assert [told.late_payment for told in said(world, RefundSent)] == [True]
    assert [card.what for card in world.workspace.said(FailureCard)] == ["late_payment"]
    assert said(world, InstalmentPaid) == []


def test_a_page_is_closed_with_the_contract_and_what_it_took_goes_back(world: World) -> None:
    order = begun(world)
    assert instalment_pages.renew(world.ports, caller=LEA, payment_id=instalment(world, order).id)
    live_until(world, world.clock.now())
    page = instalment(world, order).checkout_id
    world.payments.pay(page)
    with world.store.uow() as uow:
        end_contract(
            world.ports,
            uow,
            uow.orders.get(order.id),
            EndKind.FORCE_MAJEURE,
            declared_at=world.clock.now(),
            actor="UADMIN1",
        )
    for _ in range(3):
        live_until(world, world.clock.now())
        payments.settle_checkout(world.ports, page)
    assert world.payments.refunded == [(f"pi_{page}", 15_000)]


def test_while_an_end_is_asked_for_a_person_decides_about_the_debit(world: World) -> None:
    order = begun(world)
    termination.ask_to_end(world.ports, caller=LEA, force_majeure=False, reason="Un nouvel emploi.")
    live_until(world, at_ten(due_day(world, order), 8))
    assert sum(world.payments.collected().values()) == 15_000
    assert [card.why for card in world.workspace.said(InstalmentCard, "CADMIN")] == ["ending"]


def test_a_group_on_pause_moves_the_day_on(world: World) -> None:
    order = begun(world)
    day = due_day(world, order)
    set_group(world, GroupState.PAUSED)
    live_until(world, at_ten(day, -7))
    assert due_day(world, order) == day + timedelta(days=7)
    assert said(world, InstalmentNotice) == []
    live_until(world, at_ten(day))
    assert sum(world.payments.collected().values()) == 15_000


def test_between_two_groups_nothing_is_debited(world: World) -> None:
    order = begun(world)
    day = due_day(world, order)
    live_until(world, at_ten(day, -7))
    set_group(world, GroupState.DISSOLVED)
    live_until(world, at_ten(day, 10))
    assert sum(world.payments.collected().values()) == 15_000
    assert instalment(world, order).due_on is None
    assert len(said(world, InstalmentSuspended)) == 1
    with world.store.uow() as uow:
        fix_dates(uow, uow.members.get(order.member_id), session_days(world), world.clock.now())
    assert due_day(world, order) == session_days(world)[5]


def set_group(world: World, state: GroupState) -> None:
    with world.store.uow() as uow:
        [found] = uow.groups.in_states(*GroupState)
        found.state = state


def test_what_stripe_refuses_for_good_is_told_to_the_admins(world: World) -> None:
    order = begun(world)
    live_until(world, at_ten(due_day(world, order)) - timedelta(seconds=1))
    world.payments.fail_next = [Permanent("stripe: no such customer")]
    live_until(world, at_ten(due_day(world, order), 1))
    assert [card.what for card in world.workspace.said(FailureCard)] == ["charge_instalment"]
    assert sum(world.payments.collected().values()) == 15_000


def test_three_charges_are_refunded_newest_first_to_the_cent(world: World) -> None:
    order = begun(world)
    live_until(world, at_ten(due_day(world, order, 3)))
    hold(world, order, 3)
    with world.store.uow() as uow:
        found, now = uow.orders.get(order.id), world.clock.now()
        end = end_contract(world.ports, uow, found, EndKind.FORCE_MAJEURE, declared_at=now, actor="UADMIN1")
    for admin in (ADMIN, OTHER_ADMIN):
        refunds.approve(world.ports, caller=admin, end_id=end.id)
    live_until(world, world.clock.now() + timedelta(minutes=11))
    third, second, first = (instalment(world, order, number).intent_id for number in (3, 2, 1))
    assert sorted(world.payments.refunded) == sorted([(third, 15_000), (second, 15_000), (first, 6_563)])
    assert end.refund == 36_563
    assert [instalment(world, order, number).refunded for number in (1, 2, 3)] == [6_563, 15_000, 15_000]
