"""The pages of a member and of a group: what they say, the help they give, and the trace that both leave."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from programme.errors import NotAllowed, Refusal
from programme.journal import Action
from programme.model.document import DocumentState
from programme.model.enrolment import Step
from programme.model.order import PaymentStatus
from programme.model.people import Caller, Role
from programme.rules.instants import day_in
from programme.usecases import delivery, enrolment, group_page, home, member_page
from programme.usecases.team_traces import Trace
from tests.builders import ADMIN, ordered, paid, ready_to_order
from tests.conftest import World
from tests.usecases.running import LEA, MAX, NOE, ZOE, hold, running
from tests.usecases.tutoring import running as tutored
from tests.usecases.tutoring import submitted
from tests.usecases.waiting_room import Person, enrol, group

TUTOR = Caller("UTUTOR1", frozenset({Role.TUTOR}))


def page(world: World, user: str = "ULEA") -> member_page.MemberPage:
    return member_page.look(world.ports, caller=ADMIN, user=user)


def traces(world: World, user: str = "ULEA") -> list[Action]:
    return [trace.action for trace in home.compose(world.ports, user).traces]


def test_each_step_of_the_road_is_told(world: World) -> None:
    enrolment.resume(world.ports, caller=Caller("ULEA"))
    assert (page(world).step, page(world).order) == (Step.TUTORIAL, None)
    ready_to_order(world.ports, "ULEA")
    assert page(world).step is Step.ORDER
    order = ordered(world, "UNOE", email="noe@exemple.fr")
    shown = page(world, "UNOE")
    assert shown.step is Step.PAYMENT
    assert shown.order is not None
    assert shown.order.link_expires_at == order.checkout_expires_at
    paid(world, "UZOE", email="zoe@exemple.fr")
    shown = page(world, "UZOE")
    assert shown.order is not None
    assert [one.status for one in shown.order.payments] == [PaymentStatus.PAID]
    assert shown.waiting_since is not None


def test_a_place_is_told_in_counts(world: World) -> None:
    running(world.ports)
    hold(world, 1, MAX, NOE, LEA)
    hold(world, 2, MAX, NOE, ZOE)
    shown = page(world, "UM1")
    assert shown.seat is not None
    assert (shown.seat.present, shown.seat.held, shown.seat.planned, shown.seat.next_number) == (1, 2, 16, 3)
    assert shown.waiting_since is None


def test_documents_are_counts_and_nothing_of_their_content(world: World) -> None:
    tutored(world)
    submitted(world)
    shown = page(world, "UM1")
    assert dict(shown.documents) == {DocumentState.RECEIVED: 1}
    sheet = world.ports.content.worksheets.key("F01")
    words = str(dataclasses.asdict(shown))
    assert not any(question.example.strip() in words for question in sheet.questions if len(question.example) > 20)


def test_the_person_sees_who_looked_once_a_day(world: World) -> None:
    paid(world, "ULEA")
    page(world)
    page(world)
    today = day_in(world.clock.now())
    assert home.compose(world.ports, "ULEA").traces == (Trace("UADMIN1", Action.MEMBER_LOOKED_AT, today),)
    world.clock.move(days=1)
    page(world)
    assert traces(world) == [Action.MEMBER_LOOKED_AT] * 2
    delivery.deliver_all(world.ports)
    assert "ULEA" in world.workspace.homes
    with world.store.reading() as uow:
        member = uow.members.by_slack("ULEA")
        assert member is not None
        exported = uow.personal_data.everything(member)["team_acts"]
    assert [row["actor"] for row in exported] == ["UADMIN1"] * 3


def test_who_looks_at_their_own_page_leaves_no_trace(world: World) -> None:
    enrolment.resume(world.ports, caller=Caller("UADMIN1"))
    page(world, "UADMIN1")
    assert traces(world, "UADMIN1") == []


def test_an_expired_link_is_sent_again_and_told(world: World) -> None:
    order = ordered(world, "ULEA")
    assert not member_page.send_link(world.ports, caller=ADMIN, user="ULEA")
    assert traces(world) == []
    assert order.checkout_expires_at is not None
    world.clock.instant = order.checkout_expires_at + timedelta(minutes=1)
    assert member_page.send_link(world.ports, caller=ADMIN, user="ULEA")
    delivery.deliver_all(world.ports)
    assert traces(world) == [Action.LINK_SENT_FOR]
    with pytest.raises(Refusal, match="order_not_payable"):
        member_page.send_link(world.ports, caller=ADMIN, user=_paid(world))


def _paid(world: World) -> str:
    paid(world, "UZOE", email="zoe@exemple.fr")
    return "UZOE"


def test_the_contract_goes_to_its_owner_alone_once_a_press(world: World) -> None:
    paid(world, "ULEA")
    for _ in range(2):
        member_page.send_contract(world.ports, caller=ADMIN, user="ULEA", request="trigger.1")
    delivery.deliver_all(world.ports)
    copies = [mail for mail in world.mailer.sent if mail["template"] == "contract_copy"]
    assert [mail["to"] for mail in copies] == ["lea@exemple.fr"]
    assert traces(world) == [Action.CONTRACT_SENT_FOR]


def test_nothing_is_accepted_chosen_or_ordered_for_somebody(world: World) -> None:
    enrolment.resume(world.ports, caller=Caller("ULEA"))
    for act in (
        lambda: member_page.send_contract(world.ports, caller=ADMIN, user="ULEA", request="t"),
        lambda: member_page.send_link(world.ports, caller=ADMIN, user="ULEA"),
    ):
        with pytest.raises(Refusal, match="member_no_order"):
            act()
    page(world)
    with world.store.reading() as uow:
        member = uow.members.by_slack("ULEA")
        assert member is not None
        begun = uow.enrolments.current(member.id)
        assert begun is not None
        assert (begun.accepted_texts, begun.choice, begun.ordered_at) == ({}, None, None)
        assert uow.enrolments.evidence(begun.id) == []


@pytest.mark.parametrize("caller", [LEA, TUTOR])
def test_the_pages_are_for_admins(world: World, caller: Caller) -> None:
    for refused in (
        lambda: member_page.look(world.ports, caller=caller, user="ULEA"),
        lambda: member_page.find(world.ports, caller=caller, name="Léa"),
        lambda: member_page.send_link(world.ports, caller=caller, user="ULEA"),
        lambda: member_page.send_contract(world.ports, caller=caller, user="ULEA", request="t"),
        lambda: group_page.look(world.ports, caller=caller, number=1),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_people_are_found_by_any_word_of_their_name(world: World) -> None:
    zoe = {"first_name": "Zoé", "last_name": "d’Hély"}
    enrol(world.ports, Person("UM1"), Person("UM2", profile=zoe))
    assert [one.user for one in member_page.find(world.ports, caller=ADMIN, name="camille")] == ["UM1"]
    assert [one.user for one in member_page.find(world.ports, caller=ADMIN, name="hely ZOE")] == ["UM2"]
    for name in ("", "*", "Zo", "Zoé Camille"):
        with pytest.raises(Refusal, match="member_unknown"):
            member_page.find(world.ports, caller=ADMIN, name=name)
    with pytest.raises(Refusal, match="member_unknown"):
        page(world, "UNOBODY")


def test_a_group_is_told_and_its_members_see_who_looked(world: World) -> None:
    running(world.ports)
    hold(world, 1, MAX, NOE, ZOE)
    shown = group_page.look(world.ports, caller=ADMIN, number=group(world.ports).number)
    assert {one.user: (one.present, one.held) for one in shown.people} == {
        "UM1": (0, 1),
        "UM2": (1, 1),
        "UM3": (1, 1),
        "UM4": (1, 1),
    }
    assert (shown.tutor, shown.next_number, shown.week.held) == ("UTUTOR1", 2, 1)
    assert traces(world, "UM1") == [Action.GROUP_LOOKED_AT]
    with pytest.raises(Refusal, match="group_number_unknown"):
        group_page.look(world.ports, caller=ADMIN, number=99)


def test_messages_that_wait_are_counted(world: World) -> None:
    paid(world, "ULEA")
    shown = page(world)
    assert (shown.last_routine, shown.waiting_messages, shown.stopped) == (None, 0, ())
