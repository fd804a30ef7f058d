"""The group's channel: its name, what is said first, and who leaves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.errors import AlreadyHandled
from programme.model.agenda import DeadlineKind
from programme.model.group import Group, GroupState
from programme.usecases import channel_life, channel_links, channels
from tests.usecases.waiting_room import group, messages, opening, rows, voting

A_DAY = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "place", "name"),
    [
        (12, "Lyon", "bilan-012-lyon"),
        (3, "L’Haÿ-les-Roses", "bilan-003-l-hay-les-roses"),
        (7, "Œuilly", "bilan-007-oeuilly"),
        (1000, "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson", None),
    ],
)
def test_the_name_is_safe_for_slack(number, place, name) -> None:
    found = channels.channel_name(Group("grp_1", number, A_DAY, place=place))

    assert name in (None, found)


@given(st.integers(1, 10_000), st.text(max_size=120))
def test_any_place_gives_a_name_and_topic_within_limits(number, place) -> None:
    one = Group("grp_1", number, A_DAY, place=place)
    name = channels.channel_name(one)

    assert len(name) <= 80
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not name.endswith("-")
    assert len(channel_links.channel_topic(one)) <= 250


def test_the_channel_gets_people_welcome_board_and_vote_in_that_order(world, ports) -> None:
    found = voting(ports)

    assert (found.state, found.channel_id, found.channel_name) == (GroupState.VOTING, "CGROUP", "bilan-001-lyon")
    said = [row for row in rows(world) if row.lane == f"group:{found.id}"]
    kinds = [(row.effect["kind"], row.effect.get("message", {}).get("kind"), row.effect.get("pin")) for row in said]
    assert kinds == [
        ("open_group_channel", None, None),
        ("invite_to_channel", None, None),
        ("post", "group_welcome", True),
        ("post", "board", True),
        ("post", "slot_vote", False),
    ]
    assert said[1].effect["users"] == ["UM1", "UM2", "UM3", "UM4", "UTUTOR1"] or set(said[1].effect["users"]) == {
        "UM1",
        "UM2",
        "UM3",
        "UM4",
        "UTUTOR1",
    }


def test_the_vote_lasts_three_days_and_each_member_gets_the_charter(world, ports) -> None:
    found = voting(ports)

    assert found.vote_closes_at == world.clock.now() + timedelta(hours=72)
    with ports.uow() as uow:
        kinds = {row.kind: row.due_at for row in uow.agenda.due(world.clock.now() + timedelta(days=9))}
    assert kinds == {DeadlineKind.VOTE_CLOSE: found.vote_closes_at}
    assert sorted(row.lane for row in rows(world, "charter:")) == ["user:UM1", "user:UM2", "user:UM3", "user:UM4"]


def test_a_channel_that_is_reported_twice_is_entered_once(world, ports) -> None:
    found = voting(ports)
    before = len(rows(world))
    with ports.uow() as uow:
        channels.channel_opened(ports, uow, found.id, "COTHER", "bilan-001-lyon-2")

    assert group(ports).channel_id == "CGROUP"
    assert len(rows(world)) == before


def test_a_failed_invitation_is_told_to_the_admins(world, ports) -> None:
    found = voting(ports)
    with ports.uow() as uow:
        channels.invited(ports, uow, found.id, {"UM1": "user_is_restricted", "UM2": "already_in_channel"})

    (alert,) = messages(world, "group_alert")
    assert (alert.what, alert.users) == ("not_invited", {"UM1": "user_is_restricted"})


@pytest.mark.parametrize("failures", [{}, {"UM1": "already_in_channel"}])
def test_no_failure_no_alert(world, ports, failures) -> None:
    found = voting(ports)
    with ports.uow() as uow:
        channels.invited(ports, uow, found.id, failures)

    assert messages(world, "group_alert") == []


def leave(ports, user: str, channel: str = "CGROUP", event_id: str = "Ev1") -> None:
    channel_life.left(ports, channel=channel, slack_user_id=user, event_id=event_id)


@pytest.mark.parametrize("user", ["UM1", "UTUTOR1"])
def test_a_member_or_tutor_who_leaves_the_channel_is_told_to_the_admins(world, ports, user) -> None:
    found = voting(ports)
    leave(ports, user)

    (alert,) = messages(world, "group_alert")
    assert (alert.what, alert.label, alert.users) == ("left", found.label, {user: ""})
    assert rows(world, "left:")[0].lane == "admins"
    with pytest.raises(AlreadyHandled):
        leave(ports, user)


@pytest.mark.parametrize(("user", "channel"), [("USTRANGER", "CGROUP"), ("UM1", "CELSEWHERE"), ("UM1", "")])
def test_other_departures_are_nobodys_business(world, ports, user, channel) -> None:
    voting(ports)
    leave(ports, user, channel)

    assert messages(world, "group_alert") == []


def test_leaving_after_the_end_is_no_alert(world, ports) -> None:
    found = voting(ports)
    with ports.uow() as uow:
        uow.groups.get(found.id).state = GroupState.FINISHED
    leave(ports, "UM1")

    assert messages(world, "group_alert") == []


def test_the_channel_is_asked_for_only_once_all_have_accepted(world, ports) -> None:
    opening(ports)

    assert len(rows(world, "channel:")) == 1
