"""Collecting the later instalments, without their payer: on the day, then on a calendar, then by a person.

A charge is prepared first, its id is kept, and only then is it confirmed: whatever is lost or repeated in between, one
charge can succeed once only. It is never alive beside a payment page of the same instalment
(``usecases/instalment_pages.py``). What comes of it is recorded by ``usecases/instalment_outcomes.py``.
"""

from __future__ import annotations

from typing import Any

from programme.effects import ChargeInstalment
from programme.errors import DeliveryError
from programme.journal import Action
from programme.model.agenda import DeadlineKind
from programme.model.charge import ChargeStatus
from programme.model.order import Order, Payment
from programme.ports import Ports, UnitOfWork
from programme.usecases import end_requests, instalment_pages
from programme.usecases.freezing import has_lost, is_frozen
from programme.usecases.groups import skip
from programme.usecases.instalment_dates import suspend
from programme.usecases.instalment_outcomes import dump, give_up, look_again, record, what_next
from programme.usecases.instalments import ask_for_help, ask_for_page, begun_group, in_force


def collect(ports: Ports, uow: UnitOfWork, payment_id: str) -> None:
    """The day of an instalment, or of another try (DeadlineKind.INSTALMENT_DUE)."""
    payment = uow.orders.payment(payment_id)
    order = uow.orders.get(payment.order_id)
    if not in_force(uow, order, payment):
        skip(uow, DeadlineKind.INSTALMENT_DUE, payment_id)
    elif begun_group(uow, order) is None:
        suspend(uow, order, payment)
    elif is_frozen(uow, order.id):
        look_again(ports, uow, payment_id)
    elif is_ending(uow, order) or has_lost(uow, order.id):
        ask_for_help(uow, order, payment)
    elif payment.to_authenticate or not order.payment_method_id:
        # The bank wants its client, or no card is kept: debiting would only be refused.
        payment.attempts += 1
        ask_for_page(uow, order, payment)
        what_next(ports, uow, order, payment)
    else:
        charge(uow, order, payment)


def is_ending(uow: UnitOfWork, order: Order) -> bool:
    """Whether the member has asked for the end of their contract, and nobody has decided yet."""
    return uow.endings.declared(order.id) is not None or end_requests.is_waiting(uow, order)


def charge(uow: UnitOfWork, order: Order, payment: Payment, *, actor: str = "bot") -> None:
    """Put one try on its way; its key is the idempotency key at Stripe."""
    payment.attempts += 1
    key = f"inst:{order.id}:{payment.number}"
    if payment.attempts > 1:
        key += f":{payment.attempts}"
    uow.outbox.put(key, ChargeInstalment(payment_id=payment.id), lane=f"order:{order.id}")
    uow.journal.write(actor, Action.INSTALMENT_TRIED, order.id, number=payment.number, attempt=payment.attempts)


def carry_out(ports: Ports, payment_id: str, key: str) -> dict[str, Any]:
    """Debit one instalment at Stripe (delivery, no transaction open); nothing once its contract has ended."""
    order, payment, wanted = _read(ports, payment_id)
    if not wanted:
        return give_up(ports, payment_id) | {"later": True}
    if payment.checkout_id and (page := ports.payments.close_checkout(payment.checkout_id)).paid:
        return dump(page.charge)
    found = ports.payments.charge(payment.intent_id) if payment.intent_id else None
    if found is None or found.status is ChargeStatus.CANCELLED:
        found = ports.payments.open_charge(order, payment, key=key if found is None else f"{key}:{found.id}")
        _keep_intent(ports, payment_id, found.id)
    if found.status is ChargeStatus.OPEN or (found.failure and found.failure == payment.failure):
        if not _read(ports, payment_id)[2]:  # the contract may have ended while Stripe was being asked
            return give_up(ports, payment_id) | {"later": True}
        card = order.payment_method_id
        found = ports.payments.confirm_charge(found.id, card_id=card, key=f"{key}:{card}")
    return dump(found)


def _read(ports: Ports, payment_id: str) -> tuple[Order, Payment, bool]:
    with ports.reading() as uow:
        payment = uow.orders.payment(payment_id)
        order = uow.orders.get(payment.order_id)
        return order, payment, in_force(uow, order, payment) and not is_frozen(uow, order.id)


def _keep_intent(ports: Ports, payment_id: str, intent_id: str) -> None:
    with ports.uow() as uow:
        payment = uow.orders.payment(payment_id)
        payment.intent_id, payment.checkout_id, payment.checkout_expires_at = intent_id, "", None


def settle_charge(ports: Ports, intent_id: str) -> bool:
    """Ask Stripe what became of a charge of ours and record it (webhook); tells whether it was news."""
    with ports.reading() as uow:
        known = uow.orders.by_intent(intent_id)
    if known is None or known.number == 1:
        return False  # the first payments are known by their page, and others are not ours
    seen = ports.payments.charge(intent_id)
    with ports.uow() as uow:
        payment = uow.orders.payment(known.id)
        return record(ports, uow, uow.orders.get(payment.order_id), payment, seen)


def reconcile(ports: Ports) -> int:
    """Ask Stripe about every charge and page that is not finished; returns how many moved."""
    with ports.reading() as uow:
        waiting = [(one.checkout_id, one.intent_id) for one in uow.orders.in_flight()]
    moved = 0
    for checkout_id, intent_id in waiting:
        try:
            moved += instalment_pages.settle(ports, checkout_id) if checkout_id else settle_charge(ports, intent_id)
        except DeliveryError:
            return moved  # Stripe is away: the next tick asks again
    return moved
