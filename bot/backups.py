"""``bilan backup`` and ``bilan restore``: the installation in one archive, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.gateways import archives
from bot.gateways.archives import ArchiveError, Progress
from bot.offline import WRONG_SETTINGS, settings_or_exit
from bot.settings import Settings
from programme.content.french import moment
from programme.model.heartbeat import Beat
from store.engine import make_engine
from store.migrate import migrate
from store.unit_of_work import Store

console = Console(stderr=True)
SQLITE = "sqlite:///"


def backup(out: Annotated[Path, typer.Option(help="Dossier où déposer l’archive.")] = Path("sauvegardes")) -> None:
    """Sauvegarde la base et les documents dans une archive, sans arrêter le robot."""
    settings, database = _installation()
    now = _now(settings)
    with _told("La sauvegarde s’écrit…") as progress:
        archive = archives.back_up(database, settings.contents, out, at=now, progress=progress)
    _beat(settings, Beat.BACKUP, now)
    console.print(f"Sauvegarde écrite : {archive}", markup=False, soft_wrap=True)


def restore(archive: Annotated[Path, typer.Argument(help="Une archive écrite par « bilan backup ».")]) -> None:
    """Remet une sauvegarde en place, là où il n’y a ni base ni documents."""
    settings, database = _installation()
    with _told("La sauvegarde revient…") as progress:
        made_at = archives.restore(archive, database, settings.contents, progress=progress)
    migrate(make_engine(settings.database))
    _beat(settings, Beat.RESTORED, _now(settings))
    console.print(f"La sauvegarde du {moment(made_at)} est en place. Relancez le robot.", markup=False, soft_wrap=True)


def _installation() -> tuple[Settings, Path]:
    """The settings and the SQLite file; on wrong settings, or a database on a server, say so and leave with code 2."""
    settings = settings_or_exit()
    if not settings.database.startswith(SQLITE):
        console.print("Cette base est sur un serveur : sauvegardez-la avec pg_dump, et DATA_DIR à côté.", style="red")
        raise typer.Exit(WRONG_SETTINGS)
    return settings, Path(settings.database.removeprefix(SQLITE))


def _now(settings: Settings) -> datetime:
    from bot.wiring import make_clock  # noqa: PLC0415 - keeps the other commands quick

    return make_clock(settings).now()


def _beat(settings: Settings, beat: Beat, now: datetime) -> None:
    with Store(make_engine(settings.database), lambda: now, lambda: None).uow() as uow:
        uow.overview.beat(beat, now)


@contextmanager
def _told(words: str) -> Iterator[Progress]:
    """Show how many things have gone by; say what is wrong, and leave with code 1."""
    done = count(1)
    try:
        with console.status(words) as status:
            yield lambda: status.update(f"{words} {next(done)}")
    except ArchiveError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from error
