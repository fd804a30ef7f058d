"""Where a person stands in their enrolment: the facts that every step reads, and the texts it needs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from programme.content.texts import LegalText
from programme.errors import Refusal
from programme.model.enrolment import Enrolment, Step
from programme.model.member import Member
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.usecases.prices import Quote, quote_for

TEXTS_TO_ACCEPT = ("cgv", "confidentialite")
TEXTS_TO_READ = ("fiche_information", "programme_annexe1", "notice_retractation", "formulaire_retractation")
ORDER_OF_TEXTS = (
    "fiche_information",
    "programme_annexe1",
    "cgv",
    "notice_retractation",
    "formulaire_retractation",
    "confidentialite",
)
"""Every text is shown in full before the order button exists; those to accept are accepted, the others are read."""


@dataclass(frozen=True)
class Standing:
    """Where a person stands: what every enrolment screen is drawn from."""

    step: Step
    member: Member
    enrolment: Enrolment
    quote: Quote


def open_enrolment(uow: UnitOfWork, caller: Caller) -> tuple[Member, Enrolment]:
    """Return the caller and their enrolment in progress; Refusal without one."""
    member = uow.members.by_slack(caller.slack_user_id)
    enrolment = uow.enrolments.current(member.id) if member else None
    if member is None or enrolment is None:
        raise Refusal("not_enrolled")
    enrolment.require_active()
    return member, enrolment


def before_order(uow: UnitOfWork, caller: Caller) -> tuple[Member, Enrolment]:
    """Return the caller and their enrolment; Refusal once the order froze what was declared."""
    member, enrolment = open_enrolment(uow, caller)
    if enrolment.ordered_at:
        raise Refusal("already_ordered")
    return member, enrolment


def standing_of(ports: Ports, uow: UnitOfWork, member: Member, enrolment: Enrolment) -> Standing:
    """Return what the next screen is drawn from."""
    quote = quote_for(ports, uow, member, enrolment)
    return Standing(step_of(ports, uow, member, enrolment), member, enrolment, quote)


def step_of(ports: Ports, uow: UnitOfWork, member: Member, enrolment: Enrolment) -> Step:
    """Return the first step whose fact is missing."""
    return enrolment.next_step(
        profiled=member.profiled_at is not None,
        email_proved=_email_is_proved(uow, member, enrolment),
        required_texts=required_texts(ports),
    )


def _email_is_proved(uow: UnitOfWork, member: Member, enrolment: Enrolment) -> bool:
    """Proved by a code, or known to Slack. Until Slack has answered who this is, only the order waits."""
    if member.email_verified_at is not None:
        return True
    person = uow.people.get(member.slack_user_id)
    if person is None:
        return enrolment.choice is None
    return bool(person.email) and same_address(person.email, member.email)


def same_address(one: str, other: str) -> bool:
    """Whether two spellings name the same mailbox as far as people mean it."""
    return one.strip().casefold() == other.strip().casefold()


def required_texts(ports: Ports) -> dict[str, str]:
    """Return the digests that must have been read or accepted today, by key, in the order of the screens."""
    return {text.key: text.sha256 for text in texts_today(ports)}


def texts_today(ports: Ports) -> list[LegalText]:
    """Return the texts in force, in the order of the screens."""
    return [ports.content.texts.current(key, today(ports)) for key in ORDER_OF_TEXTS]


def box_of(text: LegalText) -> str:
    """Return the words beside the box of a text."""
    return f"J’ai lu et j’accepte : {text.title}" if text.key in TEXTS_TO_ACCEPT else f"J’ai lu : {text.title}"


def digest(words: str) -> str:
    """Return the SHA-256, in hexadecimal, of the UTF-8 bytes of what was shown."""
    return hashlib.sha256(words.encode()).hexdigest()


def today(ports: Ports) -> date:
    """Return the civil day in Paris."""
    return day_in(ports.clock.now())


def prove(ports: Ports, uow: UnitOfWork, enrolment: Enrolment, kind: str, facts: Mapping[str, object]) -> None:
    """Append to the evidence chain."""
    uow.enrolments.record(enrolment_id=enrolment.id, kind=kind, at=ports.clock.now(), facts=facts)
