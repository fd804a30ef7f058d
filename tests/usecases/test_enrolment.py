"""Enrolment: resumable at every step, nothing skipped, nothing doubled."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.content.texts import Texts
from programme.errors import InvalidForm, Refusal
from programme.model.enrolment import Choice, Step
from programme.model.ids import new_id
from programme.model.order import PaymentPlan
from programme.model.people import Caller
from programme.ports import Ports
from programme.rules.eligibility import Level
from programme.usecases import delivery, enrolment, payments
from programme.usecases.standing import ORDER_OF_TEXTS
from tests.builders import REUNION, a_profile, known_to_slack, ready_to_order
from tests.conftest import World

LEA = Caller("ULEA")


def test_the_steps_come_in_order(ports: Ports) -> None:
    assert enrolment.resume(ports, caller=LEA).step is Step.TUTORIAL
    assert enrolment.see_tutorial(ports, caller=LEA).step is Step.PROFILE
    known_to_slack(ports, "ULEA")
    assert enrolment.save_profile(ports, caller=LEA, profile=a_profile()).step is Step.LEVEL
    standing = enrolment.declare_level(ports, caller=LEA, level=Level.LEVEL_6)
    for key, digest in enrolment.required_texts(ports).items():
        assert standing.step is Step.TEXTS
        standing = enrolment.accept_text(ports, caller=LEA, key=key, sha256=digest, shown={})
    assert standing.step is Step.CHOICE
    assert enrolment.choose_start(ports, caller=LEA, choice=Choice.WAIT, boxes={}).step is Step.ORDER
    assert enrolment.resume(ports, caller=LEA).step is Step.ORDER


def test_a_person_is_one_member_with_one_enrolment(ports: Ports) -> None:
    first, second = enrolment.resume(ports, caller=LEA), enrolment.resume(ports, caller=LEA)
    assert (first.member.id, first.enrolment.id) == (second.member.id, second.enrolment.id)


def test_the_zone_follows_from_the_address(ports: Ports) -> None:
    enrolment.resume(ports, caller=LEA)
    standing = enrolment.save_profile(ports, caller=LEA, profile=a_profile(REUNION))
    assert standing.member.time_zone == "Indian/Reunion"
    assert standing.member.commune == "Saint-Denis"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_name": "  "}, "first_name"),
        ({"email": "lea@exemple"}, "email"),
        ({"place": ""}, "place"),
        ({"place": "69003:75056"}, "place"),
        ({"place": "98800:98818"}, "place"),
        ({"radius_km": 0}, "radius_km"),
        ({"availability": ()}, "availability"),
        ({"availability": ("someday",)}, "availability"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(ports: Ports, changes: dict[str, object], field: str) -> None:
    enrolment.resume(ports, caller=LEA)
    with pytest.raises(InvalidForm) as refused:
        enrolment.save_profile(ports, caller=LEA, profile=a_profile(**changes))  # type: ignore[arg-type]
    assert set(refused.value.fields) == {field}
    assert enrolment.resume(ports, caller=LEA).member.profiled_at is None


def test_another_digest_than_the_one_shown_is_refused(ports: Ports) -> None:
    enrolment.resume(ports, caller=LEA)
    with pytest.raises(Refusal, match="text_changed"):
        enrolment.accept_text(ports, caller=LEA, key="cgv", sha256="0" * 64, shown={})


def test_a_territory_with_its_own_law_goes_to_a_human_once(world: World) -> None:
    enrolment.resume(world.ports, caller=LEA)
    for _ in range(2):
        with pytest.raises(InvalidForm):
            enrolment.save_profile(world.ports, caller=LEA, profile=a_profile("98800:98818"))
    delivery.deliver_all(world.ports)
    [post] = world.workspace.posts
    assert (post.channel, post.message.kind, post.message.user) == ("CADMIN", "territory_card", "ULEA")


def test_a_new_version_is_asked_again_and_changes_nothing_accepted(world: World) -> None:
    ready_to_order(world.ports, "ULEA")
    old = world.ports.content.texts.current("cgv", world.clock.now().date())
    newer = old.model_copy(
        update={
            "version": "2026-12",
            "effective_from": world.clock.now().date(),
            "body": old.body + "\nAjout.",
        }
    )
    content = replace(world.ports.content, texts=Texts((*world.ports.content.texts, newer)))
    ports = replace(world.ports, content=content)
    standing = enrolment.resume(ports, caller=LEA)
    assert standing.step is Step.TEXTS
    assert enrolment.next_text(ports, standing.enrolment) == newer
    after = enrolment.accept_text(ports, caller=LEA, key="cgv", sha256=newer.sha256, shown={})
    assert after.step is Step.ORDER
    with world.store.reading() as uow:
        accepted = [one.facts["sha256"] for one in uow.enrolments.evidence() if one.facts.get("key") == "cgv"]
    assert accepted == [old.sha256, newer.sha256]
    payments.place_order(ports, caller=LEA, plan=PaymentPlan.FULL, shown={})
    assert enrolment.resume(world.ports, caller=LEA).enrolment.accepted_texts["cgv"] == newer.sha256


def test_each_record_names_the_box_and_its_words(world: World) -> None:
    ready_to_order(world.ports, "ULEA")
    with world.store.reading() as uow:
        chain = uow.enrolments.evidence()
    shown = [record for record in chain if record.kind in {"text_accepted", "text_seen"}]
    assert [record.facts["key"] for record in shown] == list(ORDER_OF_TEXTS)
    for record in shown:
        assert record.facts["box"]["sha256"] == hashlib.sha256(record.facts["box"]["label"].encode()).hexdigest()
    assert {record.facts["key"] for record in shown if record.kind == "text_accepted"} == {"cgv", "confidentialite"}


def test_the_accepted_bytes_are_kept(world: World) -> None:
    ready_to_order(world.ports, "ULEA")
    for digest in enrolment.required_texts(world.ports).values():
        assert world.files.read(digest)


@pytest.mark.parametrize("ticked", [0, 1, 2])
def test_an_early_start_needs_its_three_boxes(ports: Ports, ticked: int) -> None:
    ready_to_order(ports, "ULEA")
    boxes = [text.key for text in enrolment.terms(ports, enrolment.resume(ports, caller=LEA)).boxes]
    with pytest.raises(InvalidForm) as refused:
        enrolment.choose_start(ports, caller=LEA, choice=Choice.EARLY, boxes=dict.fromkeys(boxes[:ticked], True))
    assert set(refused.value.fields) == set(boxes[ticked:])
    assert enrolment.resume(ports, caller=LEA).enrolment.choice is Choice.WAIT


def test_going_back_to_waiting_takes_the_early_request_back(ports: Ports) -> None:
    ready_to_order(ports, "ULEA", choice=Choice.EARLY)
    standing = enrolment.choose_start(ports, caller=LEA, choice=Choice.WAIT, boxes={})
    assert not standing.enrolment.early_start_valid


def test_after_the_order_a_stale_screen_changes_nothing(ports: Ports) -> None:
    ready_to_order(ports, "ULEA")
    payments.place_order(ports, caller=LEA, plan=PaymentPlan.FULL, shown={})
    with pytest.raises(Refusal, match="already_ordered"):
        enrolment.save_profile(ports, caller=LEA, profile=a_profile(first_name="Autre"))
    with pytest.raises(Refusal, match="already_ordered"):
        enrolment.choose_start(ports, caller=LEA, choice=Choice.WAIT, boxes={})
    assert enrolment.resume(ports, caller=LEA).step is Step.PAYMENT


ACTS = {
    "resume": lambda ports, lea: enrolment.resume(ports, caller=lea),
    "tutorial": lambda ports, lea: enrolment.see_tutorial(ports, caller=lea),
    "profile": lambda ports, lea: enrolment.save_profile(ports, caller=lea, profile=a_profile()),
    "level": lambda ports, lea: enrolment.declare_level(ports, caller=lea, level=Level.LEVEL_7),
    "texts": lambda ports, lea: [
        enrolment.accept_text(ports, caller=lea, key=key, sha256=digest, shown={})
        for key, digest in enrolment.required_texts(ports).items()
    ],
    "choice": lambda ports, lea: enrolment.choose_start(ports, caller=lea, choice=Choice.WAIT, boxes={}),
    "order": lambda ports, lea: payments.place_order(ports, caller=lea, plan=PaymentPlan.FULL, shown={}),
}
NEEDED = {"tutorial", "profile", "level", "texts", "choice"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(sorted(ACTS)), max_size=14))
def test_no_order_of_interruptions_skips_a_step(ports: Ports, acts: list[str]) -> None:
    """Whatever is done in whatever order: an order exists only after every step, and only once."""
    lea = Caller(new_id("U"))  # a person of their own for each example: the store stays
    enrolment.resume(ports, caller=lea)
    known_to_slack(ports, lea.slack_user_id)
    done: set[str] = set()
    orders: set[str] = set()
    for act in acts:
        try:
            result = ACTS[act](ports, lea)
        except Refusal:
            continue
        done.add(act)
        if act == "order":
            assert done >= NEEDED
            orders.add(result.id)
    assert len(orders) <= 1
