"""Exemption from the level (CGV 3): asked by a person, decided by a human with a reason, never refused by itself."""

from __future__ import annotations

from collections.abc import Sequence

from programme.content.printing import ExemptionLetter, Person
from programme.effects import Attachment, FetchFiles, SendMail
from programme.errors import InvalidForm, NotFound, Refusal
from programme.journal import Action
from programme.messages.enrolment import Answer, ExemptionAnswer, ExemptionCard
from programme.model.enrolment import Enrolment, EnrolmentStatus, ExemptionState
from programme.model.member import Member
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.eligibility import LEVEL_LABELS, Level, is_sufficient
from programme.rules.instants import day_in
from programme.usecases import pings
from programme.usecases.contract import envelope
from programme.usecases.files import SharedFile, fetch_later
from programme.usecases.groups import redraw, require_admin, tell_admins
from programme.usecases.standing import Standing, before_order, prove, standing_of, today

LONGEST = 2000
SHORTEST = 10


def card_key(enrolment_id: str, turn: int) -> str:
    """Return the outbox key of the admins' card of one request."""
    return f"exemption:{enrolment_id}:{turn}"


def ask(
    ports: Ports, *, caller: Caller, request: str, experience: str, files: Sequence[SharedFile] = (), source: str = ""
) -> Standing:
    """Ask for an exemption; while one request is read, a second press changes nothing.

    Allowed again after a refusal, as often as the person wishes. ``source`` names the form that carried the files.
    """
    wrong = {
        name: "exemption_text"
        for name, text in {"request": request, "experience": experience}.items()
        if not SHORTEST <= len(text.strip()) <= LONGEST
    }
    if wrong:
        raise InvalidForm(wrong)
    with ports.uow() as uow:
        member, enrolment = before_order(uow, caller)
        if not enrolment.level or is_sufficient(Level(enrolment.level)):
            raise Refusal("stale_form")
        if enrolment.exemption in {None, ExemptionState.REFUSED}:
            _record_request(ports, uow, enrolment, request.strip(), experience.strip())
            tell_admins(uow, card_key(enrolment.id, enrolment.exemption_round), card(member, enrolment, len(files)))
            if files:
                _fetch(uow, caller, enrolment, files, source)
            uow.journal.write(
                caller.slack_user_id, Action.EXEMPTION_ASKED, enrolment.id, turn=enrolment.exemption_round
            )
        return standing_of(ports, uow, member, enrolment)


def _record_request(ports: Ports, uow: UnitOfWork, enrolment: Enrolment, request: str, experience: str) -> None:
    enrolment.exemption = ExemptionState.ASKED
    enrolment.exemption_round += 1
    enrolment.exemption_request, enrolment.exemption_experience = request, experience
    enrolment.exemption_asked_at = ports.clock.now()
    enrolment.exemption_decided_at, enrolment.exemption_decided_by, enrolment.exemption_reason = None, "", ""
    facts = {"turn": enrolment.exemption_round, "level": enrolment.level, "request": request, "experience": experience}
    prove(ports, uow, enrolment, "exemption_asked", facts)


def _fetch(uow: UnitOfWork, caller: Caller, enrolment: Enrolment, files: Sequence[SharedFile], source: str) -> None:
    """The file is read into our own store, then shown under the card."""
    key = card_key(enrolment.id, enrolment.exemption_round)
    effect = FetchFiles(
        purpose="exemption",
        user=caller.slack_user_id,
        source=source or key,
        slack_file_ids=(),
        document_id=key,
    )
    fetch_later(uow, effect, files)


def decide(ports: Ports, *, caller: Caller, enrolment_id: str, turn: int, granted: bool, reason: str) -> ExemptionState:
    """Grant or refuse one request, with a reason, and write to the person; only the first decision counts.

    The same press again returns the state; Refusal("exemption_decided") for a decision that comes too late.
    """
    require_admin(caller)
    if not SHORTEST <= len(reason.strip()) <= LONGEST:
        raise InvalidForm({"reason": "exemption_reason"})
    wanted = ExemptionState.GRANTED if granted else ExemptionState.REFUSED
    with ports.uow() as uow:
        enrolment = uow.enrolments.get(enrolment_id)
        if enrolment.exemption_round == turn and enrolment.exemption is wanted:
            if enrolment.exemption_decided_by == caller.slack_user_id:
                return wanted
            raise Refusal("exemption_decided")
        if enrolment.exemption is not ExemptionState.ASKED or enrolment.exemption_round != turn:
            raise Refusal("exemption_decided")
        if enrolment.status is not EnrolmentStatus.ACTIVE:
            raise Refusal("exemption_decided")
        enrolment.exemption, enrolment.exemption_reason = wanted, reason.strip()
        enrolment.exemption_decided_by, enrolment.exemption_decided_at = caller.slack_user_id, ports.clock.now()
        facts = {"turn": turn, "decision": wanted.value, "by": caller.slack_user_id, "reason": reason.strip()}
        prove(ports, uow, enrolment, "exemption_decided", facts)
        uow.journal.write(caller.slack_user_id, Action.EXEMPTION_DECIDED, enrolment.id, decision=wanted.value)
        member = uow.members.get(enrolment.member_id)
        close_card(uow, member, enrolment)
        _write_to(ports, uow, member, enrolment)
        return wanted


def pending(ports: Ports, *, caller: Caller, enrolment_id: str, turn: int) -> ExemptionCard:
    """Return the request that an admin is about to decide; Refusal when it is decided already."""
    require_admin(caller)
    with ports.reading() as uow:
        enrolment = uow.enrolments.get(enrolment_id)
        if enrolment.exemption is not ExemptionState.ASKED or enrolment.exemption_round != turn:
            raise Refusal("exemption_decided")
        return card(uow.members.get(enrolment.member_id), enrolment)


def close_card(uow: UnitOfWork, member: Member, enrolment: Enrolment) -> None:
    """Redraw the admins' card with what became of the request."""
    key = card_key(enrolment.id, enrolment.exemption_round)
    if uow.outbox.get(key) is None:
        raise NotFound
    redraw(uow, key, card(member, enrolment), lane="admins")


def card(member: Member, enrolment: Enrolment, files: int = 0) -> ExemptionCard:
    """Return the admins' card of the latest request, as it stands."""
    answers: dict[ExemptionState | None, Answer] = {
        ExemptionState.GRANTED: "granted",
        ExemptionState.REFUSED: "refused",
        ExemptionState.ASKED: "",
    }
    return ExemptionCard(
        enrolment_id=enrolment.id,
        turn=enrolment.exemption_round,
        user=member.slack_user_id,
        name=member.full_name,
        level=LEVEL_LABELS[Level(enrolment.level)],
        request=enrolment.exemption_request,
        experience=enrolment.exemption_experience,
        files=files,
        answer=answers.get(enrolment.exemption, "moot"),
        decided_by=enrolment.exemption_decided_by,
        reason=enrolment.exemption_reason,
    )


def _write_to(ports: Ports, uow: UnitOfWork, member: Member, enrolment: Enrolment) -> None:
    """The letter: in the person's direct messages, and by e-mail with the same as a PDF."""
    granted = enrolment.exemption is ExemptionState.GRANTED
    key = f"{card_key(enrolment.id, enrolment.exemption_round)}:answer"
    answer = ExemptionAnswer(granted=granted, reason=enrolment.exemption_reason)
    pings.timely(uow, member.slack_user_id, key, answer, ports.clock.now())
    if enrolment.exemption_asked_at is None:
        raise LookupError("a decision answers a request")
    letter = ExemptionLetter(
        member=Person(name=member.full_name, address=envelope(member)),
        asked_on=day_in(enrolment.exemption_asked_at),
        decided_on=today(ports),
        granted=granted,
        reason=enrolment.exemption_reason,
    )
    pdf = Attachment(filename="reponse-derogation.pdf", template="lettre_derogation", data=letter.model_dump())
    data = {"first_name": member.first_name, "granted": granted, "reason": enrolment.exemption_reason}
    mail = SendMail(to=member.email, template="exemption_answer", data=data, attachments=(pdf,))
    uow.outbox.put(f"mail:{key}", mail, lane=f"mail:{enrolment.id}")
