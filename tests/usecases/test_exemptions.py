"""The exemption: asked by a person, decided by a human with a reason, asked again as often as wished."""

from __future__ import annotations

import pytest

from programme.errors import InvalidForm, NotAllowed, Refusal
from programme.model.enrolment import ExemptionState, Step
from programme.model.people import Caller, Role
from programme.ports import Ports
from programme.rules.eligibility import Level
from programme.usecases import delivery, enrolment, exemptions
from programme.usecases.files import SharedFile
from programme.usecases.standing import Standing
from tests.builders import a_profile, known_to_slack
from tests.conftest import World

LEA = Caller("ULEA")
ADMIN, OTHER = (Caller(user, frozenset({Role.ADMIN})) for user in ("UADMIN1", "UADMIN2"))
WHY, PAST = "Je prépare une reconversion.", "Quinze ans de conduite de chantiers."
REASON = "Votre expérience vaut largement le niveau demandé."


def below_level_six(ports: Ports) -> Standing:
    enrolment.resume(ports, caller=LEA)
    enrolment.see_tutorial(ports, caller=LEA)
    known_to_slack(ports, "ULEA")
    enrolment.save_profile(ports, caller=LEA, profile=a_profile())
    return enrolment.declare_level(ports, caller=LEA, level=Level.LEVEL_5)


def asked(ports: Ports) -> Standing:
    below_level_six(ports)
    return exemptions.ask(ports, caller=LEA, request=WHY, experience=PAST)


def decide(ports: Ports, admin: Caller = ADMIN, *, granted: bool = True, turn: int = 1) -> ExemptionState:
    enrolment_id = enrolment.resume(ports, caller=LEA).enrolment.id
    return exemptions.decide(ports, caller=admin, enrolment_id=enrolment_id, turn=turn, granted=granted, reason=REASON)


def test_below_level_six_nothing_is_refused_by_itself(ports: Ports) -> None:
    assert below_level_six(ports).step is Step.EXEMPTION
    assert exemptions.ask(ports, caller=LEA, request=WHY, experience=PAST).step is Step.EXEMPTION_PENDING


def test_a_request_needs_words(ports: Ports) -> None:
    below_level_six(ports)
    with pytest.raises(InvalidForm) as refused:
        exemptions.ask(ports, caller=LEA, request=" ", experience="oui")
    assert set(refused.value.fields) == {"request", "experience"}


def test_a_granted_person_goes_on_and_is_told_three_ways(world: World) -> None:
    asked(world.ports)
    assert decide(world.ports) is ExemptionState.GRANTED
    assert enrolment.resume(world.ports, caller=LEA).step is Step.TEXTS
    delivery.deliver_all(world.ports)
    assert [post.message.kind for post in world.workspace.posts] == ["exemption_card", "exemption_answer"]
    card = world.workspace.edits[-1][2]
    assert (card.answer, card.decided_by, card.reason) == ("granted", "UADMIN1", REASON)
    [mail] = world.mailer.sent
    assert (mail["template"], mail["to"], mail["data"]["reason"]) == ("exemption_answer", "lea@exemple.fr", REASON)
    assert [name for name, _ in mail["attachments"]] == ["reponse-derogation.pdf"]


def test_only_admins_decide(ports: Ports) -> None:
    asked(ports)
    for caller in (LEA, Caller("UTUTOR1", frozenset({Role.TUTOR}))):
        with pytest.raises(NotAllowed):
            decide(ports, caller)
    assert enrolment.resume(ports, caller=LEA).step is Step.EXEMPTION_PENDING


def test_a_decision_needs_its_reason(ports: Ports) -> None:
    standing = asked(ports)
    with pytest.raises(InvalidForm):
        exemptions.decide(
            ports, caller=ADMIN, enrolment_id=standing.enrolment.id, turn=1, granted=False, reason="   non    "
        )
    assert enrolment.resume(ports, caller=LEA).step is Step.EXEMPTION_PENDING


def test_the_first_decision_counts_and_a_double_click_is_no_error(world: World) -> None:
    asked(world.ports)
    decide(world.ports, granted=False)
    assert decide(world.ports, granted=False) is ExemptionState.REFUSED
    for granted in (True, False):
        with pytest.raises(Refusal, match="exemption_decided"):
            decide(world.ports, OTHER, granted=granted)
    delivery.deliver_all(world.ports)
    assert len(world.mailer.sent) == 1


def test_a_refused_person_may_ask_again_and_the_old_card_decides_nothing(world: World) -> None:
    asked(world.ports)
    decide(world.ports, granted=False)
    assert enrolment.resume(world.ports, caller=LEA).step is Step.EXEMPTION
    again = exemptions.ask(world.ports, caller=LEA, request=WHY, experience=PAST + " Et un diplôme en cours.")
    assert (again.step, again.enrolment.exemption_round) == (Step.EXEMPTION_PENDING, 2)
    with pytest.raises(Refusal, match="exemption_decided"):
        decide(world.ports, turn=1)
    assert decide(world.ports, turn=2) is ExemptionState.GRANTED
    delivery.deliver_all(world.ports)
    kinds = [post.message.kind for post in world.workspace.posts]
    assert kinds == ["exemption_card", "exemption_card", "exemption_answer", "exemption_answer"] or sorted(kinds) == [
        "exemption_answer",
        "exemption_answer",
        "exemption_card",
        "exemption_card",
    ]


def test_a_second_press_is_the_same_request(world: World) -> None:
    asked(world.ports)
    assert exemptions.ask(world.ports, caller=LEA, request=WHY, experience=PAST).enrolment.exemption_round == 1
    delivery.deliver_all(world.ports)
    assert [post.message.kind for post in world.workspace.posts] == ["exemption_card"]


def test_a_corrected_level_makes_the_request_moot(world: World) -> None:
    asked(world.ports)
    assert enrolment.declare_level(world.ports, caller=LEA, level=Level.LEVEL_6).step is Step.TEXTS
    delivery.deliver_all(world.ports)
    assert world.workspace.edits[-1][2].answer == "moot"
    with pytest.raises(Refusal, match="exemption_decided"):
        decide(world.ports)


def test_a_file_follows_under_the_card(world: World) -> None:
    below_level_six(world.ports)
    world.workspace.files["F1"] = ("cv.pdf", b"%PDF-1.7 cv")
    file = SharedFile("F1", "cv.pdf", 11)
    exemptions.ask(world.ports, caller=LEA, request=WHY, experience=PAST, files=[file], source="view:V1")
    delivery.deliver_all(world.ports)
    [(channel, name, content, thread)] = world.workspace.shared
    [card] = world.workspace.posts
    assert (channel, name, content, thread) == ("CADMIN", "cv.pdf", b"%PDF-1.7 cv", card.ts)
