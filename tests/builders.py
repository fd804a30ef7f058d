"""People and orders for tests, made through the use cases themselves."""

from __future__ import annotations

from datetime import timedelta

from programme.model.enrolment import Choice
from programme.model.offer import Offer
from programme.model.order import Order, PaymentPlan
from programme.model.people import Caller, Role, SlackPerson
from programme.ports import Ports
from programme.rules.eligibility import Level
from programme.rules.instants import day_in
from programme.usecases import delivery, enrolment, offers, payments
from tests.conftest import World

LYON = "69003:69383"
VILLEURBANNE = "69100:69266"
REUNION = "97400:97411"
EVENINGS = ("tue-evening", "thu-evening")


def a_profile(place: str = LYON, **changes: object) -> enrolment.Profile:
    """A complete profile."""
    facts: dict[str, object] = {
        "first_name": "Léa",
        "last_name": "Marchand",
        "email": "lea@exemple.fr",
        "address": "12 rue des Lilas",
        "place": place,
        "radius_km": 20,
        "availability": EVENINGS,
        **changes,
    }
    return enrolment.Profile(**facts)  # type: ignore[arg-type]


def known_to_slack(ports: Ports, user: str, *, email: str = "lea@exemple.fr") -> None:
    """Slack has told who this is: an address that it knows needs no code."""
    with ports.uow() as uow:
        person = uow.people.get(user) or SlackPerson(user)
        person.email = email
        uow.people.save(person)


def ready_to_order(ports: Ports, user: str, *, choice: Choice = Choice.WAIT, **profile: object) -> Caller:
    """Walk a person through every step up to the order."""
    caller = Caller(user)
    enrolment.resume(ports, caller=caller)
    enrolment.see_tutorial(ports, caller=caller)
    known_to_slack(ports, user, email=str(profile.get("email", "lea@exemple.fr")))
    enrolment.save_profile(ports, caller=caller, profile=a_profile(**profile))  # type: ignore[arg-type]
    standing = enrolment.declare_level(ports, caller=caller, level=Level.LEVEL_6)
    for key, digest in enrolment.required_texts(ports).items():
        standing = enrolment.accept_text(ports, caller=caller, key=key, sha256=digest, shown={})
    boxes = {text.key: True for text in enrolment.terms(ports, standing).boxes}
    enrolment.choose_start(ports, caller=caller, choice=choice, boxes=boxes)
    return caller


def ordered(world: World, user: str, *, plan: PaymentPlan = PaymentPlan.FULL, **more: object) -> Order:
    """Place an order and open its Checkout session."""
    caller = ready_to_order(world.ports, user, **more)  # type: ignore[arg-type]
    order = payments.place_order(world.ports, caller=caller, plan=plan, shown={})
    delivery.deliver_all(world.ports)
    return current(world, order.id)


def paid(world: World, user: str, **more: object) -> Order:
    """Enrol and pay, with everything delivered."""
    order = ordered(world, user, **more)  # type: ignore[arg-type]
    world.payments.pay(order.checkout_id)
    payments.settle_checkout(world.ports, order.checkout_id)
    delivery.deliver_all(world.ports)
    return current(world, order.id)


def current(world: World, order_id: str) -> Order:
    """Read the order again."""
    with world.store.reading() as uow:
        return uow.orders.get(order_id)


ADMIN = Caller("UADMIN1", frozenset({Role.ADMIN}))


def an_offer(ports: Ports, **changes: str) -> Offer:
    """An offer at 300 € for a month from today."""
    today = day_in(ports.clock.now())
    facts = {"label": "Partenariat Lyon", "price": "300", "code": "LYON2026", "first_day": today.isoformat()}
    facts["last_day"] = (today + timedelta(days=30)).isoformat()
    return offers.grant(ports, caller=ADMIN, draft=offers.Draft(**{**facts, **changes}))
