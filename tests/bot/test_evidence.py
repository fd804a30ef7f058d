"""``bilan evidence verify``: the first broken link is named, whatever was tampered with in the database."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from bot.cli import app
from store.engine import make_engine
from tests.builders import ready_to_order
from tests.conftest import World


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
    engine = make_engine(f"sqlite:///{tmp_path / 'bilan.sqlite3'}")
    with engine.begin() as connection:
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
