"""Whatever is written, changed, deleted, repeated, held back, handed over, returned or lost: each remark reaches its
author once and nobody else, and each reply reaches the tutors' thread once, as it stands."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.content import Content
from programme.fakes import Posted
from programme.model.people import Caller, Role
from programme.usecases import agenda, delivery
from tests.conftest import ADMINS, TUTORS, World
from tests.usecases.thread_play import ACTS, Play, Sheet, close, judge, open_world
from tests.usecases.tutoring import AUTHOR, PEER, no_failure, running, submitted
from tests.usecases.waiting_room import Person, gated, group, sign_all

WEEKS, ACTS_A_WEEK = 16, 40


@dataclass
class Stage:
    """A database to copy, what was posted when it was made, and the two documents."""

    database: Path
    content: Content
    posts: list[Posted]
    made: list[tuple[str, Caller]]

    def __repr__(self) -> str:
        """Short: hypothesis prints it with a failing example."""
        return "stage"


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory, empty_database: Path, content: Content):
    """A database in which two members of one group have each handed in the same worksheet."""
    database = tmp_path_factory.mktemp("threads") / "stage.sqlite3"
    database.write_bytes(empty_database.read_bytes())
    world = open_world(database, content)
    _appoint(world)
    running(world)
    made = [(submitted(world, caller=caller).id, caller) for caller in (AUTHOR, PEER)]
    close(world)
    return Stage(database, content, world.workspace.posts, made)


def _appoint(world: World) -> None:
    with world.store.uow() as uow:
        for role, users in ((Role.ADMIN, ADMINS), (Role.TUTOR, TUTORS)):
            for user in users:
                uow.people.grant(role, user)


def _sheets(posts: list[Posted], made: list[tuple[str, Caller]]) -> list[Sheet]:
    """What should be true when the play begins."""
    roots = {post.key: post.ts for post in posts}
    return [Sheet(id_, who, roots[f"doc:{id_}:card"], roots[f"doc:{id_}:receipt"]) for id_, who in made]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), length=st.integers(20, 100))
def test_each_remark_reaches_its_author_once_and_nobody_else(stage, tmp_path, seed, length) -> None:
    copy = tmp_path / "play.sqlite3"
    copy.write_bytes(stage.database.read_bytes())
    world = open_world(copy, stage.content)
    world.workspace.posts = list(stage.posts)
    play = Play(world, _sheets(stage.posts, stage.made), random.Random(seed))
    try:
        for step in play.chance.choices(ACTS, k=length):
            step(play)
        play.settle()
        judge(play)
    finally:
        close(world)


@pytest.mark.parametrize("seed", [1, 2])
def test_two_tutors_and_twelve_members_write_for_sixteen_weeks(
    tmp_path: Path, empty_database: Path, content: Content, seed: int
) -> None:
    """Three groups live their sixteen weeks; answers are lost, calls refused, the bot killed on the way."""
    database = tmp_path / "weeks.sqlite3"
    database.write_bytes(empty_database.read_bytes())
    world = open_world(database, content)
    try:
        play = Play(world, [*_three_groups(world)], random.Random(seed))
        for _ in range(WEEKS):
            for act in play.chance.choices(ACTS, k=ACTS_A_WEEK):
                act(play)
            world.clock.move(days=4)
            agenda.run_due(world.ports, no_failure)
            delivery.deliver_all(world.ports)
        play.settle()
        judge(play)
        assert sum(len(sheet.sent) for sheet in play.sheets) > WEEKS
    finally:
        close(world)


def _three_groups(world: World) -> list[Sheet]:
    """Twelve members in three groups, each of whom has handed in the same worksheet."""
    _appoint(world)
    with world.store.uow() as uow:
        for tutor, backup in (TUTORS, reversed(TUTORS)):
            uow.tutors.choose(tutor).backup_id = backup
    made: list[tuple[str, Caller]] = []
    for first in (1, 5, 9):
        users = [f"UM{number}" for number in range(first, first + 4)]
        gated(world.ports, *[Person(user) for user in users])
        sign_all(world.ports)
        with world.store.uow() as uow:
            uow.sessions.of_group(group(world.ports).id)[0].guide_posted_at = world.clock.now()
        delivery.deliver_all(world.ports)
        made += [(submitted(world, caller=Caller(user)).id, Caller(user)) for user in users]
    return _sheets(world.workspace.posts, made)
