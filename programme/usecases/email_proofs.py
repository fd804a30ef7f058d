"""Proving an e-mail address that Slack does not know, by a one-time code that is sent to it (programme §2)."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from programme.effects import SendMail
from programme.errors import InvalidForm, Refusal
from programme.journal import Action
from programme.model.email_proof import DIGITS, LIFETIME, PAUSE, SENDINGS_A_DAY, EmailProof, digest_of
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.usecases.standing import Standing, before_order, prove, same_address, standing_of

TEMPLATE = "email_code"


def address_written(ports: Ports, uow: UnitOfWork, member: Member, before: str) -> None:
    """A profile was saved: Slack's own address is proved by Slack, another one gets a code at once.

    An address that was proved before and did not change stays proved.
    """
    person = uow.people.get(member.slack_user_id)
    if not same_address(before, member.email):
        member.email_verified_at = None
    if member.email_verified_at is not None or person is None:
        return
    if same_address(person.email, member.email):
        member.email_verified_at = ports.clock.now()
        return
    proof = uow.members.email_proof(member.id)
    if proof is None or not same_address(proof.email, member.email) or proof.is_spent(ports.clock.now()):
        _send(ports, uow, member, proof)


def send_again(ports: Ports, *, caller: Caller) -> bool:
    """Send another code; tells whether one left: not within a minute, nor more than a few a day."""
    with ports.uow() as uow:
        member, _ = before_order(uow, caller)
        if member.profiled_at is None or member.email_verified_at is not None:
            raise Refusal("stale_form")
        proof = uow.members.email_proof(member.id)
        if proof and same_address(proof.email, member.email) and ports.clock.now() < proof.sent_at + PAUSE:
            return False
        return _send(ports, uow, member, proof)


def prove_address(ports: Ports, *, caller: Caller, code: str) -> Standing:
    """Check the typed code. A wrong one counts as an attempt even though nothing else changes."""
    with ports.uow() as uow:
        member, enrolment = before_order(uow, caller)
        if member.email_verified_at is not None:
            return standing_of(ports, uow, member, enrolment)
        now = ports.clock.now()
        proof = uow.members.email_proof(member.id)
        problem = _problem(proof, member, code, now)
        if not problem and proof is not None:
            proof.proved_at = member.email_verified_at = now
            prove(ports, uow, enrolment, "email_proved", {"email": member.email, "sent_at": proof.sent_at.isoformat()})
            uow.journal.write(caller.slack_user_id, Action.EMAIL_PROVED, member.id)
        elif proof is not None:
            proof.attempts += 1
        standing = standing_of(ports, uow, member, enrolment)
    if problem:
        raise InvalidForm({"code": problem})
    return standing


def _problem(proof: EmailProof | None, member: Member, code: str, now: datetime) -> str:
    if proof is None or not same_address(proof.email, member.email) or proof.is_spent(now):
        return "code_spent"
    typed = "".join(character for character in code if character.isdigit())
    return "" if proof.matches(typed) else "code_wrong"


def _send(ports: Ports, uow: UnitOfWork, member: Member, proof: EmailProof | None) -> bool:
    """Put a new code on its way; the one before it is worth nothing any more."""
    now = ports.clock.now()
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    if proof is None:
        identifier = new_id("prf")
        proof = EmailProof(identifier, member.id, member.email, digest_of(identifier, code), now, now + LIFETIME, now)
        uow.members.add_email_proof(proof)
    else:
        if now >= proof.day_began_at + timedelta(days=1):
            proof.day_began_at, proof.sent_today = now, 0
        if proof.sent_today >= SENDINGS_A_DAY:
            return False
        proof.email, proof.digest = member.email, digest_of(proof.id, code)
        proof.sent_at, proof.expires_at = now, now + LIFETIME
        proof.attempts, proof.proved_at, proof.sent_today = 0, None, proof.sent_today + 1
    key = f"email-code:{new_id('cod')}"
    minutes = int(LIFETIME.total_seconds() // 60)
    data = {"key": key, "first_name": member.first_name, "code": code, "minutes": minutes}
    uow.outbox.put(key, SendMail(to=member.email, template=TEMPLATE, data=data), lane=f"mail:{member.id}")
    uow.journal.write(member.slack_user_id, Action.EMAIL_CODE_SENT, member.id)
    return True


def code_sent(uow: UnitOfWork, key: str) -> None:
    """The mail has left: its code need not stay readable in our own outbox."""
    row = uow.outbox.get(key)
    if row is not None:
        row.effect = {**row.effect, "data": {**row.effect["data"], "code": ""}}
