"""``bilan``: run the bot, play the demo, and look after the installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import logs
from bot.backups import backup, restore
from bot.exports import exports
from bot.offline import WRONG_SETTINGS, settings_or_exit
from bot.retention import retention
from bot.settings import Settings
from programme.content import Content, load_content
from programme.content.checks import ContentError
from programme.usecases import agenda, guide_editions
from store.engine import make_engine
from store.migrate import migrate as migrate_database
from store.unit_of_work import Store

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Le robot Ensemble1job.")
evidence = typer.Typer(no_args_is_help=True, help="Le registre des preuves.")
content = typer.Typer(no_args_is_help=True, help="Les textes, les guides et les fiches.")
app.add_typer(evidence, name="evidence")
app.add_typer(content, name="content")
app.add_typer(exports, name="export")
app.command("retention")(retention)
app.command("backup")(backup)
app.command("restore")(restore)
console = Console(stderr=True)


def main() -> None:
    """Entry point of the console script."""
    app()


def logged_settings() -> Settings:
    """Return the settings of a command that runs the bot, and begin to log as they say."""
    settings = settings_or_exit()
    logs.configure(settings.log_level)
    return settings


@app.command()
def run() -> None:
    """Fait tourner le robot jusqu’à Ctrl-C."""
    settings = logged_settings()
    from bot.running import Running  # noqa: PLC0415 - keeps the other commands quick
    from bot.wiring import make_bot  # noqa: PLC0415

    try:
        bot = make_bot(settings)
    except ContentError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(WRONG_SETTINGS) from error
    running = Running(bot)
    running.start()
    running.wait()
    running.stop()


@app.command()
def tick() -> None:
    """Fait une fois tout ce qui est dû, puis s’arrête (pour un planificateur externe)."""
    settings = logged_settings()
    from bot.wiring import make_bot  # noqa: PLC0415

    bot = make_bot(settings)
    migrate_database(bot.engine)
    guide_editions.recall(bot.ports)
    agenda.ensure_recurring(bot.ports)
    bot.runner.catch_up()


@app.command()
def migrate() -> None:
    """Met la base de données au schéma de cette version."""
    migrate_database(make_engine(settings_or_exit().database))
    console.print("La base de données est à jour.")


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port du bac à sable (0 : un port libre).")] = 0,
    groups: Annotated[int, typer.Option(min=1, max=30, help="Nombre de groupes de quatre personnes.")] = 1,
    seed: Annotated[int, typer.Option(help="Le même nombre redonne la même distribution.")] = 1,
    cuts: Annotated[int, typer.Option(min=0, help="Couper le robot net, ce nombre de fois.")] = 0,
    record: Annotated[Path | None, typer.Option(help="Fichier où noter tous les appels, un par ligne.")] = None,
    *,
    unattended: Annotated[bool, typer.Option("--unattended", help="S’arrêter à la fin, sans attendre Ctrl-C.")] = False,
) -> None:
    """Joue le programme entier sur le bac à sable : un Slack, un Stripe et un courrier sur cette machine."""
    from bot.demo.player import Plot  # noqa: PLC0415
    from bot.demo.show import run as show  # noqa: PLC0415

    raise typer.Exit(show(Plot(groups, seed, cuts), port=port, record=record, stay=not unattended))


@evidence.command("verify")
def verify_evidence(
    anchor: Annotated[
        list[str] | None, typer.Option(help="Une empreinte notée plus tôt, par exemple dans le rapport du lundi.")
    ] = None,
) -> None:
    """Vérifie la chaîne des preuves, nomme le premier maillon rompu, et dit si sa fin est là."""
    from datetime import UTC, datetime  # noqa: PLC0415

    from programme.usecases import anchors  # noqa: PLC0415 - keeps the other commands quick

    store = Store(make_engine(settings_or_exit().database), lambda: datetime.now(UTC), lambda: None)
    with store.reading() as uow:
        seen = anchors.verify(uow, anchor or (), datetime.now(UTC).date())
    if seen.broken is not None:
        console.print(f"Maillon rompu : n° {seen.broken.sequence} ({seen.broken.id}, {seen.broken.kind}).", style="red")
    for missing in seen.missing:
        console.print(f"Empreinte absente de la chaîne : {missing}", style="red", soft_wrap=True)
    if seen.broken is not None or seen.missing:
        raise typer.Exit(1)
    for record in seen.found:
        console.print(f"Empreinte trouvée : n° {record.sequence}, {record.hash}", soft_wrap=True)
    console.print(f"La chaîne est intacte : {len(seen.chain)} preuves.")
    if seen.head:
        console.print(f"Dernière empreinte : {seen.head}", soft_wrap=True)


def _content_or_exit(root: Path | None) -> Content:
    try:
        return load_content(root) if root else load_content()
    except ContentError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from error


@content.command("check")
def check_content(root: Annotated[Path | None, typer.Argument(help="Dossier du contenu.")] = None) -> None:
    """Lit tous les textes et dit ce qui ne va pas."""
    loaded = _content_or_exit(root)
    console.print(f"Tout est lisible : {len(loaded.guides)} guides, {len(loaded.worksheets)} fiches.")


@content.command("preview")
def preview_guide(
    number: Annotated[int, typer.Argument(min=1, max=16, help="Numéro de la séance.")],
    minutes: Annotated[int, typer.Option(min=90, max=150, help="Durée de la séance.")] = 120,
    people: Annotated[int, typer.Option(min=3, max=4, help="Taille du groupe.")] = 4,
    root: Annotated[Path | None, typer.Option(help="Dossier du contenu.")] = None,
    *,
    blocks: Annotated[bool, typer.Option("--blocks", help="Le JSON, pour le Block Kit Builder de Slack.")] = False,
) -> None:
    """Montre un guide tel que Slack l’affichera, avec les textes du dossier."""
    from bot import previews  # noqa: PLC0415 - keeps the other commands quick

    loaded = _content_or_exit(root)
    payloads = previews.guide_payloads(loaded, number, minutes=minutes, people=people)
    if blocks:
        typer.echo(previews.as_blocks(payloads))
    else:
        previews.show(payloads, Console())
