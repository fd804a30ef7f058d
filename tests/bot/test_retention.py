"""``bilan retention``: a table of what is due, which changes nothing with ``--dry-run``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from programme.content.french import long_day
from programme.model.member import Member
from programme.rules.instants import day_in
from programme.rules.retention import Purpose, erase_on
from tests.conftest import World


@pytest.fixture
def run(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name, value in {
        "SLACK_BOT_TOKEN": "xoxb-test",
        "SLACK_APP_TOKEN": "xapp-test",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'bilan.sqlite3'}",
        "DATA_DIR": str(tmp_path / "data"),
        "COLUMNS": "200",
    }.items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(app, ["retention", *words])


def line_of(output: str, words: str) -> str:
    return next(line for line in output.splitlines() if words in line)


def test_a_dry_run_shows_and_the_run_erases(world: World, run) -> None:
    world.clock.instant = datetime(2020, 1, 1, tzinfo=UTC)
    with world.store.uow() as uow:
        uow.inbox.claim("slack", "Ev1")
    for words in (("--dry-run",), ("--dry-run",), ()):
        shown = run(*words)
        assert shown.exit_code == 0, shown.output
        assert " 1 " in line_of(shown.stdout, "journaux techniques")
    assert " 0 " in line_of(run("--dry-run").stdout, "journaux techniques")


def test_what_comes_next_has_its_date(world: World, run) -> None:
    now = datetime.now(UTC)
    with world.store.uow() as uow:
        uow.members.add(Member("mem_1", "ULEA", now, first_name="Léa"))
    shown = line_of(run("--dry-run").stdout, "profil")
    assert "dernier contact" in shown
    assert long_day(erase_on(Purpose.PROSPECT, day_in(now))) in shown
