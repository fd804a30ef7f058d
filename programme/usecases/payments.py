"""Order and payment: what was ordered is frozen, what was paid is read again at Stripe, and repeats change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from programme.effects import OpenCheckout, SendMail
from programme.errors import DeliveryError, NotFound, Refusal
from programme.journal import Action
from programme.messages.orders import OrderConfirmed, PaymentLink, PaymentLinkExpired
from programme.model.agenda import DeadlineKind
from programme.model.charge import Charge, ChargeStatus
from programme.model.enrolment import Enrolment, Step
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.order import Order, OrderStatus, Payment, PaymentPlan, PaymentStatus
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.holidays import territory_of_postcode
from programme.rules.money import LIST_PRICE, instalments
from programme.rules.withdrawal import anchor, favourable_period
from programme.usecases import contract, gate, instalment_pages, invoicing, late_payments, paid, pings
from programme.usecases.endings import close_page
from programme.usecases.instalment_outcomes import dump
from programme.usecases.prices import Quote
from programme.usecases.standing import standing_of

LINK_LIFETIME = timedelta(hours=23)
ORDER_BUTTON = "Commander avec obligation de paiement"
FREE_ORDER_BUTTON = "Commander sans rien payer"
SMALLEST_PAYMENT = 50
"""Cents under which Stripe takes no payment."""
PARTS = {PaymentPlan.FULL: 1, PaymentPlan.THREE: 3}


def place_order(ports: Ports, *, caller: Caller, plan: PaymentPlan, shown: Mapping[str, str]) -> Order:
    """Conclude the contract: price, texts, choice and instant are frozen, and the payment link is on its way.

    A second press (double click, second device) returns the same order. With an offer of 100 % there is nothing to pay:
    the order is confirmed at once. Refusal("step_missing") when a step is open, Refusal("summary_stale") when the code
    that gave the price does not count any more, Refusal("plan_not_offered") for a plan that is not on the screen.
    """
    with ports.uow() as uow:
        member = uow.members.by_slack(caller.slack_user_id)
        enrolment = uow.enrolments.current(member.id) if member else None
        if member is None or enrolment is None:
            raise Refusal("not_enrolled")
        existing = uow.orders.of_enrolment(enrolment.id)
        if existing is not None:
            return existing
        standing = standing_of(ports, uow, member, enrolment)
        if standing.step is not Step.ORDER:
            raise Refusal("step_missing")
        if standing.quote.problem:
            raise Refusal("summary_stale")
        price = standing.quote.price
        if plan is PaymentPlan.THREE and price and not in_three_offered(ports, price):
            raise Refusal("plan_not_offered")
        order = _new_order(ports, enrolment, plan, standing.quote)
        parts = instalments(order.price, PARTS[order.plan])
        payments = [Payment(new_id("pay"), order.id, number, amount) for number, amount in enumerate(parts, 1)]
        uow.orders.add(order, payments)
        enrolment.ordered_at = order.concluded_at
        asked = {"price": order.price, "plan": order.plan.value}
        facts = {"order": order.id, **asked, "offer": order.offer, "button": order_button(order.price), **shown}
        uow.enrolments.record(enrolment_id=enrolment.id, kind="order_placed", at=order.concluded_at, facts=facts)
        uow.journal.write(caller.slack_user_id, Action.ORDER_PLACED, order.id, **asked)
        if order.price:
            _ask_for_link(uow, order)
        else:
            _record_first_payment(ports, uow, order, payments[0], _nothing_to_pay(order))
        return order


def in_three_offered(ports: Ports, price: int) -> bool:
    """Tell whether this price may be paid in three: the installation says so, and no part is too small for a card."""
    return ports.config.payment_in_three and min(instalments(price, 3)) >= SMALLEST_PAYMENT


def order_button(price: int) -> str:
    """Return the words of the button that binds (L221-14): they speak of payment where something is to be paid."""
    return ORDER_BUTTON if price else FREE_ORDER_BUTTON


def _new_order(ports: Ports, enrolment: Enrolment, plan: PaymentPlan, quote: Quote) -> Order:
    now = ports.clock.now()
    return Order(
        id=new_id("ord"),
        enrolment_id=enrolment.id,
        member_id=enrolment.member_id,
        list_price=LIST_PRICE,
        price=quote.price,
        discount=LIST_PRICE - quote.price,
        offer=quote.offer.label if quote.offer else "",
        offer_id=quote.offer.id if quote.offer else "",
        plan=plan if quote.price else PaymentPlan.FULL,
        concluded_at=now,
        early_start=enrolment.early_start_valid,
        information_given_at=now,
        texts=dict(enrolment.accepted_texts),
    )


def _ask_for_link(uow: UnitOfWork, order: Order) -> None:
    effect = OpenCheckout(order_id=order.id, attempt=order.checkout_attempt)
    uow.outbox.put(f"checkout:{order.id}:{order.checkout_attempt}", effect, lane=f"order:{order.id}")


def open_checkout(ports: Ports, order_id: str, attempt: int) -> dict[str, Any]:
    """Create the Checkout session at Stripe (delivery, no transaction open); the key makes a repeat harmless."""
    with ports.reading() as uow:
        order = uow.orders.get(order_id)
        member = uow.members.get(order.member_id)
        first = uow.orders.payments(order_id)[0]
    if order.status is not OrderStatus.PLACED:
        return {}
    checkout = ports.payments.open_checkout(
        order,
        first_amount=first.amount,
        email=member.email,
        expires_at=ports.clock.now() + LINK_LIFETIME,
        key=f"checkout:{order_id}:{attempt}",
    )
    return {
        "attempt": attempt,
        "id": checkout.id,
        "url": checkout.url,
        "expires_at": checkout.expires_at.isoformat(),
    }


def checkout_opened(ports: Ports, uow: UnitOfWork, order_id: str, facts: Mapping[str, Any]) -> None:
    """Keep the session and send its link to the member, in their direct messages only."""
    order = uow.orders.get(order_id)
    if not facts or facts["attempt"] != order.checkout_attempt:
        return
    if order.status is not OrderStatus.PLACED:  # the contract ended while the page was being opened
        close_page(uow, order, facts["id"])
        return
    order.checkout_id, order.checkout_url = facts["id"], facts["url"]
    order.checkout_expires_at = datetime.fromisoformat(facts["expires_at"])
    uow.agenda.put(DeadlineKind.CHECKOUT_EXPIRY, f"{order.id}:{order.checkout_attempt}", order.checkout_expires_at)
    uow.journal.write("bot", Action.CHECKOUT_OPENED, order.id, attempt=order.checkout_attempt)
    payments = uow.orders.payments(order.id)
    message = PaymentLink(
        order_id=order.id,
        price=order.price,
        first_amount=payments[0].amount,
        instalments=len(payments),
        url=order.checkout_url,
        expires_at=order.checkout_expires_at,
    )
    _tell(uow, order, f"link:{order.id}:{order.checkout_attempt}", message)


def checkout_expired(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """The link has expired unpaid: say so, a new one is one tap away."""
    order_id, _, attempt = subject.partition(":")
    order = uow.orders.get(order_id)
    if order.status is OrderStatus.PLACED and str(order.checkout_attempt) == attempt:
        user = uow.members.get(order.member_id).slack_user_id
        expired = PaymentLinkExpired(order_id=order.id)
        pings.timely(uow, user, f"link-expired:{subject}", expired, ports.clock.now())


def renew_link(ports: Ports, *, caller: Caller, order_id: str) -> bool:
    """Open a new session when the old one has expired; tells whether a new link is on its way."""
    with ports.uow() as uow:
        order = uow.orders.get(order_id)
        if uow.members.get(order.member_id).slack_user_id != caller.slack_user_id:
            raise NotFound
        return reopen_link(ports, uow, order)


def reopen_link(ports: Ports, uow: UnitOfWork, order: Order) -> bool:
    """Put a new link on its way once the old one has expired; tells whether it had."""
    order.require_payable()
    if order.checkout_expires_at is None or order.checkout_expires_at > ports.clock.now():
        return False
    if order.checkout_id:
        close_page(uow, order, order.checkout_id)
    order.checkout_attempt += 1
    order.checkout_id, order.checkout_url, order.checkout_expires_at = "", "", None
    _ask_for_link(uow, order)
    return True


def settle_checkout(ports: Ports, checkout_id: str) -> bool:
    """Ask Stripe what became of a session and record it: the one road of webhook and reconciliation.

    Tells whether something has just become paid. The amount and the currency must be those of the order: any difference
    goes to the admins and nothing starts.
    """
    checkout = ports.payments.checkout(checkout_id)
    if checkout.payment_id:
        return instalment_pages.settle_page(ports, checkout)
    with ports.uow() as uow:
        order = uow.orders.by_checkout(checkout_id)
        if order is None or order.id != checkout.order_id or not checkout.paid:
            return False
        return _first_paid(ports, uow, order, checkout.charge)


def close_checkout(ports: Ports, checkout_id: str) -> dict[str, Any]:
    """Let the payment page expire at Stripe (delivery, no transaction open); it may have been paid in the meantime."""
    checkout = ports.payments.close_checkout(checkout_id)
    return dump(checkout.charge) if checkout.paid else {}


def checkout_closed(ports: Ports, uow: UnitOfWork, order_id: str, facts: Mapping[str, Any]) -> None:
    """The page is closed; what was paid on it at the last moment counts, or goes back at once after an end."""
    if facts:
        _first_paid(ports, uow, uow.orders.get(order_id), Charge.model_validate(facts["charge"]))


def _first_paid(ports: Ports, uow: UnitOfWork, order: Order, charge: Charge) -> bool:
    """Record the first payment as the order says; tells whether the order has just become paid."""
    first = uow.orders.payments(order.id)[0]
    if order.status is OrderStatus.CANCELLED:
        late_payments.send_back(ports, uow, order, first, charge)
    elif order.status is OrderStatus.PAID and first.intent_id != charge.id:
        paid.alarm(uow, order, first, charge, what="double_payment")
    elif order.status is OrderStatus.PLACED and paid.differs(order, first, charge):
        paid.alarm(uow, order, first, charge)
    elif order.status is OrderStatus.PLACED:
        _record_first_payment(ports, uow, order, first, charge)
        return True
    return False


def _nothing_to_pay(order: Order) -> Charge:
    """What stands for the payment of an order whose price an offer has brought to nothing."""
    return Charge(id="", status=ChargeStatus.SUCCEEDED, amount=0, currency=order.currency, paid_at=order.concluded_at)


def _record_first_payment(ports: Ports, uow: UnitOfWork, order: Order, first: Payment, charge: Charge) -> None:
    paid_at = charge.paid_at or ports.clock.now()
    member = uow.members.get(order.member_id)
    order.status, order.first_paid_at = OrderStatus.PAID, paid_at
    uow.enrolments.get(order.enrolment_id).paid_at = paid_at
    territory = territory_of_postcode(member.postcode)
    period = favourable_period(anchor(order.concluded_at, paid_at), zone=member.time_zone, territory=territory)
    order.withdrawal_last_day, order.withdrawal_end = period.last_day, period.end
    paid.payment_confirmed(ports, uow, order, first, charge)
    uow.agenda.cancel(DeadlineKind.CHECKOUT_EXPIRY, f"{order.id}:{order.checkout_attempt}")
    _confirm(ports, uow, order, member)


def _confirm(ports: Ports, uow: UnitOfWork, order: Order, member: Member) -> None:
    """Send the confirmation on a durable medium (L221-13), and the same in Slack."""
    mail = SendMail(
        to=member.email,
        template="confirmation",
        data=contract.mail_facts(order, member),
        attachments=(contract.attachment(ports, uow, order, member), *invoicing.attachments(uow, order)),
    )
    uow.outbox.put(f"confirmation:{order.id}", mail, lane=f"mail:{order.id}")
    received = sum(p.amount for p in uow.orders.payments(order.id) if p.status is PaymentStatus.PAID)
    if order.withdrawal_last_day is None:
        raise LookupError("a paid order has a withdrawal period")
    message = OrderConfirmed(
        order_id=order.id,
        first_name=member.first_name,
        paid=received,
        price=order.price,
        withdrawal_last_day=order.withdrawal_last_day,
        early_start=order.early_start,
        email=member.email,
    )
    _tell(uow, order, f"confirmed:{order.id}", message)


def confirmation_sent(ports: Ports, uow: UnitOfWork, order_id: str, message_id: str) -> None:
    """The durable confirmation has left: the gate may open as far as this member is concerned."""
    order = uow.orders.get(order_id)
    order.confirmation_sent_at = ports.clock.now()
    facts = {"order": order.id, "message_id": message_id}
    uow.enrolments.record(enrolment_id=order.enrolment_id, kind="confirmation_sent", at=ports.clock.now(), facts=facts)
    uow.journal.write("bot", Action.CONFIRMATION_SENT, order.id)
    gate.gate_may_open(ports, uow, order.member_id)


def reconcile(ports: Ports) -> int:
    """Ask Stripe about every open session: payments count without a public address or after a lost webhook."""
    with ports.reading() as uow:
        waiting = [order.checkout_id for order in uow.orders.awaiting_payment()]
    settled = 0
    for checkout_id in waiting:
        try:
            settled += settle_checkout(ports, checkout_id)
        except DeliveryError:
            return settled  # Stripe is away: the next tick asks again
    return settled


def _tell(uow: UnitOfWork, order: Order, key: str, message: PaymentLink | OrderConfirmed) -> None:
    user = uow.members.get(order.member_id).slack_user_id
    if isinstance(message, OrderConfirmed):
        pings.legal(uow, user, key, message, pin=True)  # the withdrawal button, permanent and easy to find (L221-21)
    else:
        pings.answer(uow, user, key, message)
