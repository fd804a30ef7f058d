"""The page on which a member pays an instalment themselves: the bank asks for it, or another card is to pay.

Opening it gives the off-session charge up for ever, so that the two can never both be paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from programme.effects import StopInstalment
from programme.errors import Refusal
from programme.journal import Action
from programme.messages.instalments import InstalmentLink, InstalmentLinkExpired
from programme.model.agenda import DeadlineKind
from programme.model.charge import ChargeStatus
from programme.model.order import Payment
from programme.model.outbox import OutboxStatus
from programme.model.people import Caller
from programme.payment_provider import Checkout
from programme.ports import Ports, UnitOfWork
from programme.usecases import pings
from programme.usecases.freezing import is_frozen, require_free
from programme.usecases.instalment_outcomes import carried_out, give_up, record
from programme.usecases.instalments import ask_for_page, in_force, own_payment, page_key, user_of

PAGE_LIFETIME = timedelta(hours=23)


def renew(ports: Ports, *, caller: Caller, payment_id: str) -> bool:
    """The member asks for a page to pay with the card of their choice; False while the last link is still good.

    Refusal("instalment_settled") when there is nothing left to pay.
    """
    with ports.uow() as uow:
        order, payment = own_payment(uow, caller, payment_id)
        if not in_force(uow, order, payment):
            raise Refusal("instalment_settled")
        require_free(uow, order.id)
        if not _over(uow, payment, ports.clock.now()):
            return False
        ask_for_page(uow, order, payment)
        uow.journal.write(caller.slack_user_id, Action.INSTALMENT_PAGE_ASKED, order.id, number=payment.number)
        return True


def _over(uow: UnitOfWork, payment: Payment, now: datetime) -> bool:
    """Whether the last page is gone: given up for a charge, expired, or never opened; not one that is being opened."""
    row = uow.outbox.get(page_key(payment))
    if row is not None and row.status in {OutboxStatus.DUE, OutboxStatus.SENDING}:
        return False
    return payment.checkout_expires_at is None or payment.checkout_expires_at <= now


def carry_out(ports: Ports, payment_id: str, attempt: int, key: str) -> dict[str, Any]:
    """Open the page at Stripe (delivery, no transaction open), once nothing else can pay the instalment any more."""
    with ports.reading() as uow:
        payment = uow.orders.payment(payment_id)
        order = uow.orders.get(payment.order_id)
        wanted = in_force(uow, order, payment) and not is_frozen(uow, order.id)
    given_up = give_up(ports, payment_id)
    if not wanted or given_up.get("charge", {}).get("status") == ChargeStatus.SUCCEEDED:
        return given_up
    expires_at = ports.clock.now() + PAGE_LIFETIME
    page = ports.payments.open_instalment_page(order, payment, expires_at=expires_at, key=key)
    return {"attempt": attempt, "id": page.id, "url": page.url, "expires_at": page.expires_at.isoformat()}


def opened(ports: Ports, uow: UnitOfWork, payment_id: str, facts: Mapping[str, Any]) -> None:
    """Keep the page and send its link to the member, in their direct messages only."""
    if "url" not in facts:
        carried_out(ports, uow, payment_id, facts)
        return
    payment = uow.orders.payment(payment_id)
    order = uow.orders.get(payment.order_id)
    payment.intent_id, payment.checkout_id = "", facts["id"]
    if not in_force(uow, order, payment):  # the contract ended while the page was being opened
        effect = StopInstalment(payment_id=payment.id)
        uow.outbox.put(f"inst-stop:{payment.id}:{facts['attempt']}", effect, lane=f"order:{order.id}")
        return
    if facts["attempt"] != payment.checkout_attempt:
        return  # a newer one is on its way and closes this one
    payment.checkout_expires_at = datetime.fromisoformat(facts["expires_at"])
    subject = f"{payment.id}:{payment.checkout_attempt}"
    uow.agenda.put(DeadlineKind.INSTALMENT_LINK_EXPIRY, subject, payment.checkout_expires_at)
    message = InstalmentLink(
        order_id=order.id,
        payment_id=payment.id,
        number=payment.number,
        count=len(uow.orders.payments(order.id)),
        amount=payment.amount,
        url=facts["url"],
        expires_at=payment.checkout_expires_at,
        to_authenticate=payment.to_authenticate,
    )
    pings.legal(uow, user_of(uow, order), f"inst-link:{subject}", message)


def expired(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """The page has expired unpaid (DeadlineKind.INSTALMENT_LINK_EXPIRY): a new one is one tap away."""
    payment_id, _, attempt = subject.partition(":")
    payment = uow.orders.payment(payment_id)
    order = uow.orders.get(payment.order_id)
    current = str(payment.checkout_attempt) == attempt and payment.checkout_expires_at is not None
    if current and in_force(uow, order, payment):
        message = InstalmentLinkExpired(payment_id=payment.id, number=payment.number, amount=payment.amount)
        pings.timely(uow, user_of(uow, order), f"inst-expired:{subject}", message, ports.clock.now())


def settle(ports: Ports, checkout_id: str) -> bool:
    """Ask Stripe what became of a page and record it; tells whether it was news."""
    return settle_page(ports, ports.payments.checkout(checkout_id))


def settle_page(ports: Ports, page: Checkout) -> bool:
    """Record what was paid on a page, whichever of an instalment's pages it is."""
    if not page.paid or not page.payment_id:
        return False
    with ports.uow() as uow:
        payment = uow.orders.payment(page.payment_id)
        return record(ports, uow, uow.orders.get(payment.order_id), payment, page.charge)
