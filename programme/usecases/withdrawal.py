"""The withdrawal function (C. conso. L221-21, D221-5): declared first and for ever, then examined, then refunded.

Three doors lead to the same record: the button in Slack, the public page without login, and what comes by letter or
mail, which an admin writes down. A declaration from the public page is nobody's until its author or an admin confirms
it: a stranger who knows a name must not end somebody's contract. Its date stays that of its sending.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from programme.errors import InvalidForm, NotAllowed, NotFound, Refusal
from programme.model.ending import Declaration, DeclarationSource, DeclarationState, EndKind
from programme.model.enrolment import EnrolmentStatus
from programme.model.member import Member
from programme.model.order import Order
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import end_of_day
from programme.usecases.declarations import (
    acknowledge,
    answer_rejected,
    ask_author,
    card,
    card_key,
    close_question,
    find_contract,
    record_decision,
    require_email,
    require_particulars,
    write,
)
from programme.usecases.endings import end_contract
from programme.usecases.groups import require_admin, tell_admins


@dataclass(frozen=True)
class OwnContract:
    """What the first screen shows, filled in; ``declared`` is the reference of a declaration already made."""

    order_id: str
    name: str
    email: str
    concluded_at: datetime
    last_day: date | None
    in_time: bool
    declared: str
    zone: str


def own_contract(ports: Ports, *, caller: Caller) -> OwnContract:
    """Return the caller's contract; Refusal("withdrawal_no_contract") when there is none."""
    with ports.reading() as uow:
        member, order = _own(uow, caller)
        declared = uow.endings.declared(order.id)
        return OwnContract(
            order_id=order.id,
            name=member.full_name,
            email=member.email,
            concluded_at=order.concluded_at,
            last_day=order.withdrawal_last_day,
            in_time=_in_time(order, ports.clock.now()),
            declared=declared.id if declared else "",
            zone=member.time_zone,
        )


def _own(uow: UnitOfWork, caller: Caller) -> tuple[Member, Order]:
    member = uow.members.by_slack(caller.slack_user_id)
    enrolment = uow.enrolments.current(member.id) if member else None
    order = uow.orders.of_enrolment(enrolment.id) if enrolment else None
    if member is None or order is None:
        raise Refusal("withdrawal_no_contract")
    return member, order


def _in_time(order: Order, sent_at: datetime) -> bool:
    """Whether it is sent before the exclusive end; a contract that was never paid has no end yet."""
    return order.withdrawal_end is None or sent_at < order.withdrawal_end


def declare(ports: Ports, *, caller: Caller, order_id: str, email: str) -> Declaration:
    """« Confirmer la rétractation » in Slack: written first, acknowledged at once, and the contract ends if in time.

    A second press, or a second device, returns the same declaration. InvalidForm(email); NotFound for somebody else's.
    """
    require_email(email)
    with ports.uow() as uow:
        member, order = _own(uow, caller)
        if order.id != order_id:
            raise NotFound
        existing = uow.endings.declared(order.id)
        if existing is not None and existing.state is DeclarationState.ACCEPTED:
            return existing
        declaration = write(ports, uow, DeclarationSource.SLACK, name=member.full_name, email=email, contract=order.id)
        _join(declaration, member, order)
        acknowledge(ports, uow, declaration, member, order)
        _proceed(ports, uow, declaration, order, caller.slack_user_id)
        return declaration


def declare_publicly(ports: Ports, *, name: str, email: str, contract: str, token: str) -> Declaration:
    """The public page: recorded and acknowledged to the address given, whoever writes and whether or not it matches.

    ``token`` comes with the page that was confirmed: the same one gives the same declaration. InvalidForm(name, email,
    contract). The answer is the same for everybody: it tells nothing about who is a member.
    """
    given = {"name": name.strip(), "email": email.strip(), "contract": contract.strip()}
    require_particulars(given)
    with ports.uow() as uow:
        before = uow.endings.by_token(token)
        if before is not None:
            return before
        name, email, contract = given["name"], given["email"], given["contract"]
        declaration = write(ports, uow, DeclarationSource.WEB, name=name, email=email, contract=contract)
        declaration.token = token
        found = find_contract(uow, name=name, email=email, contract=contract)
        member, order = found or (None, None)
        if member is not None and order is not None:
            _join(declaration, member, order)
            ask_author(uow, declaration, member)
        acknowledge(ports, uow, declaration, None, order)
        tell_admins(uow, card_key(declaration), card(uow, declaration))
        return declaration


def record_letter(ports: Ports, *, caller: Caller, member_user: str, sent_on: date) -> Declaration:
    """An admin writes down what came by letter or mail; it counts from its sending, at the end of that day.

    Refusal("declaration_future"); a contract already declared returns that declaration.
    """
    require_admin(caller)
    with ports.uow() as uow:
        member, order = _own(uow, Caller(member_user))
        existing = uow.endings.declared(order.id)
        if existing is not None and existing.state is DeclarationState.ACCEPTED:
            return existing
        now = ports.clock.now()
        sent_at = min(end_of_day(sent_on, member.time_zone), now)
        if end_of_day(sent_on, member.time_zone) > end_of_day(now.date(), member.time_zone):
            raise Refusal("declaration_future")
        declaration = write(
            ports,
            uow,
            DeclarationSource.LETTER,
            name=member.full_name,
            email=member.email,
            contract=order.id,
            sent_at=sent_at,
        )
        _join(declaration, member, order)
        acknowledge(ports, uow, declaration, member, order)
        _proceed(ports, uow, declaration, order, caller.slack_user_id)
        return declaration


def confirm(ports: Ports, *, caller: Caller, declaration_id: str) -> Declaration:
    """The member confirms in Slack what came by the public page: it counts from the day it was sent."""
    with ports.uow() as uow:
        declaration, member, order = _matched(uow, declaration_id)
        if member.slack_user_id != caller.slack_user_id:
            raise NotAllowed
        if declaration.state is DeclarationState.RECEIVED:
            _proceed(ports, uow, declaration, order, caller.slack_user_id)
            close_question(uow, declaration, member)
        return declaration


def deny(ports: Ports, *, caller: Caller, declaration_id: str) -> Declaration:
    """« Ce n’est pas moi » : the declaration is kept and changes nothing."""
    with ports.uow() as uow:
        declaration, member, _ = _matched(uow, declaration_id)
        if member.slack_user_id != caller.slack_user_id:
            raise NotAllowed
        if declaration.state is DeclarationState.RECEIVED:
            record_decision(ports, uow, declaration, DeclarationState.REJECTED, caller.slack_user_id)
            close_question(uow, declaration, member)
        return declaration


def decide(ports: Ports, *, caller: Caller, declaration_id: str, accepted: bool, reason: str = "") -> Declaration:
    """An admin examines a late or doubtful declaration; a rejection says why, by e-mail.

    InvalidForm(reason); Refusal("declaration_unmatched") when no contract was found; the second admin changes nothing.
    """
    require_admin(caller)
    if not accepted and not reason.strip():
        raise InvalidForm({"reason": "rejection_reason_missing"})
    with ports.uow() as uow:
        declaration = uow.endings.declaration(declaration_id)
        if declaration.state is not DeclarationState.RECEIVED:
            return declaration
        if accepted:
            if not declaration.order_id:
                raise Refusal("declaration_unmatched")
            declaration, member, order = _matched(uow, declaration_id)
            _end(ports, uow, declaration, order, caller.slack_user_id)
            close_question(uow, declaration, member)
        else:
            declaration.reason = reason.strip()
            record_decision(ports, uow, declaration, DeclarationState.REJECTED, caller.slack_user_id)
            answer_rejected(uow, declaration)
        return declaration


def _join(declaration: Declaration, member: Member, order: Order) -> None:
    declaration.member_id, declaration.order_id = member.id, order.id
    declaration.in_time = _in_time(order, declaration.sent_at)


def _proceed(ports: Ports, uow: UnitOfWork, declaration: Declaration, order: Order, actor: str) -> None:
    """In time, the contract ends now; late, a person examines it."""
    facts = {"declaration": declaration.id, "order": order.id, "sent_at": declaration.sent_at.isoformat()}
    facts |= {"source": declaration.source.value, "name": declaration.name, "email": declaration.email}
    uow.enrolments.record(
        enrolment_id=order.enrolment_id, kind="withdrawal_declared", at=ports.clock.now(), facts=facts
    )
    if declaration.in_time and _is_running(uow, order):
        _end(ports, uow, declaration, order, actor)
    elif uow.outbox.get(card_key(declaration)) is None:
        tell_admins(uow, card_key(declaration), card(uow, declaration))


def _is_running(uow: UnitOfWork, order: Order) -> bool:
    return uow.enrolments.get(order.enrolment_id).status is EnrolmentStatus.ACTIVE


def _end(ports: Ports, uow: UnitOfWork, declaration: Declaration, order: Order, actor: str) -> None:
    record_decision(ports, uow, declaration, DeclarationState.ACCEPTED, actor)
    end_contract(
        ports,
        uow,
        order,
        EndKind.WITHDRAWAL,
        declared_at=declaration.sent_at,
        informed_at=declaration.recorded_at,
        actor=actor,
    )


def _matched(uow: UnitOfWork, declaration_id: str) -> tuple[Declaration, Member, Order]:
    declaration = uow.endings.declaration(declaration_id)
    if not declaration.order_id:
        raise NotFound
    return declaration, uow.members.get(declaration.member_id), uow.orders.get(declaration.order_id)
