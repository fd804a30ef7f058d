"""The order summary as a person saw it: an order binds only to what stood on their screen."""

from __future__ import annotations

import json

from programme.errors import Refusal
from programme.model.enrolment import Step
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases.enrolment import terms
from programme.usecases.standing import Standing, digest, open_enrolment, standing_of


def fingerprint(ports: Ports, standing: Standing) -> str:
    """Return the digest of what the summary shows: who, where, the texts, the choice, its dates and the price."""
    member, enrolment, shown = standing.member, standing.enrolment, terms(ports, standing)
    facts = {
        "name": member.full_name,
        "address": [member.address, member.postcode, member.commune],
        "email": member.email,
        "wishes": [list(member.availability), member.radius_km],
        "texts": enrolment.accepted_texts,
        "choice": enrolment.choice,
        "early_start": enrolment.early_start_valid,
        "last_day": shown.period.last_day.isoformat(),
        "price": shown.price,
        "offer": standing.quote.offer.code if standing.quote.offer else standing.quote.problem,
    }
    return digest(json.dumps(facts, sort_keys=True, ensure_ascii=False))


def require_as_shown(ports: Ports, *, caller: Caller, seen: str) -> dict[str, str]:
    """Refuse an order from a screen that is not up to date any more: another device, or a day gone by.

    An order that exists already is no order anew, and a missing step is told by the order itself. Returns who orders
    and what they saw, for the evidence record: Slack knows neither a civil name nor an address.
    """
    with ports.reading() as uow:
        member, enrolment = open_enrolment(uow, caller)
        standing = standing_of(ports, uow, member, enrolment)
        if standing.step is not Step.ORDER:
            return {}
        if seen != fingerprint(ports, standing):
            raise Refusal("summary_stale")
        verified = member.email_verified_at.isoformat() if member.email_verified_at else "slack"
        return {
            "name": member.full_name,
            "address": f"{member.address}\n{member.postcode} {member.commune}",
            "email": member.email,
            "email_verified_at": verified,
            "summary": seen,
        }
