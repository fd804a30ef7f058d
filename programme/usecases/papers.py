"""A buyer's contract and accounting documents, at hand at any time; an admin may have a copy of one document."""

from __future__ import annotations

from dataclasses import dataclass

from programme.errors import NotFound, Refusal
from programme.journal import Action
from programme.model.accounting import AccountingDocument
from programme.model.attestation import Attestation
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import handing_out, invoicing
from programme.usecases.attestations import may_ask
from programme.usecases.groups import require_admin
from programme.usecases.handing_out import Made


@dataclass(frozen=True)
class Papers:
    """What a buyer can receive again: the contract in force, if any, and the documents, newest first.

    ``may_ask_attestation`` when the contract has ended or the programme is over, and none has been issued yet.
    """

    order_id: str
    documents: tuple[AccountingDocument, ...]
    attestations: tuple[Attestation, ...] = ()
    may_ask_attestation: bool = False


def own_papers(ports: Ports, *, caller: Caller) -> Papers:
    """Return the caller's own papers; Refusal("contract_not_concluded") when there are none yet."""
    with ports.reading() as uow:
        member = uow.members.by_slack(caller.slack_user_id)
        enrolment = uow.enrolments.current(member.id) if member else None
        order = uow.orders.of_enrolment(enrolment.id) if enrolment else None
        documents = uow.accounting.of_member(member.id) if member else []
        attested = uow.attestations.of_member(member.id) if member else []
        asks = enrolment is not None and not uow.attestations.latest(enrolment.id) and may_ask(uow, enrolment)
    order_id = order.id if order is not None and order.first_paid_at is not None else ""
    if not order_id and not documents:
        raise Refusal("contract_not_concluded")
    return Papers(order_id, tuple(reversed(documents)), tuple(reversed(attested)), asks and bool(order_id))


def resend(ports: Ports, *, caller: Caller, number: str, request: str) -> str:
    """Send one document to its buyer again and return the address; one mail a request, NotFound for anybody else."""
    with ports.uow() as uow:
        document = uow.accounting.get(number)
        if uow.members.get(document.member_id).slack_user_id != caller.slack_user_id:
            raise NotFound
        address, new = invoicing.send(uow, document, f"accounting:{number}:{request}")
        if new:
            uow.journal.write(caller.slack_user_id, Action.ACCOUNTING_SENT, number)
        return address


def copy_for_admin(ports: Ports, *, caller: Caller, number: str, request: str) -> None:
    """Put the PDF of one document into the admin's direct messages; Refusal("paper_unknown") for a wrong number."""
    require_admin(caller)
    with ports.reading() as uow:
        try:
            document = uow.accounting.get(number)
        except NotFound as error:
            raise Refusal("paper_unknown") from error
    part = invoicing.attachment(document)
    printed = Made(part.filename, "application/pdf", ports.printer.render(part.template, part.data))
    key = f"paper:{caller.slack_user_id}:{request}"
    handing_out.hand_out(ports, caller=caller, files=(printed,), key=key, action=Action.ACCOUNTING_SENT, subject=number)
