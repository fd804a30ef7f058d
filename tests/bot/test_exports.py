"""``bilan export``: the attendance of a group as files, and the check of a file that was handed out."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from programme.model.people import Caller
from programme.usecases import complaints
from tests.builders import paid
from tests.usecases.running import LEA, MAX, NOE, ZOE, hold, running


@pytest.fixture
def run(world, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name, value in {
        "SLACK_BOT_TOKEN": "xoxb-test",
        "SLACK_APP_TOKEN": "xapp-test",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'bilan.sqlite3'}",
        "DATA_DIR": str(tmp_path / "data"),
    }.items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_the_files_of_a_group_and_their_check(world, run, tmp_path: Path) -> None:
    running(world.ports)
    hold(world, 1, LEA, MAX, NOE, ZOE)
    world.clock.move(days=0)
    made = run("export", "attendance", "--group", "1", "--out", str(tmp_path / "out"))
    table = tmp_path / "out" / "emargement-001.csv"
    assert made.exit_code == 0, made.output
    assert (tmp_path / "out" / "emargement-001.pdf").read_bytes().startswith(b"%PDF-")
    assert run("export", "verify", str(table)).exit_code == 0
    table.write_bytes(table.read_bytes().replace("signée".encode(), b"absente", 1))
    assert run("export", "verify", str(table)).exit_code == 1


def test_a_group_that_does_not_exist_is_told(run, tmp_path: Path) -> None:
    assert run("export", "attendance", "--group", "9", "--out", str(tmp_path)).exit_code == 1


def test_any_other_file_is_no_export(run, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe")
    assert run("export", "verify", str(tmp_path / "x.csv")).exit_code == 1


def test_what_the_surveys_say(run, tmp_path: Path) -> None:
    made = run("export", "surveys", "--out", str(tmp_path / "out"))
    assert made.exit_code == 0, made.output
    assert (tmp_path / "out" / "enquetes.csv").read_text(encoding="utf-8-sig").startswith("enquete;question;reponse")


def test_the_accounts_of_a_month(world, run, tmp_path: Path) -> None:
    paid(world, "ULEA")
    made = run("export", "accounts", "--month", "2026-11", "--out", str(tmp_path / "out"))
    assert made.exit_code == 0, made.output
    journal = (tmp_path / "out" / "comptes-2026-11.csv").read_text(encoding="utf-8-sig")
    assert journal.splitlines()[1].startswith("2026-11-23;F2026-000001;facture;")
    assert (tmp_path / "out" / "e-reporting-2026-11.csv").exists()


@pytest.mark.parametrize("month", ["2026-10", "octobre"])
def test_a_month_without_accounts_is_told(run, tmp_path: Path, month: str) -> None:
    assert run("export", "accounts", "--month", month, "--out", str(tmp_path)).exit_code == 1


def test_the_figures_of_a_month_are_written_and_said(world, run, tmp_path: Path) -> None:
    for user in ("ULEA", "UMAX", "UNOE"):
        paid(world, user)
    month = f"{world.clock.now():%Y-%m}"
    made = run("export", "figures", "--month", month, "--out", str(tmp_path / "out"))
    assert made.exit_code == 0, made.output
    assert "Inscription commencée" in (tmp_path / "out" / f"chiffres-{month}.csv").read_text(encoding="utf-8-sig")
    assert (tmp_path / "out" / f"entonnoir-{month}.png").read_bytes().startswith(b"\x89PNG")
    assert not (tmp_path / "out" / f"relectures-{month}.png").exists(), "there is nothing to draw"
    assert run("export", "figures", "--month", "2031-01").exit_code == 1
    assert run("export", "figures", "--month", "novembre").exit_code == 1


def test_the_register_of_complaints_is_written(world, run, tmp_path: Path) -> None:
    paid(world, "ULEA")
    complaints.file(world.ports, caller=Caller("ULEA"), text="Une séance annulée sans un mot.", source="view:V1")
    made = run("export", "complaints", "--out", str(tmp_path / "out"))
    assert made.exit_code == 0, made.output
    [table] = (tmp_path / "out").glob("reclamations-*.csv")
    assert "Une séance annulée" in table.read_text(encoding="utf-8-sig")
