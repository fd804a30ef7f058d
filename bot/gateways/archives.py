"""Backups: the database and the contents, in one archive that can be checked.

The database is copied by SQLite itself while the bot runs, and before the contents: every content that it names has
been written by then. What was erased from the installation stays in older archives: the operator ages them out.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

MANIFEST, DATABASE, CONTENTS = "manifest.json", "bilan.sqlite3", "files"
PIECE = 1 << 20
Progress = Callable[[], None]


class ArchiveError(Exception):
    """Why nothing was written or put back, in French."""


def back_up(database: Path, contents: Path, folder: Path, *, at: datetime, progress: Progress) -> Path:
    """Write an archive into ``folder`` and return its path; a crash leaves no archive that looks whole.

    ArchiveError when the database is not there or is damaged. ``progress`` is called for each thing that is in.
    """
    if not database.exists():
        raise ArchiveError(f"Aucune base de données à l’adresse {database}.")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"bilan-{at:%Y%m%dT%H%M%SZ}.zip"
    handle, written = tempfile.mkstemp(dir=folder, prefix=".bilan-", suffix=".partial")  # 0600: private data
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            _fill(archive, database, contents, at, progress)
        Path(written).replace(target)
    finally:
        Path(written).unlink(missing_ok=True)
    return target


def _fill(archive: zipfile.ZipFile, database: Path, contents: Path, at: datetime, progress: Progress) -> None:
    digests = {}
    with tempfile.TemporaryDirectory() as scratch:
        snapshot = Path(scratch) / DATABASE
        _snapshot(database, snapshot)
        for name, path in [(DATABASE, snapshot), *_contents(contents)]:
            digests[name] = _digest(path)
            archive.write(path, name)
            progress()
    archive.writestr(MANIFEST, json.dumps({"at": at.isoformat(), "sha256": digests}, indent=1))


def _snapshot(database: Path, target: Path) -> None:
    """Copy a database that may be in use, then have SQLite check the copy."""
    source = f"{database.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(source, uri=True)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise ArchiveError("SQLite dit que la base de données est abîmée : gardez vos archives précédentes.")


def _contents(contents: Path) -> Iterator[tuple[str, Path]]:
    """What people handed in; what is only on its way in does not count yet."""
    for path in sorted(contents.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield f"{CONTENTS}/{path.relative_to(contents).as_posix()}", path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def restore(archive: Path, database: Path, contents: Path, *, progress: Progress) -> datetime:
    """Put an archive back where nothing is, and return when it was made; checked as a whole before anything moves.

    ArchiveError when there is a database already, or when the archive is not one of ours or is damaged.
    """
    if database.exists() or contents.exists():
        raise ArchiveError(f"Il y a déjà des données ici : déplacez {database} et {contents}, puis recommencez.")
    database.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=database.parent, prefix=".restore-") as scratch:
        root = Path(scratch)
        made_at = _unpack(archive, root, progress)
        if (root / CONTENTS).exists():
            contents.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(root / CONTENTS, contents)
        (root / DATABASE).replace(database)  # last: with it, the installation is whole
    return made_at


def _unpack(archive: Path, root: Path, progress: Progress) -> datetime:
    damaged = ArchiveError(f"{archive} n’est pas une archive entière de ce robot : prenez-en une autre.")
    try:
        with zipfile.ZipFile(archive) as packed:
            manifest = json.loads(packed.read(MANIFEST))
            digests = dict(manifest["sha256"])
            if DATABASE not in digests or set(packed.namelist()) != {*digests, MANIFEST}:
                raise damaged
            for name, digest in digests.items():
                if _digest(Path(packed.extract(name, root))) != digest:
                    raise damaged
                progress()
            return datetime.fromisoformat(manifest["at"])
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise damaged from error
