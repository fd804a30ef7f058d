"""An early start can be taken back until the first session, and the group then waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.views.messages import draw
from programme.content import Content
from programme.errors import Refusal
from programme.messages.enrolment import EarlyStartCard, EarlyStartTakenBack
from programme.model.enrolment import Choice
from programme.model.group import GroupState
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import contract, delivery, early_start
from sandbox.slack.block_kit import check_message
from tests.builders import current, paid, ready_to_order
from tests.conftest import World
from tests.usecases.running import MAX, running, session, until
from tests.usecases.waiting_room import gated, group, sign_all

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


def test_a_group_that_waits_for_its_gate_waits_for_this_member_too(world: World, ports: Ports) -> None:
    gated(ports)
    early_start.take_back(ports, caller=MAX)
    sign_all(ports)
    assert group(ports).state is GroupState.GATED
    until(world, world.clock.now() + timedelta(days=20))
    assert group(ports).state is GroupState.RUNNING
    with ports.reading() as uow:
        member = uow.members.by_slack(MAX.slack_user_id)
        assert member is not None
        enrolment = uow.enrolments.current(member.id)
        assert enrolment is not None
        order = uow.orders.of_enrolment(enrolment.id)
    assert order is not None
    assert order.withdrawal_end is not None
    assert session(ports, 1).starts_at >= order.withdrawal_end


def test_published_dates_that_come_too_early_are_told_to_the_admins_alone(world: World, ports: Ports) -> None:
    running(ports)
    early_start.take_back(ports, caller=MAX)
    delivery.deliver_all(ports)
    told = [post for post in world.workspace.posts if post.message.kind.startswith("early_start")]
    assert {(post.channel, post.message.kind) for post in told} == {
        ("CADMIN", "early_start_card"),
        ("DM" + MAX.slack_user_id[2:], "early_start_taken_back"),
    }


def test_after_the_first_session_has_begun_nothing_is_taken_back(world: World, ports: Ports) -> None:
    running(ports)
    world.clock.instant = session(ports, 1).starts_at
    with pytest.raises(Refusal, match="early_start_begun"):
        early_start.take_back(ports, caller=MAX)


def test_the_messages_pass_the_judge(world: World, content: Content) -> None:
    day = world.clock.now().date()
    for message in (
        EarlyStartTakenBack(),
        EarlyStartTakenBack(last_day=day),
        EarlyStartCard(label="groupe 012 – Lyon", user="ULEA", sessions=1, last_day=day),
    ):
        assert check_message(draw(message, content).payload()) == []
