"""Enrolment, step by step and resumable at every step (programme §2): each act records one dated fact."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from programme.content.choices import ChoiceText
from programme.content.texts import LegalText
from programme.effects import LearnPerson
from programme.errors import InvalidForm, Refusal
from programme.journal import Action
from programme.messages.enrolment import TerritoryCard
from programme.model.enrolment import Choice, Enrolment, EnrolmentStatus, ExemptionState, Step
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.slots import ALL_SLOTS
from programme.ports import Ports, UnitOfWork
from programme.rules.eligibility import Level, is_sufficient
from programme.rules.holidays import Territory, territory_of_postcode, zone_of
from programme.rules.withdrawal import Period, earliest_start_day, favourable_period
from programme.usecases import email_proofs
from programme.usecases.exemptions import close_card
from programme.usecases.groups import tell_admins
from programme.usecases.standing import (
    TEXTS_TO_ACCEPT,
    Standing,
    before_order,
    box_of,
    digest,
    open_enrolment,
    prove,
    required_texts,
    standing_of,
    texts_today,
    today,
)

__all__ = ["Profile", "Standing", "Terms", "required_texts"]

RADIUS_KM = (5, 100)
UNSUPPORTED = frozenset({Territory.POLYNESIE, Territory.NOUVELLE_CALEDONIE})

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Profile:
    """What the profile form brings; ``place`` is ``postcode:insee`` of the gazetteer."""

    first_name: str
    last_name: str
    email: str
    address: str
    place: str
    radius_km: int
    availability: tuple[str, ...]
    employer: str = ""
    avoided: tuple[str, ...] = ()


@dataclass(frozen=True)
class Terms:
    """Dates and sums on which the choice of CGV 8 is shown, if ordered and paid today."""

    period: Period
    price: int
    start: tuple[ChoiceText, ...]
    boxes: tuple[ChoiceText, ...]


def resume(ports: Ports, *, caller: Caller) -> Standing:
    """Open an enrolment or take up the current one where it stopped."""
    with ports.uow() as uow:
        member = uow.members.by_slack(caller.slack_user_id)
        if member is None:
            member = Member(id=new_id("mem"), slack_user_id=caller.slack_user_id, created_at=ports.clock.now())
            uow.members.add(member)
        enrolment = uow.enrolments.current(member.id)
        if enrolment is None or enrolment.status is not EnrolmentStatus.ACTIVE:
            enrolment = Enrolment(id=new_id("enr"), member_id=member.id, opened_at=ports.clock.now())
            uow.enrolments.add(enrolment)
            uow.journal.write(caller.slack_user_id, Action.ENROLMENT_OPENED, enrolment.id)
        person = uow.people.get(caller.slack_user_id)
        if person is None:
            uow.outbox.put(
                f"person:{caller.slack_user_id}",
                LearnPerson(slack_user_id=caller.slack_user_id),
                lane=f"person:{caller.slack_user_id}",
            )
        _take_email(uow, member)
        return standing_of(ports, uow, member, enrolment)


def _take_email(uow: UnitOfWork, member: Member) -> None:
    """Offer the address that Slack knows, until the person has written one."""
    person = uow.people.get(member.slack_user_id)
    if person is not None and not member.email:
        member.email = person.email


def see_tutorial(ports: Ports, *, caller: Caller) -> Standing:
    """Record that the payment tutorial was shown in full (CGV 5)."""
    with ports.uow() as uow:
        member, enrolment = open_enrolment(uow, caller)
        if enrolment.tutorial_seen_at is None:
            enrolment.tutorial_seen_at = ports.clock.now()
            text = ports.content.texts.current("tutoriel_paiement", today(ports))
            prove(ports, uow, enrolment, "tutorial_seen", {"version": text.version, "sha256": text.sha256})
            uow.journal.write(caller.slack_user_id, Action.TUTORIAL_SEEN, enrolment.id)
        _take_email(uow, member)
        return standing_of(ports, uow, member, enrolment)


def save_profile(ports: Ports, *, caller: Caller, profile: Profile) -> Standing:
    """Record the profile; InvalidForm names each wrong field. The zone follows from the address, not from Slack."""
    _pass_to_humans(ports, caller, profile.place)
    with ports.uow() as uow:
        member, enrolment = before_order(uow, caller)
        _check_profile(ports, profile)
        before = member.email
        _write_profile(ports, member, profile)
        email_proofs.address_written(ports, uow, member, before)
        uow.journal.write(caller.slack_user_id, Action.PROFILE_SAVED, member.id)
        return standing_of(ports, uow, member, enrolment)


def _pass_to_humans(ports: Ports, caller: Caller, place: str) -> None:
    """Tell the admins, once a place, about somebody who lives where consumer law is partly local."""
    postcode, _, insee = place.partition(":")
    if place_problem(ports, place) != "territory_unsupported":
        return
    found = next(found for found in ports.content.places.by_postcode(postcode) if found.insee == insee)
    with ports.uow() as uow:
        before_order(uow, caller)
        card = TerritoryCard(user=caller.slack_user_id, postcode=postcode, commune=found.commune)
        tell_admins(uow, f"territory:{caller.slack_user_id}:{insee}", card)


def _check_profile(ports: Ports, profile: Profile) -> None:
    wrong: dict[str, str] = {}
    for name in ("first_name", "last_name", "address"):
        if not getattr(profile, name).strip():
            wrong[name] = f"{name}_missing"
    if not _EMAIL.fullmatch(profile.email.strip()):
        wrong["email"] = "email_invalid"
    wrong |= wish_problems(ports, place=profile.place, radius_km=profile.radius_km, availability=profile.availability)
    if wrong:
        raise InvalidForm(wrong)


def wish_problems(ports: Ports, *, place: str, radius_km: int, availability: Sequence[str]) -> dict[str, str]:
    """Return what is wrong with where and when somebody can meet: the key of a sentence for each field."""
    wrong: dict[str, str] = {}
    if not RADIUS_KM[0] <= radius_km <= RADIUS_KM[1]:
        wrong["radius_km"] = "radius_invalid"
    if not availability or not set(availability) <= set(ALL_SLOTS):
        wrong["availability"] = "availability_missing"
    if problem := place_problem(ports, place):
        wrong["place"] = problem
    return wrong


def place_problem(ports: Ports, place: str) -> str:
    """Return the key of the sentence that says what is wrong with ``postcode:insee``; "" when nothing is."""
    postcode, _, insee = place.partition(":")
    if not place:
        return "commune_missing"
    if all(found.insee != insee for found in ports.content.places.by_postcode(postcode)):
        return "commune_unknown"
    return "territory_unsupported" if territory_of_postcode(postcode) in UNSUPPORTED else ""


def _write_profile(ports: Ports, member: Member, profile: Profile) -> None:
    member.first_name, member.last_name = profile.first_name.strip(), profile.last_name.strip()
    member.email, member.address = profile.email.strip(), profile.address.strip()
    write_wishes(ports, member, place=profile.place, radius_km=profile.radius_km, availability=profile.availability)
    member.employer, member.avoided = profile.employer.strip(), profile.avoided
    member.profiled_at = ports.clock.now()


def write_wishes(ports: Ports, member: Member, *, place: str, radius_km: int, availability: Sequence[str]) -> None:
    """Write where and when somebody can meet; the zone follows from the address."""
    postcode, _, insee = place.partition(":")
    found = next(found for found in ports.content.places.by_postcode(postcode) if found.insee == insee)
    member.postcode, member.commune, member.insee = postcode, found.commune, insee
    member.latitude, member.longitude = found.latitude, found.longitude
    member.time_zone = zone_of(territory_of_postcode(postcode))
    member.radius_km = radius_km
    member.availability = tuple(slot for slot in ALL_SLOTS if slot in availability)


def declare_level(ports: Ports, *, caller: Caller, level: Level) -> Standing:
    """Record the declared level (CGV 3); below level 6 an exemption is then asked for.

    Nothing is refused by itself; a request that is still read lapses when the level turns out to be sufficient.
    """
    with ports.uow() as uow:
        member, enrolment = before_order(uow, caller)
        enrolment.level, enrolment.level_declared_at = level.value, ports.clock.now()
        if is_sufficient(level) and enrolment.exemption is ExemptionState.ASKED:
            enrolment.exemption = None
            close_card(uow, member, enrolment)
        prove(ports, uow, enrolment, "level_declared", {"level": level.value})
        uow.journal.write(caller.slack_user_id, Action.LEVEL_DECLARED, enrolment.id, level=level.value)
        return standing_of(ports, uow, member, enrolment)


def next_text(ports: Ports, enrolment: Enrolment) -> LegalText:
    """Return the next text to read and accept; Refusal when all are accepted."""
    for text in texts_today(ports):
        if enrolment.accepted_texts.get(text.key) != text.sha256:
            return text
    raise Refusal("stale_form")


def accept_text(ports: Ports, *, caller: Caller, key: str, sha256: str, shown: Mapping[str, str]) -> Standing:
    """Record the acceptance of one text with the digest of the exact bytes shown (C. civ. 1366).

    Refusal("text_changed") when a new version has replaced the one on the screen; ``shown`` holds Slack's own traces
    (view id, team, action time) for the evidence record.
    """
    with ports.uow() as uow:
        member, enrolment = open_enrolment(uow, caller)
        text = next((text for text in texts_today(ports) if text.key == key), None)
        if text is None or text.sha256 != sha256:
            raise Refusal("text_changed")
        if enrolment.accepted_texts.get(key) != sha256:
            ports.files.store(text.body.encode())  # the exact bytes, whatever the operator edits later
            enrolment.accepted_texts = {**enrolment.accepted_texts, key: sha256}
            box = {"label": box_of(text), "sha256": digest(box_of(text)), "ticked": True}
            facts = {"key": key, "title": text.title, "version": text.version, "sha256": sha256, "box": box, **shown}
            prove(ports, uow, enrolment, "text_accepted" if key in TEXTS_TO_ACCEPT else "text_seen", facts)
            uow.journal.write(caller.slack_user_id, Action.TEXT_ACCEPTED, enrolment.id, key=key, version=text.version)
        return standing_of(ports, uow, member, enrolment)


def terms(ports: Ports, standing: Standing) -> Terms:
    """Return the dates and euros of the two choices, if the person ordered and paid now."""
    price = standing.quote.price
    territory = territory_of_postcode(standing.member.postcode)
    period = favourable_period(ports.clock.now(), zone=zone_of(territory), territory=territory)
    last_day, earliest = period.last_day, earliest_start_day(period.end)
    choices = ports.content.choices
    return Terms(
        period=period,
        price=price,
        start=choices.start_options(last_day=last_day, earliest=earliest, price=price),
        boxes=choices.early_start_boxes(last_day=last_day, earliest=earliest, price=price),
    )


def choose_start(ports: Ports, *, caller: Caller, choice: Choice | None, boxes: Mapping[str, bool]) -> Standing:
    """Record the choice of CGV 8. An early start is valid only with its three boxes, each ticked (L221-25).

    The right of withdrawal stays whole in both cases: there is no state that waives it.
    """
    if choice is None:
        raise InvalidForm({"choice": "choice_missing"})
    with ports.uow() as uow:
        member, enrolment = before_order(uow, caller)
        standing = standing_of(ports, uow, member, enrolment)
        if standing.step not in {Step.CHOICE, Step.ORDER}:
            raise Refusal("step_missing")
        shown = terms(ports, standing)
        missing = {text.key: "box_missing" for text in shown.boxes if not boxes.get(text.key)}
        if choice is Choice.EARLY and missing:
            raise InvalidForm(missing)
        enrolment.choice, enrolment.chosen_at = choice, ports.clock.now()
        enrolment.early_start_valid = choice is Choice.EARLY
        facts: dict[str, object] = {"choice": choice.value, "information_9": True}
        if choice is Choice.EARLY:
            facts["boxes"] = {text.key: {"sha256": text.sha256, "statement": text.shown} for text in shown.boxes}
        prove(ports, uow, enrolment, "start_chosen", facts)
        uow.journal.write(caller.slack_user_id, Action.START_CHOSEN, enrolment.id, choice=choice.value)
        return standing_of(ports, uow, member, enrolment)


def reopen_step(ports: Ports, *, caller: Caller, step: Step) -> Standing:
    """Go back to correct an error before the order (C. civ. 1127-2): nothing recorded so far is lost."""
    with ports.reading() as uow:
        member, enrolment = open_enrolment(uow, caller)
        standing = standing_of(ports, uow, member, enrolment)
        if enrolment.ordered_at:
            return standing
        return replace(standing, step=step)
