"""Fixtures shared by all tests: real store, real content, fakes for the outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from programme.content import Content, load_content
from programme.fake_payments import FakePayments
from programme.fakes import FakeClock, FakeFiles, FakeMailer, FakePictures, FakePrinter, FakeWorkspace
from programme.model.people import Role
from programme.ports import Config, Ports
from store.engine import make_engine
from store.migrate import migrate
from store.unit_of_work import Store

ADMINS, TUTORS = ("UADMIN1", "UADMIN2"), ("UTUTOR1", "UTUTOR2")


@dataclass(repr=False)
class World:
    """Everything a test may look at or switch, and the ports made of it."""

    ports: Ports
    clock: FakeClock
    workspace: FakeWorkspace
    payments: FakePayments
    mailer: FakeMailer
    printer: FakePrinter
    files: FakeFiles
    store: Store
    wakes: list[str]


@pytest.fixture(scope="session")
def content() -> Content:
    """The shipped content, loaded once: it is immutable."""
    return load_content()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without rows, copied by each test."""
    path = tmp_path_factory.mktemp("database") / "empty.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()  # the last connection to close writes the WAL back into the file
    return path


@contextmanager
def opened_world(database: Path | str, content: Content, clock: FakeClock, payments: FakePayments) -> Iterator[World]:
    """The world of a database that exists, a file or an address, with an outside of its own."""
    engine = make_engine(f"sqlite:///{database}" if isinstance(database, Path) else database)
    workspace, wakes = FakeWorkspace(), []
    store = Store(engine, clock.now, lambda: wakes.append("wake"))
    mailer, printer, files = FakeMailer(), FakePrinter(), FakeFiles()
    config = Config(
        admin_channel="CADMIN", tutor_channel="CTUTOR", public_url="https://bot.example", payment_in_three=True
    )
    ports = Ports(
        clock, store.uow, store.reading, workspace, payments, mailer, printer, files, content, config, FakePictures()
    )
    yield World(ports, clock, workspace, payments, mailer, printer, files, store, wakes)
    engine.dispose()


@contextmanager
def fresh_world(folder: Path, empty_database: Path, content: Content) -> Iterator[World]:
    """A world with two admins and two tutors, in a database of its own."""
    database = folder / "bilan.sqlite3"
    database.write_bytes(empty_database.read_bytes())
    clock = FakeClock()
    with opened_world(database, content, clock, FakePayments(clock)) as world:
        staff(world)
        yield world


def staff(world: World) -> None:
    """Let two admins and two tutors be there."""
    with world.store.uow() as uow:
        for user in ADMINS:
            uow.people.grant(Role.ADMIN, user)
        for user in TUTORS:
            uow.people.grant(Role.TUTOR, user)


@pytest.fixture
def world(tmp_path: Path, empty_database: Path, content: Content) -> Iterator[World]:
    """A fresh world."""
    with fresh_world(tmp_path, empty_database, content) as made:
        yield made


@pytest.fixture
def ports(world: World) -> Ports:
    """The ports of the fresh world."""
    return world.ports
