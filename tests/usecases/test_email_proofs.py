"""An address that Slack does not know is proved by a one-time code; nothing else opens the order."""

from __future__ import annotations

import pytest

from programme.errors import InvalidForm, Refusal
from programme.model.email_proof import ATTEMPTS, SENDINGS_A_DAY
from programme.model.enrolment import Step
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import delivery, email_proofs, enrolment
from tests.builders import a_profile, known_to_slack
from tests.conftest import World

LEA = Caller("ULEA")


def another_address(world: World, email: str = "autre@exemple.fr") -> str:
    """Save a profile with an address of one's own, and return the code that was sent."""
    ports = world.ports
    enrolment.resume(ports, caller=LEA)
    enrolment.see_tutorial(ports, caller=LEA)
    known_to_slack(ports, "ULEA")
    assert enrolment.save_profile(ports, caller=LEA, profile=a_profile(email=email)).step is Step.EMAIL
    return last_code(world)


def last_code(world: World) -> str:
    world.workspace.people.pop("ULEA", None)
    with world.store.reading() as uow:
        known = uow.people.get("ULEA")
    if known is not None:
        world.workspace.people["ULEA"] = known
    delivery.deliver_all(world.ports)
    code: str = world.mailer.sent[-1]["data"]["code"]
    return code


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def step(ports: Ports) -> Step:
    return enrolment.resume(ports, caller=LEA).step


def test_the_address_of_slack_needs_no_code(world: World) -> None:
    enrolment.resume(world.ports, caller=LEA)
    known_to_slack(world.ports, "ULEA", email="LEA@exemple.fr")
    assert enrolment.see_tutorial(world.ports, caller=LEA).member.email == "LEA@exemple.fr"
    assert enrolment.save_profile(world.ports, caller=LEA, profile=a_profile()).step is Step.LEVEL
    assert enrolment.resume(world.ports, caller=LEA).member.email_verified_at is not None


def test_another_address_waits_for_its_code(world: World) -> None:
    code = another_address(world)
    assert world.mailer.sent[-1]["to"] == "autre@exemple.fr"
    assert email_proofs.prove_address(world.ports, caller=LEA, code=f" {code[:3]} {code[3:]} ").step is Step.LEVEL
    assert email_proofs.prove_address(world.ports, caller=LEA, code="000000").step is Step.LEVEL


def test_the_code_rests_nowhere_in_clear(world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    code = another_address(world)
    with world.store.reading() as uow:
        row = uow.outbox.get(world.mailer.sent[-1]["data"]["key"])
        proof = uow.members.email_proof(enrolment.resume(world.ports, caller=LEA).member.id)
    assert row is not None
    assert proof is not None
    assert code not in str(row.effect)
    assert code not in proof.digest


def test_five_wrong_codes_spend_it(world: World) -> None:
    code = another_address(world)
    for _ in range(ATTEMPTS):
        with pytest.raises(InvalidForm, match="invalid_form"):
            email_proofs.prove_address(world.ports, caller=LEA, code=wrong(code))
    with pytest.raises(InvalidForm) as refused:
        email_proofs.prove_address(world.ports, caller=LEA, code=code)
    assert refused.value.fields == {"code": "code_spent"}
    assert step(world.ports) is Step.EMAIL


def test_a_code_expires_and_another_one_is_worth_it(world: World) -> None:
    old = another_address(world)
    world.clock.move(minutes=30)
    with pytest.raises(InvalidForm) as refused:
        email_proofs.prove_address(world.ports, caller=LEA, code=old)
    assert refused.value.fields == {"code": "code_spent"}
    assert email_proofs.send_again(world.ports, caller=LEA)
    assert email_proofs.prove_address(world.ports, caller=LEA, code=last_code(world)).step is Step.LEVEL


def test_codes_are_not_sent_without_end(world: World) -> None:
    another_address(world)
    assert not email_proofs.send_again(world.ports, caller=LEA)
    sent = 1
    for _ in range(10):
        world.clock.move(minutes=2)
        sent += email_proofs.send_again(world.ports, caller=LEA)
    assert sent == SENDINGS_A_DAY
    world.clock.move(days=1)
    assert email_proofs.send_again(world.ports, caller=LEA)


def test_a_changed_address_is_proved_anew(world: World) -> None:
    email_proofs.prove_address(world.ports, caller=LEA, code=another_address(world))
    world.clock.move(minutes=2)
    profile = a_profile(email="encore@exemple.fr")
    assert enrolment.save_profile(world.ports, caller=LEA, profile=profile).step is Step.EMAIL
    assert email_proofs.prove_address(world.ports, caller=LEA, code=last_code(world)).step is Step.LEVEL
    with pytest.raises(Refusal, match="stale_form"):
        email_proofs.send_again(world.ports, caller=LEA)
