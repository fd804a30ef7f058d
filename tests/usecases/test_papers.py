"""A buyer's papers: theirs alone, at any time; an admin's copy goes to the admin alone."""

from __future__ import annotations

import pytest

from programme.errors import NotAllowed, NotFound, Refusal
from programme.model.people import Caller, Role
from programme.usecases import delivery, papers
from tests.builders import ordered, paid
from tests.conftest import World

LEA, MAX = Caller("ULEA"), Caller("UMAX")
ADMIN = Caller("UADMIN1", frozenset({Role.ADMIN}))
TUTOR = Caller("UTUTOR1", frozenset({Role.TUTOR}))


def test_the_list_holds_the_contract_and_the_newest_documents_first(world: World) -> None:
    order = paid(world, "ULEA")
    found = papers.own_papers(world.ports, caller=LEA)
    assert found.order_id == order.id
    assert [document.number for document in found.documents] == ["R2026-000001", "F2026-000001"]


def test_before_the_contract_there_is_no_list(world: World) -> None:
    with pytest.raises(Refusal, match="contract_not_concluded"):
        papers.own_papers(world.ports, caller=LEA)
    ordered(world, "ULEA")
    with pytest.raises(Refusal, match="contract_not_concluded"):
        papers.own_papers(world.ports, caller=LEA)


def test_a_document_is_sent_again_once_a_request(world: World) -> None:
    paid(world, "ULEA")
    for _ in range(2):
        assert papers.resend(world.ports, caller=LEA, number="F2026-000001", request="t1") == "lea@exemple.fr"
    delivery.deliver_all(world.ports)
    [again] = world.mailer.sent[1:]
    assert (again["to"], again["data"]["number"]) == ("lea@exemple.fr", "F2026-000001")
    assert [name for name, _ in again["attachments"]] == ["facture-F2026-000001.pdf"]
    first, second = (facts for template, facts in world.printer.printed if template == "facture")
    assert first == second
    with world.store.reading() as uow:
        assert sorted(line.action.value for line in uow.journal.of("F2026-000001")) == [
            "accounting:issued",
            "accounting:sent",
        ]


@pytest.mark.parametrize("caller", [MAX, TUTOR, ADMIN])
def test_nobody_else_has_it_sent(world: World, caller: Caller) -> None:
    paid(world, "ULEA")
    with pytest.raises(NotFound):
        papers.resend(world.ports, caller=caller, number="F2026-000001", request="t1")
    with pytest.raises(NotFound):
        papers.resend(world.ports, caller=LEA, number="F2026-000009", request="t1")
    delivery.deliver_all(world.ports)
    assert len(world.mailer.sent) == 1


def test_an_admin_receives_a_copy_in_private(world: World) -> None:
    paid(world, "ULEA")
    for _ in range(2):
        papers.copy_for_admin(world.ports, caller=ADMIN, number="R2026-000001", request="t1")
    delivery.deliver_all(world.ports)
    assert [(channel, name) for channel, name, _, _ in world.workspace.shared] == [("DADMIN1", "recu-R2026-000001.pdf")]
    with pytest.raises(Refusal, match="paper_unknown"):
        papers.copy_for_admin(world.ports, caller=ADMIN, number="R2026-000009", request="t2")
    with pytest.raises(NotAllowed):
        papers.copy_for_admin(world.ports, caller=TUTOR, number="R2026-000001", request="t3")
