"""What a person would pay: the list price, or the price of the code that they entered before ordering (CGV 5).

The code counts before the order, never on Stripe's page: the summary and the boxes of an early start must show the sum
that will bind (L221-14), and in three instalments a reduction at Stripe would fall on the first one only.
"""

from __future__ import annotations

from dataclasses import dataclass

from programme.model.enrolment import Enrolment
from programme.model.member import Member
from programme.model.offer import Offer
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.money import LIST_PRICE


@dataclass(frozen=True)
class Quote:
    """``price`` in cents; ``offer`` is the one that gives it.

    ``problem`` is the key of the sentence that says why the code entered earlier does not count any more: the price is
    then the list price again.
    """

    price: int = LIST_PRICE
    offer: Offer | None = None
    problem: str = ""


def quote_for(ports: Ports, uow: UnitOfWork, member: Member, enrolment: Enrolment) -> Quote:
    """Return what this enrolment would cost if it were ordered now."""
    if not enrolment.offer_id:
        return Quote()
    offer = uow.offers.get(enrolment.offer_id)
    problem = offer_problem(ports, uow, member, offer)
    return Quote(problem=problem) if problem else Quote(offer.price, offer)


def offer_problem(ports: Ports, uow: UnitOfWork, member: Member, offer: Offer) -> str:
    """Return the key of the sentence that says why this member cannot order with it now; "" when they can."""
    today = day_in(ports.clock.now())
    return offer.problem(today=today, uses=uow.offers.uses(offer.id), slack_user_id=member.slack_user_id)
