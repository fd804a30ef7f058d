"""Correcting one's own data after the order (GDPR art. 16): the wishes and the address by oneself, with their history.

The civil name and the e-mail address stand in a contract that was concluded: a person of the team corrects them.
"""

from __future__ import annotations

from dataclasses import dataclass

from programme.errors import InvalidForm, Refusal
from programme.journal import Action
from programme.messages.personal_data import CorrectionCard
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.personal_data import Correction
from programme.ports import Ports, UnitOfWork
from programme.usecases.enrolment import wish_problems, write_wishes
from programme.usecases.groups import tell_admins

FIELDS = ("address", "postcode", "commune", "radius_km", "availability", "employer", "avoided")
SHORTEST, LONGEST = 10, 500


@dataclass(frozen=True)
class Wishes:
    """What the form brings; ``place`` is ``postcode:insee`` of the gazetteer, ``request`` goes to the team."""

    address: str
    place: str
    radius_km: int
    availability: tuple[str, ...]
    employer: str = ""
    avoided: tuple[str, ...] = ()
    request: str = ""


def own_profile(ports: Ports, *, caller: Caller) -> Member:
    """Return the profile as it stands; Refusal while the enrolment itself can still be corrected, or is not begun."""
    with ports.reading() as uow:
        return _member(uow, caller)


def correct(ports: Ports, *, caller: Caller, wishes: Wishes, source: str) -> int:
    """Write what changed, with what stood before, and return how many fields changed.

    InvalidForm names each wrong field. ``source`` names the form, so that a repeat asks the team once.
    """
    with ports.uow() as uow:
        member = _member(uow, caller)
        _check(ports, wishes)
        before = {name: getattr(member, name) for name in FIELDS}
        write_wishes(ports, member, place=wishes.place, radius_km=wishes.radius_km, availability=wishes.availability)
        member.address, member.employer, member.avoided = (
            wishes.address.strip(),
            wishes.employer.strip(),
            wishes.avoided,
        )
        changed = [name for name in FIELDS if getattr(member, name) != before[name]]
        for name in changed:
            _keep(ports, uow, member, caller, name, before[name])
        if changed:
            uow.journal.write(caller.slack_user_id, Action.PROFILE_CORRECTED, member.id, fields=changed)
        if wishes.request.strip():
            card = CorrectionCard(user=caller.slack_user_id, name=member.full_name, request=wishes.request.strip())
            tell_admins(uow, f"correction:{member.id}:{source}"[:120], card)
            uow.journal.write(caller.slack_user_id, Action.CORRECTION_ASKED, member.id)
        return len(changed)


def _keep(ports: Ports, uow: UnitOfWork, member: Member, caller: Caller, name: str, before: object) -> None:
    now, after = ports.clock.now(), getattr(member, name)
    uow.personal_data.add(
        Correction(new_id("cor"), member.id, now, caller.slack_user_id, name, _words(before), _words(after))
    )


def _words(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _member(uow: UnitOfWork, caller: Caller) -> Member:
    member = uow.members.by_slack(caller.slack_user_id)
    enrolment = uow.enrolments.current(member.id) if member else None
    if member is None or enrolment is None:
        raise Refusal("no_data")
    if enrolment.ordered_at is None:
        raise Refusal("correct_in_enrolment")
    return member


def _check(ports: Ports, wishes: Wishes) -> None:
    wrong = wish_problems(ports, place=wishes.place, radius_km=wishes.radius_km, availability=wishes.availability)
    if not wishes.address.strip():
        wrong["address"] = "address_missing"
    if wishes.request.strip() and not SHORTEST <= len(wishes.request.strip()) <= LONGEST:
        wrong["request"] = "correction_short"
    if wrong:
        raise InvalidForm(wrong)
