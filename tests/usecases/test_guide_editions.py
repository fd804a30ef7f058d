"""A group keeps the guides with which it started, whatever the files become."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from handlers.views.messages import draw
from programme.content import Content
from programme.content.guides import guides_of
from programme.ports import Ports
from programme.usecases import calendars, guide_editions, live, sessions
from tests.conftest import World
from tests.usecases.running import LEA, begin, running
from tests.usecases.waiting_room import group, messages


@pytest.fixture(autouse=True)
def own_memory(world: World) -> None:
    """The shipped content is shared by all tests: each world of this file remembers for itself."""
    world.ports = replace(world.ports, content=replace(world.ports.content, kept_guides={}))


def rewritten(content: Content) -> Content:
    """The content of a later day, in a process that has just started."""
    guides = [guide.model_copy(update={"title": f"Autre titre {guide.number}"}) for guide in content.guides]
    return replace(content, guides=guides_of("later", guides), kept_guides={})


def restarted(world: World) -> Ports:
    """The same store under rewritten guides."""
    world.ports = replace(world.ports, content=rewritten(world.ports.content))
    guide_editions.recall(world.ports)
    return world.ports


def titles(world: World, kind: str) -> set[str]:
    found: list[Any] = messages(world, kind)
    return {draw(message, world.ports.content).text.split(",")[0] for message in found}


def test_a_started_group_goes_on_with_its_guides(world: World) -> None:
    before = world.ports.content.guides
    running(world.ports)
    ports = restarted(world)
    begin(world, 1)
    sessions.send_guide(ports, caller=LEA, number=1, request="t1")

    assert group(ports).guides_version == before.version
    shown = titles(world, "session_guide")
    assert any(before.number(1).title in title for title in shown)
    assert not any("Autre titre" in title for title in shown)


def test_agenda_and_calendar_are_of_the_same_edition(world: World) -> None:
    before = world.ports.content.guides
    running(world.ports)
    ports = restarted(world)
    first = begin(world, 1)
    live.start(ports, caller=LEA, session_id=first.id)

    assert messages(world, "live_session")[-1].title == before.number(1).agenda["120"][0].title
    assert calendars.own_calendar(ports, caller=LEA).events[0].title == before.number(1).title


def test_a_group_that_starts_later_takes_the_new_guides(world: World) -> None:
    ports = restarted(world)
    running(ports)
    begin(world, 1)

    assert group(ports).guides_version == "later"
    assert any("Autre titre 1" in title for title in titles(world, "session_guide"))


def test_an_edition_is_kept_once_and_comes_back_whole(world: World) -> None:
    before = world.ports.content.guides
    for _ in range(2):
        with world.ports.uow() as uow:
            guide_editions.keep(world.ports, uow)
    ports = restarted(world)

    assert list(ports.content.kept_guides) == [before.version]
    assert tuple(ports.content.edition(before.version)) == tuple(before)
    assert ports.content.edition("unknown").version == "later"
