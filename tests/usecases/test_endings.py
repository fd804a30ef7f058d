"""Withdrawal, termination and refunds: declared once, settled to the cent, sent once, and told to nobody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from programme.errors import InvalidForm, NotAllowed, Permanent, Refusal
from programme.messages.common import FailureCard
from programme.messages.endings import (
    DeclarationCard,
    DeclarationReceived,
    DeclarationToConfirm,
    EndCard,
    RefundAlert,
    RefundFailed,
    RefundSent,
)
from programme.model.ending import ContractEnd, DeclarationState, EndKind, EndState, RefundStatus
from programme.model.enrolment import EnrolmentStatus
from programme.model.order import Order, OrderStatus, PaymentPlan, PaymentStatus
from programme.model.people import Caller, Role
from programme.usecases import agenda, delivery, payments, refunds, termination, withdrawal
from tests.builders import current, ordered, paid
from tests.conftest import World

LEA = Caller("ULEA")
FIRST, SECOND = (Caller(user, frozenset({Role.ADMIN})) for user in ("UADMIN1", "UADMIN2"))
EMAIL = "lea@exemple.fr"


def fail(what: str, error: Exception) -> None:
    raise AssertionError(what) from error


def live(world: World, **delta: float) -> None:
    """Let time pass, do what is due and deliver."""
    world.clock.move(**delta)
    agenda.run_due(world.ports, fail)
    delivery.deliver_all(world.ports)


def withdraw(world: World, order: Order) -> str:
    declaration = withdrawal.declare(world.ports, caller=LEA, order_id=order.id, email=EMAIL)
    delivery.deliver_all(world.ports)
    return declaration.id


def end_of(world: World, order: Order) -> ContractEnd:
    with world.store.reading() as uow:
        end = uow.endings.of_order(order.id)
    assert end is not None
    return end


def status_of(world: World, order: Order) -> EnrolmentStatus:
    with world.store.reading() as uow:
        return uow.enrolments.get(order.enrolment_id).status


def test_a_withdrawal_in_time_ends_the_contract_and_owes_everything_back(world: World) -> None:
    order = paid(world, "ULEA")
    withdraw(world, order)
    end = end_of(world, order)
    assert (end.kind, end.due, end.refund, end.state) == (EndKind.WITHDRAWAL, 0, 45000, EndState.PROPOSED)
    assert end.refund_due_on == date(2026, 12, 7)
    assert status_of(world, order) is EnrolmentStatus.WITHDRAWN
    [mail] = [mail for mail in world.mailer.sent if mail["template"] == "withdrawal_received"]
    assert mail["to"] == EMAIL
    assert len(mail["attachments"]) == 1
    assert len(world.workspace.said(DeclarationReceived)) == 1


def test_a_second_press_and_a_second_device_make_one_declaration(world: World) -> None:
    order = paid(world, "ULEA")
    assert len({withdraw(world, order) for _ in range(3)}) == 1
    assert len([mail for mail in world.mailer.sent if mail["template"] == "withdrawal_received"]) == 1
    assert len(world.workspace.said(EndCard)) == 1


def test_the_last_instant_is_in_time_and_the_next_is_examined_by_a_person(world: World) -> None:
    order = paid(world, "ULEA")
    assert order.withdrawal_end is not None
    world.clock.instant = order.withdrawal_end
    withdraw(world, order)
    assert status_of(world, order) is EnrolmentStatus.ACTIVE
    [card] = world.workspace.said(DeclarationCard)
    assert not card.in_time
    accepted = withdrawal.decide(world.ports, caller=FIRST, declaration_id=card.declaration_id, accepted=True)
    assert accepted.state is DeclarationState.ACCEPTED
    assert status_of(world, order) is EnrolmentStatus.WITHDRAWN


def test_one_microsecond_before_the_end_is_in_time(world: World) -> None:
    order = paid(world, "ULEA")
    assert order.withdrawal_end is not None
    world.clock.instant = order.withdrawal_end - timedelta(microseconds=1)
    withdraw(world, order)
    assert status_of(world, order) is EnrolmentStatus.WITHDRAWN


def test_a_late_declaration_may_be_answered_with_reasons_only(world: World) -> None:
    order = paid(world, "ULEA")
    world.clock.move(days=40)
    declaration = withdraw(world, order)
    with pytest.raises(InvalidForm):
        withdrawal.decide(world.ports, caller=FIRST, declaration_id=declaration, accepted=False)
    withdrawal.decide(world.ports, caller=FIRST, declaration_id=declaration, accepted=False, reason="Délai passé.")
    delivery.deliver_all(world.ports)
    assert [mail["data"]["reason"] for mail in world.mailer.sent if mail["template"] == "withdrawal_answer"] == [
        "Délai passé."
    ]
    assert status_of(world, order) is EnrolmentStatus.ACTIVE


def test_nobody_examines_or_refunds_without_being_an_admin(world: World) -> None:
    order = paid(world, "ULEA")
    withdraw(world, order)
    end = end_of(world, order)
    for act in (
        lambda: refunds.approve(world.ports, caller=LEA, end_id=end.id),
        lambda: refunds.undo(world.ports, caller=LEA, end_id=end.id),
        lambda: termination.cases_of(world.ports, caller=LEA, member_user="ULEA"),
        lambda: withdrawal.record_letter(world.ports, caller=LEA, member_user="ULEA", sent_on=date(2026, 11, 23)),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_above_the_threshold_two_different_admins_confirm(world: World) -> None:
    order = paid(world, "ULEA")
    withdraw(world, order)
    end = end_of(world, order)
    assert refunds.approve(world.ports, caller=FIRST, end_id=end.id) is EndState.SECONDED
    with pytest.raises(Refusal, match="end_second_admin"):
        refunds.approve(world.ports, caller=FIRST, end_id=end.id)
    assert refunds.approve(world.ports, caller=SECOND, end_id=end.id) is EndState.LEAVING
    assert world.payments.refunded == []
    live(world, minutes=11)
    assert world.payments.refunded == [(f"pi_{order.checkout_id}", 45000)]
    assert end_of(world, order).state is EndState.SETTLED
    [told] = world.workspace.said(RefundSent)
    assert told.amount == 45000


def test_a_refund_can_be_called_back_until_it_leaves_and_is_sent_once(world: World) -> None:
    order = paid(world, "ULEA", plan=PaymentPlan.THREE)
    withdraw(world, order)
    end = end_of(world, order)
    refunds.approve(world.ports, caller=FIRST, end_id=end.id)
    live(world, minutes=5)
    refunds.undo(world.ports, caller=SECOND, end_id=end.id)
    live(world, minutes=30)
    assert world.payments.refunded == []
    refunds.approve(world.ports, caller=FIRST, end_id=end.id)
    live(world, minutes=11)
    refunds.approve(world.ports, caller=SECOND, end_id=end.id)
    live(world, minutes=11)
    assert world.payments.refunded == [(f"pi_{order.checkout_id}", 15000)]
    with pytest.raises(Refusal, match="refund_left"):
        refunds.undo(world.ports, caller=FIRST, end_id=end.id)


def test_unpaid_instalments_stop_at_once(world: World) -> None:
    order = paid(world, "ULEA", plan=PaymentPlan.THREE)
    withdraw(world, order)
    with world.store.reading() as uow:
        assert [payment.status for payment in uow.orders.payments(order.id)] == [
            PaymentStatus.PAID,
            PaymentStatus.CANCELLED,
            PaymentStatus.CANCELLED,
        ]


def test_alerts_come_until_the_refund_has_arrived(world: World) -> None:
    order = paid(world, "ULEA")
    withdraw(world, order)
    live(world, days=8)
    assert [alert.day for alert in world.workspace.said(RefundAlert)] == [3, 7]
    end = end_of(world, order)
    refunds.approve(world.ports, caller=FIRST, end_id=end.id)
    refunds.approve(world.ports, caller=SECOND, end_id=end.id)
    live(world, minutes=11)
    live(world, days=10)
    assert [alert.day for alert in world.workspace.said(RefundAlert)] == [3, 7]


def test_an_alert_says_whose_tap_is_missing(world: World) -> None:
    order = paid(world, "ULEA")
    withdraw(world, order)
    end = end_of(world, order)
    refunds.approve(world.ports, caller=FIRST, end_id=end.id)
    live(world, days=4)
    [alert] = world.workspace.said(RefundAlert)
    assert (alert.end_id, alert.state, alert.approved_by) == (end.id, EndState.SECONDED, "UADMIN1")


def test_a_pending_refund_is_followed_to_its_end(world: World) -> None:
    order = paid(world, "ULEA", plan=PaymentPlan.THREE)
    withdraw(world, order)
    world.payments.refunds_end_as = RefundStatus.PENDING
    refunds.approve(world.ports, caller=FIRST, end_id=end_of(world, order).id)
    live(world, minutes=11)
    assert end_of(world, order).state is EndState.SENT
    assert refunds.follow(world.ports) == 0
    world.payments.refunds_end_as = RefundStatus.SUCCEEDED
    assert refunds.follow(world.ports) == 1
    assert refunds.follow(world.ports) == 0
    assert end_of(world, order).state is EndState.SETTLED


def test_a_failed_refund_goes_to_a_person_and_counts_no_more(world: World) -> None:
    order = paid(world, "ULEA", plan=PaymentPlan.THREE)
    withdraw(world, order)
    world.payments.refunds_end_as = RefundStatus.PENDING
    refunds.approve(world.ports, caller=FIRST, end_id=end_of(world, order).id)
    live(world, minutes=11)
    world.payments.refunds_end_as = RefundStatus.FAILED
    refunds.follow(world.ports)
    delivery.deliver_all(world.ports)
    assert end_of(world, order).state is EndState.FAILED
    assert len(world.workspace.said(RefundFailed)) == 1
    with world.store.reading() as uow:
        assert uow.orders.payments(order.id)[0].refunded == 0


def test_an_unpaid_order_is_closed_at_stripe(world: World) -> None:
    order = ordered(world, "ULEA")
    withdraw(world, order)
    assert current(world, order.id).status is OrderStatus.CANCELLED
    assert world.payments.sessions[order.checkout_id].status == "expired"
    assert end_of(world, order).state is EndState.SETTLED


def test_a_payment_that_crosses_the_withdrawal_goes_back_whole_and_once(world: World) -> None:
    order = ordered(world, "ULEA")
    world.payments.pay(order.checkout_id)
    withdraw(world, order)
    for _ in range(3):
        payments.settle_checkout(world.ports, order.checkout_id)
        delivery.deliver_all(world.ports)
    assert world.payments.refunded == [(f"pi_{order.checkout_id}", 45000)]
    assert [told.late_payment for told in world.workspace.said(RefundSent)] == [True]
    assert [card.what for card in world.workspace.said(FailureCard)] == ["late_payment"]
    assert status_of(world, order) is EnrolmentStatus.WITHDRAWN


def test_the_public_page_asks_the_author_before_anything_ends(world: World) -> None:
    order = paid(world, "ULEA")
    declared = withdrawal.declare_publicly(
        world.ports, name="Léa Marchand", email="LEA@exemple.fr", contract="", token="t1"
    )
    again = withdrawal.declare_publicly(
        world.ports, name="Léa Marchand", email="LEA@exemple.fr", contract="", token="t1"
    )
    delivery.deliver_all(world.ports)
    assert again.id == declared.id
    assert status_of(world, order) is EnrolmentStatus.ACTIVE
    assert len(world.workspace.said(DeclarationToConfirm)) == 1
    world.clock.move(days=20)
    withdrawal.confirm(world.ports, caller=LEA, declaration_id=declared.id)
    assert status_of(world, order) is EnrolmentStatus.WITHDRAWN
    assert end_of(world, order).declared_at == declared.sent_at


def test_a_forged_declaration_changes_nothing(world: World) -> None:
    order = paid(world, "ULEA")
    declared = withdrawal.declare_publicly(
        world.ports, name="Léa Marchand", email="pirate@exemple.fr", contract=order.id, token="t1"
    )
    with pytest.raises(NotAllowed):
        withdrawal.confirm(world.ports, caller=Caller("UPIRATE"), declaration_id=declared.id)
    withdrawal.deny(world.ports, caller=LEA, declaration_id=declared.id)
    withdrawal.confirm(world.ports, caller=LEA, declaration_id=declared.id)
    assert status_of(world, order) is EnrolmentStatus.ACTIVE


def test_strangers_and_members_get_the_same_mail(world: World) -> None:
    paid(world, "ULEA")
    for number, name in enumerate(("Léa Marchand", "Personne d’Autre")):
        withdrawal.declare_publicly(world.ports, name=name, email=EMAIL, contract="", token=f"t{number}")
    delivery.deliver_all(world.ports)
    mails = [mail["data"] for mail in world.mailer.sent if mail["template"] == "withdrawal_received"]
    assert [sorted(mail) for mail in mails] == [sorted(mails[0])] * 2
    assert {mail["refund_by"] for mail in mails} == {""}
    assert {mail["to_examine"] for mail in mails} == {True}


def test_a_letter_counts_from_the_day_it_was_sent(world: World) -> None:
    order = paid(world, "ULEA")
    assert order.withdrawal_last_day is not None
    world.clock.move(days=20)
    with pytest.raises(Refusal, match="declaration_future"):
        withdrawal.record_letter(
            world.ports, caller=FIRST, member_user="ULEA", sent_on=world.clock.now().date() + timedelta(days=2)
        )
    withdrawal.record_letter(world.ports, caller=FIRST, member_user="ULEA", sent_on=order.withdrawal_last_day)
    assert status_of(world, order) is EnrolmentStatus.WITHDRAWN


def test_a_termination_is_decided_by_an_admin_and_debits_nothing(world: World) -> None:
    order = paid(world, "ULEA", plan=PaymentPlan.THREE)
    for _ in range(2):
        termination.ask_to_end(world.ports, caller=LEA, force_majeure=True, reason="Un déménagement imprévu.")
    delivery.deliver_all(world.ports)
    assert len([mail for mail in world.mailer.sent if mail["template"] == "termination_received"]) == 1
    assert status_of(world, order) is EnrolmentStatus.ACTIVE
    order_id, cases = termination.cases_of(world.ports, caller=FIRST, member_user="ULEA")
    assert {case.kind: (case.due, case.refund) for case in cases}[EndKind.FORCE_MAJEURE] == (0, 15000)
    with pytest.raises(InvalidForm):
        termination.end_as(world.ports, caller=FIRST, order_id=order_id, kind=EndKind.FORCE_MAJEURE, reason=" ")
    ended = termination.end_as(
        world.ports, caller=FIRST, order_id=order_id, kind=EndKind.FORCE_MAJEURE, reason="Justificatif vu."
    )
    again = termination.end_as(
        world.ports, caller=SECOND, order_id=order_id, kind=EndKind.ABANDONMENT, reason="Autre lecture."
    )
    delivery.deliver_all(world.ports)
    assert again.id == ended.id
    assert status_of(world, order) is EnrolmentStatus.TERMINATED
    assert [mail["data"]["kind"] for mail in world.mailer.sent if mail["template"] == "contract_ended"] == [
        "force_majeure"
    ]
    assert world.payments.refunded == []


def test_without_a_contract_there_is_nothing_to_withdraw_from(world: World) -> None:
    with pytest.raises(Refusal, match="withdrawal_no_contract"):
        withdrawal.own_contract(world.ports, caller=Caller("UNOBODY"))


def test_a_refund_that_stripe_refuses_is_told_and_nothing_is_lost(world: World) -> None:
    order = paid(world, "ULEA", plan=PaymentPlan.THREE)
    withdraw(world, order)
    refunds.approve(world.ports, caller=FIRST, end_id=end_of(world, order).id)
    world.payments.fail_next.append(Permanent("stripe: charge_disputed"))
    live(world, minutes=11)
    assert end_of(world, order).state is EndState.SENT
    assert [card.what for card in world.workspace.said(FailureCard)] == ["send_refund"]
