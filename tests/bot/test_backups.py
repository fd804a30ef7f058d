"""``bilan backup`` and ``bilan restore``: all of it or nothing, checked, and nothing said twice afterwards."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.gateways.archives import back_up
from bot.gateways.files import DiskFiles
from programme.model.heartbeat import Beat
from store.engine import make_engine
from store.migrate import migrate
from store.unit_of_work import Store


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with one content, which has received one event."""
    for name, value in {
        "SLACK_BOT_TOKEN": "xoxb-test",
        "SLACK_APP_TOKEN": "xapp-test",
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": "",
        "COLUMNS": "200",
    }.items():
        monkeypatch.setenv(name, value)
    engine = make_engine(f"sqlite:///{tmp_path / 'data' / 'bilan.sqlite3'}")
    migrate(engine)
    engine.dispose()
    DiskFiles(tmp_path / "data" / "files").store(b"une fiche")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def backed_up(place: Path) -> Path:
    made = run("backup", "--out", str(place / "out"))
    assert made.exit_code == 0, made.output
    (archive,) = (place / "out").iterdir()
    return archive


def beat(place: Path, which: Beat) -> object:
    engine = make_engine(f"sqlite:///{place / 'data' / 'bilan.sqlite3'}")
    with Store(engine, lambda: None, lambda: None).reading() as uow:
        return uow.overview.last_beat(which)


def contents(place: Path) -> dict[str, bytes]:
    root = place / "data" / "files"
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_an_archive_gives_everything_back(place: Path) -> None:
    before = contents(place)
    archive = backed_up(place)
    assert archive.stat().st_mode & 0o077 == 0, "it holds private data"
    assert beat(place, Beat.BACKUP) is not None
    shutil.rmtree(place / "data")
    made = run("restore", str(archive))
    assert made.exit_code == 0, made.output
    assert "Relancez le robot" in made.output
    assert contents(place) == before
    assert beat(place, Beat.RESTORED) is not None
    assert run("evidence", "verify").exit_code == 0


def test_what_is_being_written_is_not_in_the_archive(place: Path) -> None:
    database, now = place / "data" / "bilan.sqlite3", datetime.now(UTC)
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO heartbeats (name, at) VALUES ('ticks', '2026-11-26 08:00:00.000000')")
        archive = back_up(database, place / "data" / "files", place / "out", at=now, progress=lambda: None)
        writer.execute("COMMIT")
    shutil.rmtree(place / "data")
    assert run("restore", str(archive)).exit_code == 0
    assert beat(place, Beat.TICKS) is None


def test_nothing_that_is_there_is_overwritten(place: Path) -> None:
    archive = backed_up(place)
    (place / "data" / "files" / "ab").mkdir()
    made = run("restore", str(archive))
    assert made.exit_code == 1
    assert "déjà des données" in made.output
    assert beat(place, Beat.RESTORED) is None
    (place / "data" / "bilan.sqlite3").unlink()
    assert run("restore", str(archive)).exit_code == 1, "its documents are still there"


def rewrite(archive: Path, change: dict[str, bytes], drop: str = "") -> Path:
    """The archive with other bytes under some names, or without one."""
    other = archive.with_name("other.zip")
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            if name != drop:
                new.writestr(name, change.get(name, old.read(name)))
        for name in set(change) - set(old.namelist()):
            new.writestr(name, change[name])
    return other


@pytest.mark.parametrize(
    ("change", "drop"),
    [
        ({"bilan.sqlite3": b"autre chose"}, ""),
        ({"../../voleur.txt": b"x"}, ""),
        ({"manifest.json": b"{}"}, ""),
        ({}, "manifest.json"),
        ({}, "bilan.sqlite3"),
    ],
)
def test_an_archive_that_is_not_whole_puts_nothing_back(place: Path, change: dict[str, bytes], drop: str) -> None:
    archive = rewrite(backed_up(place), change, drop)
    shutil.rmtree(place / "data")
    made = run("restore", str(archive))
    assert made.exit_code == 1, made.output
    assert "prenez-en une autre" in made.output
    assert not (place / "data" / "bilan.sqlite3").exists()
    assert not (place / "data" / "files").exists()
    assert not list(place.rglob("voleur.txt"))


def test_without_a_database_nothing_is_written(place: Path) -> None:
    (place / "data" / "bilan.sqlite3").unlink()
    made = run("backup", "--out", str(place / "out"))
    assert made.exit_code == 1
    assert "Aucune base" in made.output
    assert not list((place).rglob("*.zip"))


def test_a_damaged_database_is_told_and_leaves_no_archive(place: Path) -> None:
    database = place / "data" / "bilan.sqlite3"
    torn = bytearray(database.read_bytes())
    torn[5000:9000] = b"\x07" * 4000
    database.write_bytes(torn)
    made = run("backup", "--out", str(place / "out"))
    assert made.exit_code == 1
    assert not list((place).rglob("*.zip"))


def test_a_database_on_a_server_is_not_for_this_command(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://localhost/bilan")
    made = run("backup", "--out", str(place / "out"))
    assert made.exit_code == 2
    assert "pg_dump" in made.output
