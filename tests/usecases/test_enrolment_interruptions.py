"""Interrupted enrolment: whatever is closed, replayed or done on another device, the end is that of a calm run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.errors import Refusal
from programme.model.enrolment import Choice
from programme.model.ids import new_id
from programme.model.order import PaymentPlan
from programme.model.people import Caller
from programme.ports import Ports
from programme.rules.eligibility import Level
from programme.usecases import enrolment, exemptions, payments
from tests.builders import a_profile, known_to_slack

Act = Callable[[Ports, Caller], Any]
WORDS = {"request": "Je prépare une reconversion.", "experience": "Quinze ans de chantiers."}


def accept(ports: Ports, lea: Caller) -> None:
    for key, digest in enrolment.required_texts(ports).items():
        enrolment.accept_text(ports, caller=lea, key=key, sha256=digest, shown={})


CALM: dict[str, Act] = {
    "resume": lambda ports, lea: enrolment.resume(ports, caller=lea),
    "tutorial": lambda ports, lea: enrolment.see_tutorial(ports, caller=lea),
    "profile": lambda ports, lea: enrolment.save_profile(ports, caller=lea, profile=a_profile()),
    "level": lambda ports, lea: enrolment.declare_level(ports, caller=lea, level=Level.LEVEL_6),
    "texts": accept,
    "choice": lambda ports, lea: enrolment.choose_start(ports, caller=lea, choice=Choice.WAIT, boxes={}),
    "order": lambda ports, lea: payments.place_order(ports, caller=lea, plan=PaymentPlan.FULL, shown={}),
}
DETOURS: dict[str, Act] = {
    "first text": lambda ports, lea: enrolment.accept_text(
        ports, caller=lea, key="cgv", sha256=enrolment.required_texts(ports)["cgv"], shown={}
    ),
    "stale text": lambda ports, lea: enrolment.accept_text(ports, caller=lea, key="cgv", sha256="0" * 64, shown={}),
    "half early": lambda ports, lea: enrolment.choose_start(
        ports, caller=lea, choice=Choice.EARLY, boxes={"express_request": True}
    ),
    "bad profile": lambda ports, lea: enrolment.save_profile(ports, caller=lea, profile=a_profile(radius_km=0)),
    "low level": lambda ports, lea: enrolment.declare_level(ports, caller=lea, level=Level.LEVEL_4),
    "exemption": lambda ports, lea: exemptions.ask(ports, caller=lea, **WORDS),
}
ACTS = CALM | DETOURS


def attempt(ports: Ports, lea: Caller, name: str) -> None:
    try:
        ACTS[name](ports, lea)
    except Refusal:
        return


def end_of(ports: Ports, lea: Caller) -> dict[str, Any]:
    with ports.reading() as uow:
        member = uow.members.by_slack(lea.slack_user_id)
        assert member is not None
        found = uow.enrolments.current(member.id)
        assert found is not None
        order = uow.orders.of_enrolment(found.id)
        assert order is not None
        orders = [record for record in uow.enrolments.evidence(found.id) if record.kind == "order_placed"]
        return {
            "who": (member.full_name, member.email, member.insee, member.email_verified_at is not None),
            "level": (found.level, found.exemption),
            "texts": found.accepted_texts,
            "choice": (found.choice, found.early_start_valid),
            "order": (order.price, order.plan, order.early_start, order.texts, len(orders)),
            "payments": [(payment.number, payment.amount) for payment in uow.orders.payments(order.id)],
        }


def walk(ports: Ports, names: list[str]) -> dict[str, Any]:
    lea = Caller(new_id("U"))
    enrolment.resume(ports, caller=lea)
    known_to_slack(ports, lea.slack_user_id)
    for name in [*names, *CALM]:
        attempt(ports, lea, name)
    return end_of(ports, lea)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.sampled_from(sorted(ACTS)), max_size=16))
def test_any_interruption_ends_as_a_calm_run(ports: Ports, names: list[str]) -> None:
    assert walk(ports, names) == walk(ports, [])
