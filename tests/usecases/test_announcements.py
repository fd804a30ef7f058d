"""Announcements: seen and counted first, once for each person at their hour, called back until they have left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from programme.errors import InvalidForm, NotAllowed, Refusal
from programme.messages.announcements import AnnouncementWord
from programme.messages.nudges import Digest
from programme.model.announcement import Announcement, AnnouncementState, Audience
from programme.model.nudge import Topic
from programme.model.people import Caller, Role
from programme.usecases import announcements, delivery, quiet_wishes
from programme.usecases.announcements import UNDO, Draft
from tests.conftest import World
from tests.usecases.running import until
from tests.usecases.waiting_room import ADMIN, OTHER_ADMIN, Person, enrol, four, group, messages, voting

TUTOR = Caller("UTUTOR1", frozenset({Role.TUTOR}))
TEXT = "Le canal de l’équipe change d’adresse ce mardi."
NOON, EVENING = datetime(2026, 11, 25, 11, tzinfo=UTC), datetime(2026, 11, 25, 21, tzinfo=UTC)
USERS = {f"UM{number}" for number in range(1, 5)}


def draft(audience: Audience = Audience.MEMBERS, text: str = TEXT, group_id: str = "") -> Draft:
    return Draft(audience, group_id, text)


def confirmed(world: World, asked: Draft | None = None, source: str = "view:V1") -> Announcement:
    asked = asked or draft()
    people = announcements.preview(world.ports, caller=ADMIN, draft=asked).people
    return announcements.confirm(world.ports, caller=ADMIN, draft=asked, people=people, source=source)


def pass_to(world: World, instant: datetime) -> None:
    until(world, instant)
    delivery.deliver_all(world.ports)


def readers(world: World) -> list[str]:
    """Who has got it, each as often as they have; in a post of its own or in a digest."""
    found = []
    for post in world.workspace.posts:
        parts = post.message.parts if isinstance(post.message, Digest) else (post.message,)
        found += ["U" + post.channel[1:] for part in parts if isinstance(part, AnnouncementWord)]
    return sorted(found)


@pytest.fixture
def waiting(world: World) -> World:
    """Four people who wait for a group, at noon."""
    world.clock.instant = NOON
    enrol(world.ports, *four())
    return world


def test_it_is_seen_and_counted_before_it_leaves(waiting: World) -> None:
    quiet_wishes.stop(waiting.ports, caller=Caller("UM2"), topic=Topic.ANNOUNCEMENT)
    seen = announcements.preview(waiting.ports, caller=ADMIN, draft=draft())
    assert (seen.people, seen.unwilling, seen.word.text) == (4, 1, TEXT)
    confirmed(waiting)
    pass_to(waiting, NOON + UNDO - timedelta(seconds=1))
    assert readers(waiting) == []
    pass_to(waiting, NOON + UNDO)
    assert readers(waiting) == ["UM1", "UM3", "UM4"]
    [word] = {post.message for post in waiting.workspace.posts if isinstance(post.message, AnnouncementWord)}
    assert word == seen.word


def test_once_per_person_whatever_is_retried(waiting: World) -> None:
    first, second = confirmed(waiting), confirmed(waiting)
    assert first.id == second.id
    pass_to(waiting, NOON + UNDO)
    with waiting.store.uow() as uow:
        announcements.leave(waiting.ports, uow, first.id)
        uow.announcements.get(first.id).state = AnnouncementState.CONFIRMED
    with waiting.store.uow() as uow:
        announcements.leave(waiting.ports, uow, first.id)
    pass_to(waiting, NOON + timedelta(days=3))
    assert readers(waiting) == sorted(USERS)


def test_at_night_it_waits_for_the_morning(waiting: World) -> None:
    waiting.clock.instant = EVENING
    confirmed(waiting)
    pass_to(waiting, EVENING + timedelta(hours=9))
    assert readers(waiting) == []
    pass_to(waiting, EVENING + timedelta(hours=11))
    assert set(readers(waiting)) == USERS


def test_two_announcements_of_a_day_both_arrive_one_of_them_the_next(waiting: World) -> None:
    for number in (1, 2, 3):
        confirmed(waiting, draft(text=f"{TEXT} ({number})"), f"view:V{number}")
    pass_to(waiting, NOON + timedelta(hours=1))
    assert sorted(readers(waiting)) == sorted(USERS)
    pass_to(waiting, NOON + timedelta(days=2))
    assert sorted(readers(waiting)) == sorted([*USERS] * 3)


def test_it_can_be_called_back_before_it_leaves(waiting: World) -> None:
    announcement = confirmed(waiting)
    for _ in range(2):
        assert announcements.call_back(waiting.ports, caller=OTHER_ADMIN, announcement_id=announcement.id) == 0
    pass_to(waiting, NOON + timedelta(days=2))
    assert readers(waiting) == []
    assert [card.state for card in messages(waiting, "announcement_card")] == ["confirmed", "called_back"]


def test_it_can_be_called_back_for_those_whose_day_has_not_come(waiting: World) -> None:
    quiet_wishes.choose(waiting.ports, caller=Caller("UM1"), hour=18, wanted=tuple(Topic), snoozed=False)
    announcement = confirmed(waiting)
    pass_to(waiting, NOON + UNDO)
    assert readers(waiting) == ["UM2", "UM3", "UM4"]
    assert announcements.call_back(waiting.ports, caller=ADMIN, announcement_id=announcement.id) == 3
    pass_to(waiting, NOON + timedelta(days=2))
    assert readers(waiting) == ["UM2", "UM3", "UM4"]


def test_called_back_between_two_copies_the_others_stay_behind(waiting: World) -> None:
    announcement = confirmed(waiting)
    waiting.clock.instant = NOON + UNDO
    with waiting.store.uow() as uow:
        announcements.leave(waiting.ports, uow, announcement.id)
        member = uow.members.by_slack("UM1")
        assert member is not None
        announcements.hand_copy(waiting.ports, uow, f"{announcement.id}:{member.id}")
    assert announcements.call_back(waiting.ports, caller=ADMIN, announcement_id=announcement.id) == 1
    pass_to(waiting, NOON + timedelta(days=2))
    assert readers(waiting) == ["UM1"]


def test_what_everybody_has_is_not_called_back(waiting: World) -> None:
    announcement = confirmed(waiting)
    pass_to(waiting, NOON + UNDO)
    with pytest.raises(Refusal, match="announcement_gone"):
        announcements.call_back(waiting.ports, caller=ADMIN, announcement_id=announcement.id)


def test_a_group_those_who_wait_and_everybody(world: World) -> None:
    voting(world.ports)
    enrol(world.ports, Person("UM8"), Person("UM9"))
    found = group(world.ports)
    for audience, users in ((Audience.GROUP, 4), (Audience.WAITING, 2), (Audience.MEMBERS, 6)):
        asked = draft(audience, group_id=found.id)
        assert announcements.preview(world.ports, caller=ADMIN, draft=asked).people == users
    asked = draft(Audience.GROUP, group_id=found.id)
    assert announcements.preview(world.ports, caller=ADMIN, draft=asked).word.group_label == found.label


def test_the_count_that_was_seen_is_the_count_that_is_confirmed(waiting: World) -> None:
    enrol(waiting.ports, Person("UM9"))
    with pytest.raises(Refusal, match="announcement_stale"):
        announcements.confirm(waiting.ports, caller=ADMIN, draft=draft(), people=4, source="view:V1")


def test_who_has_left_meanwhile_gets_nothing(waiting: World) -> None:
    confirmed(waiting)
    with waiting.store.uow() as uow:
        member = uow.members.by_slack("UM1")
        assert member is not None
        member.active = False
    pass_to(waiting, NOON + UNDO)
    assert "UM1" not in readers(waiting)


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (draft(text="Court"), "text"),
        (draft(text="a" * 1401), "text"),
        (draft(Audience.GROUP), "group"),
        (draft(Audience.MEMBERS), "audience"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(world: World, asked: Draft, wrong: str) -> None:
    with pytest.raises(InvalidForm) as refused:
        announcements.preview(world.ports, caller=ADMIN, draft=asked)
    assert list(refused.value.fields) == [wrong]


@pytest.mark.parametrize("caller", [Caller("UM1"), TUTOR])
def test_announcements_are_for_admins(waiting: World, caller: Caller) -> None:
    announcement = confirmed(waiting)
    for refused in (
        lambda: announcements.groups_to_write_to(waiting.ports, caller=caller),
        lambda: announcements.preview(waiting.ports, caller=caller, draft=draft()),
        lambda: announcements.confirm(waiting.ports, caller=caller, draft=draft(), people=4, source="view:V2"),
        lambda: announcements.call_back(waiting.ports, caller=caller, announcement_id=announcement.id),
    ):
        with pytest.raises(NotAllowed):
            refused()
