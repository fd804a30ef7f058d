"""``bilan evidence verify``: the first broken link is named, whatever was tampered with in the database."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from bot.cli import app
from programme.usecases import agenda, anchors
from store.engine import make_engine
from tests.builders import ready_to_order
from tests.conftest import World
from tests.usecases.tutoring import no_failure


@pytest.fixture
def run(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name, value in {
        "SLACK_BOT_TOKEN": "xoxb-test",
        "SLACK_APP_TOKEN": "xapp-test",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'bilan.sqlite3'}",
        "DATA_DIR": str(tmp_path / "data"),
    }.items():
        monkeypatch.setenv(name, value)
    ready_to_order(world.ports, "ULEA")
    return lambda *words: CliRunner().invoke(app, list(words))


def tamper(tmp_path: Path, statement: str) -> None:
    """Whoever owns the database can take its guards away: the chain is what tells."""
    engine = make_engine(f"sqlite:///{tmp_path / 'bilan.sqlite3'}")
    with engine.begin() as connection:
        for guard in ("evidence_frozen", "evidence_kept"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {guard}"))
        assert connection.execute(text(statement)).rowcount == 1
    engine.dispose()


def test_a_whole_chain_is_said_to_be_whole(run) -> None:
    result = run("evidence", "verify")
    assert result.exit_code == 0
    assert "intacte" in result.stderr


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE evidence SET facts = replace(facts, 'cgv', 'cgw') WHERE sequence = 5", 5),
        ("UPDATE evidence SET kind = 'text_seen' WHERE sequence = 5", 5),
        ("UPDATE evidence SET recorded_at = '2020-01-01 00:00:00.000000' WHERE sequence = 2", 2),
        ("UPDATE evidence SET hash = previous_hash WHERE sequence = 4", 4),
        ("DELETE FROM evidence WHERE sequence = 3", 4),
        ("DELETE FROM evidence WHERE sequence = 1", 2),
    ],
)
def test_the_first_broken_link_is_named(run, tmp_path: Path, statement: str, broken: int) -> None:
    tamper(tmp_path, statement)
    result = run("evidence", "verify")
    assert result.exit_code == 1
    assert f"n° {broken} " in result.stderr


def head(world: World) -> str:
    with world.store.reading() as uow:
        found = anchors.head_of(uow)
    assert found is not None
    return found.hash


def test_a_cut_end_is_noticed_with_an_anchor_that_left_the_machine(world: World, run, tmp_path: Path) -> None:
    noted = head(world)
    told = run("evidence", "verify", "--anchor", f" {noted.upper()}\n")
    assert told.exit_code == 0
    assert "Empreinte trouvée" in told.stderr
    assert noted in told.stderr
    tamper(tmp_path, "DELETE FROM evidence WHERE sequence = (SELECT max(sequence) FROM evidence)")
    assert run("evidence", "verify").exit_code == 0  # what is left is a chain, whole in itself
    told = run("evidence", "verify", "--anchor", noted)
    assert told.exit_code == 1
    assert f"absente de la chaîne\N{NO-BREAK SPACE}: {noted}" in told.stderr


def test_a_cut_end_is_noticed_by_the_anchor_of_the_night(world: World, run, tmp_path: Path) -> None:
    agenda.ensure_recurring(world.ports)
    for _ in range(3):
        world.clock.move(days=1)
        agenda.run_due(world.ports, no_failure)
    ready_to_order(world.ports, "UMAX")
    assert run("evidence", "verify").exit_code == 0
    younger = len(anchored(world))
    assert younger == 3
    tamper(tmp_path, "DELETE FROM evidence WHERE sequence = (SELECT max(sequence) FROM evidence)")
    assert run("evidence", "verify").exit_code == 0  # younger than the last anchor
    while head(world) not in anchored(world):
        tamper(tmp_path, "DELETE FROM evidence WHERE sequence = (SELECT max(sequence) FROM evidence)")
    assert run("evidence", "verify").exit_code == 0
    tamper(tmp_path, "DELETE FROM evidence WHERE sequence = (SELECT max(sequence) FROM evidence)")
    assert run("evidence", "verify").exit_code == 1


def test_another_end_in_the_place_of_the_old_one_is_noticed(world: World, run, tmp_path: Path) -> None:
    noted = head(world)
    tamper(tmp_path, "DELETE FROM evidence WHERE sequence = (SELECT max(sequence) FROM evidence)")
    ready_to_order(world.ports, "UMAX")  # the program itself goes on from what is left
    assert run("evidence", "verify").exit_code == 0
    assert run("evidence", "verify", "--anchor", noted).exit_code == 1


def anchored(world: World) -> list[str]:
    with world.store.reading() as uow:
        return [str(line.data["hash"]) for line in uow.journal.of(anchors.SUBJECT)]


@pytest.mark.parametrize(
    "facts",
    [
        '{"erased": "2026-11-30"}',  # before their time
        '{"erased": "9999-12-31"}',  # a day to come
        '{"erased": "hier"}',
        '{"erased": "2019-12-31", "cgv": "others"}',
    ],
)
def test_facts_that_did_not_go_at_their_time_are_a_broken_link(run, tmp_path: Path, facts: str) -> None:
    tamper(tmp_path, f"UPDATE evidence SET facts = '{facts.replace(':', chr(92) + ':')}' WHERE sequence = 5")
    told = run("evidence", "verify")
    assert told.exit_code == 1
    assert "n° 5 " in told.stderr
