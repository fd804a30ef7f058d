"""The contract as a durable document: what was ordered, accepted and asked for, with every text in full (L221-13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from programme.content.printing import Acceptance, Contract, FullText, Instalment, Person, Request
from programme.content.texts import LegalText
from programme.effects import Attachment, SendMail
from programme.errors import Refusal
from programme.model.evidence import Evidence
from programme.model.member import Member
from programme.model.order import Order
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in

PRINTED_TEXTS = ("notice_retractation", "formulaire_retractation", "programme_annexe1")


def mail_facts(order: Order, member: Member) -> dict[str, Any]:
    """Return what the confirmation mail says in its own text."""
    return {
        "order_id": order.id,
        "first_name": member.first_name,
        "price": order.price,
        "withdrawal_last_day": order.withdrawal_last_day.isoformat() if order.withdrawal_last_day else "",
        "early_start": order.early_start,
    }


def resend(ports: Ports, *, caller: Caller, request: str) -> str:
    """Send the contract again (L213-1: access at any time) and return the address; one mail a request."""
    with ports.uow() as uow:
        member = uow.members.by_slack(caller.slack_user_id)
        enrolment = uow.enrolments.current(member.id) if member else None
        order = uow.orders.of_enrolment(enrolment.id) if enrolment else None
        if member is None or order is None:
            raise Refusal("contract_not_concluded")
        send_copy(ports, uow, order, member, request)
        return member.email


def send_copy(ports: Ports, uow: UnitOfWork, order: Order, member: Member, request: str) -> bool:
    """Put the contract into a mail to its member, one a request; tells whether it is new."""
    if order.first_paid_at is None:
        raise Refusal("contract_not_concluded")
    mail = SendMail(
        to=member.email,
        template="contract_copy",
        data=mail_facts(order, member),
        attachments=(attachment(ports, uow, order, member),),
    )
    return uow.outbox.put(f"contract:{order.id}:{request}"[:120], mail, lane=f"mail:{order.id}")


def attachment(ports: Ports, uow: UnitOfWork, order: Order, member: Member) -> Attachment:
    """Return the PDF to attach: drawn when the mail leaves, from facts frozen now."""
    facts = describe(ports, uow, order, member)
    return Attachment(filename=f"contrat-{order.id}.pdf", template="contrat", data=facts.model_dump())


def describe(ports: Ports, uow: UnitOfWork, order: Order, member: Member) -> Contract:
    """Return the facts of the contract."""
    if order.withdrawal_last_day is None:
        raise LookupError("the contract is printed once it is paid")
    evidence = uow.enrolments.evidence(order.enrolment_id)
    accepted = _last_of_each(order, [record for record in evidence if record.kind == "text_accepted"])
    seen = _last_of_each(order, [record for record in evidence if record.kind == "text_seen"])
    today = day_in(order.concluded_at)
    read = {record.facts["key"] for record in seen}
    annexes = [ports.content.texts.current(key, today) for key in PRINTED_TEXTS if key not in read]
    return Contract(
        order_id=order.id,
        member=Person(name=member.full_name, address=envelope(member), email=member.email),
        concluded_at=order.concluded_at,
        list_price=order.list_price,
        discount=order.discount,
        offer=order.offer,
        price=order.price,
        instalments=tuple(
            Instalment(
                number=payment.number,
                amount=payment.amount,
                due_on=payment.due_on,
                paid_on=day_in(payment.paid_at) if payment.paid_at else None,
            )
            for payment in uow.orders.payments(order.id)
        ),
        withdrawal_last_day=order.withdrawal_last_day,
        start_by=today + timedelta(weeks=ports.content.trader.start_within_weeks),
        acceptances=tuple(_acceptance(record) for record in (*accepted, *seen)),
        requests=_requests(evidence, order),
        texts=(*(_as_accepted(ports, record) for record in (*accepted, *seen)), *(_annex(text) for text in annexes)),
    )


def _last_of_each(order: Order, records: Sequence[Evidence]) -> list[Evidence]:
    """Keep what the order stands on: the version of each text that was accepted or read last before it."""
    latest = {record.facts["key"]: record for record in records}
    return [record for record in latest.values() if order.texts.get(record.facts["key"]) == record.facts["sha256"]]


def _acceptance(record: Evidence) -> Acceptance:
    facts = record.facts
    return Acceptance(
        title=facts["title"], version=facts["version"], sha256=facts["sha256"], accepted_at=record.recorded_at
    )


def _as_accepted(ports: Ports, record: Evidence) -> FullText:
    """Return the text as it was shown that day: its bytes were kept when it was accepted."""
    facts = record.facts
    body = ports.files.read(facts["sha256"]).decode()
    form = facts["key"] == "formulaire_retractation"
    return FullText(
        title=facts["title"], version=facts["version"], sha256=facts["sha256"], body=body, writing_room=form
    )


def _annex(text: LegalText) -> FullText:
    form = text.key == "formulaire_retractation"
    return FullText(title=text.title, version=text.version, sha256=text.sha256, body=text.body, writing_room=form)


def _requests(evidence: Sequence[Evidence], order: Order) -> tuple[Request, ...]:
    """Return the boxes of the last choice, if it asked for an early start."""
    choices = [record for record in evidence if record.kind == "start_chosen"]
    if not choices or not order.early_start:
        return ()
    return tuple(
        Request(statement=box["statement"], sha256=box["sha256"], accepted_at=choices[-1].recorded_at)
        for box in choices[-1].facts["boxes"].values()
    )


def envelope(member: Member) -> tuple[str, ...]:
    """Return the lines of the postal address."""
    street = tuple(line.strip() for line in member.address.splitlines() if line.strip())
    return (*street, f"{member.postcode} {member.commune}")
