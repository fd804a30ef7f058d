"""The rescue card's buttons and the answers, as Slack sends them."""

from __future__ import annotations

from handlers.ids import Action
from programme.model.group import GroupState, RescueState
from tests.usecases.test_rescue import card, leave, member_id, running
from tests.usecases.waiting_room import Person, enrol, group, rows, seats_of


def choosing(block_id: str, value: str) -> dict[str, object]:
    option = {"text": {"type": "plain_text", "text": "x"}, "value": value}
    return {"values": {block_id: {Action.RESCUE_CHOICE: {"type": "static_select", "selected_option": option}}}}


def open_question(ports):
    with ports.reading() as uow:
        return uow.groups.rescues_of(group(ports).id)[-1]


def answers(bolt) -> list[str]:
    return [call["text"] for call in bolt.api.called("response")]


def test_a_place_is_offered_and_taken(bolt, world, ports) -> None:
    found = running(world)
    enrol(ports, Person("UNEW"))
    leave(world, found.id, "UM1")
    bolt.press(Action.RESCUE_CHOICE, user="UADMIN1")
    bolt.press(Action.OFFER_PLACE, found.id, user="UADMIN1")
    assert "choix" in answers(bolt)[-1]

    new = member_id(ports, "UNEW")
    bolt.press(Action.OFFER_PLACE, found.id, user="UM2", state=choosing("newcomer", new))
    bolt.press(Action.OFFER_PLACE, found.id, user="UADMIN1", state=choosing("newcomer", new))
    question = open_question(ports)
    for user in ("UM2", "UM3", "UM4", "UNEW"):
        bolt.press(Action.AGREE, question.id, user=user)
    assert open_question(ports).state is RescueState.AGREED
    assert "UNEW" in seats_of(ports, found.id)


def test_a_pause_is_asked_refused_asked_again_and_taken_back(bolt, world, ports) -> None:
    found = running(world, held=1)
    bolt.press(Action.PAUSE_GROUP, found.id, user="UADMIN1", state=choosing("pause", "2"))
    bolt.press(Action.REFUSE, open_question(ports).id, user="UM1")
    assert open_question(ports).state is RescueState.REFUSED

    world.clock.move(minutes=1)
    bolt.press(Action.PAUSE_GROUP, found.id, user="UADMIN1", state=choosing("pause", "2"))
    bolt.press(Action.WITHDRAW_QUESTION, open_question(ports).id, user="UADMIN1")
    assert open_question(ports).state is RescueState.CANCELLED
    bolt.press(Action.RESUME_GROUP, found.id, user="UADMIN1")
    bolt.press(Action.START_AS_THREE, found.id, user="UADMIN1")
    bolt.press(Action.MERGE_GROUPS, found.id, user="UADMIN1", state=choosing("merge", "grp_none"))
    assert open_question(ports).state is RescueState.CANCELLED
    assert group(ports).state is GroupState.RUNNING


def test_an_admin_asks_for_the_card_and_frees_a_seat(bolt, world, ports) -> None:
    found = running(world)
    bolt.command("/bilan-admin", "secours 1", user="UADMIN1")
    bolt.command("/bilan-admin", "secours un", user="UADMIN1")
    assert [len(answer) > 0 for answer in answers(bolt)] == [True, True]
    assert len(rows(world, "rescue:")) == 1

    bolt.press(Action.FREE_SEAT, found.id, user="UADMIN1", state=choosing("seat", member_id(ports, "UM1")))
    assert card(world).place_freed
    assert len(card(world).members) == 3
