"""The code of an offer, entered or left on the order summary."""

from __future__ import annotations

from datetime import timedelta

from programme.errors import InvalidForm, Refusal
from programme.journal import Action
from programme.model.enrolment import Enrolment, Step
from programme.model.member import Member
from programme.model.offer import TRIES_A_DAY, Offer, normal_code
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.money import LIST_PRICE
from programme.usecases.prices import offer_problem
from programme.usecases.standing import before_order, step_of


def enter_code(ports: Ports, *, caller: Caller, typed: str) -> None:
    """Take the price of a code. InvalidForm says why it does not count; a wrong one is counted, so that nobody guesses.

    An early start that was asked for with other sums is asked anew: its boxes name the price of a session.
    """
    with ports.uow() as uow:
        member, enrolment = _at_the_summary(ports, uow, caller)
        if _tries_left(ports, enrolment) <= 0:
            raise InvalidForm({"code": "offer_pause"})
        offer = uow.offers.by_code(normal_code(typed))
        problem = offer_problem(ports, uow, member, offer) if offer else "offer_unknown"
        if offer is None or problem:
            enrolment.code_tries += 1
        elif offer.id != enrolment.offer_id:
            _set(ports, uow, enrolment, offer)
            uow.journal.write(caller.slack_user_id, Action.OFFER_ENTERED, enrolment.id, offer=offer.id)
    if problem:
        raise InvalidForm({"code": problem})


def leave_code(ports: Ports, *, caller: Caller) -> None:
    """Go back to the list price."""
    with ports.uow() as uow:
        _, enrolment = _at_the_summary(ports, uow, caller)
        if enrolment.offer_id:
            _set(ports, uow, enrolment, None)
            uow.journal.write(caller.slack_user_id, Action.OFFER_LEFT, enrolment.id)


def _at_the_summary(ports: Ports, uow: UnitOfWork, caller: Caller) -> tuple[Member, Enrolment]:
    member, enrolment = before_order(uow, caller)
    if step_of(ports, uow, member, enrolment) is not Step.ORDER:
        raise Refusal("step_missing")
    return member, enrolment


def _tries_left(ports: Ports, enrolment: Enrolment) -> int:
    now = ports.clock.now()
    if enrolment.code_tries_since is None or now >= enrolment.code_tries_since + timedelta(days=1):
        enrolment.code_tries, enrolment.code_tries_since = 0, now
    return TRIES_A_DAY - enrolment.code_tries


def _set(ports: Ports, uow: UnitOfWork, enrolment: Enrolment, offer: Offer | None) -> None:
    enrolment.offer_id = offer.id if offer else ""
    if enrolment.early_start_valid:
        enrolment.choice, enrolment.early_start_valid = None, False
    facts = {"code": offer.code, "label": offer.label, "price": offer.price} if offer else {"price": LIST_PRICE}
    uow.enrolments.record(enrolment_id=enrolment.id, kind="price_shown", at=ports.clock.now(), facts=facts)
