"""The attestation of participation: issued from closed attendance sheets, frozen, and issued anew when they change.

It says the sessions that were held, closed and signed by the member, and never more than their sheets. Sheets still
take signatures for fourteen days: whoever changes one calls ``look_again``, and what has changed is issued under a new
reference, once, an hour later. A contract that ended early has its attestation on request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from programme.content import printing
from programme.content.french import length
from programme.effects import Attachment, SendMail
from programme.errors import NotFound, Refusal
from programme.journal import Action
from programme.model.agenda import DeadlineKind
from programme.model.attestation import Attestation, reference_of
from programme.model.enrolment import Enrolment, EnrolmentStatus
from programme.model.member import Member
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.participation import Followed, minutes_of
from programme.usecases import last_steps
from programme.usecases.participation import finished_group, followed_sessions

SETTLING = timedelta(hours=1)
"""From a late signature to the attestation that follows it: those who sign several sheets get one."""
ENDED = frozenset({EnrolmentStatus.WITHDRAWN, EnrolmentStatus.TERMINATED, EnrolmentStatus.FINISHED})
_JSON: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


def look_again(uow: UnitOfWork, member_ids: Iterable[str], now: datetime) -> None:
    """A closed sheet has changed: look again, soon, at the attestation of each whose programme is over."""
    for member_id in member_ids:
        enrolment = uow.enrolments.current(member_id)
        if enrolment is not None and _is_due(uow, enrolment):
            uow.agenda.reopen(DeadlineKind.ATTESTATION, enrolment.id, now + SETTLING)


def issue_due(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Issue what the sheets now say (DeadlineKind.ATTESTATION, ``subject`` is the enrolment's id), unless it was."""
    enrolment = uow.enrolments.get(subject)
    member = uow.members.get(enrolment.member_id)
    if not _is_due(uow, enrolment) or uow.personal_data.is_erased(member.id):
        return
    issued = _issue(ports, uow, member, enrolment)
    if issued is not None:
        _send(uow, member, issued, f"attestation:{issued.reference}")
    last_steps.refresh(ports, uow, member)


def _is_due(uow: UnitOfWork, enrolment: Enrolment) -> bool:
    """Whether the programme is over for this person, or an attestation was issued before and may be overtaken."""
    return uow.attestations.latest(enrolment.id) is not None or finished_group(uow, enrolment) is not None


def ask(ports: Ports, *, caller: Caller, request: str) -> tuple[str, str]:
    """Send one's attestation as the sheets stand, issued now if it was not; return its reference and the address.

    One mail a request. Refusal("contract_not_concluded"), ("attestation_not_yet") while the contract runs,
    ("attestation_nothing") for who has followed no session.
    """
    with ports.uow() as uow:
        member = uow.members.by_slack(caller.slack_user_id)
        enrolment = uow.enrolments.current(member.id) if member else None
        if member is None or enrolment is None or enrolment.paid_at is None:
            raise Refusal("contract_not_concluded")
        if not may_ask(uow, enrolment):
            raise Refusal("attestation_not_yet")
        attestation = _issue(ports, uow, member, enrolment) or uow.attestations.latest(enrolment.id)
        if attestation is None:
            raise Refusal("attestation_nothing")
        _send_again(uow, member, attestation, request)
        last_steps.refresh(ports, uow, member)
        return attestation.reference, member.email


def may_ask(uow: UnitOfWork, enrolment: Enrolment) -> bool:
    """Whether the contract has ended, early or not, or its programme is over."""
    return enrolment.status in ENDED or finished_group(uow, enrolment) is not None


def resend(ports: Ports, *, caller: Caller, reference: str, request: str) -> str:
    """Send one attestation again as it was issued, return the address; one mail a request, NotFound for another's."""
    with ports.uow() as uow:
        attestation = uow.attestations.get(reference)
        member = uow.members.get(attestation.member_id)
        if member.slack_user_id != caller.slack_user_id:
            raise NotFound
        _send_again(uow, member, attestation, request)
        return member.email


def _send_again(uow: UnitOfWork, member: Member, attestation: Attestation, request: str) -> None:
    if _send(uow, member, attestation, f"attestation:{attestation.reference}:{request}"):
        uow.journal.write(member.slack_user_id, Action.ATTESTATION_SENT, attestation.reference)


def _issue(ports: Ports, uow: UnitOfWork, member: Member, enrolment: Enrolment) -> Attestation | None:
    """Issue what the sheets say, unless nothing was followed or the one in force says the same."""
    followed = followed_sessions(uow, enrolment)
    latest, now = uow.attestations.latest(enrolment.id), ports.clock.now()
    if not followed:
        return None
    number = latest.number + 1 if latest else 1
    replaces = latest.reference if latest else ""
    printed = _describe(ports, uow, member, followed, reference_of(enrolment.id, number), now, replaces)
    content = _JSON.dump_python(printed.model_dump(), mode="json")
    if latest is not None and latest.content["sessions"] == content["sessions"]:
        return None
    attestation = Attestation(
        reference=printed.reference,
        enrolment_id=enrolment.id,
        member_id=member.id,
        number=number,
        issued_at=now,
        sessions=printed.sessions_attended,
        minutes=printed.minutes_attended,
        content=content,
        sha256=ports.files.store(ports.printer.render("attestation", content)),
        replaces=replaces,
    )
    _record(uow, attestation)
    return attestation


def _record(uow: UnitOfWork, attestation: Attestation) -> None:
    uow.attestations.add(attestation)
    names = ("reference", "sessions", "minutes", "sha256", "replaces")
    facts = {name: getattr(attestation, name) for name in names}
    uow.enrolments.record(
        enrolment_id=attestation.enrolment_id, kind="attestation_issued", at=attestation.issued_at, facts=facts
    )
    uow.journal.write("bot", Action.ATTESTATION_ISSUED, attestation.reference, sessions=attestation.sessions)


def _describe(
    ports: Ports,
    uow: UnitOfWork,
    member: Member,
    followed: Sequence[Followed],
    reference: str,
    now: datetime,
    replaces: str,
) -> printing.Attestation:
    """The printed facts, with today's letterhead and the title that each guide had for the group."""
    shown, sessions, labels = ports.content.trader.shown(), [], []
    for one in followed:
        session = uow.sessions.get(one.session_id)
        group = uow.groups.get(session.group_id)
        title = ports.content.edition(group.guides_version).number(one.number).title
        sessions.append(
            printing.AttendedSession(number=one.number, title=title, held_on=session.day, minutes=one.minutes)
        )
        labels.append(group.label)
    days = [session.held_on for session in sessions]
    return printing.Attestation(
        letterhead=printing.Signatory(**{name: shown[name] for name in printing.Signatory.model_fields}),
        reference=reference,
        member=printing.Person(name=member.full_name),
        groups=tuple(dict.fromkeys(labels)),
        first_day=min(days),
        last_day=max(days),
        sessions_attended=len(sessions),
        minutes_attended=minutes_of(followed),
        sessions=tuple(sessions),
        issued_on=day_in(now),
        replaces=replaces,
    )


def _send(uow: UnitOfWork, member: Member, attestation: Attestation, key: str) -> bool:
    """Mail the bytes that were kept; tells whether the key was new."""
    data = {
        "first_name": member.first_name,
        "reference": attestation.reference,
        "sessions": attestation.sessions,
        "length": length(attestation.minutes),
        "replaces": attestation.replaces,
    }
    part = Attachment(filename=f"attestation-{attestation.reference}.pdf", sha256=attestation.sha256)
    mail = SendMail(to=member.email, template="attestation", data=data, attachments=(part,))
    return uow.outbox.put(key[:120], mail, lane=f"mail:{member.id}")
