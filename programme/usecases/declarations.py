"""Declarations of withdrawal as records: written first and for ever, acknowledged at once, examined afterwards."""

from __future__ import annotations

from datetime import date, datetime

from programme.content.printing import Person, WithdrawalReceipt
from programme.effects import Attachment, SendMail
from programme.errors import InvalidForm
from programme.journal import Action
from programme.messages.endings import DeclarationCard, DeclarationReceived, DeclarationToConfirm
from programme.model.ending import Declaration, DeclarationSource, DeclarationState
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.order import Order
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.retention import Purpose, last_day
from programme.rules.withdrawal import refund_due_on
from programme.usecases import pings
from programme.usecases.groups import redraw

LONGEST = {"name": 200, "email": 320, "contract": 200}
UNKNOWN_CONTRACT = "non retrouvé"
CHANNELS = {
    DeclarationSource.SLACK: "le bouton « Renoncer au contrat ici » dans Slack",
    DeclarationSource.WEB: "la page publique de rétractation",
    DeclarationSource.LETTER: "courrier ou message électronique",
}


def write(
    ports: Ports,
    uow: UnitOfWork,
    source: DeclarationSource,
    *,
    name: str,
    email: str,
    contract: str,
    sent_at: datetime | None = None,
) -> Declaration:
    """The fact itself, before anything is examined: for ever, at the server's time."""
    now = ports.clock.now()
    declaration = Declaration(
        id=new_id("wdr"),
        source=source,
        sent_at=sent_at or now,
        recorded_at=now,
        name=name,
        email=email,
        contract=contract,
    )
    uow.endings.add_declaration(declaration)
    uow.journal.write("bot", Action.WITHDRAWAL_DECLARED, declaration.id, source=source.value)
    return declaration


def find_contract(uow: UnitOfWork, *, name: str, email: str, contract: str) -> tuple[Member, Order] | None:
    """The contract that two of the three particulars point at."""
    for member in uow.members.all():
        enrolment = uow.enrolments.current(member.id)
        order = uow.orders.of_enrolment(enrolment.id) if enrolment else None
        if order is None:
            continue
        same = (
            member.full_name.casefold() == name.casefold(),
            member.email.casefold() == email.casefold(),
            order.id == contract.casefold(),
        )
        if sum(same) >= 2:
            return member, order
    return None


def record_decision(
    ports: Ports, uow: UnitOfWork, declaration: Declaration, state: DeclarationState, actor: str
) -> None:
    """Note what was decided and by whom, and close the admins' card."""
    declaration.state, declaration.decided_by, declaration.decided_at = state, actor, ports.clock.now()
    uow.journal.write(actor, Action.WITHDRAWAL_DECIDED, declaration.id, state=state.value)
    if uow.outbox.get(card_key(declaration)) is not None:
        redraw(uow, card_key(declaration), card(uow, declaration), lane="admins")


def acknowledge(
    ports: Ports, uow: UnitOfWork, declaration: Declaration, member: Member | None, order: Order | None
) -> None:
    """Content, date and time on a durable medium at once; in Slack only to who declared there.

    A stranger to whom nothing is known gets the same mail, without a word about any contract.
    """
    ends = member is not None and declaration.in_time
    refund_by = refund_due_on(declaration.recorded_at) if ends else None
    work_until = last_day(Purpose.WORK, day_in(ports.clock.now())) if ends else None
    receipt = _receipt(declaration, member, order, refund_by)
    attachment = Attachment(
        filename=f"accuse-{declaration.id}.pdf", template="accuse_retractation", data=receipt.model_dump()
    )
    data = {
        "reference": declaration.id,
        "name": declaration.name,
        "sent_at": declaration.sent_at.isoformat(),
        "content": statement(declaration),
        "refund_by": refund_by.isoformat() if refund_by else "",
        "to_examine": member is None,
        "work_until": work_until.isoformat() if work_until else "",
    }
    mail = SendMail(to=declaration.email, template="withdrawal_received", data=data, attachments=(attachment,))
    uow.outbox.put(f"withdrawal:{declaration.id}", mail, lane=f"mail:{declaration.id}")
    if member is not None:
        copy = DeclarationReceived(
            reference=declaration.id,
            sent_at=declaration.sent_at,
            zone=member.time_zone,
            email=declaration.email,
            in_time=declaration.in_time,
            refund_by=refund_by,
            work_until=work_until,
        )
        pings.legal(uow, member.slack_user_id, f"declared:{declaration.id}", copy)


def _receipt(
    declaration: Declaration, member: Member | None, order: Order | None, refund_by: date | None
) -> WithdrawalReceipt:
    return WithdrawalReceipt(
        reference=declaration.id,
        member=Person(name=declaration.name, address=(), email=declaration.email),
        order_id=declaration.contract or UNKNOWN_CONTRACT,
        concluded_at=order.concluded_at if member and order else None,
        sent_at=declaration.sent_at,
        channel=CHANNELS[declaration.source],
        content=statement(declaration),
        refund_by=refund_by,
        to_examine=member is None,
    )


def statement(declaration: Declaration) -> str:
    """The content of the declaration, as it is acknowledged."""
    contract = declaration.contract or UNKNOWN_CONTRACT
    return (
        f"Moi, {declaration.name}, je vous notifie par la présente ma rétractation du contrat portant sur la "
        f"prestation Ensemble1job (contrat : {contract}). "
        f"Adresse pour l’accusé de réception : {declaration.email}."
    )


def ask_author(uow: UnitOfWork, declaration: Declaration, member: Member) -> None:
    """Ask the member whose contract it seems to be whether the declaration is theirs."""
    message = DeclarationToConfirm(declaration_id=declaration.id, sent_at=declaration.sent_at, zone=member.time_zone)
    pings.legal(uow, member.slack_user_id, _author_key(declaration), message)


def close_question(uow: UnitOfWork, declaration: Declaration, member: Member) -> None:
    """Redraw the question that the author was asked, if it was."""
    answer = "confirmed" if declaration.state is DeclarationState.ACCEPTED else "denied"
    message = DeclarationToConfirm(
        declaration_id=declaration.id,
        sent_at=declaration.sent_at,
        zone=member.time_zone,
        answer=answer,
    )
    pings.update(uow, member.slack_user_id, _author_key(declaration), message)


def answer_rejected(uow: UnitOfWork, declaration: Declaration) -> None:
    """Write to who declared why nothing follows."""
    data = {"reference": declaration.id, "name": declaration.name, "reason": declaration.reason}
    mail = SendMail(to=declaration.email, template="withdrawal_answer", data=data)
    uow.outbox.put(f"withdrawal-answer:{declaration.id}", mail, lane=f"mail:{declaration.id}")


def _author_key(declaration: Declaration) -> str:
    return f"confirm-withdrawal:{declaration.id}"


def card_key(declaration: Declaration) -> str:
    """The outbox key of a declaration's card in the admin channel."""
    return f"declaration:{declaration.id}"


def card(uow: UnitOfWork, declaration: Declaration) -> DeclarationCard:
    """Return the card as it stands."""
    decision = {DeclarationState.ACCEPTED: "accepted", DeclarationState.REJECTED: "rejected"}
    member = uow.members.get(declaration.member_id) if declaration.member_id else None
    return DeclarationCard(
        declaration_id=declaration.id,
        source=declaration.source,
        sent_at=declaration.sent_at,
        name=declaration.name,
        email=declaration.email,
        contract=declaration.contract,
        member_user=member.slack_user_id if member else "",
        matched=bool(declaration.order_id),
        in_time=declaration.in_time,
        decision=decision.get(declaration.state, ""),
        decided_by=declaration.decided_by,
    )


def require_email(email: str) -> None:
    """InvalidForm(email) for what cannot be an address."""
    if "@" not in email or len(email) > LONGEST["email"] or any(mark.isspace() for mark in email.strip()):
        raise InvalidForm({"email": "email_invalid"})


def require_particulars(given: dict[str, str]) -> None:
    """InvalidForm for a name or address that is missing, and for what is too long."""
    wrong = {name: "field_long" for name, value in given.items() if len(value) > LONGEST[name]}
    if not given["name"]:
        wrong["name"] = "name_missing"
    if "@" not in given["email"] or " " in given["email"]:
        wrong["email"] = "email_invalid"
    if wrong:
        raise InvalidForm(wrong)
