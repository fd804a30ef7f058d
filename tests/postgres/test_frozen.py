"""PostgreSQL itself refuses to change what proves; the retention timetable empties it at the end of its time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from programme.model.attestation import Attestation
from programme.model.evidence import first_broken, is_hollow
from programme.usecases import retention
from store.engine import make_engine
from store.tables.base import metadata
from tests.builders import paid, ready_to_order
from tests.conftest import World
from tests.usecases.test_retention import SECRET, at, everything, finished

HOLLOW = """'{"erased": "2037-01-01"}'"""


def execute(database: str, statement: str) -> int:
    """Change the database by hand; returns how many rows it was."""
    engine = make_engine(database)
    try:
        with engine.begin() as connection:
            return connection.execute(text(statement)).rowcount
    finally:
        engine.dispose()


def test_the_migrations_lead_to_the_tables_here_too(database: str) -> None:
    engine = make_engine(database)
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE accounting_documents SET ttc = 1", "an accounting document never changes"),
        ("UPDATE accounting_documents SET content = '{}'", "an accounting document never changes"),
        ("UPDATE evidence SET kind = 'text_seen' WHERE sequence = 3", "a record of evidence never changes"),
        ("UPDATE evidence SET facts = '{}' WHERE sequence = 3", "a record of evidence never changes"),
        (f"UPDATE evidence SET hash = '', facts = {HOLLOW} WHERE sequence = 3", "a record of evidence never changes"),
        ("DELETE FROM evidence WHERE sequence = 14", "a record of evidence never goes"),
    ],
)
def test_what_proves_is_frozen(world: World, database: str, statement: str, why: str) -> None:
    paid(world, "ULEA")
    with pytest.raises(IntegrityError, match=why):
        execute(database, statement)
    with world.store.reading() as uow:
        assert first_broken(uow.enrolments.evidence()) is None


def test_an_attestation_is_frozen_too(world: World, database: str) -> None:
    order, now = paid(world, "ULEA"), world.clock.now()
    issued = Attestation("P-1-1", order.enrolment_id, order.member_id, 1, now, 16, 1920, {"sessions": []}, "0" * 64)
    with world.store.uow() as uow:
        uow.attestations.add(issued)
    with pytest.raises(IntegrityError, match="an attestation never changes"):
        execute(database, "UPDATE attestations SET minutes = 9999")
    with world.store.reading() as uow:
        assert uow.attestations.get("P-1-1") == issued


def test_facts_go_once_and_for_ever(world: World, database: str) -> None:
    ready_to_order(world.ports, "ULEA")
    assert execute(database, f"UPDATE evidence SET facts = {HOLLOW} WHERE sequence = 3") == 1
    with pytest.raises(IntegrityError, match="never changes"):
        execute(database, 'UPDATE evidence SET facts = \'{"erased": "2038-01-01"}\' WHERE sequence = 3')


def test_the_timetable_empties_a_file_at_the_end_of_its_time(world: World) -> None:
    ready_to_order(world.ports, "UMAX", email="max@exemple.fr")
    order = paid(world, "ULEA")
    with world.store.uow() as uow:
        uow.enrolments.get(order.enrolment_id).ended_at = world.clock.now()
        uow.enrolments.get(order.enrolment_id).status = "finished"  # type: ignore[assignment]
    assert retention.preview(world.ports).people == {}
    world.clock.move(days=11 * 366)
    assert len(retention.run(world.ports).people) == 2
    with world.store.reading() as uow:
        chain = uow.enrolments.evidence()
        assert [member.full_name for member in uow.members.all()] == ["", ""]
        assert uow.accounting.of_order(order.id) == []
    assert all(map(is_hollow, chain))
    assert first_broken(chain) is None
    assert retention.run(world.ports).counts == {}


def test_a_programme_is_played_and_its_works_leave_on_their_day(world: World) -> None:
    over = finished(world)
    at(world, over + timedelta(days=30))
    assert retention.run(world.ports).people == {}
    at(world, over + timedelta(days=31))
    assert len(retention.run(world.ports).people) == 4
    at(world, over + timedelta(days=92))
    assert retention.run(world.ports).groups
    assert SECRET not in everything(world)
