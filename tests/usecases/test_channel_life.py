"""What people do to a group's channel by hand: mended, or told to the admins, once."""

from __future__ import annotations

import pytest

from programme.errors import NotAllowed, Permanent, Refusal, Retryable
from programme.model.group import GroupState, SeatState
from programme.model.people import Caller, SlackPerson
from programme.usecases import channel_life, channels, delivery, sessions, slots
from programme.usecases.channel_links import BOARD_LINK, PLAN_LINK, channel_topic
from tests.usecases.waiting_room import (
    ADMIN,
    Person,
    group,
    messages,
    offered,
    opening,
    proposed,
    rows,
    seats_of,
    sign_all,
    users,
    voting,
)


def alerts(world) -> list[tuple[str, dict[str, str]]]:
    return [(alert.what, alert.users) for alert in messages(world, "group_alert")]


def housed(world, *people: Person):
    """A group whose channel was really opened, with everybody in it."""
    found = opening(world.ports, *people)
    delivery.deliver_all(world.ports)
    assert group(world.ports).state is GroupState.VOTING
    world.workspace.topics.setdefault(group(world.ports).channel_id, "")
    return found


def test_the_channel_gets_people_topic_and_the_link_to_the_board(world, ports) -> None:
    housed(world)
    channel = group(ports).channel_id

    assert sorted(world.workspace.members[channel]) == ["UM1", "UM2", "UM3", "UM4", "UTUTOR1"]
    assert world.workspace.topics[channel] == channel_topic(group(ports))
    assert list(world.workspace.bookmarks[channel]) == [BOARD_LINK]
    with ports.reading() as uow:
        board = uow.outbox.get(f"board:{group(ports).id}")
    assert board.receipt_ts.replace(".", "") in world.workspace.bookmarks[channel][BOARD_LINK]


def test_who_left_and_comes_back_and_leaves_is_told_twice(world, ports) -> None:
    voting(ports)
    for number in (1, 2):
        channel_life.left(ports, channel="CGROUP", slack_user_id="UM1", event_id=f"Ev{number}")
    channel_life.joined(ports, channel="CGROUP", slack_user_id="UM1")
    channel_life.left(ports, channel="CGROUP", slack_user_id="UM1", event_id="Ev3")

    assert alerts(world) == [("left", {"UM1": ""})] * 2


def test_an_admin_invites_a_member_again(world, ports) -> None:
    housed(world)
    found = group(ports)
    world.workspace.kick(found.channel_id, "UM1")
    channel_life.left(ports, channel=found.channel_id, slack_user_id="UM1", event_id="Ev1")
    channel_life.reinvite(ports, caller=ADMIN, group_id=found.id, slack_user_id="UM1")
    delivery.deliver_all(ports)

    assert "UM1" in world.workspace.members[found.channel_id]
    with pytest.raises(Refusal, match="not_of_the_group"):
        channel_life.reinvite(ports, caller=ADMIN, group_id=found.id, slack_user_id="USTRANGER")


def test_only_admins_mend(ports) -> None:
    found = voting(ports)
    for act in (
        lambda: channel_life.reinvite(ports, caller=Caller("UM1"), group_id=found.id, slack_user_id="UM2"),
        lambda: channel_life.remove_stranger(ports, caller=Caller("UM1"), group_id=found.id, slack_user_id="UX"),
        lambda: channel_life.open_new_channel(ports, caller=Caller("UM1"), group_id=found.id),
        lambda: channel_life.enter(ports, caller=Caller("UM1"), number=1),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_somebody_who_is_not_of_the_group_is_told_and_may_be_taken_out(world, ports) -> None:
    housed(world)
    found = group(ports)
    for _ in range(2):
        channel_life.joined(ports, channel=found.channel_id, slack_user_id="USTRANGER", inviter="UM1", bot="UBOT")
    assert alerts(world) == [("stranger", {"USTRANGER": ""})]

    world.workspace.members[found.channel_id].append("USTRANGER")
    channel_life.remove_stranger(ports, caller=ADMIN, group_id=found.id, slack_user_id="USTRANGER")
    delivery.deliver_all(ports)
    assert "USTRANGER" not in world.workspace.members[found.channel_id]
    with pytest.raises(Refusal, match="is_of_the_group"):
        channel_life.remove_stranger(ports, caller=ADMIN, group_id=found.id, slack_user_id="UM1")


@pytest.mark.parametrize(("user", "inviter"), [("UM1", "UM2"), ("UTUTOR1", ""), ("UADMIN2", "UM1"), ("UX", "UBOT")])
def test_who_may_be_there_is_no_alert(world, ports, user, inviter) -> None:
    voting(ports)
    channel_life.joined(ports, channel="CGROUP", slack_user_id=user, inviter=inviter, bot="UBOT")

    assert alerts(world) == []


def test_a_new_name_is_kept_and_told_once(world, ports) -> None:
    voting(ports)
    for _ in range(2):
        channel_life.renamed(ports, channel="CGROUP", name="les-lyonnais")

    (alert,) = messages(world, "group_alert")
    assert (alert.what, alert.detail) == ("renamed", "bilan-001-lyon")
    assert group(ports).channel_name == "les-lyonnais"


def test_a_changed_topic_is_written_again(world, ports) -> None:
    housed(world)
    channel = group(ports).channel_id
    world.workspace.topics[channel] = "Salut"
    channel_life.topic_changed(ports, channel=channel, topic="Salut")
    delivery.deliver_all(ports)

    assert world.workspace.topics[channel] == channel_topic(group(ports))
    before = len(rows(world))
    channel_life.topic_changed(ports, channel=channel, topic=channel_topic(group(ports)))
    assert len(rows(world)) == before


@pytest.mark.parametrize(
    ("code", "trouble", "told"),
    [("is_archived", "archived", "unarchived"), ("channel_not_found", "bot_removed", "bot_back")],
)
def test_what_is_said_to_a_lost_channel_waits_until_it_is_back(world, ports, code, trouble, told) -> None:
    housed(world)
    found = group(ports)
    world.workspace.closed[found.channel_id] = code
    before = len(world.workspace.posts)
    channels_vote(ports, found.id)
    delivery.deliver_all(ports)
    world.clock.move(minutes=6)
    delivery.deliver_all(ports)
    assert group(ports).channel_trouble == trouble
    assert alerts(world) == [(trouble, {})]
    assert [post.channel for post in world.workspace.posts[before:]] == ["CADMIN"]

    del world.workspace.closed[found.channel_id]
    channel_life.found(ports, channel=found.channel_id, trouble=trouble)
    world.clock.move(minutes=6)
    delivery.deliver_all(ports)
    assert alerts(world)[-1][0] == told
    assert [post for post in world.workspace.posts[before:] if post.channel == found.channel_id]
    assert [row.key for row in rows(world) if row.status.value == "failed"] == []


def channels_vote(ports, group_id: str) -> None:
    """Something to say in the channel."""
    with ports.uow() as uow:
        sessions.tell_group(uow, group_id, f"test:{group_id}", messages_example(ports, uow, group_id))


def messages_example(ports, uow, group_id: str):
    return channels._welcome(uow.groups.get(group_id), channels.members_of(uow, group_id))


def test_an_admin_opens_a_new_channel_and_everything_moves(world, ports) -> None:
    housed(world)
    old = group(ports)
    world.workspace.closed[old.channel_id] = "is_archived"
    channel_life.lost(ports, channel=old.channel_id, trouble="archived")
    channels_vote(ports, old.id)
    for _ in range(2):
        channel_life.open_new_channel(ports, caller=ADMIN, group_id=old.id)
    delivery.deliver_all(ports)
    world.clock.move(minutes=6)
    delivery.deliver_all(ports)

    new = group(ports)
    assert (new.channel_turn, new.channel_trouble) == (2, "")
    assert new.channel_id != old.channel_id
    assert sorted(world.workspace.members[new.channel_id]) == ["UM1", "UM2", "UM3", "UM4", "UTUTOR1"]
    said = [post.message.kind for post in world.workspace.posts if post.channel == new.channel_id]
    assert sorted(said) == ["board", "channel_moved", "group_welcome", "slot_vote"]
    assert [row.key for row in rows(world) if row.status.value == "failed"] == []
    with pytest.raises(Refusal, match="channel_fine"):
        channel_life.open_new_channel(ports, caller=ADMIN, group_id=old.id)


def test_the_bots_own_closing_is_no_trouble(world, ports) -> None:
    voting(ports)
    with ports.uow() as uow:
        uow.groups.get(group(ports).id).state = GroupState.ARCHIVED
    channel_life.lost(ports, channel="CGROUP", trouble="archived")

    assert alerts(world) == []


def test_a_closed_account_keeps_its_seat_in_a_group_that_lives(world, ports) -> None:
    found = voting(ports)
    for _ in range(2):
        channel_life.person_changed(ports, slack_user_id="UM1", deleted=True)
    assert alerts(world) == [("deactivated", {"UM1": ""})]
    assert seats_of(ports, found.id)["UM1"].state is SeatState.ACCEPTED

    channel_life.person_changed(ports, slack_user_id="UM1", deleted=False)
    assert alerts(world)[-1] == ("reactivated", {"UM1": ""})


def test_a_closed_account_ends_an_offer_and_the_others_come_first(world, ports) -> None:
    found = offered(ports)
    channel_life.person_changed(ports, slack_user_id="UM1", deleted=True)

    assert group(ports).state is GroupState.DISSOLVED
    states = {user: seat.state for user, seat in seats_of(ports, found.id).items()}
    assert states == {
        "UM1": SeatState.EXPIRED,
        "UM2": SeatState.RELEASED,
        "UM3": SeatState.RELEASED,
        "UM4": SeatState.RELEASED,
    }
    assert messages(world, "group_outcome")[0].detail == "gone"


def test_a_closed_account_ends_a_proposal(world, ports) -> None:
    proposed(ports)
    channel_life.person_changed(ports, slack_user_id="UM1", deleted=True)

    assert group(ports).state is GroupState.REJECTED
    assert messages(world, "group_proposal_card")[-1].decision == "lapsed"


def test_a_tutors_closed_account_is_told_once(world, ports) -> None:
    voting(ports)
    for _ in range(2):
        channel_life.person_changed(ports, slack_user_id="UTUTOR1", deleted=True)

    assert alerts(world) == [("tutor_gone", {"UTUTOR1": ""})]


def test_the_look_finds_what_happened_while_nobody_listened(world, ports) -> None:
    housed(world)
    channel = group(ports).channel_id
    world.workspace.members[channel] = ["UM2", "UM3", "UTUTOR1", "USTRANGER"]
    world.workspace.people["UM4"] = SlackPerson("UM4", active=False)
    world.workspace.renamed[channel] = "autre-nom"
    world.workspace.topics[channel] = "Salut"
    for _ in range(2):
        channel_life.watch(ports)

    told = sorted((what, *people) for what, people in alerts(world))
    assert told == [
        ("deactivated", "UM4"),
        ("left", "UM1"),
        ("left", "UM4"),
        ("renamed",),
        ("stranger", "USTRANGER"),
    ]
    delivery.deliver_all(ports)
    assert world.workspace.topics[channel] == channel_topic(group(ports))


@pytest.mark.parametrize(("code", "trouble"), [("is_archived", "archived"), ("channel_not_found", "bot_removed")])
def test_the_look_finds_a_lost_channel_and_that_it_is_back(world, ports, code, trouble) -> None:
    housed(world)
    channel = group(ports).channel_id
    world.workspace.closed[channel] = code
    channel_life.watch(ports)
    assert group(ports).channel_trouble == trouble

    del world.workspace.closed[channel]
    channel_life.watch(ports)
    assert group(ports).channel_trouble == ""


def test_a_look_before_the_invitations_have_gone_out_tells_nothing(world, ports) -> None:
    voting(ports)
    channel_life.watch(ports)

    assert alerts(world) == []


def test_with_slack_away_the_look_waits_for_the_next_tick(world, ports) -> None:
    housed(world)
    world.workspace.fail_next = [Retryable("away")]
    channel_life.watch(ports)

    assert alerts(world) == []
    assert world.workspace.fail_next == []


def test_a_failure_that_is_not_the_channels_is_told_as_such(world, ports) -> None:
    housed(world)
    world.workspace.fail_next = [Permanent("invalid_blocks")]
    channels_vote(ports, group(ports).id)
    delivery.deliver_all(ports)

    assert group(ports).channel_trouble == ""
    assert len(messages(world, "failure_card")) == 1


def test_an_admin_enters_a_channel_by_number(world, ports) -> None:
    housed(world)
    channel_life.enter(ports, caller=ADMIN, number=1)
    delivery.deliver_all(ports)

    assert "UADMIN1" in world.workspace.members[group(ports).channel_id]
    with pytest.raises(Refusal, match="group_unknown"):
        channel_life.enter(ports, caller=ADMIN, number=7)


def test_the_dates_hang_above_the_channel_once_the_group_has_started(world, ports) -> None:
    housed(world)
    for user in users(ports):
        slots.vote(ports, caller=Caller(user), group_id=group(ports).id, slot="tue-evening")
    sign_all(ports)
    delivery.deliver_all(ports)

    assert group(ports).state is GroupState.RUNNING
    assert list(world.workspace.bookmarks[group(ports).channel_id]) == [BOARD_LINK, PLAN_LINK]
