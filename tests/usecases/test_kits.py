"""The paper kit: sent once, to the address of that day, never before the group has started."""

from __future__ import annotations

import pytest

from programme.errors import NotAllowed, Refusal
from programme.usecases import kits
from tests.usecases.running import LEA, MAX, running
from tests.usecases.waiting_room import ADMIN, four, gated, group, messages, rows


def sheet(ports) -> kits.KitSheet:
    return kits.kit_sheet(ports, caller=ADMIN, number=group(ports).number)


def line_of(ports, user: str) -> kits.KitLine:
    return next(line for line in sheet(ports).lines if line.user == user)


def send(ports, user: str) -> None:
    found = sheet(ports)
    kits.mark_sent(ports, caller=ADMIN, group_id=found.group_id, member_id=line_of(ports, user).member_id)


def kit_id(world) -> str:
    return messages(world, "kit_sent")[-1].kit_id


def test_a_parcel_is_sent_and_received_once(world, ports) -> None:
    running(ports, *four(profile={"address": "12 rue des Lilas"}))
    assert line_of(ports, "UM1").address == "12 rue des Lilas\n69001 Lyon"
    for _ in range(2):
        send(ports, "UM1")
    (told,) = messages(world, "kit_sent")
    assert told.address == "12 rue des Lilas\n69001 Lyon"
    assert rows(world, "kit:")[0].lane == "user:UM1"
    for _ in range(2):
        kits.mark_received(ports, caller=LEA, kit_id=kit_id(world))

    assert messages(world, "kit_sent")[-1].received
    assert len(messages(world, "kit_sent")) == 2
    assert line_of(ports, "UM1").received_at == world.clock.now()
    assert line_of(ports, "UM2").sent_at is None


def test_the_address_is_that_of_the_day_it_left(world, ports) -> None:
    running(ports, *four(profile={"address": "12 rue des Lilas"}))
    send(ports, "UM1")
    with ports.uow() as uow:
        uow.members.by_slack("UM1").address = "1 place Neuve"

    assert line_of(ports, "UM1").address.startswith("12 rue")


def test_nothing_leaves_before_the_start(world, ports) -> None:
    gated(ports)
    with pytest.raises(Refusal, match="kit_not_yet"):
        sheet(ports)
    with ports.reading() as uow:
        member = uow.members.by_slack("UM1").id
    with pytest.raises(Refusal, match="kit_not_yet"):
        kits.mark_sent(ports, caller=ADMIN, group_id=group(ports).id, member_id=member)
    assert messages(world, "kit_sent") == []


def test_admins_send_and_only_the_addressee_receives(world, ports) -> None:
    running(ports)
    with pytest.raises(NotAllowed):
        kits.kit_sheet(ports, caller=LEA, number=1)
    with pytest.raises(NotAllowed):
        kits.mark_sent(ports, caller=LEA, group_id=group(ports).id, member_id=line_of(ports, "UM1").member_id)
    send(ports, "UM1")
    with pytest.raises(NotAllowed):
        kits.mark_received(ports, caller=MAX, kit_id=kit_id(world))
