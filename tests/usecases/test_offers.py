"""Offers: the price that binds is the one shown before the order, for whom, how long and how often it was granted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.errors import InvalidForm, NotAllowed, Refusal
from programme.messages.offers import OfferCard
from programme.messages.orders import OrderConfirmed, PaymentLink
from programme.model.ending import EndKind
from programme.model.enrolment import Choice, Step
from programme.model.offer import TRIES_A_DAY
from programme.model.order import OrderStatus, PaymentPlan
from programme.model.people import Caller
from programme.ports import Ports
from programme.rules.instants import day_in
from programme.rules.money import LIST_PRICE, euros, read_euros
from programme.usecases import delivery, endings, enrolment, offer_codes, offers, payments
from programme.usecases.order_summary import fingerprint, require_as_shown
from tests.builders import ADMIN, an_offer, current, ready_to_order
from tests.conftest import World

LEA, MAX = Caller("ULEA"), Caller("UMAX")


def order(world: World, caller: Caller = LEA, plan: PaymentPlan = PaymentPlan.FULL) -> str:
    placed = payments.place_order(world.ports, caller=caller, plan=plan, shown={})
    delivery.deliver_all(world.ports)
    return placed.id


def wrong_code(ports: Ports, typed: str, caller: Caller = LEA) -> str:
    with pytest.raises(InvalidForm) as refused:
        offer_codes.enter_code(ports, caller=caller, typed=typed)
    return refused.value.fields["code"]


def test_the_code_gives_its_price_to_summary_order_and_payment(world: World) -> None:
    offer = an_offer(world.ports)
    ready_to_order(world.ports, "ULEA")
    offer_codes.enter_code(world.ports, caller=LEA, typed=" lyon-2026 ")
    standing = enrolment.resume(world.ports, caller=LEA)
    assert (standing.step, standing.quote.price) == (Step.ORDER, 30_000)
    placed = current(world, order(world))
    assert (placed.price, placed.discount, placed.list_price) == (30_000, 15_000, LIST_PRICE)
    assert (placed.offer, placed.offer_id) == ("Partenariat Lyon", offer.id)
    assert world.payments.sessions[placed.checkout_id].amount_total == 30_000
    [link] = world.workspace.said(PaymentLink)
    assert link.price == 30_000


def test_an_early_start_asked_for_at_other_sums_is_asked_anew(world: World) -> None:
    an_offer(world.ports)
    ready_to_order(world.ports, "ULEA", choice=Choice.EARLY)
    offer_codes.enter_code(world.ports, caller=LEA, typed="LYON2026")
    standing = enrolment.resume(world.ports, caller=LEA)
    assert standing.step is Step.CHOICE
    terms = enrolment.terms(world.ports, standing)
    assert euros(30_000 // 16) in terms.boxes[1].statement
    with pytest.raises(Refusal, match="step_missing"):
        payments.place_order(world.ports, caller=LEA, plan=PaymentPlan.FULL, shown={})
    boxes = {box.key: True for box in terms.boxes}
    enrolment.choose_start(world.ports, caller=LEA, choice=Choice.EARLY, boxes=boxes)
    offer_codes.leave_code(world.ports, caller=LEA)
    assert enrolment.resume(world.ports, caller=LEA).step is Step.CHOICE


def test_nothing_to_pay_is_confirmed_at_once_without_stripe(world: World) -> None:
    an_offer(world.ports, price="0")
    ready_to_order(world.ports, "ULEA")
    offer_codes.enter_code(world.ports, caller=LEA, typed="LYON2026")
    placed = current(world, order(world, plan=PaymentPlan.THREE))
    assert (placed.price, placed.plan, placed.status) == (0, PaymentPlan.FULL, OrderStatus.PAID)
    assert placed.first_paid_at == placed.concluded_at
    assert placed.withdrawal_end is not None
    assert placed.confirmation_sent_at is not None
    assert world.payments.sessions == {}
    [confirmed] = world.workspace.said(OrderConfirmed)
    assert confirmed.price == confirmed.paid == 0
    assert world.printer.printed[0][1]["offer"] == "Partenariat Lyon"
    with world.store.reading() as uow:
        [placing] = [one for one in uow.enrolments.evidence() if one.kind == "order_placed"]
    assert placing.facts["button"] == "Commander sans rien payer"
    with world.store.uow() as uow:
        found = uow.orders.get(placed.id)
        end = endings.end_contract(
            world.ports, uow, found, EndKind.WITHDRAWAL, declared_at=world.clock.now(), actor="ULEA"
        )
    assert (end.refund, end.due, end.still_owed) == (0, 0, 0)


def test_a_wrong_code_changes_nothing_and_ten_of_them_pause(world: World) -> None:
    an_offer(world.ports)
    ready_to_order(world.ports, "ULEA")
    for _ in range(TRIES_A_DAY):
        assert wrong_code(world.ports, "LYON2025") == "offer_unknown"
    assert wrong_code(world.ports, "LYON2026") == "offer_pause"
    assert enrolment.resume(world.ports, caller=LEA).quote.price == LIST_PRICE
    world.clock.move(days=1)
    offer_codes.enter_code(world.ports, caller=LEA, typed="LYON2026")


def test_a_code_kept_for_somebody_tells_nothing_to_others(world: World) -> None:
    an_offer(world.ports, for_user="UMAX")
    ready_to_order(world.ports, "ULEA")
    ready_to_order(world.ports, "UMAX", email="max@exemple.fr")
    assert wrong_code(world.ports, "LYON2026") == "offer_unknown"
    offer_codes.enter_code(world.ports, caller=MAX, typed="LYON2026")
    assert enrolment.resume(world.ports, caller=MAX).quote.price == 30_000


def test_the_days_are_those_of_paris_both_included(world: World) -> None:
    today = day_in(world.clock.now())
    first, last = today + timedelta(days=1), today + timedelta(days=2)
    an_offer(world.ports, first_day=first.isoformat(), last_day=last.isoformat())
    ready_to_order(world.ports, "ULEA")
    assert wrong_code(world.ports, "LYON2026") == "offer_not_yet"
    world.clock.move(days=2)
    offer_codes.enter_code(world.ports, caller=LEA, typed="LYON2026")
    world.clock.move(days=1)
    quote = enrolment.resume(world.ports, caller=LEA).quote
    assert (quote.price, quote.problem) == (LIST_PRICE, "offer_over")
    with pytest.raises(Refusal, match="summary_stale"):
        payments.place_order(world.ports, caller=LEA, plan=PaymentPlan.FULL, shown={})
    offer_codes.leave_code(world.ports, caller=LEA)
    assert current(world, order(world)).price == LIST_PRICE


def test_the_last_place_goes_once_even_to_two_screens(world: World) -> None:
    an_offer(world.ports, max_uses="1")
    for user in ("ULEA", "UMAX"):
        ready_to_order(world.ports, user, email=f"{user}@exemple.fr")
        offer_codes.enter_code(world.ports, caller=Caller(user), typed="LYON2026")
    seen = fingerprint(world.ports, enrolment.resume(world.ports, caller=MAX))
    assert require_as_shown(world.ports, caller=MAX, seen=seen)
    order(world)
    with pytest.raises(Refusal, match="summary_stale"):
        require_as_shown(world.ports, caller=MAX, seen=seen)
    with pytest.raises(Refusal, match="summary_stale"):
        payments.place_order(world.ports, caller=MAX, plan=PaymentPlan.FULL, shown={})
    assert enrolment.resume(world.ports, caller=MAX).quote.problem == "offer_used_up"


def test_a_cancelled_order_gives_its_place_back(world: World) -> None:
    offer = an_offer(world.ports, max_uses="1")
    ready_to_order(world.ports, "ULEA")
    offer_codes.enter_code(world.ports, caller=LEA, typed="LYON2026")
    placed = order(world)
    assert offers.listing(world.ports, caller=ADMIN) == [(offer, 1)]
    with world.store.uow() as uow:
        uow.orders.get(placed).status = OrderStatus.CANCELLED
    [(_, uses)] = offers.listing(world.ports, caller=ADMIN)
    assert uses == 0


def test_a_closed_offer_keeps_the_orders_placed(world: World) -> None:
    offer = an_offer(world.ports)
    for user in ("ULEA", "UMAX"):
        ready_to_order(world.ports, user, email=f"{user}@exemple.fr")
        offer_codes.enter_code(world.ports, caller=Caller(user), typed="LYON2026")
    placed = order(world)
    for _ in range(2):
        offers.close(world.ports, caller=ADMIN, offer_id=offer.id)
    delivery.deliver_all(world.ports)
    assert current(world, placed).price == 30_000
    assert enrolment.resume(world.ports, caller=MAX).quote.problem == "offer_over"
    assert len(world.workspace.said(OfferCard, "CADMIN")) == 1
    [(_, _, card)] = world.workspace.edits
    assert isinstance(card, OfferCard)
    assert (card.granted_by, card.closed_by, card.uses) == ("UADMIN1", "UADMIN1", 1)


@pytest.mark.parametrize(
    ("field", "typed", "key"),
    [
        ("code", "abc", "offer_code_shape"),
        ("code", "ÉTÉ2026", "offer_code_shape"),
        ("code", "lyon 2026", "offer_code_taken"),
        ("label", "  a ", "offer_label_missing"),
        ("price", "450", "offer_price_wrong"),
        ("price", "-1", "offer_price_wrong"),
        ("price", "cent", "offer_price_wrong"),
        ("max_uses", "0", "offer_uses_wrong"),
        ("last_day", "2020-01-01", "offer_days_wrong"),
        ("last_day", "", "offer_days_wrong"),
    ],
)
def test_each_wrong_field_is_named_and_nothing_is_granted(ports: Ports, field: str, typed: str, key: str) -> None:
    first = an_offer(ports)
    with pytest.raises(InvalidForm) as refused:
        an_offer(ports, **{"code": "AUTRE26", field: typed})
    assert refused.value.fields == {field: key}
    assert offers.listing(ports, caller=ADMIN) == [(first, 0)]


def test_a_code_is_drawn_when_none_is_typed(ports: Ports) -> None:
    codes = {an_offer(ports, code="").code for _ in range(20)}
    assert len(codes) == 20
    assert all(len(code) == 8 for code in codes)


def test_members_neither_grant_nor_close_nor_list(ports: Ports) -> None:
    offer = an_offer(ports)
    today = day_in(ports.clock.now()).isoformat()
    draft = offers.Draft("Cadeau", "0", today, today)
    for act in (
        lambda: offers.grant(ports, caller=LEA, draft=draft),
        lambda: offers.close(ports, caller=LEA, offer_id=offer.id),
        lambda: offers.listing(ports, caller=LEA),
    ):
        with pytest.raises(NotAllowed):
            act()


@given(st.integers(0, 99_999_99))
def test_a_sum_written_in_french_is_read_back(cents: int) -> None:
    assert read_euros(euros(cents)) == cents


@pytest.mark.parametrize(("typed", "cents"), [("300", 30_000), ("312,5", 31_250), ("312.50 €", 31_250), ("0", 0)])
def test_sums_as_people_type_them(typed: str, cents: int) -> None:
    assert read_euros(typed) == cents


@pytest.mark.parametrize("typed", ["", "€", "1,234", "-5", "1.2.3", "3e2", "٣"])
def test_what_is_no_sum_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a sum"):
        read_euros(typed)
