"""Whether money of an order may move while one of its payments is contested at the bank."""

from __future__ import annotations

from programme.errors import Refusal
from programme.model.dispute import DisputeState
from programme.ports import UnitOfWork


def is_frozen(uow: UnitOfWork, order_id: str) -> bool:
    """Whether a dispute is open: nothing is collected, and nothing is refunded, until the bank has decided."""
    return any(one.state is DisputeState.OPEN for one in uow.disputes.of_order(order_id))


def has_lost(uow: UnitOfWork, order_id: str) -> bool:
    """Whether the bank has decided for the payer: a person decides before anything more is collected."""
    return any(one.state is DisputeState.LOST for one in uow.disputes.of_order(order_id))


def require_free(uow: UnitOfWork, order_id: str) -> None:
    """Raise Refusal("order_disputed") while a dispute is open."""
    if is_frozen(uow, order_id):
        raise Refusal("order_disputed")
