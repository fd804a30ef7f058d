"""A request to end a contract waits for a person, or is set aside with a reason: the contract then goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from programme.errors import InvalidForm, NotAllowed
from programme.journal import Action
from programme.messages.endings import EndRequestCard, EndRequestSetAside
from programme.messages.instalments import InstalmentCard, InstalmentNotice
from programme.model.ending import EndKind
from programme.model.evidence import first_broken
from programme.model.order import Order, PaymentStatus
from programme.usecases import delivery, end_requests, termination
from tests.builders import paid
from tests.conftest import World
from tests.usecases.in_three import ADMIN, LEA, OTHER_ADMIN, at_ten, begun, due_day, instalment, live_until, said
from tests.usecases.tutoring import read_by

REASON = "Comme convenu au téléphone, vous restez dans le groupe."


def ask(world: World, reason: str = "Un nouvel emploi.") -> None:
    termination.ask_to_end(world.ports, caller=LEA, force_majeure=False, reason=reason)


def set_aside(world: World, order: Order) -> bool:
    done = end_requests.set_aside(world.ports, caller=ADMIN, order_id=order.id, reason=REASON)
    delivery.deliver_all(world.ports)
    return done


def mails(world: World, template: str) -> list[dict[str, object]]:
    return [mail["data"] for mail in world.mailer.sent if mail["template"] == template]


def test_the_member_reads_why_and_the_card_says_by_whom(world: World) -> None:
    order = paid(world, "ULEA")
    ask(world)
    assert set_aside(world, order)
    [told] = said(world, EndRequestSetAside)
    assert (told.reason, told.resumes) == (REASON, False)
    assert [mail["reason"] for mail in mails(world, "termination_set_aside")] == [REASON]
    [card] = read_by(world, "CADMIN", EndRequestCard)
    assert (card.set_aside, card.decided_by, card.decision) == (REASON, "UADMIN1", None)
    with world.store.reading() as uow:
        [line] = [one for one in uow.journal.of(order.id) if one.action is Action.TERMINATION_SET_ASIDE]
        assert (line.actor, line.data) == ("UADMIN1", {})
        assert uow.overview.termination_requests() == []
        assert first_broken(uow.enrolments.evidence()) is None


def test_a_second_press_and_a_second_admin_change_nothing(world: World) -> None:
    order = paid(world, "ULEA")
    assert not set_aside(world, order)  # nothing was asked for
    ask(world)
    assert set_aside(world, order)
    for admin in (ADMIN, OTHER_ADMIN):
        assert not end_requests.set_aside(world.ports, caller=admin, order_id=order.id, reason="Autre.")
    delivery.deliver_all(world.ports)
    assert len(said(world, EndRequestSetAside)) == 1


def test_it_is_for_admins_and_needs_a_reason(world: World) -> None:
    order = paid(world, "ULEA")
    ask(world)
    with pytest.raises(NotAllowed):
        end_requests.set_aside(world.ports, caller=LEA, order_id=order.id, reason=REASON)
    for wrong in ("", "  ", "x" * 2001):
        with pytest.raises(InvalidForm):
            end_requests.set_aside(world.ports, caller=ADMIN, order_id=order.id, reason=wrong)
    assert set_aside(world, order)


def test_one_may_ask_again_and_every_request_has_its_card(world: World) -> None:
    order = paid(world, "ULEA")
    for number in (1, 2, 3):
        ask(world, f"Demande {number}.")
        ask(world, "Un second appui ne change rien.")
        delivery.deliver_all(world.ports)
        assert len(mails(world, "termination_received")) == number
        if number < 3:
            assert set_aside(world, order)
    termination.end_as(
        world.ports, caller=ADMIN, order_id=order.id, kind=EndKind.FORCE_MAJEURE, reason="Justificatif vu."
    )
    delivery.deliver_all(world.ports)
    cards = read_by(world, "CADMIN", EndRequestCard)
    assert [(card.reason, bool(card.set_aside), card.decision) for card in cards] == [
        ("Demande 1.", True, None),
        ("Demande 2.", True, None),
        ("Demande 3.", False, EndKind.FORCE_MAJEURE),
    ]
    assert not set_aside(world, order)


def test_an_instalment_waits_for_a_person_until_then_and_is_announced_anew(world: World) -> None:
    order = begun(world)
    ask(world)
    live_until(world, at_ten(due_day(world, order), 2))
    [waiting] = read_by(world, "CADMIN", InstalmentCard)
    assert (waiting.why, waiting.state) == ("ending", "waiting")
    told = len(said(world, InstalmentNotice))
    assert set_aside(world, order)
    day = due_day(world, order)
    assert day == world.clock.now().date() + timedelta(days=7)
    live_until(world, world.clock.now())
    assert [notice.due_on for notice in said(world, InstalmentNotice)[told:]] == [day]
    assert [card.state for card in read_by(world, "CADMIN", InstalmentCard)] == ["dated"]
    assert said(world, EndRequestSetAside)[0].resumes
    live_until(world, at_ten(day) - timedelta(seconds=1))
    assert instalment(world, order).status is PaymentStatus.DUE
    live_until(world, at_ten(day))
    assert instalment(world, order).status is PaymentStatus.PAID


def test_a_request_set_aside_before_the_day_changes_no_date(world: World) -> None:
    order = begun(world)
    day = due_day(world, order)
    ask(world)
    assert set_aside(world, order)
    assert due_day(world, order) == day
    live_until(world, at_ten(day))
    assert instalment(world, order).status is PaymentStatus.PAID
    assert world.workspace.said(InstalmentCard) == []
