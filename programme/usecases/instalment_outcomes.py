"""What came of a charge or of a page, by whichever road it is told: receipt of the delivery, webhook, reconciliation.

All of them end in ``record``, where the order says what is right; repeats and disorder change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from programme.journal import Action
from programme.messages.instalments import InstalmentPaid, InstalmentRefused
from programme.model.agenda import DeadlineKind
from programme.model.charge import Charge, ChargeStatus
from programme.model.order import Order, Payment, PaymentStatus
from programme.ports import Ports, UnitOfWork
from programme.rules.instalment_dates import debit_instant, retry_day
from programme.rules.instants import ONE_DAY, day_in
from programme.usecases import cards, late_payments, paid, pings
from programme.usecases.instalments import (
    ask_for_help,
    ask_for_page,
    forget_deadlines,
    in_force,
    mail,
    redraw_help,
    user_of,
)


def give_up(ports: Ports, payment_id: str) -> dict[str, Any]:
    """Close what could still be paid at Stripe (delivery); returns what was paid at the last moment, if anything."""
    with ports.reading() as uow:
        payment = uow.orders.payment(payment_id)
    if payment.status is PaymentStatus.PAID:
        return {}
    if payment.checkout_id and (page := ports.payments.close_checkout(payment.checkout_id)).paid:
        return dump(page.charge)
    if payment.intent_id:
        return dump(ports.payments.cancel_charge(payment.intent_id))
    return {}


def dump(seen: Charge) -> dict[str, Any]:
    """Return the charge as the receipt of an effect keeps it."""
    return {"charge": seen.model_dump(mode="json")}


def carried_out(ports: Ports, uow: UnitOfWork, payment_id: str, facts: Mapping[str, Any]) -> None:
    """Stripe has answered."""
    if "charge" in facts:
        payment = uow.orders.payment(payment_id)
        record(ports, uow, uow.orders.get(payment.order_id), payment, Charge.model_validate(facts["charge"]))
    if facts.get("later"):
        look_again(ports, uow, payment_id)


def look_again(ports: Ports, uow: UnitOfWork, payment_id: str) -> None:
    """Come back tomorrow to an instalment that nothing may collect today, unless it is over."""
    payment = uow.orders.payment(payment_id)
    if in_force(uow, uow.orders.get(payment.order_id), payment):
        uow.agenda.reopen(DeadlineKind.INSTALMENT_DUE, payment_id, ports.clock.now() + ONE_DAY)


def record(ports: Ports, uow: UnitOfWork, order: Order, payment: Payment, seen: Charge) -> bool:
    """Record what Stripe says of an instalment, forwards only; tells whether it was news."""
    if seen.status is ChargeStatus.SUCCEEDED:
        return _received(ports, uow, order, payment, seen)
    if seen.status in {ChargeStatus.AUTHENTICATION, ChargeStatus.DECLINED}:
        return _refused(ports, uow, order, payment, seen)
    return False


def _received(ports: Ports, uow: UnitOfWork, order: Order, payment: Payment, seen: Charge) -> bool:
    if payment.status is PaymentStatus.PAID:
        if payment.intent_id != seen.id:
            paid.alarm(uow, order, payment, seen, what="double_payment")
        return False
    if uow.endings.of_order(order.id) is not None:
        late_payments.send_back(ports, uow, order, payment, seen)
        return True
    if paid.differs(order, payment, seen):
        paid.alarm(uow, order, payment, seen)
        return False
    paid.payment_confirmed(ports, uow, order, payment, seen)
    forget_deadlines(uow, payment)
    cards.release(ports, uow, order)
    payments = uow.orders.payments(order.id)
    message = InstalmentPaid(
        order_id=order.id,
        number=payment.number,
        count=len(payments),
        amount=payment.amount,
        paid=sum(one.amount for one in payments if one.status is PaymentStatus.PAID),
        price=order.price,
    )
    pings.legal(uow, user_of(uow, order), f"inst-paid:{payment.id}", message)
    redraw_help(uow, order, payment, state="paid")
    return True


def _refused(ports: Ports, uow: UnitOfWork, order: Order, payment: Payment, seen: Charge) -> bool:
    if seen.failure == payment.failure or not in_force(uow, order, payment):
        return False
    payment.failure, payment.status = seen.failure, PaymentStatus.FAILED
    payment.to_authenticate = seen.status is ChargeStatus.AUTHENTICATION
    if seen.card_gone:
        order.payment_method_id, order.card = "", ""
    uow.journal.write("bot", Action.INSTALMENT_REFUSED, order.id, number=payment.number, attempt=payment.attempts)
    if payment.to_authenticate:
        ask_for_page(uow, order, payment)
    what_next(ports, uow, order, payment, for_good=seen.card_gone)
    return True


def what_next(ports: Ports, uow: UnitOfWork, order: Order, payment: Payment, *, for_good: bool = False) -> None:
    """After a try in vain: another day of the calendar, then a person; the member is told which.

    A refusal ``for_good`` is a person's at once. Without its day, the instalment waits for the next group, which gives
    it another: nothing is tried, asked or told before.
    """
    if payment.due_on is None:
        return
    member = uow.members.get(order.member_id)
    today = day_in(ports.clock.now(), member.time_zone)
    next_on = None if for_good else retry_day(payment.due_on, payment.attempts, today)
    if next_on is not None:
        uow.agenda.reopen(DeadlineKind.INSTALMENT_DUE, payment.id, debit_instant(next_on, member.time_zone))
    else:
        ask_for_help(uow, order, payment)
    if not payment.to_authenticate:  # otherwise the page says what to do
        _tell_refused(uow, order, payment, next_on, card_gone=for_good)


def _tell_refused(uow: UnitOfWork, order: Order, payment: Payment, next_on: date | None, *, card_gone: bool) -> None:
    member = uow.members.get(order.member_id)
    message = InstalmentRefused(
        order_id=order.id,
        payment_id=payment.id,
        number=payment.number,
        amount=payment.amount,
        card=order.card,
        next_on=next_on,
        card_gone=card_gone,
    )
    key = f"inst-refused:{payment.id}:{payment.attempts}"
    pings.legal(uow, member.slack_user_id, key, message)
    names = {"order_id", "number", "amount", "card", "next_on", "card_gone"}
    data = {"first_name": member.first_name, **message.model_dump(mode="json", include=names)}
    mail(uow, order, member, key, "instalment_refused", data)
