"""Events about channels and accounts enter as Slack sends them, and the admins' buttons mend."""

from __future__ import annotations

import pytest

from handlers.ids import Action
from programme.model.group import GroupState
from programme.usecases import channel_life
from tests.usecases.waiting_room import group, messages, offered, rows, voting


def told(world) -> list[str]:
    return [alert.what for alert in messages(world, "group_alert")]


def channel(kind: str, **more: object) -> dict[str, object]:
    return {"type": kind, "channel": "CGROUP", **more}


def test_each_event_of_a_channel_is_noticed(bolt, world, ports) -> None:
    voting(ports)
    bolt.event(channel("member_left_channel", user="UM1", channel_type="G"))
    bolt.event(channel("member_joined_channel", user="UM1", channel_type="G", inviter="UM2"))
    bolt.event(channel("member_joined_channel", user="USTRANGER", channel_type="G", inviter="UM2"))
    bolt.event({"type": "group_rename", "channel": {"id": "CGROUP", "name": "nouveau", "created": 1}})
    bolt.event(channel("group_archive", user="UM1"))
    bolt.event(channel("group_unarchive", user="UM1"))
    bolt.event(channel("group_left", actor_id="UADMIN1"))
    bolt.event(channel("member_joined_channel", user="UBOT", channel_type="G", inviter="UADMIN1"))

    assert told(world) == ["left", "stranger", "renamed", "archived", "unarchived", "bot_removed", "bot_back"]
    assert (group(ports).channel_name, group(ports).channel_trouble) == ("nouveau", "")


@pytest.mark.parametrize("subtype", ["channel_topic", "group_topic"])
def test_a_topic_is_mended_unless_it_is_our_own(bolt, world, ports, subtype) -> None:
    voting(ports)
    before = len(rows(world, "topic:"))
    event = channel("message", subtype=subtype, topic="Salut", text="…", ts="1.2", channel_type="group")
    bolt.event({**event, "user": "UBOT"})
    assert len(rows(world, "topic:")) == before

    bolt.event({**event, "user": "UM1"})
    assert len(rows(world, "topic:")) == before + 1


def test_a_closed_account_and_a_new_display_name(bolt, world, ports) -> None:
    offered(ports)
    bolt.event({"type": "user_change", "user": {"id": "UM1", "deleted": False, "real_name": "Camille"}})
    assert group(ports).state is GroupState.OFFERED

    bolt.event({"type": "user_change", "user": {"id": "UM1", "deleted": True}})
    assert group(ports).state is GroupState.DISSOLVED


def test_admins_mend_with_buttons_and_others_do_not(bolt, world, ports) -> None:
    found = voting(ports)
    channel_life.lost(ports, channel="CGROUP", trouble="archived")
    bolt.press(Action.NEW_CHANNEL, found.id, user="UM1")
    assert rows(world, f"channel:{found.id}:c2") == []

    bolt.press(Action.NEW_CHANNEL, found.id, user="UADMIN1")
    bolt.press(Action.REINVITE, f"{found.id}:UM1", user="UADMIN1")
    bolt.press(Action.REMOVE_STRANGER, f"{found.id}:UX", user="UADMIN1")
    assert len(rows(world, f"channel:{found.id}:c2")) == 1
    assert len(rows(world, f"invite:{found.id}:inv")) == 1
    assert len(rows(world, f"remove:{found.id}")) == 1


def test_an_admin_asks_for_a_channel_by_number(bolt, world, ports) -> None:
    voting(ports)
    bolt.command("/bilan-admin", "canal 1", user="UADMIN1")
    bolt.command("/bilan-admin", "canal neuf", user="UADMIN1")

    sentences = [call["text"] for call in bolt.api.called("response")]
    assert "groupe 001" in sentences[0]
    assert sentences[1].startswith("Indiquez le numéro")
