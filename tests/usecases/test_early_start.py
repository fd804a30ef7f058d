"""An early start can be taken back until the first session, and the group then waits."""

from __future__ import annotations

import pytest

from handlers.views.messages import draw
from programme.content import Content
from programme.errors import Refusal
from programme.messages.enrolment import EarlyStartCard, EarlyStartTakenBack
from programme.model.enrolment import Choice
from programme.model.people import Caller
from programme.usecases import contract, delivery, early_start
from sandbox.slack.block_kit import check_message
from tests.builders import current, paid, ready_to_order
from tests.conftest import World

LEA = Caller("ULEA")


def test_taken_back_twice_is_taken_back_once(world: World) -> None:
    order = paid(world, "ULEA", choice=Choice.EARLY)
    for _ in range(2):
        early_start.take_back(world.ports, caller=LEA)
    delivery.deliver_all(world.ports)
    assert not current(world, order.id).early_start
    kinds = [post.message.kind for post in world.workspace.posts]
    assert kinds.count("early_start_taken_back") == 1
    with world.store.reading() as uow:
        chain = [record.kind for record in uow.enrolments.evidence()]
    assert chain.count("early_start_taken_back") == 1


def test_the_contract_then_prints_no_request(world: World) -> None:
    order = paid(world, "ULEA", choice=Choice.EARLY)
    early_start.take_back(world.ports, caller=LEA)
    with world.store.reading() as uow:
        member = uow.members.get(order.member_id)
        assert contract.describe(world.ports, uow, uow.orders.get(order.id), member).requests == ()


def test_nothing_to_take_back_before_the_order(world: World) -> None:
    ready_to_order(world.ports, "ULEA", choice=Choice.EARLY)
    with pytest.raises(Refusal, match="early_start_none"):
        early_start.take_back(world.ports, caller=LEA)


def test_the_messages_pass_the_judge(world: World, content: Content) -> None:
    day = world.clock.now().date()
    for message in (
        EarlyStartTakenBack(),
        EarlyStartTakenBack(last_day=day),
        EarlyStartCard(label="groupe 012 – Lyon", user="ULEA", sessions=1, last_day=day),
    ):
        assert check_message(draw(message, content).payload()) == []
