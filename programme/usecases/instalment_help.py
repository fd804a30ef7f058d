"""An instalment that the calendar could not collect is in the hands of a person: try again, or send a link."""

from __future__ import annotations

from programme.errors import Refusal
from programme.journal import Action
from programme.model.order import Order, Payment
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.usecases.collecting import charge
from programme.usecases.freezing import require_free
from programme.usecases.groups import require_admin
from programme.usecases.instalments import ask_for_page, in_force, redraw_help


def send(ports: Ports, *, caller: Caller, payment_id: str) -> None:
    """An admin sends the member a new page; Refusal("instalment_settled") when there is nothing left to pay."""
    require_admin(caller)
    with ports.uow() as uow:
        order, payment = _unpaid(uow, payment_id)
        ask_for_page(uow, order, payment)
        redraw_help(uow, order, payment, state="linked", by=caller.slack_user_id)
        uow.journal.write(caller.slack_user_id, Action.INSTALMENT_PAGE_ASKED, order.id, number=payment.number)


def try_again(ports: Ports, *, caller: Caller, payment_id: str) -> None:
    """An admin has the card debited again; Refusal("instalment_settled") when there is nothing left to pay.

    Refusal("instalment_no_card") when no card is kept any more.
    """
    require_admin(caller)
    with ports.uow() as uow:
        order, payment = _unpaid(uow, payment_id)
        if not order.payment_method_id:
            raise Refusal("instalment_no_card")
        charge(uow, order, payment, actor=caller.slack_user_id)
        redraw_help(uow, order, payment, state="tried", by=caller.slack_user_id)


def _unpaid(uow: UnitOfWork, payment_id: str) -> tuple[Order, Payment]:
    payment = uow.orders.payment(payment_id)
    order = uow.orders.get(payment.order_id)
    if not in_force(uow, order, payment):
        raise Refusal("instalment_settled")
    require_free(uow, order.id)
    return order, payment
