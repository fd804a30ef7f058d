"""The card kept for later instalments leaves Stripe with its contract (C. conso. L221-27: it is accessory to it).

It goes once every instalment is paid, or once the contract has ended early. Two things hold it back: a dispute, until
the bank has decided, and a sum that an early end leaves owed, until it can no longer be claimed (L218-2). Neither lets
the bot debit anything by itself; they only leave to a person what may still be agreed with the member. A card that
another one has replaced, or that paid after the end, goes at once.
"""

from __future__ import annotations

from datetime import timedelta

from programme.effects import LetCardGo
from programme.journal import Action
from programme.model.agenda import DeadlineKind
from programme.model.order import Order, PaymentPlan
from programme.ports import Ports, UnitOfWork
from programme.usecases.freezing import is_frozen

CLAIMABLE = timedelta(days=2 * 365 + 1)
"""How long a trader may claim from a consumer: two years (L218-2), never less."""


def release(ports: Ports, uow: UnitOfWork, order: Order) -> None:
    """Let the card go if nothing of the order needs it any more; whoever ends such a need calls this."""
    if not order.payment_method_id or any(one.open for one in uow.orders.payments(order.id)):
        return
    end = uow.endings.of_order(order.id)
    if is_frozen(uow, order.id):
        return  # the bank's decision comes back here
    if end is not None and end.still_owed and ports.clock.now() < end.declared_at + CLAIMABLE:
        uow.agenda.put(DeadlineKind.CARD_CLAIM_OVER, order.id, end.declared_at + CLAIMABLE)
        return
    let_go(uow, order, order.payment_method_id)


def claim_over(ports: Ports, uow: UnitOfWork, order_id: str) -> None:
    """What an early end left owed can no longer be claimed (DeadlineKind.CARD_CLAIM_OVER)."""
    release(ports, uow, uow.orders.get(order_id))


def let_go(uow: UnitOfWork, order: Order, card_id: str) -> None:
    """Put the detachment on its way; only an order in three has had its card kept."""
    if card_id and order.plan is PaymentPlan.THREE:
        effect = LetCardGo(order_id=order.id, card_id=card_id)
        uow.outbox.put(f"card-gone:{order.id}:{card_id}"[:120], effect, lane=f"order:{order.id}")


def gone(uow: UnitOfWork, effect: LetCardGo) -> None:
    """Stripe has let it go: we know nothing of it any more."""
    order = uow.orders.get(effect.order_id)
    if order.payment_method_id == effect.card_id:
        order.payment_method_id, order.card = "", ""
    uow.journal.write("bot", Action.CARD_RELEASED, order.id)
