"""The register of complaints (CGV 10; C. conso. L612-1 to L612-4, L616-1).

A complaint gets a number and a promised day at once, on a durable medium; a person answers it, and the answer names the
mediator, whom it never makes compulsory. Nothing of it reaches a group.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from programme.effects import SendMail
from programme.errors import InvalidForm, NotAllowed, Refusal
from programme.journal import Action
from programme.messages.complaints import ComplaintAnswered, ComplaintCard, ComplaintReceived, ComplaintReminder
from programme.model.agenda import DeadlineKind
from programme.model.complaint import Complaint, ComplaintState
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.order import Order
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules import spreadsheets
from programme.rules.instants import PARIS, at_local, day_in
from programme.usecases import handing_out, pings
from programme.usecases.groups import redraw, require_admin, tell_admins
from programme.usecases.handing_out import Made

SHORTEST, LONGEST = 10, 2800
REMIND_DAYS_BEFORE = {"near": 5, "last": 0}
REMIND_AT = time(9)
MEDIATION = timedelta(days=366)
"""A consumer may ask the mediator within a year of the complaint; then it closes by itself, unless somebody has."""
COLUMNS = (
    "numero",
    "recue_le",
    "membre",
    "commande",
    "reclamation",
    "reponse_promise_le",
    "etat",
    "repondue_le",
    "reponse",
    "close_le",
)
STATES = {ComplaintState.OPEN: "ouverte", ComplaintState.ANSWERED: "répondue", ComplaintState.CLOSED: "close"}


def file(ports: Ports, *, caller: Caller, text: str, source: str) -> Complaint:
    """Write a complaint into the register and acknowledge it at once; the same form again returns the same complaint.

    Refusal("complaint_no_contract") for who has ordered nothing; InvalidForm(text).
    """
    words = _checked(text, "complaint_text")
    with ports.uow() as uow:
        member = uow.members.by_slack(caller.slack_user_id)
        enrolment = uow.enrolments.current(member.id) if member else None
        order = uow.orders.of_enrolment(enrolment.id) if enrolment else None
        if member is None or order is None:
            raise Refusal("complaint_no_contract", email=ports.content.trader.email)
        known = uow.complaints.from_source(source)
        if known is not None:
            return known
        complaint = _write(ports, uow, order, words, source)
        tell_admins(uow, card_key(complaint.id), _card(uow, complaint))
        _acknowledge(uow, member, complaint)
        for name, days in REMIND_DAYS_BEFORE.items():
            at = at_local(complaint.answer_by - timedelta(days=days), REMIND_AT, PARIS)
            uow.agenda.put(DeadlineKind.COMPLAINT_REMINDER, f"{complaint.id}:{name}", at)
        uow.journal.write(caller.slack_user_id, Action.COMPLAINT_FILED, complaint.id, number=complaint.number)
        return complaint


def _checked(text: str, key: str) -> str:
    words = text.strip()
    if not SHORTEST <= len(words) <= LONGEST:
        raise InvalidForm({"text": key})
    return words


def _write(ports: Ports, uow: UnitOfWork, order: Order, text: str, source: str) -> Complaint:
    now = ports.clock.now()
    today = day_in(now)
    complaint = Complaint(
        id=new_id("cpl"),
        number=uow.complaints.next_number(today.year),
        member_id=order.member_id,
        order_id=order.id,
        source=source,
        text=text,
        opened_at=now,
        answer_by=today + timedelta(days=ports.content.trader.complaint_answer_days),
    )
    uow.complaints.add(complaint)
    return complaint


def _acknowledge(uow: UnitOfWork, member: Member, complaint: Complaint) -> None:
    """By e-mail, the durable medium, and in Slack; without an address, in Slack alone."""
    told = ComplaintReceived(
        number=complaint.number,
        opened_at=complaint.opened_at,
        zone=member.time_zone,
        answer_by=complaint.answer_by,
        email=member.email,
    )
    pings.legal(uow, member.slack_user_id, f"{card_key(complaint.id)}:received", told)
    data = {
        "first_name": member.first_name,
        "number": complaint.number,
        "opened_at": complaint.opened_at.isoformat(),
        "answer_by": complaint.answer_by.isoformat(),
        "text": complaint.text,
    }
    _mail(uow, member, complaint, "complaint_received", data)


def _mail(uow: UnitOfWork, member: Member, complaint: Complaint, template: str, data: dict[str, str]) -> None:
    if member.email:
        mail = SendMail(to=member.email, template=template, data=data)
        uow.outbox.put(f"mail:{template}:{complaint.id}", mail, lane=f"mail:{member.id}")


def card_key(complaint_id: str) -> str:
    """The outbox key of a complaint's card in the admin channel."""
    return f"complaint:{complaint_id}"


def pending(ports: Ports, *, caller: Caller, complaint_id: str) -> ComplaintCard:
    """Return what an admin is about to answer; Refusal("complaint_answered") when somebody has."""
    require_admin(caller)
    with ports.reading() as uow:
        complaint = uow.complaints.get(complaint_id)
        if complaint.state is not ComplaintState.OPEN:
            raise Refusal("complaint_answered")
        return _card(uow, complaint)


def answer(ports: Ports, *, caller: Caller, complaint_id: str, text: str) -> None:
    """Answer by e-mail and in Slack, with the mediator's details; only the first answer counts."""
    require_admin(caller)
    words = _checked(text, "complaint_answer")
    with ports.uow() as uow:
        complaint = uow.complaints.get(complaint_id)
        complaint.give_answer(words, caller.slack_user_id, ports.clock.now())
        for name in REMIND_DAYS_BEFORE:
            uow.agenda.cancel(DeadlineKind.COMPLAINT_REMINDER, f"{complaint.id}:{name}")
        member = uow.members.get(complaint.member_id)
        opened_on = day_in(complaint.opened_at, member.time_zone)
        data = {
            "first_name": member.first_name,
            "number": complaint.number,
            "opened_on": opened_on.isoformat(),
            "answer": words,
        }
        _mail(uow, member, complaint, "complaint_answer", data)
        pings.legal(uow, member.slack_user_id, f"{card_key(complaint.id)}:answer", _answered(member, complaint))
        redraw(uow, card_key(complaint.id), _card(uow, complaint), lane="admins")
        uow.agenda.put(DeadlineKind.COMPLAINT_CLOSE, complaint.id, complaint.opened_at + MEDIATION)
        uow.journal.write(caller.slack_user_id, Action.COMPLAINT_ANSWERED, complaint.id, number=complaint.number)


def _answered(member: Member, complaint: Complaint) -> ComplaintAnswered:
    return ComplaintAnswered(
        complaint_id=complaint.id,
        number=complaint.number,
        opened_on=day_in(complaint.opened_at, member.time_zone),
        answer=complaint.answer,
        closed=complaint.state is ComplaintState.CLOSED,
    )


def close(ports: Ports, *, caller: Caller, complaint_id: str) -> None:
    """Close an answered complaint: by its author, for whom it is settled, or by an admin. Again changes nothing."""
    with ports.uow() as uow:
        complaint = uow.complaints.get(complaint_id)
        member = uow.members.get(complaint.member_id)
        if caller.slack_user_id != member.slack_user_id and not caller.is_admin:
            raise NotAllowed
        if complaint.state is ComplaintState.CLOSED:
            return
        complaint.close(caller.slack_user_id, ports.clock.now())
        pings.update(uow, member.slack_user_id, f"{card_key(complaint.id)}:answer", _answered(member, complaint))
        redraw(uow, card_key(complaint.id), _card(uow, complaint), lane="admins")
        uow.journal.write(caller.slack_user_id, Action.COMPLAINT_CLOSED, complaint.id, number=complaint.number)


def close_in_time(ports: Ports, uow: UnitOfWork, complaint_id: str) -> None:
    """The mediator can no longer be asked (L612-2, 4°; DeadlineKind.COMPLAINT_CLOSE): what was answered is over."""
    complaint = uow.complaints.get(complaint_id)
    if complaint.state is ComplaintState.ANSWERED:
        complaint.close("bot", ports.clock.now())
        uow.journal.write("bot", Action.COMPLAINT_CLOSED, complaint.id, number=complaint.number)


def remind(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """The promised day is near, or here (DeadlineKind.COMPLAINT_REMINDER)."""
    complaint_id, _, name = subject.partition(":")
    complaint = uow.complaints.get(complaint_id)
    if complaint.state is not ComplaintState.OPEN:
        return
    user = uow.members.get(complaint.member_id).slack_user_id
    message = ComplaintReminder(
        number=complaint.number, member_user=user, answer_by=complaint.answer_by, last=name == "last"
    )
    tell_admins(uow, f"{card_key(complaint.id)}:{name}", message)


def _card(uow: UnitOfWork, complaint: Complaint) -> ComplaintCard:
    member = uow.members.get(complaint.member_id)
    return ComplaintCard(
        complaint_id=complaint.id,
        number=complaint.number,
        member_user=member.slack_user_id,
        name=member.full_name,
        order_id=complaint.order_id,
        text=complaint.text,
        opened_at=complaint.opened_at,
        answer_by=complaint.answer_by,
        state=complaint.state.value,
        answered_by=complaint.answered_by,
        closed_by=complaint.closed_by,
    )


def listing(ports: Ports, *, caller: Caller) -> list[ComplaintCard]:
    """Return the register, newest first; for admins."""
    require_admin(caller)
    with ports.reading() as uow:
        return [_card(uow, complaint) for complaint in uow.complaints.all()]


def export(ports: Ports) -> Made:
    """Return the register as CSV."""
    with ports.reading() as uow:
        rows = list(_rows(uow))
    name = f"reclamations-{day_in(ports.clock.now())}.csv"
    return Made(name, "text/csv", spreadsheets.write(COLUMNS, rows))


def send_export(ports: Ports, *, caller: Caller, request: str) -> None:
    """Put the register into the admin's direct messages."""
    require_admin(caller)
    key = f"complaints:{caller.slack_user_id}:{request}"
    action = Action.COMPLAINTS_EXPORTED
    handing_out.hand_out(ports, caller=caller, files=(export(ports),), key=key, action=action, subject="complaints")


def _rows(uow: UnitOfWork) -> Iterator[dict[str, str]]:
    for complaint in reversed(uow.complaints.all()):
        values = (
            complaint.number,
            _day(complaint.opened_at),
            uow.members.get(complaint.member_id).full_name,
            complaint.order_id,
            complaint.text,
            complaint.answer_by.isoformat(),
            STATES[complaint.state],
            _day(complaint.answered_at),
            complaint.answer,
            _day(complaint.closed_at),
        )
        yield dict(zip(COLUMNS, values, strict=True))


def _day(instant: datetime | None) -> str:
    return day_in(instant).isoformat() if instant else ""
